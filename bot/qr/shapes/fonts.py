"""Find the machine's fonts, and which of them has the letters a text needs.

Folders are listed once in a process; a font is opened when its turn comes, and its file is mapped, not read.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

import uharfbuzz as hb

FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path("~/.local/share/fonts"),
    Path("~/.fonts"),
    Path("/System/Library/Fonts"),
    Path("/Library/Fonts"),
    Path("~/Library/Fonts"),
    Path(r"C:\Windows\Fonts"),
)
FILES = 5_000  # listed at most
OPENED = 500  # looked into at most, for one character

# The bold sans serifs to begin with; Bitstream Vera, from which DejaVu was made, comes with reportlab.
_FIRST = ("dejavusans-bold", "notosans-bold", "liberationsans-bold", "arialbd", "arial bold", "verabd")
_PLAINER = (  # what costs a font its place among the others
    (re.compile("italic|oblique|ita$|^(arialb?i|verabi|verait)$"), 16),
    (re.compile("mono|math|serif|symbol|naskh|nastaliq|condensed|narrow|thin|light|black|display"), 4),
    (re.compile("^(?!.*(bold|bd|demi|heavy|wght))"), 2),
    (re.compile("^(?!.*(sans|gothic|kufi|arial|lohit))"), 1),
)
_BOLD = re.compile("bold|bd|demi|heavy|black")
_BOLDER = 0.035  # what the strokes of a font without a bold gain, in em
_NOT_LETTERS = re.compile("lastresort|adobeblank|notdef|hb-test")  # they show a box for everything
_SUFFIXES = (".ttf", ".otf", ".ttc", ".otc")
INVISIBLE = re.compile(  # shaping leaves them out, or they are blank in every font
    "[\\s\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u2060-\\u206f"
    "\\u2800\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\U000e0000-\\U000e0fff]"
)


@cache
def files(folders: tuple[Path, ...] = FOLDERS) -> tuple[Path, ...]:
    """List the font files here, with those that reportlab carries, the best for a caption first."""
    found = {each.stem.lower(): each for each in islice(_listed((*_carried(), *folders)), FILES)}
    return tuple(sorted(found.values(), key=_place))


def named(name: str, folders: tuple[Path, ...] = FOLDERS) -> Path | None:
    """Find the file of a font by its name without suffix, such as "LiberationSans-Bold"."""
    return next((each for each in files(folders) if each.stem.lower() == name.lower()), None)


def _carried() -> list[Path]:
    spec = find_spec("reportlab")
    return [Path(each, "fonts") for each in (spec and spec.submodule_search_locations) or ()]


def _listed(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        for path, inner, names in os.walk(os.path.expanduser(folder)):
            inner.sort()
            for name in sorted(names):
                if name.lower().endswith(_SUFFIXES) and not _NOT_LETTERS.search(name.lower()):
                    yield Path(path, name)


def _place(path: Path) -> tuple[int, str]:
    stem = path.stem.lower()
    if stem in _FIRST:
        return _FIRST.index(stem) - len(_FIRST), stem
    return sum(cost for pattern, cost in _PLAINER if pattern.search(stem)), stem


@lru_cache(maxsize=OPENED)
def opened(path: Path) -> hb.Font | None:
    """Open a font, made bold where it is not; None where it is broken, gone or in colours."""
    try:
        face = hb.Face(hb.Blob.from_file_path(os.fspath(path)))
    except (OSError, hb.HarfBuzzError):
        return None
    if (
        not face.glyph_count
        or not face.upem
        or face.has_color_png
        or face.has_color_paint
        or face.has_color_svg
    ):
        return None
    font = hb.Font(face)
    if any(axis.tag == "wght" for axis in face.axis_infos):
        font.set_variations({"wght": 700})
    elif not _BOLD.search(path.stem.lower()):
        font.synthetic_bold = _BOLDER
    return font


@lru_cache(maxsize=4096)
def font_for(text: str, folders: tuple[Path, ...] = FOLDERS) -> Path | None:
    """Choose the first font that shows every character of a text as an outline; None if there is none."""
    return next((each for each in islice(files(folders), OPENED) if shows(each, text)), None)


def shows(path: Path, text: str) -> bool:
    """Tell whether a font has outlines for all of a text; bitmaps and colour glyphs are none."""
    return all(INVISIBLE.match(each) or _drawn(path, each) for each in text)


def _drawn(path: Path, character: str) -> bool:
    font = opened(path)
    glyph = font.get_nominal_glyph(ord(character)) if font else None
    if not font or not glyph:
        return False
    extents = font.get_glyph_extents(glyph)
    return bool(extents and extents.width and extents.height)
