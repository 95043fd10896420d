"""The gate alone, in milliseconds: margin, grades from pixels, a read at full size and of a blurred half."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from benchmarks.measure import Texts, compare
from benchmarks.payloads import PAYLOADS
from benchmarks.styled import STYLE, art
from bot.qr.layout import draw, plan
from bot.qr.logo import Art
from bot.qr.output.raster import pixels
from bot.qr.payloads import Payload
from bot.qr.proof.gate import gate, graded
from bot.qr.proof.grades import Grade, lowest
from bot.qr.proof.margin import Margin
from bot.qr.proof.seen import seen
from bot.qr.settling import settled
from bot.qr.sizing import hidden_margin
from bot.qr.style import DEFAULT, Gradient, Style
from bot.qr.symbol import Symbol

MOST = 5.0  # milliseconds
PREPARED = 8
LOOKS = {
    "rounded, a logo": replace(
        STYLE, level=DEFAULT.level
    ),  # its level is left to us, as nearly everybody does
    "dots in a gradient": Style(Gradient("linear", ("#1a2b6c", "#6c1a4b"), 45), modules="dot", size=1024),
}


def table() -> Iterator[str]:
    """Yield the lines of the table, in Markdown."""
    yield "| 1,024 pixels | payload | ms a call | at most |"
    yield "|---|---|--:|--:|"
    for look, style in LOOKS.items():
        for label, payload in PAYLOADS.items():
            found = compare({"gate": _Gate(payload, style)}, payload)[0]
            yield f"| {look} | {label} | {found.microseconds / 1000:.2f} | {MOST:g} |"


class _Gate:
    """Drawings made beforehand, put through the gate one after another."""

    def __init__(self, payload: str, style: Style) -> None:
        texts = Texts(payload)
        self.art = art() if style.logo is not None else Art()
        self.prepared = []
        for _ in range(PREPARED):
            said = Payload(next(texts))
            look, proven, _ = settled(said, style, self.art)
            drawing = draw(proven.symbol, look, self.art)
            self.prepared.append((said, look, proven.symbol, pixels(drawing).grey().copy(), drawing.layout))

    def __call__(self, text: str) -> object:
        said, look, symbol, grey, layout = self.prepared[sum(text.encode()) % PREPARED]
        corner = round(layout.x * layout.module), round(layout.y * layout.module)
        grades = lowest(graded(look, self._lost(look, symbol)), seen(symbol, grey, corner, layout.module))
        verdict = gate(symbol, grey, said, module=layout.module, grades=grades, asked=Grade[look.grade])
        if not verdict.passed:
            raise SystemExit(f"the gate did not let {said.text[:30]!r} pass: {verdict}")
        return verdict

    def _lost(self, look: Style, symbol: Symbol) -> Margin | None:
        return hidden_margin(plan(look, symbol.version, self.art).hidden, symbol) if look.logo else None
