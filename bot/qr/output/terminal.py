"""A symbol as text: two modules a character, drawn with half blocks, light as ink for dark terminals."""

from __future__ import annotations

from bot.qr.symbol import Symbol

_BLOCKS = {(0, 0): "█", (0, 1): "▀", (1, 0): "▄", (1, 1): " "}


def terminal(symbol: Symbol, *, invert: bool = False, quiet_zone: int = 2) -> str:
    """Draw for a dark terminal; ``invert`` for a light one."""
    side = symbol.size + 2 * quiet_zone
    blank = [0] * side
    margin = [0] * quiet_zone
    rows = [blank] * quiet_zone
    rows += [[*margin, *row, *margin] for row in symbol.modules]
    rows += [blank] * (quiet_zone + side % 2)
    flip = int(invert)
    return "\n".join(
        "".join(_BLOCKS[upper ^ flip, lower ^ flip] for upper, lower in zip(above, below, strict=True))
        for above, below in zip(rows[::2], rows[1::2], strict=True)
    )
