"""Captions and emoji packed into few bits, each script in the way that suits it best."""

from __future__ import annotations

import string

from bot.qr.style.bits import Bits, Codec, either, many, named, size, whole

_COUNT = 6  # bits for how many characters there are
_COMMON = (  # only ever added to: share codes number them
    "Scan me", "Scan me!", "SCAN ME", "Scan here", "Scan to pay", "Pay here", "Menu", "Wi-Fi", "Free Wi-Fi",
    "Join our Wi-Fi", "Follow us", "Visit us", "Call me", "Say hello", "Thank you", "Book now", "Order here",
    "Learn more", "Review us", "My card", "Tickets", "Download", "Get the app",
)  # fmt: skip
_LATIN = string.ascii_letters + " .,!?'&-:/+@"  # 64 of them
_TAGS, _SIGNS, _PICTURES = 0xE0000, 0x2000, 0x1F000


def _text(character: Codec) -> Codec:
    row = many(_COUNT, 0, character)
    return Codec(lambda bits, text: row.put(bits, tuple(text)), lambda bits: "".join(row.get(bits)))


def _window() -> Codec:
    """Code a text in ASCII and one block of 128 characters, such as Greek, Cyrillic, Hebrew or Arabic."""

    def put(bits: Bits, text: str) -> None:
        blocks = {ord(sign) >> 7 for sign in text} - {0}
        block = min(blocks, default=0)
        bits.put(block, 14)
        bits.put(len(text), _COUNT)
        for sign in text:
            at = ord(sign)
            bits.put(at if at < 128 else 128 + at - (block << 7), 8)

    def get(bits: Bits) -> str:
        block = bits.get(14)
        each = [bits.get(8) for _ in range(bits.get(_COUNT))]
        return "".join(map(_sign, (at if at < 128 else (block << 7) + at - 128 for at in each)))

    return Codec(put, get)


def _sign(number: int) -> str:
    return chr(min(number, 0x10FFFF))


_POINT = Codec(lambda bits, sign: bits.put(ord(sign), 21), lambda bits: _sign(bits.get(21)))
_BASIC = Codec(lambda bits, sign: bits.put(ord(sign), 16), lambda bits: _sign(bits.get(16)))


def _latin() -> Codec:
    letter = whole(6)
    return _text(
        Codec(lambda bits, sign: letter.put(bits, _LATIN.find(sign)), lambda bits: _LATIN[letter.get(bits)])
    )


_KNOWN = Codec(lambda bits, text: bits.put(_COMMON.index(text), 6), lambda bits: named(6, _COMMON).get(bits))
_WAYS = (_KNOWN, _latin(), _window(), _text(either(lambda sign: int(ord(sign) > 0xFFFF), _BASIC, _POINT)))

CAPTION = either(lambda text: min(range(len(_WAYS)), key=lambda way: size(_WAYS[way], text)), *_WAYS)


def _offset(base: int, width: int) -> Codec:
    return Codec(
        lambda bits, sign: bits.put(ord(sign) - base, width), lambda bits: chr(base + bits.get(width))
    )


_JOINERS = ("\u200d", "\ufe0f")
_OTHERS = either(
    lambda sign: 0 if _SIGNS <= ord(sign) < _SIGNS + 4096 else 1 if _TAGS <= ord(sign) < _TAGS + 128 else 2,
    _offset(_SIGNS, 12),
    _offset(_TAGS, 7),
    _POINT,
)
_EMOJI = either(
    lambda sign: 0 if _PICTURES <= ord(sign) < _PICTURES + 4096 else 1 if sign in _JOINERS else 2,
    _offset(_PICTURES, 12),
    named(1, _JOINERS),
    _OTHERS,
)
_ROW = many(4, 1, _EMOJI)

EMOJI = Codec(
    lambda bits, source: _ROW.put(bits, tuple(source.removeprefix("emoji:"))),
    lambda bits: "emoji:" + "".join(_ROW.get(bits)),
)
