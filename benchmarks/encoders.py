"""From a text to the modules, everybody at level M: at the defaults, and with a mask that is given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import qrcode
import segno
import zxingcpp

from benchmarks import npm, peers
from benchmarks.measure import Elsewhere, Work, compare
from benchmarks.payloads import PAYLOADS
from bot.qr.payloads import Payload
from bot.qr.symbol import encode

MASK = 3


def defaults() -> Mapping[str, Work | Elsewhere]:
    """List who chooses the mask; ours first."""
    found: dict[str, Work | Elsewhere] = {
        "qr-gen": lambda text: encode(Payload(text)),
        "segno": lambda text: segno.make(text, error="m", micro=False),
        "qrcode": _qrcode,
        "qrcodegen": peers.qrcodegen_matrix,
        "zxing-cpp": lambda text: zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M"),
        **peers.installed({"zint": peers.zint_symbol}),
    }
    node = npm.start()
    if node is not None:
        found["npm qrcode"] = npm.Peer(node, "matrix", {"level": "M"})
    return found


def _qrcode(text: str, mask: int | None = None) -> object:
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, mask_pattern=mask)
    code.add_data(text)
    code.make()
    return code


def given() -> Mapping[str, Work | Elsewhere]:
    """List who is told the mask; ours first."""
    return {
        "qr-gen": lambda text: encode(Payload(text), mask=MASK),
        "segno": lambda text: segno.make(text, error="m", micro=False, mask=MASK),
        "qrcode": lambda text: _qrcode(text, MASK),
        "zxing-cpp": lambda text: zxingcpp.create_barcode(
            text, zxingcpp.BarcodeFormat.QRCode, ec_level="M", data_mask=MASK
        ),
        **peers.installed({"zint": lambda text: peers.zint_symbol(text, mask=MASK)}),
    }


def table() -> Iterator[str]:
    """Yield the lines of the table, in Markdown: times ours, our own microseconds in brackets."""
    yield f"| encoder | mask | {' | '.join(PAYLOADS)} |"
    yield f"|---|---|{'--:|' * len(PAYLOADS)}"
    for label, who in (("chosen", defaults()), ("given", given())):
        results = [compare(who, payload, seconds=0.05) for payload in PAYLOADS.values()]
        for number, name in enumerate(who):
            cells = (
                f"{one[number].ratio:.1f}" if number else f"1 ({one[number].microseconds:,.0f} µs)"
                for one in results
            )
            yield f"| {name} | {label} | {' | '.join(cells)} |"
