"""What a symbol says, and what the specification of its content allows for the symbol."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from bot.qr.refusal import Refused


class Level(StrEnum):
    """Error correction levels of ISO/IEC 18004, 5.2: about 7, 15, 25 and 30 % of the codewords."""

    L = "L"
    M = "M"
    Q = "Q"
    H = "H"


@dataclass(frozen=True, slots=True)
class Rules:
    """What a content's specification sets for its symbol; boosting, repair and styles stay inside.

    ``level``: exactly this one. ``least`` and ``most``: versions. ``charset``: of the bytes; ``eci``: it is
    announced (ISO/IEC 18004, 7.4.2), which also keeps all of it in byte mode. ``plain``: black on white,
    without shapes, logos and frames. ``cross``: the Swiss cross lies on its middle.
    """

    level: Level | None = None
    least: int = 1
    most: int = 40
    charset: str = "utf-8"
    eci: bool = False
    plain: bool = False
    cross: bool = False


FREE = Rules()


@dataclass(frozen=True, slots=True)
class Payload:
    """The text of a symbol, its kind ("text", "url", "wifi" …), and the rules of that kind."""

    text: str
    kind: str = "text"
    rules: Rules = field(default=FREE)

    @property
    def data(self) -> bytes:
        """The bytes a reader gives back; UTF-8 unless the rules name another charset."""
        return self.text.encode(self.rules.charset)


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
