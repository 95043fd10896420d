"""Contacts import into address books, in each of the forms, and nothing typed adds a property."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.qr.payloads.card import Contact, Format, build_contact
from bot.qr.payloads.contact import read_contact
from bot.qr.refusal import Refused

words = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp", "Cf")), min_size=1, max_size=30
)
lines = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cf")), max_size=60).map(str.strip)

ADA = Contact(
    "Ada", "Lovelace", ("+442079460958", "110"), ("ada@example.org",), "Analytical Engines", "Countess",
    ("https://example.org",), "12 St James's Square", "London", "", "SW1Y 4JH", "United Kingdom", "1815-12-10",
    "first;\nsecond, third",
)  # fmt: skip


@given(words, words, lines, lines, st.sampled_from(Format))
def test_a_contact_reads_back_as_the_same_values(
    first: str, last: str, title: str, note: str, format: Format
) -> None:
    """Separators, line breaks and backslashes stay inside their value."""
    contact = Contact(first, last, ("+442079460958",), (), last + first, title, note=note, format=format)
    reading = read_contact(build_contact(contact))
    assert reading is not None
    assert (reading.content, reading.warnings) == (contact, ())


@given(
    st.text(st.characters(exclude_categories=("Cs",)), max_size=80),
    st.sampled_from([Format.VCARD3, Format.VCARD4]),
)
def test_nothing_that_is_typed_adds_a_property(note: str, format: Format) -> None:
    """As many lines as properties; control characters are refused."""
    contact = Contact("Ada", "", ("110",), note=note, format=format)
    try:
        text = build_contact(contact)
    except Refused as refused:
        assert refused.field == "note"
        return
    assert len(text.split("\r\n")) == 6 + bool(note.strip())
    assert "\n" not in text.replace("\r\n", "")


@pytest.mark.parametrize("format", Format)
def test_a_whole_contact_reads_back(format: Format) -> None:
    """Every value, in each form."""
    from dataclasses import replace

    contact = replace(ADA, format=format)
    reading = read_contact(build_contact(contact))
    assert reading is not None
    assert reading.content == contact


def test_a_contact_is_written_as_the_specifications_say() -> None:
    """RFC 2426 with N and FN; RFC 6350 with the version first; NTT docomo's MECARD ends in two semicolons."""
    ada = Contact("Ada", "Lovelace", ("+44 20 7946 0958",))
    assert build_contact(ada) == (
        "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Lovelace;Ada;;;\r\nFN:Ada Lovelace\r\nTEL;TYPE=CELL:+442079460958\r\nEND:VCARD"
    )
    four = build_contact(Contact("Ada", "Lovelace", ("+442079460958",), format=Format.VCARD4))
    assert four.split("\r\n")[1] == "VERSION:4.0"
    assert "TEL;VALUE=uri;TYPE=cell:tel:+442079460958" in four
    own = build_contact(Contact("Ada", "Lovelace", ("+442079460958",), format=Format.MECARD))
    assert own == "MECARD:N:Lovelace,Ada;TEL:+442079460958;;"


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        # vCard 2.1 as old phones write it: quoted-printable with soft line breaks, types without a name.
        (
            "BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;Hans=\n-Peter\n"
            "TEL;CELL;VOICE:+491701234567\nEND:VCARD\n",
            Contact("Hans-Peter", "Müller", ("+491701234567",)),
        ),
        # Apple's groups and labels, a folded line, a photo.
        (
            "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Lovelace;Ada;King;;\r\nFN:Ada Lovelace\r\nitem1.EMAIL;type=INTERNET:ada@exam\r\n"
            " ple.org\r\nitem1.X-ABLabel:home\r\nPHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ\r\n SkZJRg\r\nEND:VCARD",
            Contact("Ada King", "Lovelace", (), ("ada@example.org",)),
        ),
        ("begin:vcard\nversion:3.0\nfn:Ada\nend:vcard", Contact("Ada")),
        (
            "BEGIN:VCARD\nVERSION:3.0\nFN:Acme\nORG:Acme;Sales\nEND:VCARD",
            Contact("Acme", organization="Acme, Sales"),
        ),
        (
            "MECARD:N:Owen,Sean;ADR:76 9th Avenue, 4th Floor;TEL:12125551212;;",  # ZXing wiki, "Barcode Contents"
            Contact(
                "Sean", "Owen", ("12125551212",), street="76 9th Avenue, 4th Floor", format=Format.MECARD
            ),
        ),
        ("mecard:N:Ada;BDAY:18151210;", Contact("Ada", birthday="1815-12-10", format=Format.MECARD)),
    ],
)
def test_forms_of_others_are_read(text: str, contact: Contact) -> None:
    """Folded, quoted-printable, grouped, in lower case, with less or more than ours."""
    reading = read_contact(text)
    assert reading is not None
    assert reading.content == contact


def test_the_first_of_several_contacts_is_taken() -> None:
    """And it is said."""
    one, two = build_contact(ADA), build_contact(Contact("Eve", "", ("110",)))
    reading = read_contact(f"{one}\r\n{two}\r\n")
    assert reading is not None
    assert (reading.content, len(reading.warnings)) == (ADA, 1)


@pytest.mark.parametrize(
    ("contact", "field"),
    [
        (Contact("us", "today"), "phones"),
        (Contact(""), "first"),
        (Contact("Ada", "", ("+44 1",)), "phones"),
        (Contact("Ada", "", ("call me",)), "phones"),
        (Contact("Ada", "", (), ("ada@",)), "emails"),
        (Contact("Ada", "", (), (), urls=("javascript:x",)), "urls"),
        (Contact("Ada", "", ("110",), birthday="10.13.1815"), "birthday"),
        (Contact("A" * 121, "", ("110",)), "first"),
        (Contact("Ada", "x\ny", ("110",)), "last"),
        (Contact("Ada", "", ("110",) * 9), "phones"),
    ],
)
def test_what_no_address_book_takes_is_refused(contact: Contact, field: str) -> None:
    """At the field to mend; a name alone is no contact."""
    with pytest.raises(Refused) as refused:
        build_contact(contact)
    assert refused.value.field == field
