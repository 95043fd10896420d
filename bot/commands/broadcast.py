"""For whoever runs this bot, in its console: a message to everybody."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

from bot.command import Arg, command
from bot.context import Context
from bot.message import Button, Outcome, Reply, Table, Tone
from bot.operating.audit import OPERATING
from bot.operating.broadcast import broadcasting, reached
from bot.qr.refusal import Refused


@command("broadcast", group=OPERATING, hidden=True, example="broadcast We move to another server tonight.")
async def broadcast(
    context: Context,
    text: Annotated[str, Arg("what to say", rest=True, slash=True)],
    confirm: Annotated[bool, Arg("really", named=True)] = False,
) -> Outcome:
    """Say something to everybody who has spoken to me in private; first I tell how many that are."""
    t, said, whom = context.t, text.strip(), await reached(context)
    if not said:
        raise Refused("Please fill this in.", field="text")
    if not whom:
        raise Refused("Nobody has spoken to me in private yet.")
    number = len(whom)
    if confirm:
        told = t.many("It goes out to {count} person.", "It goes out to {count} people.", number)
        done = Reply(body=f"{told} {t('/deliveries shows what is left.')}", private=True)
        return Outcome(done, (broadcasting(context, whom, said),), about=str(number))
    rows = tuple(
        (platform, str(count)) for platform, count in Counter(each.platform for each in whom).items()
    )
    title = t.many("This would go to {count} person", "This would go to {count} people", number)
    sure = Button(t("Send it"), f"/broadcast confirm=yes -- {said}", tone=Tone.DANGER)
    asked = Reply(title=title, body=said, table=Table((t("Platform"), t("People")), rows), buttons=((sure,),))
    return Outcome(asked, about=str(number))
