"""Symbols conform to ISO/IEC 18004: the same modules as an independent encoder's, at the same mask."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from qrcodegen import QrCode, QrSegment

from bot.qr.payloads import Level, Payload, payload_of
from bot.qr.segments import Segment, segments
from bot.qr.symbol import Role, Symbol, TooLong, capacity, encode, hint, version_of
from tests.full import FULL

pytestmark = pytest.mark.no_cover  # tracing makes these loops ten times slower

ECC = dict(zip(Level, (QrCode.Ecc.LOW, QrCode.Ecc.MEDIUM, QrCode.Ecc.QUARTILE, QrCode.Ecc.HIGH), strict=True))
SEGMENT = {
    "numeric": lambda data: QrSegment.make_numeric(data.decode()),
    "alphanumeric": lambda data: QrSegment.make_alphanumeric(data.decode()),
    "byte": QrSegment.make_bytes,
}


def rows(symbol: Symbol) -> tuple[bytes, ...]:
    """Give a symbol's modules row by row."""
    return tuple(bytes(row) for row in symbol.modules)


def independent(text: str, symbol: Symbol) -> tuple[bytes, ...]:
    """Encode with qrcodegen at the same mask and segments."""
    cut = (
        (Segment("byte", text.encode()),)
        if symbol.mode == "byte"
        else segments(text.encode(), symbol.version)
    )
    parts = [SEGMENT[each.mode](each.data) for each in cut]
    code = QrCode.encode_segments(
        parts, ECC[symbol.level], symbol.version, symbol.version, symbol.mask, False
    )
    size = code.get_size()
    return tuple(bytes(code.get_module(x, y) for x in range(size)) for y in range(size))


@pytest.mark.parametrize("version", range(1, 41))
@pytest.mark.parametrize("level", Level)
def test_every_version_and_level_has_the_modules_of_an_independent_encoder(
    version: int, level: Level
) -> None:
    """The longest byte text of each version and level is the same symbol, module for module."""
    text = ("é-Öff.ne!" * 400).encode()[: capacity("byte", level, version)].decode(errors="ignore")
    symbol = encode(Payload(text), level, boost=False, mask=version % 8)
    assert symbol.version == version
    assert rows(symbol) == independent(text, symbol)


@given(
    st.one_of(st.text("0123456789", min_size=1), st.text("AZ09 $%*+-./:", min_size=1), st.text(min_size=1))
)
def test_any_text_has_the_modules_of_an_independent_encoder(text: str) -> None:
    """Whatever is typed, at the mask we chose, the two encoders agree."""
    symbol = encode(Payload(text))
    assert rows(symbol) == independent(text, symbol)


@pytest.mark.parametrize(("character", "count"), [("7", 7089), ("Q", 4296), ("q", 2953)])
def test_a_symbol_holds_what_the_standard_says_and_not_one_more(character: str, count: int) -> None:
    """Table 7: 7,089 digits, 4,296 alphanumeric characters, 2,953 bytes at version 40-L."""
    assert encode(Payload(character * count), Level.L).version == 40
    with pytest.raises(TooLong) as refused:
        encode(Payload(character * (count + 3)), Level.L)
    assert refused.value.values["over"] == 3
    assert refused.value.values["most"] == count


def test_a_text_too_long_for_its_level_is_told_where_it_fits() -> None:
    """The level is not lowered silently; the sentence names the one that would do."""
    with pytest.raises(TooLong, match=r"level H\. It fits at level Q"):
        encode(Payload("x" * 1600), Level.H)


def test_a_short_text_is_never_a_micro_symbol_and_gets_the_highest_level_that_fits() -> None:
    """Phones read no Micro QR; a version's spare room goes to error correction."""
    symbol = encode(payload_of("HELLO"))
    assert (symbol.version, symbol.size, symbol.level, symbol.mode) == (1, 21, Level.H, "alphanumeric")


def test_every_module_knows_its_role() -> None:
    """Three finder patterns of 49 modules, one dark module, two copies of the format information."""
    roles = encode(payload_of("roles")).roles.tobytes()
    assert roles.count(Role.FINDER) == 3 * 49
    assert roles.count(Role.DARK_MODULE) == 1
    assert roles.count(Role.FORMAT) == 30


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize(("character", "mode"), [("7", "numeric"), ("A", "alphanumeric"), ("é", "byte")])
def test_the_version_is_known_before_a_module_is_drawn(character: str, mode: str, level: Level) -> None:
    """The smallest that holds the text, by an independent encoder's count, at a version's last character."""
    for version in range(1, 41, 3 if FULL else 9):
        most = capacity(mode, level, version) // len(character.encode())
        text = character * most
        known = QrCode.encode_segments([SEGMENT[mode](text.encode())], ECC[level], 1, 40, 0, False)
        assert version_of(Payload(text), level) == known.get_version()


def test_a_dense_symbol_says_how_large_to_print_it() -> None:
    """Above version 25 a hint, below none."""
    dense = hint(version_of(Payload("x" * 2000), Level.M))
    assert dense is not None
    assert "version 38" in str(dense)
    assert hint(version_of(Payload("short"), Level.M)) is None
