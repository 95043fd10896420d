"""Who may use the bot: said in the console of whoever runs it; and an invitation, said by who has one."""

from __future__ import annotations

import re
from typing import Annotated

from bot.command import Arg, command
from bot.context import Context
from bot.ids import INVITE, read_id
from bot.message import Field, Outcome, Reply
from bot.operating.audit import OPERATING
from bot.qr.refusal import Refused
from storage.account import WORD, Admission, Admit

LISTED = 100
NEEDED = ("help", "start", "cancel", "privacy", "export", "forgetme")  # what people can always do
_NAME = re.compile(r"(telegram|slack)(:[^\s:]+){0,2}", re.ASCII)


def read_name(text: str) -> str:
    """Read whom or what something holds for."""
    if not _NAME.fullmatch(text) or len(text) > 160:
        raise Refused(
            "Name an account, a chat or a workspace, such as telegram:123, telegram:-100456, slack:T1 or "
            "slack:T1:U2; not “{given}”.",
            given=text,
        )
    return text


def read_invitation(text: str) -> str:
    """Read an invitation's code."""
    found = read_id(text, INVITE)
    if found is None:
        raise Refused("An invitation is sixteen letters and digits. Please look at it again.")
    return found


Name = Annotated[str, Arg("account, chat or workspace", read=read_name)]


@command("allow", group=OPERATING, hidden=True, example="allow telegram:123")
async def allow(context: Context, name: Name) -> Outcome:
    """Let somebody, a chat or a workspace use the bot."""
    return _admitted(context, name, allowed=True, told=context.t("{name} may use the bot.", name=name))


@command("deny", group=OPERATING, hidden=True, example="deny slack:T1")
async def deny(context: Context, name: Name) -> Outcome:
    """Let somebody, a chat or a workspace use the bot no longer."""
    return _admitted(context, name, allowed=False, told=context.t("{name} may not use the bot.", name=name))


def _admitted(context: Context, name: str, *, allowed: bool, told: str) -> Outcome:
    admission = Admission(name, allowed, context.request.actor.key, context.now)
    return Outcome(Reply(body=told, private=True), (Admit(admission),), about=name)


@command("switch", group=OPERATING, hidden=True, example="switch read off")
async def switch(
    context: Context,
    word: Annotated[str, Arg("a word that people can say")] = "",
    on: Annotated[bool, Arg("on or off")] = True,
) -> Outcome:
    """Switch a word off or on again, for everybody on every face; without one, list those that are off."""
    t, known = context.t, context.commands.get(word.lower())
    if not word:
        return Outcome(Reply(body=t("Switched off: {words}", words=", ".join(sorted(context.off)) or "–")))
    if known is None or known.group == OPERATING or known.name in NEEDED:
        raise Refused("“{given}” is no word that can be switched off.", field="word", given=word)
    admission = Admission(f"{WORD}{known.name}", on, context.request.actor.key, context.now)
    body = t("“{word}” is on.", word=known.name) if on else t("“{word}” is off.", word=known.name)
    return Outcome(Reply(body=body, private=True), (Admit(admission),), about=known.name)


@command("access", group=OPERATING, hidden=True)
async def access(context: Context) -> Outcome:
    """List who may use the bot, and who may not."""
    t = context.t
    listed = [each for each in await context.work.admissions.listed() if not each.name.startswith(WORD)]
    body = {
        "open": t("Everybody may use the bot, but for those who may not."),
        "invite": t(
            "Those who were let in may use the bot, and who comes with an invitation: /invite makes one."
        ),
        "closed": t("Only those who were let in may use the bot."),
    }[context.policy]
    if len(listed) > LISTED:
        body += " " + t("There are {count}; these are the first.", count=len(listed))
    fields = tuple(Field(each.name, _about(context, each)) for each in listed[:LISTED])
    return Outcome(Reply(title=t("Who may use the bot"), body=body, fields=fields, private=True))


def _about(context: Context, admission: Admission) -> str:
    t = context.t
    said = t("let in") if admission.allowed else t("shut out")
    invited = (t("by invitation"),) if not admission.by else ()
    return " · ".join((said, *invited, t("since {day}", day=admission.at.date().isoformat())))


@command("join", group="about", hidden=True, example="join 7K3F9QXM27K3F9QX")
async def join(
    context: Context, code: Annotated[str, Arg("code of the invitation", read=read_invitation, secret=True)]
) -> Outcome:
    """Use the bot with an invitation."""
    t = context.t
    if context.policy != "invite":
        raise Refused("This needs no invitation here. Keep it: an account can be made with it.")
    if await context.work.accounts.invite(code, context.now) is None:
        raise Refused("This invitation does not hold any more. Please ask for another one.")
    admission = Admission(context.request.actor.key, True, "", context.now)
    body = t("Welcome! Send me a text or a link, and I make a code of it. /help says what else I can do.")
    return Outcome(Reply(body=body, private=True), (Admit(admission, code),))
