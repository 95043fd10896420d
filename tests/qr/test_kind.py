"""A content's definition is read once: its fields, from values to a content, from a content to what is told."""

import dataclasses
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from bot.qr.payloads.kind import Value, assembled, entries, told


@dataclass(frozen=True, slots=True)
class Town:
    """A part of a content."""

    name: Annotated[str, Value("town")]
    postcode: Annotated[str, Value("postcode")] = ""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A content with parts."""

    to: Annotated[Town, Value("where to")]
    weight: Annotated[Decimal | None, Value("weight")] = None
    back: Annotated[Town | None, Value("where from")] = None
    notes: Annotated[tuple[str, ...], Value("notes")] = ()
    urgent: Annotated[bool, Value("in a hurry")] = False


def test_the_fields_of_a_part_stand_in_its_place() -> None:
    """Named by the path to them; those of a part that may be missing are never required."""
    listed = {entry.name: entry for entry in entries(Parcel)}
    assert list(listed) == [
        "to_name", "to_postcode", "weight", "back_name", "back_postcode", "notes", "urgent",
    ]  # fmt: skip
    required = [name for name, entry in listed.items() if entry.default is dataclasses.MISSING]
    assert required == ["to_name"]
    assert (listed["weight"].type, listed["notes"].type) == (Decimal, tuple)
    assert listed["back_name"].value.label == "town"


def test_values_are_put_together_by_name() -> None:
    """A part appears when one of its values is given."""
    assert assembled(Parcel, {"to_name": "Rome", "weight": Decimal(2)}) == Parcel(Town("Rome"), Decimal(2))
    given = {"to_name": "Rome", "back_name": "", "back_postcode": "12"}
    assert assembled(Parcel, given).back == Town("", "12")


def test_only_what_is_said_is_told() -> None:
    """Defaults are left out; lists, switches and numbers are written as people write them."""
    parcel = Parcel(Town("Rome"), Decimal("2.50"), Town("Bath", "12"), ("a", "b"), True)
    assert [(entry.name, text) for entry, text in told(parcel)] == [
        ("to_name", "Rome"), ("weight", "2.50"), ("back_name", "Bath"), ("back_postcode", "12"),
        ("notes", "a, b"), ("urgent", "yes"),
    ]  # fmt: skip
    assert [entry.name for entry, _ in told(Parcel(Town("Rome")))] == ["to_name"]
