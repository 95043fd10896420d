"""Modes are mixed so that no fewer bits would do, and symbols are never larger than other encoders make them."""

from typing import Any

import cv2
import numpy as np
import pytest
import segno
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from qrcodegen import QrCode, QrSegment

from bot.qr.payloads import Level, Payload, Rules
from bot.qr.segments import MODES, class_of, data_bits, header_bits, segment_bits, segments
from bot.qr.symbol import Symbol, TooLong, encode, version_of
from tests.qr.corpus import CORPUS

stretches = st.lists(
    st.one_of(
        st.text("0123456789", min_size=1, max_size=20),
        st.text("ABCXYZ $%*+-./:", min_size=1, max_size=20),
        st.text("abcé;😀", min_size=1, max_size=20),
    ),
    min_size=1,
    max_size=8,
).map("".join)
ECC = {"L": QrCode.Ecc.LOW, "M": QrCode.Ecc.MEDIUM, "Q": QrCode.Ecc.QUARTILE, "H": QrCode.Ecc.HIGH}
MAKE = {
    "numeric": lambda data: QrSegment.make_numeric(data.decode()),
    "alphanumeric": lambda data: QrSegment.make_alphanumeric(data.decode()),
    "byte": QrSegment.make_bytes,
}


def fewest(data: bytes, version_class: int) -> int:
    """Count the fewest bits by trying, at each byte, to go on or to change to any mode that holds it.

    Text beyond ASCII begins in byte mode, as OpenCV's reader wants it.
    """
    group = {"numeric": 3, "alphanumeric": 2, "byte": 1}
    ends: dict[tuple[str, int], int] = {}
    for at, byte in enumerate(data):
        allowed = MODES if chr(byte) in "0123456789" else MODES[1:] if chr(byte).isascii() else MODES[2:]
        allowed = tuple(mode for mode in allowed if mode != "alphanumeric" or _alphanumeric(byte))
        allowed = allowed if at or data.isascii() else MODES[2:]
        best, after = min(ends.values(), default=0), dict[tuple[str, int], int]()
        for mode in allowed:
            ways = [(best + header_bits(mode, version_class) + data_bits(mode, 1), 1 % group[mode])]
            for (known, filled), bits in ends.items():
                if known == mode:
                    more = data_bits(mode, filled + 1) - data_bits(mode, filled)
                    ways.append((bits + more, (filled + 1) % group[mode]))
            for bits, filled in ways:
                after[mode, filled] = min(bits, after.get((mode, filled), bits))
        ends = after
    return min(ends.values())


def _alphanumeric(byte: int) -> bool:
    return chr(byte) in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


@given(stretches, st.integers(0, 2))
def test_no_other_cut_takes_fewer_bits(text: str, version_class: int) -> None:
    """Against every cut there is, found byte by byte."""
    data = text.encode()
    found = segments(data, version_class)
    assert b"".join(each.data for each in found) == data
    assert segment_bits(found, version_class) == fewest(data, version_class)


@pytest.mark.parametrize(
    ("text", "modes"),
    [
        ("HELLO", ("alphanumeric",)),
        ("hello", ("byte",)),
        ("12345", ("numeric",)),
        ("https://EXAMPLE.COM/7K3F9QXM", ("byte", "alphanumeric")),
        ("tel:+441234567890123", ("byte", "numeric")),
        ("a1b2c3", ("byte",)),
    ],
)
def test_a_mode_changes_where_it_pays(text: str, modes: tuple[str, ...]) -> None:
    """A short link in capitals has two segments, a few digits inside words none of their own."""
    assert tuple(each.mode for each in segments(text.encode(), 0)) == modes


def pixels(symbol: Symbol, scale: int = 6) -> np.ndarray:
    """Draw a symbol, black on white, with its quiet zone."""
    dark = np.array([list(row) for row in symbol.modules], np.uint8)
    return np.pad((1 - dark) * 255, 4, constant_values=255).repeat(scale, 0).repeat(scale, 1)


@pytest.mark.parametrize("level", Level)
def test_symbols_are_never_larger_than_other_encoders_make_them(level: Level) -> None:
    """300 payloads, the same UTF-8 bytes, Kanji mode off: no version above segno's or zxing-cpp's."""
    total = {"ours": 0, "segno": 0, "zxing-cpp": 0}
    for text in CORPUS:
        ours = version_of(Payload(text), level)
        mode = None if text.isascii() else "byte"  # segno would choose Kanji mode by itself
        peer = segno.make_qr(text, error=level.value, encoding="utf-8", boost_error=False, mode=mode)
        other = zxingcpp.create_barcode(
            text.encode(), zxingcpp.BarcodeFormat.QRCode, ec_level=level.value
        ).to_image(scale=1, add_quiet_zones=False)
        versions = {
            "ours": ours,
            "segno": int(peer.version),
            "zxing-cpp": (np.asarray(other).shape[0] - 17) // 4,
        }
        assert ours <= min(versions.values()), (text, versions)
        total = {name: count + (17 + 4 * versions[name]) ** 2 for name, count in total.items()}
    assert total["ours"] < total["segno"]
    assert total["ours"] <= total["zxing-cpp"]


@pytest.mark.parametrize("part", range(6))
def test_every_payload_is_read_by_two_readers_with_the_exact_bytes(part: int) -> None:
    """zxing-cpp and OpenCV, at a level of its own for each payload."""
    detectors = (cv2.QRCodeDetector(), cv2.QRCodeDetectorAruco())
    for number, text in enumerate(CORPUS):
        if number % 6 != part:
            continue
        symbol = encode(Payload(text), tuple(Level)[number % 4], boost=False)
        [found] = zxingcpp.read_barcodes(pixels(symbol))
        assert found.bytes == text.encode()
        assert text.encode() in _by_opencv(detectors, symbol), text


def _by_opencv(detectors: tuple[Any, ...], symbol: Symbol) -> set[bytes]:
    """Read a symbol by either way OpenCV has of finding one, at two sizes, which it is choosy about."""
    pictures = [pixels(symbol, scale) for scale in (6, 4)]
    return {bytes(each.detectAndDecodeBytes(picture)[0]) for each in detectors for picture in pictures}


@given(stretches, st.sampled_from(Level), st.integers(0, 7))
def test_mixed_symbols_have_the_modules_of_an_independent_encoder(text: str, level: Level, mask: int) -> None:
    """qrcodegen, given the same segments, level and mask."""
    symbol = encode(Payload(text), level, boost=False, mask=mask)
    parts = [MAKE[each.mode](each.data) for each in segments(text.encode(), class_of(symbol.version))]
    code = QrCode.encode_segments(parts, ECC[level], 1, 40, mask, False)
    size = code.get_size()
    assert symbol.modules == tuple(bytes(code.get_module(x, y) for x in range(size)) for y in range(size))


# --- rules --------------------------------------------------------------------------------------------------


def test_a_kind_may_fix_level_version_and_charset() -> None:
    """Version 15, level M, ISO-8859-2 announced by ECI: exactly that, however short the text."""
    rules = Rules(level=Level.M, least=15, most=15, charset="iso8859-2", eci=True)
    payload = Payload("Plačilo 1234567890", rules=rules)
    symbol = encode(payload, Level.L)
    assert (symbol.version, symbol.level, symbol.mode) == (15, Level.M, "byte")
    [found] = zxingcpp.read_barcodes(pixels(symbol))
    assert (found.bytes, found.text) == ("Plačilo 1234567890".encode("iso8859-2"), "Plačilo 1234567890")


def test_a_fixed_level_is_neither_raised_nor_lowered() -> None:
    """Though the version has room, and whatever the style asks for."""
    payload = Payload("short", rules=Rules(level=Level.M, most=13))
    assert encode(payload, Level.H).level is Level.M
    with pytest.raises(TooLong, match="specification"):
        version_of(Payload("x" * 400, rules=Rules(level=Level.M, most=13)), Level.L)
