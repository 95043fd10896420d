"""The last look at what goes to a printer: the file's own page, drawn by PDFium, reads as it should."""

from __future__ import annotations

from contextlib import closing

from bot.qr.payloads.payload import Payload
from bot.qr.proof.gate import prove
from bot.qr.reading.opening import PDFIUM

SIDE = 1_400  # pixels of the page's longer side


def read_print(data: bytes, payload: Payload) -> None:
    """Draw a PDF's first page and read it; raises Unread unless it holds exactly the payload's bytes."""
    import pypdfium2  # noqa: PLC0415 - 3 MB, wanted when something is printed

    with PDFIUM, closing(pypdfium2.PdfDocument(data)) as document, closing(document[0]) as page:
        bitmap = page.render(scale=SIDE / max(*page.get_size(), 1))
        picture = bitmap.to_pil().convert("RGB")
        bitmap.close()
    prove(picture, payload)
