"""Contacts import into address books, in each of the forms, and nothing typed adds a property."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.qr.payloads.contact import Contact, Format, build_contact
from bot.qr.payloads.contact_reader import read_contact
from bot.qr.refusal import Refused

words = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp", "Cf")), min_size=1, max_size=30
)
notes = st.text(st.characters(exclude_categories=["Cc", "Cs"]) | st.sampled_from("\r\n\t;:,\\"), max_size=80)
lines = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cf")), max_size=60).map(str.strip)

ADA = Contact(
    "Ada", "Lovelace", ("+442079460958", "110"), ("ada@example.org",), "Analytical Engines", "Countess",
    ("https://example.org",), "12 St James's Square", "London", "", "SW1Y 4JH", "United Kingdom",
    "1815-12-10", "first;\nsecond, third",
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


@given(notes, st.sampled_from([Format.VCARD3, Format.VCARD4]))
def test_nothing_that_is_typed_adds_a_property(note: str, format: Format) -> None:
    """As many lines as properties, whatever breaks and marks are typed."""
    text = build_contact(Contact("Ada", "", ("110",), note=note, format=format))
    assert len(text.split("\r\n")) == 6 + bool(note.strip())
    assert "\n" not in text.replace("\r\n", "")


@given(notes, words)
def test_nothing_that_is_typed_adds_a_field_to_a_mecard(note: str, first: str) -> None:
    """Name, number and note are what is read back."""
    contact = Contact(first, "", ("110",), note=note, format=Format.MECARD)
    reading = read_contact(build_contact(contact))
    assert reading is not None
    said = note.strip().replace("\r\n", "\n").replace("\r", "\n")
    assert reading.content == replace(contact, note=said)


@given(
    st.sampled_from(["BEGIN:VCARD\n", "BEGIN:VCARD\nTEL:", "BEGIN:VCARD\nN:", "MECARD:", "MECARD:TEL:"]),
    notes,
)
def test_any_text_is_read_or_left_alone(start: str, text: str) -> None:
    """What is read says something, and is written the same way again or refused."""
    reading = read_contact(start + text)
    assert reading is None or reading.content != Contact("", format=reading.content.format)
    if reading is not None and not reading.warnings:
        again = replace(reading.content, first=reading.content.first or "?", phones=("110",))
        back = read_contact(build_contact(again))
        assert back is not None
        assert (back.content, back.warnings) == (again, ())


@pytest.mark.parametrize("format", Format)
def test_a_whole_contact_reads_back(format: Format) -> None:
    """Every value, in each form."""
    contact = replace(ADA, format=format)
    reading = read_contact(build_contact(contact))
    assert reading is not None
    assert reading.content == contact


def test_a_contact_is_written_as_the_specifications_say() -> None:
    """RFC 2426 with N and FN; RFC 6350 with the version first; NTT docomo's MECARD ends in two semicolons."""
    ada = Contact("Ada", "Lovelace", ("+44 20 7946 0958",))
    assert build_contact(ada) == (
        "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Lovelace;Ada;;;\r\nFN:Ada Lovelace\r\n"
        "TEL;TYPE=CELL:+442079460958\r\nEND:VCARD"
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
            "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Lovelace;Ada;King;;\r\nFN:Ada Lovelace\r\n"
            "item1.EMAIL;type=INTERNET:ada@exam\r\n ple.org\r\nitem1.X-ABLabel:home\r\n"
            "PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ\r\n SkZJRg\r\nEND:VCARD",
            Contact("Ada King", "Lovelace", (), ("ada@example.org",)),
        ),
        ("begin:vcard\nversion:3.0\nfn:Ada\nend:vcard", Contact("Ada")),
        (
            "BEGIN:VCARD\nVERSION:3.0\nFN:Acme\nORG:Acme;Sales\nEND:VCARD",
            Contact("Acme", organization="Acme, Sales"),
        ),
        # RFC 2426, 7, the first of its authors.
        (
            "BEGIN:vCard\r\nVERSION:3.0\r\nFN:Frank Dawson\r\nORG:Lotus Development Corporation\r\n"
            "ADR;TYPE=WORK,POSTAL,PARCEL:;;6544 Battleford Drive\r\n ;Raleigh;NC;27613-3502;U.S.A.\r\n"
            "TEL;TYPE=VOICE,MSG,WORK:+1-919-676-9515\r\nTEL;TYPE=FAX,WORK:+1-919-676-9564\r\n"
            "EMAIL;TYPE=INTERNET,PREF:Frank_Dawson@Lotus.com\r\nEMAIL;TYPE=INTERNET:fdawson@earthlink.net\r\n"
            "URL:http://home.earthlink.net/~fdawson\r\nEND:vCard\r\n",
            Contact(
                "Frank Dawson",
                phones=("+19196769515", "+19196769564"),
                emails=("Frank_Dawson@lotus.com", "fdawson@earthlink.net"),
                organization="Lotus Development Corporation",
                urls=("http://home.earthlink.net/~fdawson",),
                street="6544 Battleford Drive",
                city="Raleigh",
                region="NC",
                postcode="27613-3502",
                country="U.S.A.",
            ),
        ),
        # What stands around a name stays with it; a street of two lines in quoted-printable.
        (
            "BEGIN:VCARD\nVERSION:2.1\nN:Lovelace;Ada;;Dr.;MP\n"
            "ADR;WORK;ENCODING=QUOTED-PRINTABLE:;;1 Square=0D=0AFlat 2;;;;\nEND:VCARD",
            Contact("Dr. Ada", "Lovelace MP", street="1 Square\nFlat 2"),
        ),
        ("BEGIN:VCARD\nVERSION:3.0\nN:;;;;\nFN:Acme\nORG:Acme\nEND:VCARD", Contact("", organization="Acme")),
        # ZXing wiki, "Barcode Contents".
        (
            "MECARD:N:Owen,Sean;ADR:76 9th Avenue, 4th Floor;TEL:12125551212;;",
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


def test_the_card_of_the_specification_is_read() -> None:
    """RFC 6350, 8; what finds no place among the values is said."""
    reading = read_contact(
        "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Simon Perreault\r\nN:Perreault;Simon;;;ing. jr,M.Sc.\r\n"
        "BDAY:--0203\r\n"
        "ANNIVERSARY:20090808T1430-0500\r\nGENDER:M\r\nLANG;PREF=1:fr\r\nORG;TYPE=work:Viagenie\r\n"
        "ADR;TYPE=work:;Suite D2-630;2875 Laurier;\r\n Quebec;QC;G1V 2M2;Canada\r\n"
        'TEL;VALUE=uri;TYPE="work,voice";PREF=1:tel:+1-418-656-9254;ext=102\r\n'
        'TEL;VALUE=uri;TYPE="work,cell,voice,video,text":tel:+1-418-262-6501\r\n'
        "EMAIL;TYPE=work:simon.perreault@viagenie.ca\r\nURL;TYPE=home:http://nomis80.org\r\nEND:VCARD\r\n"
    )
    assert reading is not None
    assert reading.content == Contact(
        "Simon", "Perreault ing. jr,M.Sc.", ("+14186569254", "+14182626501"),
        ("simon.perreault@viagenie.ca",), "Viagenie", "", ("http://nomis80.org",),
        "2875 Laurier", "Quebec", "QC", "G1V 2M2", "Canada", format=Format.VCARD4,
    )  # fmt: skip
    assert [each.values["name"] for each in reading.warnings] == ["ext=102", "BDAY:--0203"]


def test_a_birthday_without_a_year_is_left_out() -> None:
    """IPhones write the year 1604 and say so."""
    reading = read_contact(
        "BEGIN:VCARD\nVERSION:3.0\nFN:Ada\nBDAY;X-APPLE-OMIT-YEAR=1604:1604-12-10\nEND:VCARD"
    )
    assert reading is not None
    assert (reading.content, len(reading.warnings)) == (Contact("Ada"), 1)


def test_what_is_wrong_with_a_card_is_said() -> None:
    """And stays as it stands."""
    reading = read_contact("MECARD:N:Ada;TEL:call me;EMAIL:ada@;URL:javascript:x;BDAY:18151310;;")
    assert reading is not None
    assert [each.field for each in reading.warnings] == ["phones", "emails", "urls", "birthday"]
    assert (reading.content.phones, reading.content.birthday) == (("call me",), "1815-13-10")


@pytest.mark.parametrize(
    "text", ["BEGIN:VCARD", "BEGIN:VCARD is how it starts\nN:x", "MECARD: is one with N:foo", "MECARD:;;"]
)
def test_words_are_no_contact(text: str) -> None:
    """A card says somebody's name or how to reach them."""
    assert read_contact(text) is None


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("+44 20 7946 0958", "+442079460958"),
        ("(+44) 20 7946-0958", "+442079460958"),
        ("0044 20 7946 0958", "+442079460958"),
        ("(020) 7946 0958", "02079460958"),
        ("*100#", "*100#"),
    ],
)
def test_a_number_is_written_as_phones_dial_it(typed: str, written: str) -> None:
    """E.164 from abroad; at home, its digits."""
    assert f"TEL;TYPE=CELL:{written}\r\n" in build_contact(Contact("Ada", "", (typed,)))


@pytest.mark.parametrize("format", Format)
def test_an_organisation_alone_is_a_contact(format: Format) -> None:
    """Its name is not somebody's first name, even where it was typed as one."""
    acme = Contact("", "", ("110",), organization="Acme", format=format)
    text = build_contact(acme)
    assert build_contact(replace(acme, first="Acme")) == text
    reading = read_contact(text)
    assert reading is not None
    assert (reading.content, reading.warnings) == (acme, ())


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
        (Contact("Ada", "", ("(-",)), "phones"),
        (Contact("Ada", "", ("110",), note="bell\x07"), "note"),
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
