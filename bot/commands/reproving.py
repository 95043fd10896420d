"""For whoever runs this bot, in its console: whether all that is kept still scans."""

from __future__ import annotations

from typing import Annotated

from bot.command import Arg, command
from bot.context import Context
from bot.message import Button, Outcome, Reply, Status, Table
from bot.operating.audit import OPERATING
from bot.operating.reproving import reproved
from bot.qr.refusal import Refused

MOST = 1000  # codes in one go: about a minute of a core


def read_limit(text: str) -> int:
    """Read how many codes to prove in one go."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MOST):
        raise Refused("Say a number of codes from 1 to {most}.", most=MOST)
    return int(text)


@command("reprove", group=OPERATING, hidden=True, example="reprove 500")
async def reprove(
    context: Context,
    limit: Annotated[int, Arg("how many codes in one go", read=read_limit, slash=True)] = 100,
    after: Annotated[str, Arg("the code before", slash=True, named=True)] = "",
) -> Outcome:
    """Draw and prove codes once more, and list those that do not come out."""
    t, done = context.t, await reproved(context, after, limit)
    number, failed = done.count, len(done.failures)
    well = t.many(
        "{count} code was drawn and proven.", "{count} codes were drawn and proven.", number - failed
    )
    ill = t.many("{count} does not come out.", "{count} do not come out.", failed) if failed else ""
    rows = tuple((each.id, each.why) for each in done.failures)
    more = ((Button(t("Go on"), f"/reprove {limit} after={done.last}"),),) if done.last else ()
    reply = Reply(
        title=t("Proven anew"),
        body=f"{well} {ill}".rstrip(),
        table=Table((t("Code"), t("Reason")), rows) if rows else None,
        buttons=more,
        private=True,
        status=Status.FAILED if failed else Status.OK,
    )
    return Outcome(reply, about=" ".join(each.id for each in done.failures))
