"""Taking back what a person said: a button under the answer to a secret deletes the message that held it.

The button names chat and message, with a seal for the person who said it: in a group a bot that is an
administrator could delete anybody's message, and data of a button can be made up.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from dataclasses import replace

from telegram import Bot
from telegram.error import BadRequest, Forbidden

from bot.face import Address
from bot.i18n import Translator, spoken
from bot.message import Button, Reply, Rows, Status

VERB = "unsay"  # the command that comes back with such a reply
_SEAL = 8  # bytes


def offered(reply: Reply, address: Address, token: str) -> Reply:
    """Offer to delete the message that was answered, where it holds a secret."""
    if not (reply.revealing and address.get("said")):
        return reply
    chat, message = str(address["chat"]), str(address["said"])
    mark = f"{chat}.{message}.{_seal(token, chat, message, str(address['user']))}"
    t = Translator(spoken(reply.language))
    return replace(reply, buttons=(*reply.buttons, (Button(t("Delete my message"), f"{VERB} {mark}"),)))


def taking_back(reply: Reply) -> Rows:
    """Find what was offered, for whoever cannot be told the rest yet."""
    return tuple(row for row in reply.buttons if row[0].line.startswith(f"{VERB} "))


async def unsaid(bot: Bot, reply: Reply, address: Address) -> Reply:
    """Delete the message that a reply names, and say so; the reply itself says what to do where that fails.

    Telegram lets bots delete what is younger than 48 hours, in groups as an administrator who may
    (core.telegram.org/bots/api#deletemessage). One that is gone already is as good.
    """
    chat, _, rest = reply.unsay.partition(".")
    message, _, seal = rest.partition(".")
    mine = _seal(bot.token, chat, message, str(address["user"]))
    if not hmac.compare_digest(seal.encode(), mine.encode()):
        return reply
    try:
        await bot.delete_message(int(chat), int(message))
    except (BadRequest, Forbidden) as error:
        if "message to delete not found" not in error.message.lower():
            return reply
    t = Translator(spoken(reply.language))
    return replace(reply, body=t("Your message is deleted."), status=Status.OK)


def _seal(token: str, chat: str, message: str, user: str) -> str:
    digest = hmac.digest(token.encode(), f"{VERB}:{chat}:{message}:{user}".encode(), "sha256")[:_SEAL]
    return urlsafe_b64encode(digest).decode().rstrip("=")
