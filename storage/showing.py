"""The changes of boards, the pages of people's own that a platform keeps open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class OpenBoard:
    """Somebody opened their board.

    ``mark``: the platform's name of what it shows them, empty where that is nothing yet. What is not what we
    have shown last is shown anew.
    """

    platform: str
    account: str
    mark: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TurnBoard:
    """Show something else on a board: another page, what is looked for, the kit of a space."""

    platform: str
    account: str
    shown: str
    kit: str
    at: datetime
