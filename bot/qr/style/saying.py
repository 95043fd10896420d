"""A style said in the fewest words that read back to it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.qr.style.colours import names_of_colours
from bot.qr.style.style import DEFAULT, Backdrop, Frame, Gradient, Logo, Paint, Print, Style
from bot.qr.style.vocabulary import names

_NAMED = 10  # letters that the name of a colour has at most, to be said instead of its seven of hex


def style_text(style: Style) -> str:
    """Say a style so that ``parse_style`` reads it back: its two sides, and what is not as usual."""
    shape = "" if style.modules == DEFAULT.modules else f"{style.modules} "
    return ", ".join((f"{shape}{_paint(style.dark)} on {_paint(style.light)}", *_rest(style)))


def _rest(style: Style) -> Iterator[str]:
    yield from _eyes(style)
    if style.frame:
        yield _frame(style.frame)
    if style.logo:
        yield _logo(style.logo)
    if style.backdrop:
        yield _backdrop(style.backdrop)
    if style.corners:
        yield f"corners {style.corners}%"
    if style.size != DEFAULT.size:
        yield f"size {style.size}"
    yield from _print(style.print)
    if style.level != DEFAULT.level:
        yield f"level {style.level}"
    if style.quiet_zone != DEFAULT.quiet_zone:
        yield f"margin {style.quiet_zone}"
    if style.grade != DEFAULT.grade:
        yield f"grade {style.grade}"
    if style.mask != DEFAULT.mask:
        yield f"mask {style.mask}"
    if style.exact:
        yield "exact"


def _paint(paint: Paint) -> str:
    if not isinstance(paint, Gradient):
        return _colour(paint)
    kind = "" if paint.kind == "linear" else f"{paint.kind} "
    angle = f" {paint.angle}" if paint.angle else ""
    return kind + " to ".join(map(_colour, paint.colours)) + angle


def _colour(value: str) -> str:
    name = names_of_colours().get(value, value)
    return name if len(name) <= _NAMED else value


def _eyes(style: Style) -> Iterator[str]:
    finder = _eye(style.finder, style.finder_colour)
    eyeball = _eye(style.eyeball, style.eyeball_colour)
    if finder == eyeball and finder:
        yield f"eyes {finder}"
        return
    if finder:
        yield f"finder {finder}"
    if eyeball:
        yield f"eyeball {eyeball}"


def _eye(shape: str, colour: str) -> str:
    return " ".join(filter(None, (shape if shape != DEFAULT.finder else "", colour and _colour(colour))))


def _frame(frame: Frame) -> str:
    caption = frame.caption.replace("\\", "\\\\").replace('"', '\\"')
    words = (
        "frame",
        frame.name if frame.name != names("frame")[0] else "",
        f'"{caption}"' if caption else "",
        frame.colour and _colour(frame.colour),
        f"ink {_colour(frame.ink)}" if frame.ink else "",
    )
    return " ".join(filter(None, words))


def _logo(logo: Logo) -> str:
    words = (
        "logo",
        logo.source.removeprefix("emoji:"),
        logo.shape if logo.shape != "square" else "",
        f"{logo.size}%" if logo.size else "",
        f"margin {_decimal(logo.margin)}" if logo.margin != 1 else "",
        "behind" if logo.behind else "",
    )
    return " ".join(filter(None, words))


def _backdrop(backdrop: Backdrop) -> str:
    return f"backdrop {backdrop.source}" + (f" fade {backdrop.fade}%" if backdrop.fade else "")


def _print(how: Print) -> Iterator[str]:
    if how.width:
        yield f"{_decimal(how.width)}mm"
    if how.dpi != DEFAULT.print.dpi:
        yield f"{how.dpi}dpi"
    if how.bleed:
        yield f"bleed {_decimal(how.bleed)}mm"
    if how.marks:
        yield "marks"
    if how.cmyk:
        yield "cmyk"


def _decimal(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
