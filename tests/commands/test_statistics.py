"""How much the bot is used, as whoever runs it sees that."""

from __future__ import annotations

import pytest

from bot.message import Actor
from bot.operating.statistics import bar
from tests.commands.test_operating import OPERATOR, cells
from tests.core.talking import ADA, Core, both, core, passed, said

__all__ = ["both", "core"]


async def test_what_was_made_is_counted_by_day_kind_and_platform(both: Core) -> None:
    """Days without any are there too; what is older is not."""
    bea = Actor("slack", "T1:U2")
    await said(both, "hello", bea)
    passed(both, days=3)
    for text in ("one", "two", "https://example.org"):
        await said(both, text, ADA)
    passed(both, days=1)
    await said(both, "three", bea)
    told = await said(both, "/stats 3", OPERATOR)
    assert [field.value for field in told.fields] == ["4", "2: 2 made codes, 1 new"]
    assert [row[:2] for row in cells(told) if row[0]] == [
        ("2030-05-19", "0"), ("2030-05-20", "3"), ("2030-05-21", "1"),
        ("text", "3"), ("url", "1"), ("telegram", "3"), ("slack", "1"),
    ]  # fmt: skip
    assert [len(row[2]) for row in cells(told) if row[0]] == [0, 40, 14, 40, 14, 40, 14]
    form = (await said(both, "/stats 367", OPERATOR)).form
    assert form is not None
    assert "from 1 to 366" in form.questions[0].error


@pytest.mark.parametrize(
    ("value", "drawn"), [(0, ""), (8, "████"), (4, "██"), (1, "▌"), (5, "██▌"), (7, "███▌")]
)
def test_a_bar_is_as_long_as_its_value(value: int, drawn: str) -> None:
    """To an eighth of a column."""
    assert bar(value, 8, 4) == drawn
    assert bar(0, 0, 4) == ""
