"""For whoever runs this bot, in its console: a message to everybody."""

from __future__ import annotations

from typing import Annotated

from bot.command import Arg, command
from bot.context import Context
from bot.message import Button, Field, Outcome, Reply, Table, Tone
from bot.operating.audit import OPERATING
from bot.operating.broadcast import BROADCAST, came_of
from bot.operating.broadcast import counted as counted_now
from bot.operating.tasks import latest, progress, starting, stopping
from bot.qr.refusal import Refused
from storage.operations import Task, TaskState
from storage.records import State

STATUS, STOP = "status", "stop"  # said alone they are no message


@command("broadcast", group=OPERATING, hidden=True, example="broadcast We move to another server tonight.")
async def broadcast(
    context: Context,
    text: Annotated[str, Arg("what to say; or “status”, or “stop”", rest=True, slash=True)],
    confirm: Annotated[bool, Arg("really", named=True)] = False,
    counted: Annotated[int, Arg("how many people that was said to reach", named=True, unasked=True)] = 0,
) -> Outcome:
    """Say something to everybody who has spoken to me in private; first I tell how many that are."""
    t, said, last = context.t, text.strip(), await latest(context, BROADCAST)
    if not said:
        raise Refused("Please fill this in.", field="text")
    if said.casefold() == STOP:
        change = await stopping(context, BROADCAST)
        words = t("It is stopped, and goes out to nobody else.")
        return Outcome(Reply(body=words, private=True), (change,), about=change.id)
    if said.casefold() == STATUS:
        return Outcome(await _status(context, last), about=last.id if last is not None else "")
    if last is not None and last.state is TaskState.GOING:
        raise Refused(
            "A message to everybody is on its way. /broadcast status tells how far it is, /broadcast stop "
            "ends it."
        )
    return await _sent(context, said, counted) if confirm else await _asked(context, said)


async def _asked(context: Context, said: str) -> Outcome:
    """Say to how many it would go."""
    t, whom = context.t, await _whom(context)
    number = sum(whom.values())
    rows = tuple((platform, str(count)) for platform, count in whom.items())
    title = t.many("This would go to {count} person", "This would go to {count} people", number)
    sure = Button(t("Send it"), f"/broadcast confirm=yes counted={number} -- {said}", tone=Tone.DANGER)
    asked = Reply(title=title, body=said, table=Table((t("Platform"), t("People")), rows), buttons=((sure,),))
    return Outcome(asked, about=str(number))


async def _sent(context: Context, said: str, known: int) -> Outcome:
    """Begin; ``known``: how many people were counted for it a moment ago."""
    t, number = context.t, known or sum((await _whom(context)).values())
    change = starting(context, BROADCAST, number, said)
    told = t.many("It goes out to {count} person.", "It goes out to {count} people.", number)
    how = t("/broadcast status tells how far it is, /broadcast stop ends it.")
    return Outcome(Reply(body=f"{told} {how}", private=True), (change,), about=f"{change.task.id} {number}")


async def _whom(context: Context) -> dict[str, int]:
    whom = await counted_now(context)
    if not whom:
        raise Refused("Nobody has spoken to me in private yet.")
    return dict(sorted(whom.items()))


async def _status(context: Context, last: Task | None) -> Reply:
    t = context.t
    if last is None:
        return Reply(body=t("No message to everybody was sent in the last 30 days."), private=True)
    came = await came_of(context, last)
    fields = (
        *progress(context, last),
        Field(t("Deliveries"), t("{waiting} waiting, {dead} dead",
            waiting=came.get(State.PENDING, 0), dead=came.get(State.DEAD, 0))),
    )  # fmt: skip
    stop = ((Button(t("Stop"), "/broadcast stop", tone=Tone.DANGER),),)
    going = last.state is TaskState.GOING
    return Reply(title=t("Message to everybody"), fields=fields, buttons=stop if going else (), private=True)
