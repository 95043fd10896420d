"""Margin, grades and gate: what they compute is what an independent reader can and cannot read."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from bot.qr.matrix import Role, blocks, codewords, roles
from bot.qr.payloads.payload import Level, Payload
from bot.qr.proof import Fault, Grade, Grades, Unread, Verdict, prove
from bot.qr.proof.gate import gate, graded, read_bare, shortfalls
from bot.qr.proof.margin import damage, margin, usable
from bot.qr.proof.seen import seen
from bot.qr.style.style import DEFAULT, Style
from bot.qr.symbol import Symbol, encode

URL = Payload("https://example.com")
Grey = NDArray[np.uint8]


def picture(symbol: Symbol, module: int, dark: int = 0, light: int = 255) -> Grey:
    """Draw a symbol with its quiet zone, without any code of ours."""
    squares = np.pad(symbol.modules, 4) ^ 1
    return np.kron(squares, np.ones((module, module), np.uint8)) * np.uint8(light - dark) + np.uint8(dark)


def nothing(symbol: Symbol) -> NDArray[np.bool_]:
    """Hide no module."""
    return np.zeros(symbol.modules.shape, np.bool_)


# --- margin -------------------------------------------------------------------------------------------------


def in_block(symbol: Symbol, block: int, count: int) -> NDArray[np.bool_]:
    """Choose one module in each of so many codewords of a block."""
    place, cut = codewords(symbol.version), blocks(symbol.version, symbol.level)
    chosen = nothing(symbol)
    for codeword in np.flatnonzero(cut.of == block)[:count]:
        chosen[tuple(np.argwhere(place == codeword)[0])] = True
    return chosen


def reads(modules: NDArray[np.uint8], payload: Payload) -> bool:
    """Read bare modules."""
    squares = np.kron(np.pad(modules ^ 1, 4, constant_values=1) * np.uint8(255), np.ones((3, 3), np.uint8))
    found = zxingcpp.read_barcode(squares, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    return found is not None and found.bytes == payload.data


@pytest.mark.parametrize(
    ("text", "level"),
    [("A", Level.L), ("A", Level.H), ("x" * 26, Level.L), ("x" * 60, Level.Q), ("x" * 100, Level.H), ("x" * 230, Level.M)],
)  # fmt: skip
def test_a_symbol_reads_up_to_the_limit_and_not_beyond(text: str, level: Level) -> None:
    """Wrong modules in as many codewords of one block as can be corrected still read; one more than that fails."""
    payload = Payload(text)
    symbol = encode(payload, level, boost=False)
    cut, correct = blocks(symbol.version, symbol.level), usable(symbol.version, symbol.level)
    for block in {0, len(correct) - 1}:
        within = in_block(symbol, block, int(correct[block]) // 2)
        assert margin(symbol, within).unused >= 0
        assert margin(symbol, within, symbol.modules ^ np.uint8(1)) == margin(symbol, within)
        assert reads(symbol.modules ^ within, payload)
        beyond = in_block(symbol, block, int(cut.total[block] - cut.data[block]) // 2 + 1)
        assert margin(symbol, beyond).unused < 0
        assert not reads(symbol.modules ^ beyond, payload)


def test_misdecode_protection_leaves_an_even_number_to_correct_with() -> None:
    """d − p is twice the errors that ISO/IEC 18004, table 9 says each block corrects, and p is 0 for the most part."""
    assert [int(usable(1, level)[0]) for level in Level] == [4, 8, 12, 16]
    assert [int(usable(version, Level.L)[0]) for version in (2, 3, 4)] == [8, 14, 20]
    assert all((usable(version, level) % 2 == 0).all() for version in range(1, 41) for level in Level)


def test_the_worst_block_decides() -> None:
    """The same wrong codewords cost more in one block than spread over all."""
    symbol = encode(Payload("x" * 100), Level.H, boost=False)
    together = margin(symbol, in_block(symbol, 0, 4))
    spread = margin(symbol, in_block(symbol, 0, 1) | in_block(symbol, 1, 1) | in_block(symbol, 2, 1))
    assert together.errors[:4] == (4, 0, 0, 0)
    assert spread.errors[:4] == (1, 1, 1, 0)
    assert together.unused < spread.unused < 1


def test_a_hidden_module_that_looks_right_costs_nothing() -> None:
    """Where a light logo covers light modules no codeword is wrong; where it covers dark ones it is."""
    symbol = encode(URL)
    hidden = nothing(symbol)
    hidden[10:14, 10:14] = True
    light = margin(symbol, hidden & (symbol.modules == 0), np.zeros_like(symbol.modules))
    assert light.unused == 1
    assert margin(symbol, hidden, symbol.modules) == margin(symbol, nothing(symbol))
    assert margin(symbol, hidden, np.zeros_like(symbol.modules)) == margin(
        symbol, hidden & (symbol.modules == 1)
    )
    assert margin(symbol, hidden, np.full_like(symbol.modules, 2)) == margin(symbol, hidden)


@given(
    st.integers(1, 12),
    st.sampled_from(list(Level)),
    st.lists(st.tuples(st.integers(0, 64), st.integers(0, 64)), max_size=60),
)
def test_the_margin_is_what_counting_one_by_one_gives(
    version: int, level: Level, hidden: list[tuple[int, int]]
) -> None:
    """For any hidden modules: blocks from the rule of 7.6, wrong codewords as sets, counted in plain Python."""
    size = 17 + 4 * version
    wrong = np.zeros((size, size), np.bool_)
    for y, x in hidden:
        wrong[y % size, x % size] = True
    place, cut = codewords(version), blocks(version, level)
    data, total = cut.data.tolist(), cut.total.tolist()
    order = [block for at in range(max(data)) for block, count in enumerate(data) if at < count]
    order += [block for _ in range(total[0] - data[0]) for block in range(len(data))]
    lost = {int(place[y, x]) for y, x in np.argwhere(wrong)} - {-1}
    errors = [sum(order[each] == block for each in lost) for block in range(len(data))]
    found = damage(version, level, wrong)
    assert found.errors == tuple(errors)
    assert found.unused == pytest.approx(
        min(1 - 2 * count / each for count, each in zip(errors, usable(version, level).tolist(), strict=True))
    )
    role = roles(version)[wrong]
    assert sum(found.finders) == np.isin(role, (Role.FINDER, Role.SEPARATOR)).sum()
    assert sum(found.formats) == (role == Role.FORMAT).sum()
    assert sum(found.versions) == (role == Role.VERSION).sum()


def test_hidden_modules_of_another_size_are_an_error() -> None:
    """A grid that is not the symbol's own raises ValueError."""
    with pytest.raises(ValueError, match="modules for a symbol"):
        damage(2, Level.M, np.zeros((21, 21), np.bool_))


@pytest.mark.parametrize(
    ("rows", "columns", "grades"),
    [
        ((0, 7), (0, 7), "FAA"),  # a finder pattern
        ((0, 1), (0, 2), "CAA"),
        (
            (6, 7),
            (10, 12),
            "CAA",
        ),  # two of 29 modules of a timing pattern, without where an alignment pattern is
        ((20, 25), (20, 25), "ACA"),  # one of six alignment patterns
        ((8, 9), (0, 6), "AAC"),  # one copy of the format information, mostly
        ((34, 37), (0, 6), "AAC"),  # one copy of the version information
        ((28, 32), (28, 32), "AAA"),  # data only
    ],
)
def test_each_fixed_pattern_has_its_own_grade(
    rows: tuple[int, int], columns: tuple[int, int], grades: str
) -> None:
    """Hiding a part of a version 7 symbol lowers the grade of that part alone."""
    hidden = np.zeros((45, 45), np.bool_)
    hidden[slice(*rows), slice(*columns)] = True
    found = damage(7, Level.M, hidden)
    assert (
        "".join(each.name for each in (found.patterns, found.alignment_patterns, found.information)) == grades
    )


def test_the_alignment_pattern_under_a_logo_is_no_fault_and_a_finder_pattern_is() -> None:
    """The grades say C for the one in the middle of version 7; the gate lets it pass, but no hidden finder."""
    grades = Grades(alignment_patterns=Grade.C)
    assert grades.overall == Grade.C
    assert shortfalls(grades, Grade.A) == ()
    assert shortfalls(Grades(alignment_patterns=Grade.F), Grade.B) == (Fault.PATTERNS,)
    assert shortfalls(Grades(fixed_pattern_damage=Grade.C), Grade.B) == (Fault.PATTERNS,)


# --- from pixels --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("module", [1, 2, 5, 16])
def test_a_plain_picture_is_graded_a_from_its_pixels(module: int) -> None:
    """Black on white has nothing against it, at any size."""
    symbol = encode(URL)
    assert seen(symbol, picture(symbol, module), (4 * module, 4 * module), module) == Grades()


def test_a_symbol_that_is_hidden_as_a_whole_has_the_lowest_grades() -> None:
    """A logo may be asked for that leaves nothing to grade."""
    symbol, module = encode(URL), 4
    whole = np.full(symbol.modules.shape, True)
    found = seen(symbol, picture(symbol, module), (4 * module, 4 * module), module, whole)
    assert found == Grades(Grade.F, Grade.F, Grade.F)


def test_pixels_show_what_is_hidden_as_the_margin_computes_it() -> None:
    """A light square over the middle costs as much as hiding its modules does, where they would be dark."""
    symbol, module = encode(Payload("x" * 60), Level.Q, boost=False), 8
    for half in range(2, 9):
        hidden = nothing(symbol)
        hidden[17 - half : 17 + half, 17 - half : 17 + half] = True
        covered = replace(symbol, modules=np.where(hidden, np.uint8(0), symbol.modules))
        found = seen(symbol, picture(covered, module), (4 * module, 4 * module), module)
        assert (
            found.unused_error_correction == margin(symbol, hidden, np.zeros_like(symbol.modules)).correction
        )
    assert found.unused_error_correction == Grade.F


def test_pale_pixels_have_low_grades() -> None:
    """Little contrast, modules near the threshold, and a picture of one colour."""
    symbol, at = encode(URL), (24, 24)
    assert seen(symbol, picture(symbol, 6, 150, 255), at, 6).symbol_contrast == Grade.B
    assert seen(symbol, np.full_like(picture(symbol, 6), 200), at, 6).overall == Grade.F
    half = picture(symbol, 6)
    half[:, : half.shape[1] // 2] = np.maximum(half[:, : half.shape[1] // 2], 170)
    found = seen(symbol, half, at, 6)
    assert (found.symbol_contrast, found.modulation, found.unused_error_correction) == (
        Grade.B,  # of the finder patterns on the left
        Grade.F,
        Grade.A,
    )


# --- gate ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("module", [1, 2, 3, 5, 8, 13, 28])
@pytest.mark.parametrize("text", ["A", "https://example.com/a?b=c", "é" * 150])
def test_a_plain_code_passes_at_any_size(text: str, module: int) -> None:
    """From one pixel a module on: read at full size, and blurred at half where there are pixels enough."""
    payload = Payload(text)
    symbol = encode(payload)
    verdict = gate(symbol, picture(symbol, module), payload, module=module, grades=graded(DEFAULT))
    assert verdict == Verdict()
    assert verdict.passed
    assert verdict.readable


def test_pictures_that_say_something_else_do_not_pass() -> None:
    """Nothing to read, another content, two codes, light on dark: each is a fault of the pixels."""
    symbol, other = encode(URL), encode(Payload("https://example.org"))
    right = picture(symbol, 6)
    inverted = 255 - right
    for wrong in (
        np.full_like(right, 255),
        picture(other, 6),
        np.hstack((right, picture(other, 6))),
        inverted,
    ):
        verdict = gate(symbol, wrong, URL, module=6)
        assert verdict.faults == (Fault.PIXELS,)
        assert not verdict.readable
        with pytest.raises(Unread):
            verdict.check()
    assert gate(symbol, inverted, URL, module=6, exact=True).passed
    assert gate(symbol, np.full_like(right, 255), URL, module=6, exact=True).faults == (Fault.PIXELS,)


def test_what_only_reads_sharp_is_a_fault_of_the_small_copy() -> None:
    """Data modules of a fifth their size read at full size, where nothing blurs them, and vanish in the copy."""
    symbol, module = encode(URL), 20
    sharp = picture(symbol, module)
    middle = abs(np.arange(len(sharp)) % module - module / 2 + 0.5) < module / 10
    fixed = np.pad(symbol.roles != Role.DATA, 4, constant_values=True)
    drawn = np.kron(fixed, np.ones((module, module), np.bool_)) | (middle[:, None] & middle)
    shown = np.where(drawn, sharp, np.uint8(255))
    assert gate(symbol, shown, URL, module=module).faults == (Fault.SMALL,)
    assert gate(symbol, shown, URL, module=module, exact=True).passed
    assert gate(symbol, sharp, URL, module=module).passed


@pytest.mark.parametrize("module", [4, 5, 6, 7])
def test_modules_of_few_pixels_have_to_outlive_noise(module: int) -> None:
    """Forty greys apart they read, sharp and soft, and are gone in what a messenger makes of the picture."""
    symbol = encode(URL)
    faint = np.where(picture(symbol, module) > 0, np.uint8(160), np.uint8(120))
    assert gate(symbol, faint, URL, module=module).faults == (Fault.SMALL,)
    clear = np.where(faint > 140, np.uint8(200), np.uint8(80))
    assert gate(symbol, clear, URL, module=module).passed


def test_the_wrong_symbol_is_found_out_before_any_pixels() -> None:
    """A symbol that does not say the payload is a fault of its own, whatever the picture shows."""
    symbol = encode(URL)
    other = Payload("https://example.org")
    assert read_bare(symbol, URL)
    assert not read_bare(symbol, other)
    assert gate(symbol, picture(encode(other), 6), other, module=6).faults == (Fault.SYMBOL,)


@pytest.mark.parametrize("text", ["7", "A" * 300, "Grüße 🙂", "x" * 2000])
def test_a_bare_symbol_reads(text: str) -> None:
    """From version 1 to 40, whatever is in it."""
    payload = Payload(text)
    assert read_bare(encode(payload, Level.L), payload)


def test_grades_below_the_one_asked_for_are_faults() -> None:
    """Each parameter has its fault, and an easier grade lets more pass."""
    symbol = encode(URL)
    weak = Style(dark="#cccc44", quiet_zone=0)
    hidden = nothing(symbol)
    hidden[10:16, 10:16] = True
    grades = graded(weak, margin(symbol, hidden))
    asked = {
        each: gate(symbol, picture(symbol, 6), URL, module=6, grades=grades, asked=each) for each in Grade
    }
    assert asked[Grade.B].faults == (Fault.CONTRAST, Fault.CORRECTION, Fault.QUIET_ZONE)
    assert asked[Grade.B].readable
    assert asked[Grade.F].passed
    for easier, harder in pairwise(asked.values()):
        assert set(easier.faults) <= set(harder.faults)


def test_prove_takes_any_picture_and_refuses_what_does_not_read() -> None:
    """A PIL picture of any mode is read, also light on dark; an empty one is refused with what to do."""
    symbol = encode(URL)
    shown = Image.fromarray(picture(symbol, 4))
    for mode in ("L", "RGB", "RGBA", "1"):
        prove(shown.convert(mode), URL)
    prove(Image.fromarray(255 - picture(symbol, 4)), URL)
    with pytest.raises(Unread, match="calmer colours or a larger size"):
        prove(Image.new("RGB", (200, 200), "white"), URL)
