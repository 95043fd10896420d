"""Symbols agree with three independent encoders in all versions and levels; every module knows where it belongs."""

import numpy as np
import pytest
import zxingcpp
from segno import consts, encoder
from segno.utils import matrix_iter_verbose  # type: ignore[attr-defined]  # its stub leaves it out

from bot.qr.codewords import data_codewords, message
from bot.qr.mask import penalties
from bot.qr.matrix import ERROR, Role, blocks, codewords, gather, masks, patterns, roles, size_of
from bot.qr.payloads import Level, Payload
from bot.qr.segments import Segment
from bot.qr.symbol import capacity, encode

pytestmark = pytest.mark.no_cover  # tracing makes these loops ten times slower

EVERY = [(version, level) for version in range(1, 41) for level in Level]


def longest(version: int, level: Level) -> str:
    """Make a text that fills a version in byte mode but for a few bytes, which want padding."""
    return ("Every third lamp ~ " * 200)[: capacity("byte", level, version) - version % 5]


def segno_mended(text: str, version: int, level: Level, mask: int) -> np.ndarray:
    """Encode with segno's own steps, but pad to a codeword boundary as 7.4.10 says (heuer/segno #123, #148)."""
    error, bits = ERROR[level], encoder.Buffer()
    total = consts.SYMBOL_CAPACITY[version][error]  # type: ignore[index]  # the stub says object
    segment = encoder.make_segment(text.encode(), consts.MODE_BYTE)
    encoder.write_segment(bits, segment, None, encoder.version_range(version))
    encoder.write_terminator(bits, total, None, len(bits))
    bits.extend([0] * (-len(bits) % 8))
    encoder.write_pad_codewords(bits, version, total, len(bits))
    side = encoder.calc_matrix_size(version)
    matrix = encoder.make_matrix(side, side)
    encoder.add_finder_patterns(matrix, side, side)
    encoder.add_alignment_patterns(matrix, side, side)
    encoder.add_codewords(matrix, encoder.make_final_message(version, error, bits), version)
    chosen, matrix = encoder.find_and_apply_best_mask(matrix, side, side, mask)
    encoder.add_format_info(matrix, version, error, chosen)
    encoder.add_version_info(matrix, version)
    return np.array([list(row) for row in matrix])


@pytest.mark.parametrize(("version", "level"), EVERY)
def test_segno_with_its_padding_mended_draws_the_same_modules(version: int, level: Level) -> None:
    """All 40 versions at all 4 levels, module for module at the same mask and segments."""
    text, mask = longest(version, level), (version + ord(level)) % 8
    symbol = encode(Payload(text), level, boost=False, mask=mask)
    assert symbol.version == version
    assert (symbol.modules == segno_mended(text, version, level, mask)).all()


@pytest.mark.parametrize(("version", "level"), EVERY)
def test_zxing_cpp_draws_the_same_modules(version: int, level: Level) -> None:
    """All 40 versions at all 4 levels, module for module at the same mask and segments."""
    text, mask = longest(version, level), (version + ord(level)) % 8
    symbol = encode(Payload(text), level, boost=False, mask=mask)
    other = zxingcpp.create_barcode(
        text, zxingcpp.BarcodeFormat.QRCode, ec_level=str(level), version=version, data_mask=mask
    )
    drawn = np.array(other.to_image(scale=1, add_quiet_zones=False))
    assert (symbol.modules == (drawn == 0)).all()


@pytest.mark.parametrize("version", range(1, 41))
def test_every_module_has_the_role_that_an_independent_encoder_gives_it(version: int) -> None:
    """segno tells what each module is for, but takes one data module for format information (7.9.1)."""
    symbol = encode(Payload(longest(version, Level.L)), Level.L, boost=False)
    size = symbol.size
    told = {
        consts.TYPE_FINDER_PATTERN_DARK: Role.FINDER, consts.TYPE_FINDER_PATTERN_LIGHT: Role.FINDER,
        consts.TYPE_SEPARATOR: Role.SEPARATOR, consts.TYPE_TIMING_DARK: Role.TIMING,
        consts.TYPE_TIMING_LIGHT: Role.TIMING, consts.TYPE_ALIGNMENT_PATTERN_DARK: Role.ALIGNMENT,
        consts.TYPE_ALIGNMENT_PATTERN_LIGHT: Role.ALIGNMENT, consts.TYPE_FORMAT_DARK: Role.FORMAT,
        consts.TYPE_FORMAT_LIGHT: Role.FORMAT, consts.TYPE_VERSION_DARK: Role.VERSION,
        consts.TYPE_VERSION_LIGHT: Role.VERSION, consts.TYPE_DARKMODULE: Role.DARK_MODULE,
        consts.TYPE_DATA_DARK: Role.DATA, consts.TYPE_DATA_LIGHT: Role.DATA,
    }  # fmt: skip
    rows = [bytearray(row.tolist()) for row in symbol.modules]
    expected = np.array(
        [[told[each] for each in row] for row in matrix_iter_verbose(rows, (size, size), border=0)]
    )
    expected[8, size - 9] = Role.DATA
    assert (symbol.roles == expected).all()


@pytest.mark.parametrize(
    ("version", "level"), [(1, Level.L), (5, Level.Q), (7, Level.H), (22, Level.M), (40, Level.H)]
)
def test_a_module_turned_changes_the_codeword_it_belongs_to_and_no_other(version: int, level: Level) -> None:
    """Read back from the modules, the codewords are the message's; each is placed in eight modules."""
    data = data_codewords(
        [Segment("byte", longest(version, level).encode())], version, blocks(version, level).room
    )
    sent = message(data, version, level)
    symbol = encode(Payload(longest(version, level)), level, boost=False, mask=3)
    belongs = codewords(version)
    count = belongs.max() + 1
    assert (np.bincount(belongs[belongs >= 0]) == 8).all()
    assert count == len(sent) - 1 == blocks(version, level).total.sum()
    bits = symbol.modules ^ np.where(symbol.roles == Role.DATA, masks(size_of(version))[3], 0)
    weights = 1 << (7 - gather(version) % 8)
    values = np.bincount(belongs[belongs >= 0], (bits * weights)[belongs >= 0], count)
    assert (values == sent[:-1]).all()


def test_blocks_are_those_of_the_standard() -> None:
    """Table 9, version 5-Q: two blocks of 33 codewords (15 data) and two of 34 (16 data), interleaved."""
    cut = blocks(5, Level.Q)
    assert cut.total.tolist() == [33, 33, 34, 34]
    assert cut.data.tolist() == [15, 15, 16, 16]
    assert cut.of[:8].tolist() == [0, 1, 2, 3] * 2
    assert cut.of[60:66].tolist() == [2, 3, 0, 1, 2, 3]
    assert np.bincount(cut.of).tolist() == [33, 33, 34, 34]


def slow_penalty(grid: np.ndarray) -> int:
    """Count the points of 7.8.3 line by line, as one reads it."""
    size, points = len(grid), 0
    for line in (*grid, *grid.T):
        text = "".join(str(int(each)) for each in line)
        run = 1
        for before, after in zip(text, text[1:] + "x", strict=True):
            if before == after:
                run += 1
            else:
                points += run - 2 if run >= 5 else 0
                run = 1
        wide = "0000" + text + "0000"
        for at in range(4, len(wide) - 10):
            if wide[at : at + 7] == "1011101" and "0000" in (wide[at - 4 : at], wide[at + 7 : at + 11]):
                points += 40
    square = grid[:-1, :-1] + grid[1:, :-1] + grid[:-1, 1:] + grid[1:, 1:]
    points += 3 * int(((square == 0) | (square == 4)).sum())
    share = 100 * grid.sum() / size**2
    return points + int(abs(share - 50) // 5) * 10


@pytest.mark.parametrize("version", [1, 2, 5, 7, 10, 14, 27])
def test_the_mask_with_the_fewest_points_is_chosen(version: int) -> None:
    """Points of all eight masks, counted slowly and one by one."""
    text = longest(version, Level.M)
    data = data_codewords([Segment("byte", text.encode())], version, blocks(version, Level.M).room)
    bits = np.unpackbits(message(data, version, Level.M))
    placed = bits.take(gather(version))
    slow = [slow_penalty((placed ^ pattern).astype(int)) for pattern in patterns(version, Level.M)]
    assert penalties(bits, version, Level.M).tolist() == slow
    assert encode(Payload(text), Level.M, boost=False).mask == int(np.argmin(slow))


def test_tables_cannot_be_changed_by_who_reads_them() -> None:
    """They are kept for ever, so nobody may write into them."""
    for table in (roles(3), codewords(3), patterns(3, Level.M)):
        with pytest.raises(ValueError, match="read-only"):
            table[...] = 0
