"""For whoever runs this bot, in its console: whether all that is kept still scans."""

from __future__ import annotations

from typing import Annotated

from bot.command import Arg, command
from bot.context import Context
from bot.message import Button, Field, Outcome, Reply, Status, Table, Tone
from bot.operating.audit import OPERATING
from bot.operating.reproving import REPROVE, faults, reproved, said_of, total
from bot.operating.tasks import latest, progress, starting, stopping
from bot.qr.refusal import Refused
from storage.operations import Fault, Task, TaskState

MOST = 100  # codes while somebody waits: some seconds
LISTED = 20  # rows of a page
ALL, STATUS, STOP = "all", "status", "stop"


def read_what(text: str) -> str:
    """Read what to do: a word, or how many codes to prove while somebody waits."""
    given = text.strip().casefold()
    if given in ("", ALL, STATUS, STOP):
        return given
    if not (given.isascii() and given.isdigit() and 1 <= int(given[:9]) <= MOST):
        raise Refused("Say “status”, “stop”, or a number of codes from 1 to {most}.", most=MOST)
    return given


@command("reprove", group=OPERATING, hidden=True, example="reprove")
async def reprove(
    context: Context,
    what: Annotated[
        str, Arg("nothing for all codes; or “status”, “stop”, how many at once", read=read_what, slash=True)
    ] = "",
    after: Annotated[str, Arg("the code before", slash=True, named=True)] = "",
) -> Outcome:
    """Draw and prove all codes once more, in the background, and list those that do not come out."""
    if what.isdigit():
        return await _some(context, int(what), after)
    if what == STOP:
        change = await stopping(context, REPROVE)
        words = context.t("It is stopped. /reprove status lists what was found so far.")
        return Outcome(Reply(body=words, private=True), (change,), about=change.id)
    last = await latest(context, REPROVE)
    if what == STATUS or (last is not None and last.state is TaskState.GOING):
        return await _status(context, last, after)
    return await _begun(context)


async def _begun(context: Context) -> Outcome:
    t, number = context.t, await total(context)
    change = starting(context, REPROVE, number)
    told = t.many(
        "{count} code is drawn and proven in the background.",
        "{count} codes are drawn and proven in the background.",
        number,
    )
    how = t("/reprove status tells how far it is, /reprove stop ends it.")
    return Outcome(Reply(body=f"{told} {how}", private=True), (change,), about=change.task.id)


async def _status(context: Context, last: Task | None, after: str) -> Outcome:
    t = context.t
    if last is None:
        return Outcome(Reply(body=t("Nothing was proven anew in the last 30 days."), private=True))
    found = await faults(context, last, after, limit=LISTED + 1)
    more = (
        [Button(t("More"), f"/reprove status after={found[LISTED - 1].about}")] if len(found) > LISTED else []
    )
    stop = [Button(t("Stop"), "/reprove stop", tone=Tone.DANGER)] if last.state is TaskState.GOING else []
    reply = Reply(
        title=t("Proven anew"),
        fields=(*progress(context, last), Field(t("Do not come out"), str(last.failed))),
        table=_listed(context, found[:LISTED]),
        buttons=((*more, *stop),) if more or stop else (),
        private=True,
    )
    return Outcome(reply, about=last.id)


async def _some(context: Context, limit: int, after: str) -> Outcome:
    """Draw and prove a few at once."""
    t, done = context.t, await reproved(context, after, limit)
    number, failed = done.count, len(done.faults)
    well = t.many(
        "{count} code was drawn and proven.", "{count} codes were drawn and proven.", number - failed
    )
    ill = t.many("{count} does not come out.", "{count} do not come out.", failed) if failed else ""
    more = ((Button(t("Go on"), f"/reprove {limit} after={done.last}"),),) if done.last else ()
    reply = Reply(
        title=t("Proven anew"),
        body=f"{well} {ill}".rstrip(),
        table=_listed(context, done.faults),
        buttons=more,
        private=True,
        status=Status.FAILED if failed else Status.OK,
    )
    return Outcome(reply, about=" ".join(each.about for each in done.faults))


def _listed(context: Context, found: tuple[Fault, ...]) -> Table | None:
    rows = tuple((each.about, said_of(context.t, each)) for each in found)
    return Table((context.t("Code"), context.t("Reason")), rows) if rows else None
