"""From a text to a PNG, ours read back before it leaves, beside everybody's; nothing else is read back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from io import BytesIO

import zxingcpp
from PIL import Image

from benchmarks import npm, peers
from benchmarks.measure import Elsewhere, Work, compare
from benchmarks.payloads import PAYLOADS
from bot.qr.payloads import Payload
from bot.qr.picture import Picture, render
from bot.qr.style import DEFAULT
from bot.qr.symbol import version_of

GOALS = {"segno": 60.0, "qrcode": 55.0, "qrcodegen": 0.0}  # times ours at least; others: NATIVE
NATIVE = 8.0
OURS = "qr-gen, read back"


def ours(payload: str) -> Work:
    """Draw as for a person, in the size that everybody draws: ten pixels a module."""
    side = 17 + 4 * version_of(Payload(payload), DEFAULT.level)
    style = replace(DEFAULT, size=peers.SCALE * (side + 2 * peers.QUIET))
    return lambda text: render(Picture(Payload(text), style)).data


def contenders(payload: str) -> Mapping[str, Work | Elsewhere]:
    """List who draws; ours first."""
    node = npm.start()
    found: dict[str, Work | Elsewhere] = {
        OURS: ours(payload),
        "segno": peers.segno_png,
        "qrcode + Pillow": peers.qrcode_png,
        "qrcodegen, modules only": peers.qrcodegen_matrix,
        "zxing-cpp + Pillow": peers.zxing_png,
        **peers.installed({"zint": peers.zint_png}),
    }
    if node is not None:
        found["npm qrcode"] = npm.Peer(node, "qrcode", {"level": "M", "scale": peers.SCALE})
    return found


def goal(name: str) -> float:
    """Return how many times as long as ours this contender is to take."""
    return 1.0 if name == OURS else GOALS.get(name.replace(",", " ").split()[0], NATIVE)


def decoded(png: bytes) -> str:
    """Return what an independent reader sees in a picture; one that does not read raises IndexError."""
    return zxingcpp.read_barcodes(Image.open(BytesIO(png)))[0].text


def checked(name: str, work: Work | Elsewhere, payload: str) -> None:
    """Stop where a contender drew something else."""
    draw = work.draw if isinstance(work, npm.Peer) else work
    png = draw(payload) if callable(draw) else None
    if isinstance(png, bytes) and decoded(png) != payload:
        raise SystemExit(f"{name} drew something else for: {payload[:40]!r}")


def table() -> Iterator[str]:
    """Yield the lines of the table, in Markdown, as they are measured."""
    yield "| payload | drawn by | µs a call | times ours | at least |"
    yield "|---|---|--:|--:|--:|"
    for label, payload in PAYLOADS.items():
        who = contenders(payload)
        for name, work in who.items():
            checked(name, work, payload)
        for found in compare(who, payload):
            least = goal(found.name)
            wanted = f"{least:.0f}" if least > 1 else ""
            yield f"| {label} | {found.name} | {found.microseconds:,.0f} | {found.ratio:.1f} | {wanted} |"
