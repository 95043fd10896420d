"""How large everybody's symbols are, over three hundred payloads of the kinds people make."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import qrcode
import qrcodegen
import segno
import zxingcpp

from benchmarks import npm, peers
from bot.qr.payloads import Payload
from bot.qr.symbol import encode
from tests.qr.corpus import CORPUS

Side = Callable[[str], int]  # modules along a side, without the quiet zone


def _segno(text: str) -> int:
    return 17 + 4 * int(segno.make(text, error="m", micro=False, encoding="utf-8", eci=False).version)


def _qrcode(text: str) -> int:
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(text.encode())
    code.make()
    return int(code.modules_count)


def _qrcodegen(text: str) -> int:
    return int(qrcodegen.QrCode.encode_text(text, qrcodegen.QrCode.Ecc.MEDIUM).get_size())


def _zxing(text: str) -> int:
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    return int(code.to_image(scale=1, add_quiet_zones=False).shape[0])


def _zint(text: str) -> int:
    return int(peers.zint_symbol(text).width)


def sides() -> dict[str, Side]:
    """List who encodes, all at level M, all UTF-8; ours first."""
    found: dict[str, Side] = {
        "qr-gen": lambda text: encode(Payload(text)).size,
        "segno": _segno,
        "qrcode": _qrcode,
        "qrcodegen": _qrcodegen,
        "zxing-cpp": _zxing,
        **peers.installed({"zint": _zint}),
    }
    node = npm.start()
    if node is not None:
        found["npm qrcode"] = npm.Peer(node, "matrix", {"level": "M"}).size
    return found


def table() -> Iterator[str]:
    """Yield the lines of the table, in Markdown."""
    yield "| encoder | modules in all | more than ours | smaller than ours | larger than ours |"
    yield "|---|--:|--:|--:|--:|"
    ours: list[int] = []
    for name, side in sides().items():
        found = [side(text) for text in CORPUS]
        ours = ours or found
        total, least = (sum(each * each for each in one) for one in (found, ours))
        smaller = sum(theirs < mine for theirs, mine in zip(found, ours, strict=True))
        larger = sum(theirs > mine for theirs, mine in zip(found, ours, strict=True))
        yield f"| {name} | {total:,} | {100 * (total / least - 1):.1f} % | {smaller} | {larger} |"
