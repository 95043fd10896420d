"""Telegram: links to people, channels and bots (core.telegram.org/api/links)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from bot.qr.payloads.chats import faults_of, lines_of, message_of
from bot.qr.payloads.kind import Kind, Reading, Value
from bot.qr.payloads.mail import KEPT
from bot.qr.payloads.web import Address, link_of, link_warnings
from bot.qr.refusal import Refused

START = 64  # characters of what a link brings along

# Telegram, FAQ, "Usernames": 5 to 32 letters, digits and underscores; TDLib, is_allowed_username: none of the
# latter at the end or beside another.
_USERNAME = re.compile(r"(?=.{5,32}$)[A-Za-z](?:_?[A-Za-z0-9])+")
_START = re.compile(rf"[A-Za-z0-9_-]{{1,{START}}}")
# Names of pages instead of people, of five letters and more (core.telegram.org/api/links).
_PAGES = frozenset(
    {
        "addemoji", "addlist", "addstickers", "addstyle", "addtheme", "auction", "boost", "confirmphone",
        "contact", "giftcode", "invoice", "joinchat", "login", "proxy", "setlanguage", "share", "socks",
    }
)  # fmt: skip
_TELEGRAMS = ("t.me", "telegram.me", "telegram.dog")
_TG = re.compile(r"^tg:(?://)?resolve\?domain=(?P<name>\w+)&?(?P<rest>\S*)$", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Telegram:
    """A person, channel or bot on Telegram: what a bot is started with, or a message to a person."""

    username: Annotated[str, Value("username")]
    # After a slash alone, since "telegram group chat" is a text.
    start: Annotated[str, Value("what the bot is started with", slash=True)] = ""
    text: Annotated[str, Value("first message", long=True, rest=True, slash=True)] = ""


def build_telegram(telegram: Telegram) -> str:
    """Write a link to a public name ("Public username links", "Bot links")."""
    name, start, text = _given(telegram)
    if not _is_name(name):
        raise Refused(
            "A Telegram username has 5 to 32 letters, digits and underscores, and begins with a letter.",
            field="username",
        )
    if start and not _START.fullmatch(start):
        raise Refused(
            "What a bot is started with has at most {most} letters of a to z, digits, - and _.",
            field="start",
            most=START,
        )
    if start and text:
        raise Refused("A bot is started without a message. Leave out one of the two.", field="text")
    query = f"?start={start}" if start else f"?text={quote(text, safe=KEPT)}" if text else ""
    return f"https://t.me/{name}{query}"


def _given(telegram: Telegram) -> tuple[str, str, str]:
    """Take the name, the start and the message from what was typed, which may be a whole link."""
    given, start, text = telegram.username.strip(), telegram.start.strip(), message_of(telegram.text)
    pasted = read_telegram(given if ":" in given else f"https://{given}")
    if pasted is None:
        return given.removeprefix("@"), start, text
    if start or text:
        return pasted.content.username, start, text
    return pasted.content.username, pasted.content.start, pasted.content.text


def _is_name(name: str) -> bool:
    return _USERNAME.fullmatch(name) is not None and name.lower() not in _PAGES


def read_telegram(text: str) -> Reading[Telegram] | None:
    """Read a link to a public name; groups, posts, stickers and the like stay links."""
    url = _TG.sub(r"https://t.me/\g<name>?\g<rest>", text)
    link = link_of(url)
    if link is None:
        return None
    name, query = _name_in(link), link.values
    start, message = query.get("start", ""), lines_of(query.get("text", ""))
    if not _is_name(name) or set(query) not in (set(), {"start"}, {"text"}):
        return None
    if start and not _START.fullmatch(start):
        return None
    return Reading("telegram", Telegram(name, start, message), (*link_warnings(url), *faults_of(message)))


def _name_in(link: Address) -> str:
    """Find the name in ``t.me/name`` and in ``name.t.me``."""
    site = link.site.removeprefix("www.")
    if site in _TELEGRAMS:
        return link.path.removeprefix("/").removesuffix("/")
    return site.removesuffix(".t.me") if site.endswith(".t.me") and link.path in ("", "/") else ""


TELEGRAM = Kind(
    name="telegram",
    label="Telegram link",
    summary="Make a code that opens a person, channel or bot on Telegram.",
    example="telegram @durov",
    content=Telegram,
    build=build_telegram,
    read=read_telegram,
    title=lambda telegram: telegram.username,
)
