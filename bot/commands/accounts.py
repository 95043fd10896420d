"""For whoever runs this bot: who may make an account."""

from __future__ import annotations

from typing import Annotated

from bot.accounts.signing_up import new_invite, shown
from bot.command import Arg, command
from bot.context import Context
from bot.message import Button, Field, Outcome, Reply
from bot.qr.refusal import Refused
from storage.account import AddInvite, Role

CONSOLE = "console"


def read_role(text: str) -> str:
    """Read what an account may do."""
    if text.lower() not in list(Role):
        raise Refused("An account is for a user or an operator, not “{given}”.", given=text)
    return text.lower()


@command("invite", group="about", hidden=True, example="invite operator")
async def invite(
    context: Context,
    role: Annotated[str, Arg("who it is for", read=read_role)] = Role.USER.value,
) -> Outcome:
    """Invite somebody to make an account: in the console of whoever runs this bot."""
    t, actor = context.t, context.request.actor
    if actor.platform != CONSOLE:
        raise Refused("Only whoever runs this bot can invite, in its console.")
    made = new_invite(Role(role), actor.key, context.now)
    code = shown(made.code)
    body = t("Whoever has this code can make one account within a week.")
    reply = Reply(
        title=t("Invitation"),
        body=body,
        fields=(Field(t("Code"), code),),
        buttons=((Button(t("Copy"), copy=code),),),
        private=True,
        secret=True,
    )
    return Outcome(reply, (AddInvite(made),))
