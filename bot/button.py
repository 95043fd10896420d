"""What can be pressed under a reply: a command line, an address, a text to copy or to share."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

LINE = 64  # bytes of a button's line: Telegram's callback_data (core.telegram.org/bots/api)
COPIED = 256  # characters of a text that a button copies, or shares: Telegram's CopyTextButton, InlineQuery


class Tone(StrEnum):
    """How much a button asks for attention."""

    PLAIN = "plain"
    MAIN = "main"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Button:
    """A command line to press, an address to open, a text to copy, or one to share: exactly one of the four.

    ``short``: the label where many stand beside each other. ``share``: what is said to the bot in a chat of
    one's choice; a face that has no such thing leaves the button out. ``here``: it is about the place where
    it was asked for, and stands in nothing that all see, nor elsewhere.
    """

    label: str
    line: str = ""
    url: str = ""
    copy: str = ""
    tone: Tone = Tone.PLAIN
    share: str = ""
    short: str = ""
    here: bool = False


Rows = tuple[tuple[Button, ...], ...]


def fits(line: str) -> bool:
    """Tell whether a button can say a line on every platform."""
    return len(line.encode()) <= LINE
