"""The payment slip of a Swiss bill shows what its code says, in the places of the Style Guide QR-bill."""

import io
import os
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from shutil import copyfile

import cv2
import numpy as np
import pypdfium2
import pytest
import reportlab
import zxingcpp
from PIL import Image

from bot.qr.output import OUTPUT
from bot.qr.payloads import KINDS, payload_of
from bot.qr.payloads.payments.bill import Creditor, Currency, Debtor, Swiss, build_swiss
from bot.qr.picture import Picture, render
from bot.qr.refusal import Refused
from bot.qr.shapes.fonts import files
from bot.qr.slip import grouped, in_fives, in_fours, slip
from bot.qr.style import DEFAULT

pytestmark = pytest.mark.no_cover  # tracing makes these loops ten times slower

DPI = 300
BILL = Swiss(
    "CH4431999123000889012",
    Creditor("Robert Schneider AG", "2501", "Biel", "Rue du Lac", "1268"),
    Decimal("1949.75"),
    Currency.CHF,
    Debtor("Pia-Maria Rutschmann-Schnyder", "9400", "Rorschach", "Grosse Marktgasse", "28"),
    "210000000003139471430009017",
    "Instruction of 15.09.2019",
    "//S1/10/10201409/11/190512",
)
OPEN = Swiss("CH3709000000304442225", Creditor("Fürsorge für Zürich", "8000", "Zürich"))
WIDE = Swiss(
    "CH5800791123000889012",
    Creditor("W" * 70, "1" * 16, "M" * 35, "W" * 70, "W" * 16),
    Decimal("999999999.99"),
    Currency.EUR,
    Debtor("W" * 70, "1" * 16, "M" * 35, "W" * 70, "W" * 16, "DE"),
    "RF18539007547034",
    "W" * 100,
    "//" + "M" * 38,
)
BILLS = [BILL, OPEN, WIDE, replace(WIDE, debtor=None, amount=None)]


def page_of(data: bytes) -> pypdfium2.PdfPage:
    """Open the one page of a slip with a library that is not ours."""
    document = pypdfium2.PdfDocument(data)
    assert len(document) == 1
    return document[0]


def pixels_of(data: bytes) -> Image.Image:
    """Print a slip at 300 dots an inch."""
    image: Image.Image = page_of(data).render(scale=DPI / 72).to_pil()
    return image.convert("RGB")


def lines_of(data: bytes, box: tuple[int, int, int, int] = (0, 0, 210, 105)) -> list[str]:
    """Extract the lines in a box: left, bottom, right, top in millimetres."""
    left, bottom, right, top = (edge * 72 / 25.4 for edge in box)
    text = page_of(data).get_textpage().get_text_bounded(left, bottom, right, top)
    return [line.strip() for line in text.splitlines() if line.strip()]


@pytest.mark.parametrize("bill", BILLS)
def test_two_readers_find_the_bill_on_the_printed_slip(bill: Swiss) -> None:
    """zxing-cpp and OpenCV, from a page of 210 by 105 mm, to the byte."""
    text = build_swiss(bill)
    data = slip(text)
    width, height = page_of(data).get_size()
    assert (width * 25.4 / 72, height * 25.4 / 72) == pytest.approx((210, 105), abs=0.01)
    printed = pixels_of(data)
    assert [code.bytes for code in zxingcpp.read_barcodes(printed)] == [text.encode()]
    assert cv2.QRCodeDetector().detectAndDecode(np.asarray(printed)[:, :, ::-1].copy())[0] == text


@pytest.mark.parametrize("bill", BILLS)
def test_the_code_measures_forty_six_millimetres(bill: Swiss) -> None:
    """Within a tenth, at its place, with five millimetres of white around it."""
    dark = np.asarray(page_of(slip(build_swiss(bill))).render(scale=600 / 72).to_pil().convert("L")) < 128
    unit = 25.4 / 600
    left, right = int(63 / unit), int(117 / unit)
    top, bottom = int((105 - 92.5) / unit), int((105 - 37.6) / unit)
    rows, columns = np.nonzero(dark[top:bottom, left:right])
    assert (columns.max() - columns.min() + 1) * unit == pytest.approx(46, abs=0.1)
    assert (rows.max() - rows.min() + 1) * unit == pytest.approx(46, abs=0.1)
    assert (left + columns.min()) * unit == pytest.approx(67, abs=0.1)
    assert (top + rows.min()) * unit == pytest.approx(105 - 88, abs=0.1)


def test_the_cross_lies_in_the_middle_of_the_code() -> None:
    """Seven millimetres: white, in it black, in it the white cross."""
    grey = np.asarray(page_of(slip(build_swiss(BILL))).render(scale=600 / 72).to_pil().convert("L"))
    row = grey[round((105 - 65) * 600 / 25.4)]
    shades = [row[round((90 + at) * 600 / 25.4)] < 128 for at in (-3.25, -2.5, -1.5, 0, 1.5, 2.5, 3.25)]
    assert shades == [False, True, False, False, False, True, False]


def test_all_values_stand_on_both_parts() -> None:
    """In the lines and groups of the style guide."""
    data = slip(build_swiss(BILL))
    creditor = ["CH44 3199 9123 0008 8901 2", "Robert Schneider AG", "Rue du Lac 1268", "2501 Biel"]
    reference = ["Reference", "21 00000 00003 13947 14300 09017"]
    debtor = ["Payable by", "Pia-Maria Rutschmann-Schnyder", "Grosse Marktgasse 28", "9400 Rorschach"]
    texts = ["Additional information", "Instruction of 15.09.2019", "//S1/10/10201409/11/190512"]
    assert lines_of(data, (0, 38, 60, 105)) == [
        "Receipt", "Account / Payable to", *creditor, *reference, *debtor
    ]  # fmt: skip
    assert lines_of(data, (118, 0, 210, 105)) == [
        "Account / Payable to", *creditor, *reference, *texts, *debtor
    ]  # fmt: skip
    for box in ((0, 20, 60, 38), (64, 15, 117, 38)):
        words = " ".join(lines_of(data, box))
        assert all(each in words for each in ("Currency", "Amount", "CHF", "1 949.75"))
    assert "Acceptance point" in lines_of(data)


@pytest.mark.parametrize(
    ("language", "heading"),
    [
        ("de", "Zahlteil"), ("fr", "Section paiement"), ("it", "Sezione pagamento"), ("en", "Payment part"),
        ("de-CH", "Zahlteil"), ("", "Payment part"), ("ja", "Payment part"),
    ],
)  # fmt: skip
def test_the_headings_are_in_the_language_of_the_bill(language: str, heading: str) -> None:
    """One of the four of the style guide, English for any other."""
    assert heading in lines_of(slip(build_swiss(BILL), language), (64, 90, 117, 105))


def test_what_is_open_leaves_marked_fields_to_write_in() -> None:
    """Corners for payer and amount on both parts: 52×20 and 65×25, 30×10 and 40×15 mm."""
    data = slip(build_swiss(OPEN), "de")
    assert lines_of(data).count("Zahlbar durch (Name/Adresse)") == 2
    fields = {(52, 20), (65, 25), (30, 10), (40, 15)}
    assert fields <= sizes_of(data)
    assert not fields & sizes_of(slip(build_swiss(BILL)))


def sizes_of(data: bytes) -> set[tuple[int, int]]:
    """Measure all that is drawn, in whole millimetres."""
    bounds = [thing.get_bounds() for thing in page_of(data).get_objects()]
    return {(int((x2 - x1) * 25.4 / 72), int((y2 - y1) * 25.4 / 72)) for x1, y1, x2, y2 in bounds}


@pytest.mark.parametrize("bill", BILLS)
def test_nothing_is_written_outside_its_section(bill: Swiss) -> None:
    """The longest values in the widest letters are wrapped, set smaller, or cut."""
    dark = np.asarray(pixels_of(slip(build_swiss(bill), "fr")).convert("L")) < 160
    unit = 25.4 / DPI

    def inked(left: float, bottom: float, right: float, top: float) -> bool:
        rows = slice(int((105 - top) / unit) + 1, int((105 - bottom) / unit))
        return bool(dark[rows, int(left / unit) + 1 : int(right / unit)].any())

    assert not inked(0, 0, 4.8, 105)
    assert not inked(57.3, 0, 60.5, 105)
    assert not inked(205.2, 0, 210, 105)
    assert not inked(5, 37.2, 57, 37.9)
    assert not inked(119, 0, 205, 15)
    assert not inked(0, 0, 60, 4.8)
    assert not inked(64, 0, 210, 4.8)


def test_alternative_schemes_are_told_at_the_foot() -> None:
    """Cut where they are longer than the line."""
    data = slip(build_swiss(BILL) + "\nName AV1: UV;UltraPay005;12345\n" + "W" * 100)
    first, second = lines_of(data, (64, 4, 207, 15))
    assert first == "Name AV1: UV;UltraPay005;12345"
    assert second.endswith("…")


def test_the_name_of_an_alternative_procedure_is_bold_up_to_its_separator() -> None:
    """Guidelines 3.5.5: the name, then the separator that the procedure uses."""
    data = slip(build_swiss(replace(BILL, alternative_schemes=("eBill/B/simon.muster@example.com",))))
    assert lines_of(data, (64, 4, 207, 15)) == ["eBill/B/simon.muster@example.com"]
    bold = page_of(data).get_textpage()
    weights = {
        bold.get_text_bounded(*each.get_bounds()).strip(): each.get_font().get_base_name()
        for each in page_of(data).get_objects(filter=[1])
    }
    assert weights["eBill"] == "Helvetica-Bold"
    assert weights["/B/simon.muster@example.com"] == "Helvetica"


def test_coded_information_is_broken_after_a_slash() -> None:
    """As the Style Guide prints it."""
    data = slip(
        build_swiss(replace(BILL, billing_information="//S1/10/10201409/11/170309/20/14000000/30/106017086"))
    )
    assert "106017086" in lines_of(data, (118, 0, 210, 105))


def test_letters_beyond_helvetica_come_from_another_font(tmp_path: Path) -> None:
    """Embedded where the fonts folder has it; refused with a plain sentence where not."""
    text = build_swiss(replace(BILL, creditor=replace(BILL.creditor, name="Łukasz Meble")))
    with pytest.raises(Refused, match="my fonts do not have"):
        slip(text, fonts=tmp_path)
    vera = Path(os.path.dirname(reportlab.__file__), "fonts")  # stands for Liberation Sans
    (tmp_path / "liberation").mkdir()
    copyfile(vera / "Vera.ttf", tmp_path / "liberation" / "LiberationSans-Regular.ttf")
    copyfile(vera / "VeraBd.ttf", tmp_path / "liberation" / "LiberationSans-Bold.ttf")
    files.cache_clear()  # folders are listed once
    data = slip(text, fonts=tmp_path)
    assert lines_of(data).count("Łukasz Meble") == 2
    assert data == slip(text, fonts=tmp_path)
    with pytest.raises(Refused, match="my fonts do not have"):
        slip(text.replace("Łukasz", "Łódź"), fonts=tmp_path)  # Vera has no ź


@pytest.mark.parametrize("bill", BILLS)
def test_a_slip_is_a_format_of_a_picture(bill: Swiss) -> None:
    """Rendered like the others, the same to the byte each time, though not among the formats of all codes."""
    picture = Picture(KINDS["swiss"].payload(bill), DEFAULT, "slip", language="it")
    rendered = render(picture)
    assert (rendered.media_type, rendered.extension) == ("application/pdf", "pdf")
    assert rendered.data == render(picture).data == slip(build_swiss(bill), "it")
    assert "slip" not in OUTPUT


@pytest.mark.parametrize("text", ["hello", "https://example.com"])
def test_other_codes_have_no_slip(text: str) -> None:
    """And it says so."""
    with pytest.raises(Refused, match="Only Swiss QR-bills"):
        render(Picture(payload_of(text), DEFAULT, "slip"))
    with pytest.raises(Refused, match="Only Swiss QR-bills"):
        slip(text)


def test_a_slip_carries_no_time_and_no_author() -> None:
    """The same bill, the same file; nothing about who made it."""
    data = io.BytesIO(slip(build_swiss(BILL)))
    found = pypdfium2.PdfDocument(data).get_metadata_dict()
    assert found["Title"] == "Payment part"
    assert found["CreationDate"].startswith("D:2000")


def test_numbers_are_grouped_for_people() -> None:
    """Accounts in fours, QR references in fives from the right, amounts in thousands."""
    assert in_fours("RF18539007547034") == "RF18 5390 0754 7034"
    assert in_fives("210000000003139471430009017") == "21 00000 00003 13947 14300 09017"
    assert grouped(Decimal("1234567.5")) == "1 234 567.50"
