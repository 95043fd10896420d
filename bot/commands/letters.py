"""For whoever runs this bot, in its console: what waits to be sent, and dead letters."""

from __future__ import annotations

from typing import Annotated

from bot.command import Arg, command
from bot.context import Context
from bot.message import Button, Outcome, Reply, Table, Tone
from bot.operating.audit import OPERATING
from bot.operating.letters import age, dead, dropping, numbers, replaying, waiting
from storage.operations import Letter
from storage.records import State

LISTED = 20  # rows of a page

Search = Annotated[str, Arg("words to look for", rest=True, slash=True)]
After = Annotated[int, Arg("how many to pass over", slash=True, named=True)]
Which = Annotated[str, Arg("its id", slash=True)]


@command("deliveries", group=OPERATING, hidden=True, example="deliveries telegram:")
async def deliveries(context: Context, search: Search = "", after: After = 0) -> Outcome:
    """List what waits to be sent or run, the longest due first."""
    found = await waiting(context, search, after, limit=LISTED + 1)
    return await _listed(context, "deliveries", found, search, after)


@command("dead", group=OPERATING, hidden=True, example="dead blocked")
async def dead_(context: Context, search: Search = "", after: After = 0) -> Outcome:
    """List dead letters: what could not be sent or run, without what it holds."""
    found = await dead(context, search, after, limit=LISTED + 1)
    return await _listed(context, "dead", found, search, after)


async def _listed(context: Context, word: str, found: tuple[Letter, ...], search: str, after: int) -> Outcome:
    t, counted, page = context.t, await numbers(context), found[:LISTED]
    title = t("{waiting} waiting, {dead} dead", waiting=counted[State.PENDING], dead=counted[State.DEAD])
    if not page:
        return Outcome(Reply(title=title, body=t("Nothing found.")))
    rows = tuple(
        (each.id, each.kind, each.lane, age(context.now - each.created_at), str(each.attempts), each.error)
        for each in page
    )
    heads = (t("Id"), t("Kind"), t("Lane"), t("Age"), t("Tries"), t("Error"))
    following = f"/{word} after={after + LISTED} -- {search}".removesuffix(" -- ")
    more = ((Button(t("More"), following),),) if len(found) > LISTED else ()
    return Outcome(Reply(title=title, table=Table(heads, rows), buttons=more, private=True))


@command("replay", group=OPERATING, hidden=True, example="replay 7K3F9QXM2A")
async def replay(context: Context, id: Which) -> Outcome:
    """Try a dead letter again, as if it were new."""
    change = await replaying(context, id)
    told = context.t("{id} is tried again.", id=change.letter.id)
    return Outcome(Reply(body=told, private=True), (change,), about=change.letter.id)


@command("drop", group=OPERATING, hidden=True, example="drop 7K3F9QXM2A confirm=yes")
async def drop(context: Context, id: Which, confirm: Annotated[bool, Arg("really")] = False) -> Outcome:
    """Delete a dead letter, or what waits to be sent or run."""
    t, change = context.t, await dropping(context, id)
    letter = change.letter
    if confirm:
        told = Reply(body=t("{id} is deleted.", id=letter.id), private=True)
        return Outcome(told, (change,), about=letter.id)
    body = t(
        "This deletes {id} ({kind} in {lane}): nobody will get it.",
        id=letter.id,
        kind=letter.kind,
        lane=letter.lane,
    )
    sure = Button(t("Delete"), f"/drop {letter.id} confirm=yes", tone=Tone.DANGER)
    return Outcome(Reply(body=body, buttons=((sure,),), private=True), about=letter.id)
