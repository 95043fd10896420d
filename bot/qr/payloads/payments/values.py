"""Values the bank payments share: lines of text, dates, numbers; and what a reader finds wrong with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from unicodedata import normalize

from bot.qr.payloads.payload import without_controls
from bot.qr.refusal import Refused

_NUMBER = re.compile(r"[0-9]{1,18}([.,][0-9]{1,9})?")
_DATES = (
    re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})"),
    re.compile(r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})"),
    re.compile(r"(?P<day>[0-9]{1,2})\. ?(?P<month>[0-9]{1,2})\. ?(?P<year>[0-9]{4})"),
)


def line_of(text: str, most: int, field: str) -> str:
    """Read a line of text of at most ``most`` characters, composed (NFC), without white space around."""
    line = normalize("NFC", without_controls(text.strip(), field=field))
    if len(line) > most:
        raise Refused(
            "At most {most} characters fit here; this has {count}.", field=field, most=most, count=len(line)
        )
    return line


def date_of(text: str, field: str) -> date | None:
    """Read a day as ``2026-11-15``, ``20261115`` or ``15.11.2026``; None where none is given."""
    bare = text.strip()
    match = next((found for form in _DATES if (found := form.fullmatch(bare))), None)
    try:
        if match is not None:
            return date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        match = None
    if bare:
        raise Refused("This is not a day of the calendar. Write it like 2026-11-15.", field=field)
    return None


def day_in(text: str) -> str:
    """Write a day found in a code as ``2026-11-15``; as it stands where it is none."""
    try:
        day = date_of(text, "")
    except Refused:
        return text.strip()
    return day.isoformat() if day else ""


def number_in(text: str) -> Decimal | None:
    """Read a number found in a code, with a point or a comma; None where it is none."""
    bare = text.strip()
    return Decimal(bare.replace(",", ".")) if _NUMBER.fullmatch(bare) else None


def faults(checks: Iterable[Callable[[], object]]) -> tuple[Refused, ...]:
    """Carry out the checks and collect what they refuse, each refusal once."""
    found: dict[tuple[str, str], Refused] = {}
    for check in checks:
        try:
            check()
        except Refused as fault:
            found.setdefault((str(fault), fault.field), fault)
    return tuple(found.values())


def unreadable(text: str, value: object, field: str) -> tuple[Refused, ...]:
    """Say of a value that is there and makes no sense that it was left out."""
    if not text.strip() or value is not None:
        return ()
    return (Refused("“{given}” is not an amount, so it was left out.", field=field, given=text.strip()),)


def leftover(parts: Iterable[str]) -> tuple[Refused, ...]:
    """Say what else a code holds that none of our fields has room for."""
    rest = ", ".join(part for part in parts if part.strip())
    return (Refused("This code also says: {rest}", rest=rest),) if rest else ()
