"""Who opened the Mini App: what Telegram signed for it when it was opened, checked.

core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app. What is checked is never logged, and
never repeated in an error.
"""

from __future__ import annotations

import hmac
import json
import re
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

from bot.message import Actor

LIFE = timedelta(hours=1)  # for which one opening holds; within it may be said again and again
AHEAD = timedelta(minutes=1)  # that Telegram's clock may be before ours
LONGEST, MOST = 4096, 32  # characters of the whole, fields of it

_NAME, _HASH, _DATE = re.compile(r"[a-z_]{1,64}"), re.compile(r"[0-9a-f]{64}"), re.compile(r"[0-9]{1,11}")
_LANGUAGE, _CONTROL = re.compile(r"[A-Za-z0-9-]{0,35}"), re.compile(r"[\x00-\x1f\x7f]")
_ACCOUNT = 2**52  # a user's id has at most 52 bits (core.telegram.org/bots/api#user)


class Unvouched(Exception):
    """Not what Telegram signed for this bot, or too long ago."""


def launch_key(token: str) -> bytes:
    """Derive the key that Telegram signs with from the bot's token."""
    return hmac.digest(b"WebAppData", token.encode(), "sha256")


def opened_by(key: bytes, launched: str, now: datetime) -> Actor:
    """Tell who opened the Mini App, by its ``initData``; raises Unvouched.

    All fields but the hash itself are signed, also ``signature``, which is for those without the token.
    """
    fields = _fields(launched)
    given = fields.pop("hash", "")
    checked = "\n".join(f"{name}={value}" for name, value in sorted(fields.items()))
    made = hmac.new(key, checked.encode(), "sha256").hexdigest()
    if not (_HASH.fullmatch(given) and hmac.compare_digest(made, given)):
        raise Unvouched
    opened = fields.get("auth_date", "")
    if not _DATE.fullmatch(opened) or not -AHEAD <= now - _moment(opened, now) <= LIFE:
        raise Unvouched
    return _actor(fields.get("user", ""))


def _fields(launched: str) -> dict[str, str]:
    """Take the fields apart; a line break in one would let two readings have the same hash."""
    if len(launched) > LONGEST or not launched.isascii():
        raise Unvouched
    try:
        pairs = parse_qsl(launched, True, True, errors="strict", max_num_fields=MOST)
    except ValueError:
        raise Unvouched from None
    fields = dict(pairs)
    whole = all(_NAME.fullmatch(name) and not _CONTROL.search(value) for name, value in pairs)
    if len(fields) != len(pairs) or not whole:
        raise Unvouched
    return fields


def _moment(seconds: str, now: datetime) -> datetime:
    try:
        return datetime.fromtimestamp(int(seconds), now.tzinfo)
    except (ValueError, OverflowError, OSError):
        raise Unvouched from None


def _actor(user: str) -> Actor:
    try:
        said = json.loads(user)
    except (ValueError, RecursionError):
        raise Unvouched from None
    match said:
        case {"id": int(account), "first_name": str(first)} if (
            type(account) is int and 0 < account < _ACCOUNT
        ):
            pass
        case _:
            raise Unvouched
    if said.get("is_bot", False) is not False:
        raise Unvouched
    last, language = _text(said, "last_name"), _text(said, "language_code")
    if not _LANGUAGE.fullmatch(language):
        raise Unvouched
    return Actor("telegram", str(account), f"{first} {last}".strip(), language)


def _text(said: dict[str, Any], name: str) -> str:
    value = said.get(name, "")
    if not isinstance(value, str):
        raise Unvouched
    return value
