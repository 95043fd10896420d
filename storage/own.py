"""What programs keep for somebody: kits with names, and codes that they change as they saw them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.records import Code


@dataclass(frozen=True, slots=True)
class OwnKit:
    """A look with a name, for codes that name it. Its pictures are its person's, as those of codes are."""

    id: str
    person_id: str
    name: str  # sealed
    style: str  # JSON of bot.qr.style; sealed
    format: str
    set_at: datetime


@dataclass(frozen=True, slots=True)
class HoldCode:
    """Go on only where a code still is what was read; else stale."""

    code: Code


@dataclass(frozen=True, slots=True)
class AddKit:
    """Keep a kit; stale when its person has ``most`` by now, or is gone."""

    kit: OwnKit
    most: int


@dataclass(frozen=True, slots=True)
class ChangeKit:
    """Give a kit another name, look or format; stale when it is no longer ``before``."""

    before: OwnKit
    after: OwnKit


@dataclass(frozen=True, slots=True)
class DropKit:
    """Delete a kit; stale when it is no longer what was read."""

    kit: OwnKit


OwnChange = HoldCode | AddKit | ChangeKit | DropKit
