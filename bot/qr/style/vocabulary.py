"""The words for shapes, colours and frames: what each part may be called, and the nearest to a slip."""

from __future__ import annotations

import unicodedata
from difflib import get_close_matches
from functools import cache, lru_cache

from PIL import ImageColor

from bot.qr.refusal import Refused, Word
from bot.qr.shapes import eyes, frames, modules
from bot.qr.style.limits import ASSET

_SAME = (  # words for one thing; of each row, the first that a part has is meant
    ("dot", "circle", "round", "circular", "disc", "point"),
    ("small dot", "tiny dot", "pinpoint"),
    ("rounded", "soft", "smooth"),
    ("liquid", "fluid", "joined", "gooey"),
    ("square", "box", "block", "standard"),
    ("gapped", "spaced", "separated", "grid"),
    ("bevelled", "beveled", "cut"),
    ("leaf", "petal"),
    ("drop", "teardrop", "raindrop"),
    ("diamond", "rhombus", "lozenge"),
    ("heart", "love"),
    ("clover", "flower", "blossom", "shamrock"),
    ("hexagon", "hex", "honeycomb"),
    ("bars", "bars upright", "vertical", "upright", "stripes", "columns"),
    ("bars lying", "horizontal", "bars horizontal", "bars flat", "rows"),
    ("mosaic", "tiles"),
    ("noise", "pixel noise", "confetti"),
    ("bubbles", "dots mixed"),
    ("scalloped", "cloud"),
    ("shield", "badge", "crest"),
)


@cache
def names(part: str) -> tuple[str, ...]:
    """List the shapes of "modules", "finder" or "eyeball", or the kinds of "frame"."""
    return {
        "modules": modules.MODULE_NAMES,
        "finder": eyes.FINDER_NAMES,
        "eyeball": eyes.EYEBALL_NAMES,
        "frame": frames.FRAME_NAMES,
    }[part]


@lru_cache(maxsize=1024)
def shape(part: str, text: str) -> str:
    """Find the name that a part has for what a person says, such as dot for circles; "" for none."""
    known = names(part)
    spellings = [*_singular(text), *_singular(" ".join(reversed(text.split())))]
    rows = [row for row in _SAME if set(row) & set(spellings)]
    likely = (*spellings, *(word for row in rows for word in row), text + "s")
    return next((word for word in likely if word in known), "")


def _singular(text: str) -> tuple[str, ...]:
    """Give a word, and what it may be the plural of."""
    ends = (("s", ""), ("es", ""), ("ies", "y"), ("ves", "f"))
    return (text, *(text.removesuffix(end) + left for end, left in ends if text.endswith(end)))


@cache
def words_for(part: str) -> tuple[str, ...]:
    """List all that a part's shapes may be called."""
    known = names(part)
    return (*known, *(word for row in _SAME if set(row) & set(known) for word in row if word not in known))


def asked_shape(part: str, text: str) -> str:
    """Find a part's shape as ``shape`` does; Refused offers the nearest names, or all there are."""
    found = shape(part, text)
    if found:
        return found
    near = get_close_matches(text, words_for(part), n=2, cutoff=0.7)
    raise Refused(
        "There is no shape “{given}” for the {part}. Take {near}.",
        field=part,
        given=text,
        part={
            "modules": Word("modules"),
            "finder": Word("finder patterns"),
            "eyeball": Word("eyeballs"),
            "frame": Word("frame"),
        }[part],
        near=" / ".join(near or names(part)),
    )


def nearest(text: str, others: tuple[str, ...]) -> list[str]:
    """Name at most two words of a style, or of ``others``, that a slip of the finger turned into ``text``."""
    parts = tuple(word for part in ("modules", "finder", "eyeball", "frame") for word in words_for(part))
    return get_close_matches(
        text, (*dict.fromkeys((*parts, *ImageColor.colormap, *others)),), n=2, cutoff=0.7
    )


def emoji(text: str) -> bool:
    """Tell whether a text can be an emoji: pictographs, signs, flags and keycaps, joined or not."""
    if not 0 < len(text) <= 16 or text.isascii():
        return False
    keycap = text.endswith("\u20e3") and text[0] in "0123456789#*"
    kinds = {"So" if sign in "ℹ‼⁉〰" else unicodedata.category(sign) for sign in text[keycap:]}
    return kinds <= {"So", "Sk", "Sm", "Mn", "Me", "Cf"} and (keycap or bool(kinds & {"So", "Sk", "Sm"}))


def source(text: str) -> str:
    """Read where a picture comes from: an upload's "asset:…", or an emoji by itself; "" for neither."""
    if ASSET.fullmatch(text):
        return text
    sign = text.removeprefix("emoji:")
    return f"emoji:{sign}" if emoji(sign) else ""
