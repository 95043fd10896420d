"""The payment slip of a Swiss bill: receipt and payment part, 210 by 105 mm, to print and cut off.

SIX, "Style Guide QR-bill" (with version 2.3 of the guidelines): places, sizes of letters, headings, corner
marks. Millimetres are measured from the bottom left, sizes of letters in points.
"""

from __future__ import annotations

import re
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bot.qr.layout import SWISS_SIDE, dark_runs, swiss_cross
from bot.qr.payloads.payload import Payload
from bot.qr.payloads.payments.bill import Address, Swiss
from bot.qr.payloads.payments.swiss import SWISS, read_swiss
from bot.qr.refusal import Refused
from bot.qr.shapes.path import Box as Square
from bot.qr.symbol import encode
from bot.qr.typesetting import CAPITAL, MM, Block, Box, Fit, Pen, block, column, corners, letters, shortened

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = 210, 105  # millimetres
RECEIPT = 62  # millimetres of the receipt's width
QR_CORNER = (67, 42)  # millimetres: bottom left of the code
FONTS = Path("/usr/share/fonts/truetype")

_NAME = re.compile(r"\w[\w ]*:?")  # of an alternative procedure: eBill of eBill/B/…
# The first that fits; the receipt may leave streets out (guidelines 3.6.2).
_PAYMENT_FITS = (Fit(8, 10), Fit(7, 9), Fit(6, 8), Fit(6, 8, 0.5, most=2))
_RECEIPT_FITS = (
    Fit(6, 8), Fit(6, 8, 0.5), Fit(6, 8, 1, False), Fit(6, 8, 0.5, False), Fit(6, 8, 0.5, False, 2)
)  # fmt: skip


class Headings(NamedTuple):
    """The words of a slip in one language."""

    receipt: str
    payment: str
    account: str
    reference: str
    additional: str
    payer: str
    blank_payer: str
    currency: str
    amount: str
    acceptance: str


# Annex "Multilingual headings" of the Style Guide.
_HEADINGS = {
    "en": Headings(
        "Receipt", "Payment part", "Account / Payable to", "Reference", "Additional information",
        "Payable by", "Payable by (name/address)", "Currency", "Amount", "Acceptance point",
    ),
    "de": Headings(
        "Empfangsschein", "Zahlteil", "Konto / Zahlbar an", "Referenz", "Zusätzliche Informationen",
        "Zahlbar durch", "Zahlbar durch (Name/Adresse)", "Währung", "Betrag", "Annahmestelle",
    ),
    "fr": Headings(
        "Récépissé", "Section paiement", "Compte / Payable à", "Référence", "Informations supplémentaires",
        "Payable par", "Payable par (nom/adresse)", "Monnaie", "Montant", "Point de dépôt",
    ),
    "it": Headings(
        "Ricevuta", "Sezione pagamento", "Conto / Pagabile a", "Riferimento", "Informazioni supplementari",
        "Pagabile da", "Pagabile da (nome/indirizzo)", "Valuta", "Importo", "Punto di accettazione",
    ),
}  # fmt: skip


def slip(text: str, language: str = "en", fonts: Path = FONTS) -> bytes:
    """Write the slip of a bill, given as what its code says, as PDF; the same bytes for the same bill."""
    from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415 - slow, and for slips alone

    reading = read_swiss(text)
    if reading is None:
        raise Refused("Only Swiss QR-bills have a payment slip.")
    buffer = BytesIO()
    canvas = Canvas(buffer, (WIDTH * MM, HEIGHT * MM), invariant=1)
    words = _HEADINGS.get(language[:2].lower(), _HEADINGS["en"])
    pen = Pen(canvas, *letters(text, fonts))
    canvas.setTitle(words.payment)
    _cut(canvas)
    _receipt(pen, words, reading.content)
    _payment(pen, words, reading.content)
    _schemes(pen, reading.content.alternative_schemes[:2])
    _code(canvas, text)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _cut(canvas: Canvas) -> None:
    """Draw the line between the receipt and the payment part, with scissors."""
    canvas.saveState()
    canvas.setLineWidth(0.5)
    canvas.setDash(2, 2)
    canvas.line(RECEIPT * MM, 0, RECEIPT * MM, HEIGHT * MM)
    canvas.transform(1, 0, 0, 1, RECEIPT * MM, (HEIGHT - 4) * MM)
    canvas.rotate(-90)
    canvas.setFont("ZapfDingbats", 10)
    canvas.drawString(0, -3.46, "✂")  # its middle on the line
    canvas.restoreState()


def _receipt(pen: Pen, words: Headings, bill: Swiss) -> None:
    _title(pen, 5, words.receipt)
    ways = [
        (fit, _blocks(words, bill, fit.streets, Block(words.blank_payer, blank=(52, 20))))
        for fit in _RECEIPT_FITS
    ]
    column(pen, Box(5, 93, 52, 56), ways)
    block(pen, Box(5, 37, 12), Fit(6, 8), Block(words.currency, (bill.currency.value,)))
    block(pen, Box(17 if bill.amount is None else 27, 37, 30), Fit(6, 8), Block(words.amount, _amount(bill)))
    if bill.amount is None:
        corners(pen, Box(27, 37, 30, 10))
    pen.canvas.setFont(pen.bold, 6)
    pen.canvas.drawRightString(57 * MM, 23 * MM - 6 * CAPITAL, words.acceptance)


def _payment(pen: Pen, words: Headings, bill: Swiss) -> None:
    _title(pen, 67, words.payment)
    texts = tuple(filter(None, (bill.message, bill.billing_information)))
    more = [Block(words.additional, texts)] if texts else []
    blocks = _blocks(words, bill, True, Block(words.blank_payer, blank=(65, 25)))
    column(pen, Box(118, 100, 87, 85), [(fit, [*blocks[:-1], *more, blocks[-1]]) for fit in _PAYMENT_FITS])
    block(pen, Box(67, 37, 15), Fit(8, 10), Block(words.currency, (bill.currency.value,)))
    block(pen, Box(82 if bill.amount is None else 89, 37, 29), Fit(8, 10), Block(words.amount, _amount(bill)))
    if bill.amount is None:
        corners(pen, Box(78, 32, 40, 15))


def _blocks(words: Headings, bill: Swiss, streets: bool, blank: Block) -> list[Block]:
    """List what stands on both parts: account, reference, payer (or a field to write in)."""
    number = bill.reference
    shown = in_fives(number) if number.isdigit() else in_fours(number)
    return [
        Block(words.account, (in_fours(bill.iban), *_address(bill.creditor, streets))),
        *([Block(words.reference, (shown,))] if number else []),
        Block(words.payer, _address(bill.debtor, streets)) if bill.debtor else blank,
    ]


def _amount(bill: Swiss) -> tuple[str, ...]:
    return () if bill.amount is None else (grouped(bill.amount),)


def _schemes(pen: Pen, schemes: tuple[str, ...]) -> None:
    """Write alternative procedures at the foot, each on one line, its name in bold (guidelines 3.5.5)."""
    for at, scheme in enumerate(schemes):
        text = pen.canvas.beginText(67 * MM, 15 * MM - 7 * CAPITAL - at * 8)
        name = _NAME.match(scheme)
        end, room = name.end() if name else 0, 138 * MM
        for font, part in ((pen.bold, scheme[:end]), (pen.plain, scheme[end:])):
            shown = shortened(pen.canvas, part, room, font, 7)
            room -= pen.canvas.stringWidth(shown, font, 7)
            text.setFont(font, 7)
            text.textOut(shown)
        pen.canvas.drawText(text)


def _title(pen: Pen, x: float, text: str) -> None:
    pen.canvas.setFont(pen.bold, 11)
    pen.canvas.drawString(x * MM, 100 * MM - 11 * CAPITAL, text)


def _address(address: Address, streets: bool) -> tuple[str, ...]:
    """Write an address as on a letter; abroad the country stands before the postcode."""
    abroad = "" if address.country in ("CH", "") else f"{address.country}-"
    street = f"{address.street} {address.number}".strip() if streets else ""
    place = f"{abroad}{address.postcode} {address.town}".strip()
    return tuple(filter(None, (address.name, street, place)))


def grouped(amount: Decimal) -> str:
    """Write an amount for people: ``1 949.75``."""
    return f"{amount:,.2f}".replace(",", " ")


def in_fours(number: str) -> str:
    """Write an account or a creditor reference in groups of four, from the left."""
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))


def in_fives(number: str) -> str:
    """Write a QR reference in groups of five, from the right."""
    start = len(number) % 5
    groups = [number[:start], *(number[at : at + 5] for at in range(start, len(number), 5))]
    return " ".join(filter(None, groups))


def _code(canvas: Canvas, text: str) -> None:
    """Draw the code of 46 by 46 mm with the cross, as vectors."""
    symbol = encode(Payload(text, SWISS.name, SWISS.rules))
    module = SWISS_SIDE * MM / symbol.size
    canvas.saveState()
    canvas.transform(1, 0, 0, 1, QR_CORNER[0] * MM, (QR_CORNER[1] + SWISS_SIDE) * MM)
    canvas.scale(module, -module)
    path = canvas.beginPath()
    for run in dark_runs(symbol):
        path.rect(run.x, run.y, run.width, run.height)
    canvas.drawPath(path, stroke=0, fill=1)
    for mark, dark in swiss_cross(Square(0, 0, symbol.size, symbol.size)):
        canvas.setFillGray(0 if dark else 1)
        canvas.rect(mark.x, mark.y, mark.width, mark.height, stroke=0, fill=1)
    canvas.restoreState()
