"""A style as JSON: what is stored with a code, and what a program sends."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, asdict, fields, replace
from functools import cache, lru_cache, partial
from typing import Any

from bot.qr.refusal import Refused
from bot.qr.style import limits
from bot.qr.style.colours import colour
from bot.qr.style.style import DEFAULT, TRANSPARENT, Backdrop, Frame, Gradient, Logo, Print, Style
from bot.qr.style.vocabulary import asked_shape, source

_ALWAYS = frozenset(("dark", "light", "size", "quiet_zone", "level"))  # what the first version stored
_PARTS = {"logo": Logo, "backdrop": Backdrop, "frame": Frame, "print": Print}

LONGEST = 500  # characters of a text


@lru_cache(maxsize=64)
def dump_style(style: Style) -> str:
    """Write a style as JSON, without what is as in ``DEFAULT``, whose values therefore never change."""
    return json.dumps(
        {
            name: value
            for name, value in asdict(style).items()
            if name in _ALWAYS or getattr(style, name) != getattr(DEFAULT, name)
        },
        separators=(",", ":"),
        ensure_ascii=False,
    )


@lru_cache(maxsize=64)
def load_style(text: str) -> Style:
    """Read a stored style; what a newer version added, and what no style may have, is passed over."""
    try:
        style: Style = _record(Style, json.loads(text), strict=False)
    except (ValueError, RecursionError):
        return DEFAULT
    try:
        return limits.checked(style)
    except Refused:
        return replace(style, dark=DEFAULT.dark, light=DEFAULT.light, print=DEFAULT.print)


def style_of_json(value: object) -> Style:
    """Read the style that a program sent as an object; Refused names the field, such as "logo.size"."""
    style: Style = _record(Style, value, strict=True)
    return limits.checked(style)


def _record(kind: type, given: object, strict: bool) -> Any:
    """Read a record field by field; where not ``strict``, leave out wrong ones that it can do without."""
    if not isinstance(given, Mapping):
        raise Refused("An object with names and values is expected here.")
    known = {field.name: field.default is MISSING for field in fields(kind)}
    unknown = [name for name in given if name not in known]
    if unknown and strict:
        name = str(unknown[0])[:40].encode("utf-8", "replace").decode()
        raise Refused(
            "A style has no “{name}”. It has {known}.", field=name, name=name, known=", ".join(known)
        )
    values = {}
    for name, needed in known.items():
        try:
            if name in given:
                values[name] = _value(kind, name, given[name], strict)
            elif needed:
                raise Refused("“{name}” is missing.", field=name, name=name)
        except Refused:
            if strict or needed:
                raise
    return limits.gradient(**values) if kind is Gradient else kind(**values)


def _value(kind: type, name: str, given: object, strict: bool) -> Any:
    part = _PARTS.get(name)
    if kind is Style and name in ("dark", "light") and isinstance(given, Mapping):
        part = Gradient
    if given is None and part and name != "print":
        return None
    try:
        return _record(part, given, strict) if part else _readers()[kind][name](given)
    except Refused as refused:
        refused.field = f"{name}.{refused.field}" if part and refused.field else name
        raise


def _text(given: Any) -> str:
    if not isinstance(given, str):
        raise Refused("A text in quotation marks is expected here.")
    if len(given) > LONGEST or given.encode("utf-8", "replace").decode() != given:
        raise Refused("This text is too long, or holds half a character. Please type it again.")
    return given


def _yes(given: Any) -> bool:
    if not isinstance(given, bool):
        raise Refused("This is either true or false.")
    return given


def _number(name: str, given: Any, usual: float | None = None) -> Any:
    """Read a number; ``usual`` may also lie outside its bounds."""
    value = given if isinstance(given, int | float) and not isinstance(given, bool) else float("nan")
    if value == usual:
        return usual
    return limits.within(name, value) if limits.BOUNDS[name].places else limits.whole(name, value)


def _colour(given: Any) -> str:
    return colour(_text(given))


def _own_colour(given: Any) -> str:
    return colour(given) if _text(given) else ""


def _ground(given: Any) -> str:
    return TRANSPARENT if _text(given) == TRANSPARENT else colour(given)


def _colours(given: Any) -> tuple[str, ...]:
    if not isinstance(given, list | tuple):
        raise Refused("A list of colours is expected here.")
    return tuple(map(_colour, given[: limits.COLOURS[1] + 1]))


def _shape(part: str, given: Any) -> str:
    return asked_shape(part, _text(given)[:40].lower())


def _one_of(choices: tuple[str, ...], given: Any) -> str:
    if given not in choices:
        raise Refused("Choose one of: {choices}.", choices=", ".join(choices))
    return str(given)


def _source(given: Any) -> str:
    found = source(_text(given))
    if not found:
        raise Refused("Say an emoji, for example “emoji:⭐”, or the “asset:…” of an upload.")
    return found


def _upload(given: Any) -> str:
    if not _source(given).startswith("asset:"):
        raise Refused("A picture behind the code is the “asset:…” of an upload.")
    return str(given)


@cache
def _readers() -> Mapping[type, Mapping[str, Callable[[Any], Any]]]:
    return {
        Style: {
            "dark": _colour,
            "light": _ground,
            "modules": partial(_shape, "modules"),
            "finder": partial(_shape, "finder"),
            "eyeball": partial(_shape, "eyeball"),
            "finder_colour": _own_colour,
            "eyeball_colour": _own_colour,
            "corners": partial(_number, "corners"),
            "size": partial(_number, "size"),
            "quiet_zone": partial(_number, "margin"),
            "level": lambda given: limits.level(_text(given)),
            "grade": lambda given: limits.grade(_text(given)),
            "mask": partial(_number, "mask", usual=-1),
            "exact": _yes,
        },
        Gradient: {
            "kind": partial(_one_of, limits.KINDS),
            "colours": _colours,
            "angle": partial(_number, "angle"),
        },
        Logo: {
            "source": _source,
            "shape": partial(_one_of, limits.LOGO_SHAPES),
            "size": partial(_number, "logo size", usual=0),
            "margin": partial(_number, "logo margin"),
            "behind": _yes,
        },
        Backdrop: {"source": _upload, "fade": partial(_number, "fade")},
        Frame: {
            "name": partial(_shape, "frame"),
            "caption": lambda given: limits.caption(_text(given)),
            "colour": _own_colour,
            "ink": _own_colour,
        },
        Print: {
            "width": partial(_number, "width", usual=0.0),
            "dpi": partial(_number, "dpi"),
            "bleed": partial(_number, "bleed"),
            "marks": _yes,
            "cmyk": _yes,
        },
    }
