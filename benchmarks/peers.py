"""The peers from PyPI: each at its defaults, level M, ten pixels a module, quiet zone of four modules."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from typing import Any

import qrcode
import qrcodegen
import segno
import zxingcpp
from PIL import Image

SCALE = 10  # pixels a module
QUIET = 4  # modules

# In no environment of the project, but in the group "bench": by import, what to install.
_EXTRA = {"zint": "zint-bindings", "fast_qr": "fast-qr-py (needs Python 3.13 or newer)"}


@cache
def there(module: str) -> bool:
    """Tell whether an extra peer can be imported; if not, name it on standard error once."""
    if find_spec(module) is not None:
        return True
    print(f"Without {_EXTRA[module]}: it is not installed.", file=sys.stderr)
    return False


def segno_png(text: str) -> bytes:
    """Draw with segno, never as Micro QR."""
    out = BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="png", scale=SCALE, border=QUIET)
    return out.getvalue()


def qrcode_png(text: str) -> bytes:
    """Draw with qrcode and Pillow."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=SCALE, border=QUIET)
    code.add_data(text)
    out = BytesIO()
    code.make_image().save(out)
    return out.getvalue()


def qrcodegen_matrix(text: str) -> object:
    """Make the modules alone; qrcodegen draws no picture."""
    return qrcodegen.QrCode.encode_text(text, qrcodegen.QrCode.Ecc.MEDIUM)


def zxing_png(text: str) -> bytes:
    """Draw with zxing-cpp, write with Pillow."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    out = BytesIO()
    Image.fromarray(code.to_image(scale=SCALE)).save(out, "PNG")
    return out.getvalue()


def zint_symbol(text: str, level: int = 2, mask: int | None = None) -> Any:
    """Encode with libzint, which takes bytes as they are."""
    import zint  # noqa: PLC0415 (an extra)

    symbol = zint.Symbol()
    symbol.symbology = zint.Symbology.QRCODE
    symbol.option_1 = level
    if mask is not None:
        symbol.option_3 = (mask + 1) << 8
    symbol.encode(text.encode())
    return symbol


def zint_png(text: str) -> bytes:
    """Draw with libzint, its own PNG, in memory."""
    import zint  # noqa: PLC0415 (an extra)

    symbol = zint_symbol(text)
    symbol.scale = SCALE / 2
    symbol.output_options = zint.OutputOptions.BARCODE_QUIET_ZONES | zint.OutputOptions.BARCODE_MEMORY_FILE
    symbol.outfile = "a.png"
    symbol.print()
    return bytes(symbol.memfile)


def installed(work: dict[str, Callable[[str], Any]]) -> dict[str, Callable[[str], Any]]:
    """Keep those contenders whose names begin with a module that is there."""
    return {name: each for name, each in work.items() if there(name.split()[0])}
