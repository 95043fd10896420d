"""The world as a platform's servers see it: pictures by address, and what is in them.

A platform cannot reach a loopback address. What it can reach is listed by the test in ``public``:
``{"https://qr.example": "http://127.0.0.1:41234"}``. Nothing here ever leaves this machine.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import pypdfium2
import resvg_py
import zxingcpp
from aiohttp import ClientError, ClientSession, ClientTimeout
from PIL import Image


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address answered."""

    status: int
    media_type: str
    data: bytes


def inside(url: str, public: Mapping[str, str]) -> str | None:
    """Translate a public address to where it is served on this machine; None when nobody serves it."""
    parts = urlsplit(url)
    served = public.get(f"{parts.scheme}://{parts.netloc}")
    return served and served.rstrip("/") + url[len(f"{parts.scheme}://{parts.netloc}") :]


async def fetch(url: str, public: Mapping[str, str]) -> Fetched | None:
    """Get a public address as a platform's server would: no redirects, 5 seconds; None without an answer."""
    address = inside(url, public)
    if address is None:
        return None
    try:
        async with (
            ClientSession(timeout=ClientTimeout(total=5)) as session,
            session.get(address, allow_redirects=False) as response,
        ):
            return Fetched(response.status, response.content_type, await response.read())
    except (ClientError, TimeoutError):
        return None


def opened(data: bytes) -> Image.Image | None:
    """Decode a picture to its last pixel; None for what is not one."""
    try:
        image = Image.open(io.BytesIO(data))
        image.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return None
    return image


def drawn(data: bytes) -> bytes:
    """Turn SVG and PDF into the pixels that a viewer shows; anything else stays as it is."""
    if data.startswith((b"<?xml", b"<svg")):
        return bytes(resvg_py.svg_to_bytes(svg_string=data.decode(), dpi=96))
    if not data.startswith(b"%PDF"):
        return data
    out = io.BytesIO()
    pypdfium2.PdfDocument(data)[0].render(scale=6).to_pil().save(out, "PNG")
    return out.getvalue()


def flattened(image: Image.Image) -> Image.Image:
    """Put a picture on white, as chats show transparency."""
    layers = image.convert("RGBA")
    ground = Image.new("RGBA", layers.size, "white")
    return Image.alpha_composite(ground, layers).convert("RGB")


def jpeg(data: bytes, longest: int) -> bytes:
    """Shrink a picture to fit a square of ``longest`` pixels and compress it, as chats do with photos."""
    image = flattened(Image.open(io.BytesIO(data)))
    image.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()


def decode(data: bytes) -> list[str]:
    """Read every code in a picture, a vector file's as a viewer shows it; empty where there is none."""
    image = opened(drawn(data))
    return [] if image is None else [found.text for found in zxingcpp.read_barcodes(flattened(image))]
