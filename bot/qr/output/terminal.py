"""A symbol as text: two modules a character, drawn with half blocks, light as ink for dark terminals."""

from __future__ import annotations

from bot.qr.drawing import Drawing
from bot.qr.symbol import Symbol

_BLOCKS = {(0, 0): "█", (0, 1): "▀", (1, 0): "▄", (1, 1): " "}


def terminal(symbol: Symbol, *, invert: bool = False, quiet_zone: int = 2) -> str:
    """Draw for a dark terminal; ``invert`` for a light one."""
    return _blocks([bytes(row) for row in symbol.modules], int(invert), quiet_zone)


def text(drawing: Drawing) -> bytes:
    """Write a text file for dark letters on a light ground, with the whole quiet zone."""
    side, modules = drawing.layout.side, drawing.modules
    rows = [modules[at : at + side] for at in range(0, side * side, side)]
    return _blocks(rows, 1, 4).encode() + b"\n"


def _blocks(modules: list[bytes], flip: int, quiet_zone: int) -> str:
    side = len(modules) + 2 * quiet_zone
    blank, margin = bytes(side), bytes(quiet_zone)
    rows = [blank] * quiet_zone
    rows += [margin + row + margin for row in modules]
    rows += [blank] * (quiet_zone + side % 2)
    return "\n".join(
        "".join(_BLOCKS[upper ^ flip, lower ^ flip] for upper, lower in zip(above, below, strict=True))
        for above, below in zip(rows[::2], rows[1::2], strict=True)
    )
