"""What a person can choose, as every face reads it: language, time zone, who sees the answers."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

from bot.i18n import LANGUAGES
from bot.qr.refusal import Refused

REPLIES = ("private", "shared")  # who sees the answers in a group or channel


@cache
def _timezones() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones()}


def read_timezone(text: str) -> str:
    """Read a time zone's name, in any case, with spaces where it has underscores."""
    found = _timezones().get(text.strip().replace(" ", "_").casefold())
    if found is None:
        raise Refused("I do not know the time zone “{given}”. Say for example Europe/Berlin.", given=text)
    return found


def read_replies(text: str) -> str:
    """Read who sees the answers in a group or channel."""
    if text.lower() not in REPLIES:
        raise Refused("Answers are private or shared, not “{given}”.", given=text)
    return text.lower()


def read_language(text: str) -> str:
    """Read a language by its code or its own name."""
    for code, name in LANGUAGES.items():
        if text.casefold() in (code, name.casefold()):
            return code
    raise Refused(
        "I do not speak “{given}” yet. I speak {languages}.",
        given=text,
        languages=", ".join(LANGUAGES.values()),
    )
