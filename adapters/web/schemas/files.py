"""Files as answers, for the description of routes that give some."""

from __future__ import annotations

from typing import Any

from adapters.web.reference.headers import header_fields
from bot.qr.output import OUTPUT

KINDS: dict[str, Any] = {output.media_type.partition(";")[0]: {} for output in OUTPUT.values()}
DRAWN = {
    "description": "The file, in the format that was asked for.",
    "content": KINDS,
    "headers": header_fields("Content-Disposition", "QR-Grade", "QR-Score", "QR-Repaired"),
}
