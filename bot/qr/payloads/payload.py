"""What a builder returns: the text a symbol says, and what its specification allows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.qr.refusal import Refused


class Level(StrEnum):
    """Error correction levels of ISO/IEC 18004, 5.2: about 7, 15, 25 and 30 % of the codewords."""

    L = "L"
    M = "M"
    Q = "Q"
    H = "H"


@dataclass(frozen=True, slots=True)
class Payload:
    """The text of a symbol, its kind ("text", "url", "wifi" …), and the lowest level its kind demands."""

    text: str
    kind: str = "text"
    level: Level | None = None

    @property
    def data(self) -> bytes:
        """The bytes a reader gives back: UTF-8."""
        return self.text.encode()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text says, taken apart: its kind and (label, value) pairs."""

    kind: str
    values: tuple[tuple[str, str], ...] = ()


def without_controls(text: str, *, field: str = "", allowed: str = "") -> str:
    """Give the text back; refuse control characters other than the allowed ones, which no reader shows."""
    for character in text:
        if (ord(character) < 32 or 127 <= ord(character) < 160) and character not in allowed:
            raise Refused(
                "There is an invisible control character ({name}) in this text. Please take it out.",
                field=field,
                name=f"U+{ord(character):04X}",
            )
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Refused("This text holds half a character. Please type it again.", field=field) from None
    return text
