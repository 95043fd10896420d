"""Design grades have the thresholds of ISO/IEC 15415 and ISO/IEC 18004, annex G."""

import pytest

from bot.qr.proof import Grade, Grades
from bot.qr.proof.grades import (
    alignment_damage,
    contrast,
    finder_damage,
    information_damage,
    lowest,
    modulation,
    quiet_zone,
    symbol_contrast,
    timing_damage,
    unused_error_correction,
)
from bot.qr.style.style import TRANSPARENT, Gradient, Style


@pytest.mark.parametrize(
    ("grade", "least"),
    [
        (unused_error_correction, (0.62, 0.50, 0.37, 0.25)),
        (symbol_contrast, (0.70, 0.55, 0.40, 0.20)),
        (modulation, (0.50, 0.40, 0.30, 0.20)),
    ],
)
def test_a_grade_begins_at_its_threshold(grade, least) -> None:  # type: ignore[no-untyped-def]
    """At a threshold of ISO/IEC 15415 the better grade holds, just below it the worse one."""
    for value, better in zip(least, "ABCD", strict=True):
        assert grade(value) == Grade[better]
        assert grade(value - 0.001) == Grade[better] - 1


def test_damage_to_fixed_patterns_is_graded_by_segment() -> None:
    """Finder patterns and format information lose a grade a module, timing and alignment by their share."""
    assert [finder_damage(each).name for each in range(6)] == ["A", "B", "C", "D", "F", "F"]
    assert [information_damage(each).name for each in range(5)] == ["A", "B", "C", "D", "F"]
    assert [timing_damage(each).name for each in (0, 0.07, 0.11, 0.14, 0.15)] == ["A", "B", "C", "D", "F"]
    assert [alignment_damage(each).name for each in (0, 0.1, 0.2, 0.3, 0.31)] == ["A", "B", "C", "D", "F"]
    assert [quiet_zone(each).name for each in (9, 4, 3, 2, 1, 0)] == ["A", "A", "B", "B", "B", "D"]


def test_the_lowest_grade_is_the_overall_one() -> None:
    """One C among As makes a C."""
    assert Grades().overall == Grade.A
    assert Grades(modulation=Grade.C, quiet_zone=Grade.B).overall == Grade.C


@pytest.mark.parametrize(
    ("style", "grades"),
    [
        (Style(), "AA"),
        (Style(dark="#1a2b3c", light=TRANSPARENT), "AA"),
        (Style(dark="#ff0000", light="#00ff00"), "AA"),
        (Style(dark="#e00000", light="#008000"), "FF"),
        (Style(dark="#000000", light="#bebebe"), "AA"),  # cameras expose for the ground
        (Style(dark="#000000", light="#606060"), "FF"),  # not for one as dark as this
        (Style(dark="#cccc44"), "CA"),
        (Style(dark="#ffff00"), "FF"),
        (Style(dark="#777777", light="#777777"), "FF"),
        (Style(dark="#ffffff", light="#000000"), "AA"),
        (Style(dark=Gradient("linear", ("#000000", "#ffffff"))), "AF"),
        (Style(dark="#000000", light=Gradient("radial", ("#ffffff", "#777777"))), "AF"),
        (Style(eyeball_colour="#ffd700"), "AF"),
        (Style(finder_colour="#3366cc"), "AA"),
    ],
)
def test_colours_are_graded_where_they_are_closest(style: Style, grades: str) -> None:
    """Symbol contrast by the extremes, modulation by the worst module, eyes and gradients' ends among them."""
    assert "".join(each.name for each in contrast(style)) == grades


def test_the_lowest_of_several_grades_is_taken_of_each_parameter() -> None:
    """What the drawing and what the pixels say are put together."""
    together = lowest(Grades(modulation=Grade.C), Grades(modulation=Grade.B, quiet_zone=Grade.D))
    assert together == Grades(modulation=Grade.C, quiet_zone=Grade.D)
