"""`make bench`: from a text to a proven PNG, beside segno and qrcodegen."""

import os
import platform
from collections.abc import Iterator
from importlib.metadata import version
from io import BytesIO

import qrcodegen
import segno
import zxingcpp
from PIL import Image

from benchmarks.measure import Work, compare
from bot.qr.payloads import Payload
from bot.qr.picture import Picture, render
from bot.qr.style import DEFAULT

PAYLOADS = {
    "address, 20 characters": "https://x.example/00",
    "address, 60 characters": "https://shop.example/catalogue/spring/lamps?item=0000000042",
    "Wi-Fi": "WIFI:T:WPA;S:Guest network;P:correct horse battery 000000",
    "text, 300 characters": ("Meet us at the old harbour, third pier, and bring a lamp. " * 6)[:300],
    "text, 1,200 characters": ("Meet us at the old harbour, third pier, and bring a lamp. " * 21)[:1200],
}


def ours(text: str) -> bytes:
    """Draw the text and read the picture back, as for a person."""
    return render(Picture(Payload(text, "text"), DEFAULT)).data


def segno_png(text: str) -> bytes:
    """Draw the text with segno at its defaults, ten pixels a module; nothing is read back."""
    out = BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="png", scale=10, border=4)
    return out.getvalue()


def qrcodegen_matrix(text: str) -> object:
    """Make the modules alone; qrcodegen draws no picture."""
    return qrcodegen.QrCode.encode_text(text, qrcodegen.QrCode.Ecc.MEDIUM)


CONTENDERS: dict[str, Work] = {
    "qr-gen: PNG, read back": ours,
    "segno: PNG": segno_png,
    "qrcodegen: modules only": qrcodegen_matrix,
}


def decoded(png: bytes) -> str:
    """Return what an independent reader sees in a picture; a picture that does not read raises IndexError."""
    return zxingcpp.read_barcodes(Image.open(BytesIO(png)))[0].text


def table() -> Iterator[str]:
    """Yield the lines of the table, in Markdown, as they are measured."""
    yield "| payload | contender | µs a call | times ours |"
    yield "|---|---|--:|--:|"
    for label, payload in PAYLOADS.items():
        for draw in (ours, segno_png):
            if decoded(draw(payload)) != payload:
                raise SystemExit(f"{draw.__name__} drew something else for: {label}")
        for result in compare(CONTENDERS, payload):
            yield f"| {label} | {result.name} | {result.microseconds:,.0f} | {result.ratio:.1f} |"


def main() -> None:
    """Print where this runs, then the table."""
    peers = ", ".join(f"{name} {version(name)}" for name in ("segno", "qrcodegen", "zxing-cpp"))
    print(f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores; {peers}")
    print("Medians of seven interleaved rounds; no text is drawn twice.\n")
    for line in table():
        print(line, flush=True)


if __name__ == "__main__":
    main()
