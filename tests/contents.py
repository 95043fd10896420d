"""An example of every kind: how it is said, its HTTP body, the symbol's text, what reading it shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# BOLT 11, "Examples": 2500 µBTC for a cup of coffee.
INVOICE = (
    "lnbc2500u1pvjluezpp5qqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqypqdq5xysxxatsyp3k7enxv4jsxqzpuaztrnwngzn3kdz"
    "w5hydlzf03qdgm2hdq27cqv3agm2awhz5se903vruatfhq77w3ls4evs3ch9zw97j25emudupq63nyw24cg27h2rspfj9srp"
)

# The Monero project's own account for donations.
XMR = "44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A"


@dataclass(frozen=True)
class Example:
    """A kind of content, made in every way and read back."""

    kind: str
    say: str  # in chat
    body: Mapping[str, Any]  # over HTTP, without its type
    text: str  # what the symbol says
    shows: tuple[str, ...]  # what somebody who sends its picture is told


def _lines(*lines: str, end: str = "\n") -> str:
    return end.join(lines)


EXAMPLES = (
    Example("text", "text call me maybe", {"text": "call me maybe"}, "call me maybe", ("call me maybe",)),
    Example(
        "url",
        "/url bücher.example/Größe",
        {"url": "bücher.example/Größe"},
        "https://xn--bcher-kva.example/Gr%C3%B6%C3%9Fe",
        ("xn--bcher-kva.example", "bücher.example"),
    ),
    Example("raw", "/raw MYFORMAT:1;2;3", {"text": "MYFORMAT:1;2;3"}, "MYFORMAT:1;2;3", ("MYFORMAT:1;2;3",)),
    Example(
        "wifi",
        "/wifi Lobby identity=ada security=EAP eap_method=PEAP phase2=MSCHAPV2 password=s3cret-pass",
        {
            "ssid": "Lobby",
            "password": "s3cret-pass",
            "security": "EAP",
            "eap_method": "PEAP",
            "phase2": "MSCHAPV2",
            "identity": "ada",
        },
        "WIFI:T:WPA2-EAP;S:Lobby;E:PEAP;PH2:MSCHAPV2;I:ada;P:s3cret-pass;;",
        ("Lobby", "MSCHAPV2", "ada"),
    ),
    Example(
        "contact",
        '/contact Ada Lovelace phones="+44 20 7946 0958" emails=ada@example.org',
        {"first": "Ada", "last": "Lovelace", "phones": ["+44 20 7946 0958"], "emails": ["ada@example.org"]},
        _lines(
            "BEGIN:VCARD",
            "VERSION:3.0",
            "N:Lovelace;Ada;;;",
            "FN:Ada Lovelace",
            "TEL;TYPE=CELL:+442079460958",
            "EMAIL:ada@example.org",
            "END:VCARD",
            end="\r\n",
        ),
        ("Ada", "Lovelace", "+442079460958"),
    ),
    Example(
        "event",
        '/event "Summer party" 2027-07-01T18:00 timezone=Europe/Berlin end=2027-07-01T22:00 '
        "uid=party@example.org",
        {
            "summary": "Summer party",
            "start": "2027-07-01T18:00",
            "end": "2027-07-01T22:00",
            "timezone": "Europe/Berlin",
            "uid": "party@example.org",
        },
        _lines(
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//qr-gen//EN",
            "BEGIN:VEVENT",
            "UID:party@example.org",
            "DTSTAMP:20270701T160000Z",
            "DTSTART:20270701T160000Z",
            "DTEND:20270701T200000Z",
            "SUMMARY:Summer party",
            "END:VEVENT",
            "END:VCALENDAR",
            end="\r\n",
        ),
        ("Summer party", "2027-07-01T16:00"),
    ),
    Example(
        "email",
        '/mail ada@example.org subject="Tea & cake" body="At five?"',
        {"to": ["ada@example.org"], "subject": "Tea & cake", "body": "At five?"},
        "mailto:ada@example.org?subject=Tea%20%26%20cake&body=At%20five%3F",
        ("ada@example.org", "Tea & cake", "At five?"),
    ),
    Example(
        "phone",
        "/call +44 20 7946 0958",
        {"number": "+44 20 7946 0958"},
        "tel:+442079460958",
        ("+442079460958",),
    ),
    Example(
        "sms",
        "/sms +442079460958 See you at five",
        {"number": "+442079460958", "text": "See you at five"},
        "SMSTO:+442079460958:See you at five",
        ("+442079460958", "See you at five"),
    ),
    Example(
        "place",
        "/place 48.8584 2.2945",
        {"latitude": 48.8584, "longitude": 2.2945},
        "geo:48.8584,2.2945",
        ("48.8584", "2.2945"),
    ),
    Example(
        "whatsapp",
        "/whatsapp +442079460958 Hello there",
        {"number": "+442079460958", "text": "Hello there"},
        "https://wa.me/442079460958?text=Hello%20there",
        ("+442079460958", "Hello there"),
    ),
    Example("telegram", "/telegram @durov", {"username": "durov"}, "https://t.me/durov", ("durov",)),
    Example(
        "signal",
        "/signal +442079460958",
        {"number": "+442079460958"},
        "https://signal.me/#p/+442079460958",
        ("+442079460958",),
    ),
    Example(
        "facetime",
        "/facetime ada@example.org",
        {"address": "ada@example.org"},
        "facetime:ada@example.org",
        ("ada@example.org",),
    ),
    Example(
        "app",
        "/app ios=id686449807",
        {"ios": "686449807"},
        "https://apps.apple.com/app/id686449807",
        ("686449807",),
    ),
    Example(
        "social",
        "/social instagram @nasa",
        {"network": "instagram", "handle": "nasa"},
        "https://www.instagram.com/nasa",
        ("nasa",),
    ),
    Example(
        "otp",
        "/otp ada@example.org JBSWY3DPEHPK3PXP issuer=Example",
        {"account": "ada@example.org", "secret": "JBSWY3DPEHPK3PXP", "issuer": "Example"},
        "otpauth://totp/Example:ada@example.org?secret=JBSWY3DPEHPK3PXP&issuer=Example",
        ("ada@example.org", "Example"),
    ),
    Example(
        "gs1",
        "/gs1 09506000134352 lot=ABC123",
        {"gtin": "09506000134352", "lot": "ABC123"},
        "https://id.gs1.org/01/09506000134352/10/ABC123",
        ("09506000134352", "ABC123"),
    ),
    Example(
        "bitcoin",
        "/bitcoin bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4 0.01",
        {"address": "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "amount": "0.01"},
        "bitcoin:BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4?amount=0.01",
        ("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "0.01"),
    ),
    Example(
        "litecoin",
        "/litecoin LM2WMpR1Rp6j3Sa59cMXMs1SPzj9eXpGc1",
        {"address": "LM2WMpR1Rp6j3Sa59cMXMs1SPzj9eXpGc1"},
        "litecoin:LM2WMpR1Rp6j3Sa59cMXMs1SPzj9eXpGc1",
        ("LM2WMpR1Rp6j3Sa59cMXMs1SPzj9eXpGc1",),
    ),
    Example(
        "monero",
        f"/monero {XMR} 1.5",
        {
            "address": XMR,
            "amount": "1.5",
        },
        f"monero:{XMR}?tx_amount=1.5",
        ("44AFFq5kSiGBoZ4NMDw", "1.5"),
    ),
    Example(
        "lightning",
        f"/lightning {INVOICE}",
        {"invoice": INVOICE},
        f"lightning:{INVOICE.upper()}",
        ("lnbc2500u1pvjluez",),
    ),
    Example(
        "ethereum",
        "/ethereum 0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359 2.014",
        {"address": "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359", "value": "2.014"},
        "ethereum:0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359?value=2014000000000000000",
        ("0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359", "2.014"),
    ),
    Example(
        "epc",
        '/epc "Red Cross" "DE89 3704 0044 0532 0130 00" 12.50 text=Donation',
        {"name": "Red Cross", "iban": "DE89 3704 0044 0532 0130 00", "amount": 12.5, "text": "Donation"},
        _lines(
            "BCD",
            "002",
            "1",
            "SCT",
            "",
            "Red Cross",
            "DE89370400440532013000",
            "EUR12.50",
            "",
            "",
            "Donation",
        ),
        ("Red Cross", "DE89370400440532013000", "12.50", "Donation"),
    ),
    Example(
        "swiss",
        '/swiss "CH44 3199 9123 0008 8901 2" "Robert Schneider AG" creditor_street="Rue du Lac" '
        "creditor_number=1268 creditor_postcode=2501 creditor_town=Biel creditor_country=CH amount=1949.75 "
        "reference=210000000003139471430009017",
        {
            "iban": "CH44 3199 9123 0008 8901 2",
            "creditor": {
                "name": "Robert Schneider AG",
                "street": "Rue du Lac",
                "number": "1268",
                "postcode": "2501",
                "town": "Biel",
                "country": "CH",
            },
            "amount": "1949.75",
            "reference": "210000000003139471430009017",
        },
        _lines(
            "SPC",
            "0200",
            "1",
            "CH4431999123000889012",
            "S",
            "Robert Schneider AG",
            "Rue du Lac",
            "1268",
            "2501",
            "Biel",
            "CH",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "1949.75",
            "CHF",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "QRR",
            "210000000003139471430009017",
            "",
            "EPD",
        ),
        ("Robert Schneider AG", "CH4431999123000889012", "1949.75", "210000000003139471430009017"),
    ),
    Example(
        "pix",
        '/pix 123e4567-e12b-12d1-a456-426655440000 "Fulano de Tal" BRASILIA',
        {"key": "123e4567-e12b-12d1-a456-426655440000", "name": "Fulano de Tal", "city": "BRASILIA"},
        "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-42665544000052040000530398658"
        "02BR5913Fulano de Tal6008BRASILIA62070503***63041D3D",
        ("123e4567-e12b-12d1-a456-426655440000", "Fulano de Tal", "BRASILIA"),
    ),
    Example(
        "upi",
        '/upi shop@okbank "Corner Shop" 120.50 note="Tea & cake"',
        {"payee": "shop@okbank", "name": "Corner Shop", "amount": 120.5, "note": "Tea & cake"},
        "upi://pay?pa=shop@okbank&pn=Corner%20Shop&tn=Tea%20%26%20cake&am=120.50&cu=INR",
        ("shop@okbank", "Corner Shop", "120.50", "Tea & cake"),
    ),
    Example(
        "spayd",
        "/spayd CZ5855000000001265098001 amount=480.50 message=Thanks variable_symbol=1234567890",
        {
            "iban": "CZ5855000000001265098001",
            "amount": "480.50",
            "message": "Thanks",
            "variable_symbol": "1234567890",
        },
        "SPD*1.0*ACC:CZ5855000000001265098001*AM:480.50*CC:CZK*X-VS:1234567890*MSG:Thanks",
        ("CZ5855000000001265098001", "480.50", "Thanks", "1234567890"),
    ),
    Example(
        "upnqr",
        '/upnqr "Novo podjetje d.o.o." SI56051008010486080 "3698 Loški Potok" "Plačilo najemnine" 81.05',
        {
            "name": "Novo podjetje d.o.o.",
            "iban": "SI56051008010486080",
            "city": "3698 Loški Potok",
            "purpose": "Plačilo najemnine",
            "amount": "81.05",
        },
        _lines(
            "UPNQR",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "00000008105",
            "",
            "",
            "OTHR",
            "Plačilo najemnine",
            "",
            "SI56051008010486080",
            "SI99",
            "Novo podjetje d.o.o.",
            "",
            "3698 Loški Potok",
            "115",
            "",
        ),
        ("Novo podjetje d.o.o.", "SI56051008010486080", "3698 Loški Potok", "81.05"),
    ),
    Example(
        "st00012",
        '/st00012 "ООО «Три кита»" 40702810138250123017 "ОАО БАНК" 044525225 30101810400000000225 1000',
        {
            "name": "ООО «Три кита»",
            "personal_acc": "40702810138250123017",
            "bank_name": "ОАО БАНК",
            "bic": "044525225",
            "corresp_acc": "30101810400000000225",
            "sum": 1000,
        },
        "ST00012|Name=ООО «Три кита»|PersonalAcc=40702810138250123017|BankName=ОАО БАНК|BIC=044525225"
        "|CorrespAcc=30101810400000000225|Sum=100000",
        ("ООО «Три кита»", "40702810138250123017", "1000"),
    ),
    Example(
        "vietqr",
        "/vietqr 970436 0011001234567 50000",
        {"bank": "970436", "account": "0011001234567", "amount": 50000},
        "00020101021238570010A00000072701270006970436011300110012345670208QRIBFTTA53037045405500005802VN630455FB",
        ("970436", "0011001234567", "50000"),
    ),
    Example(
        "promptpay",
        "/promptpay +66812345678 50",
        {"phone": "0812345678", "amount": 50},
        "00020101021229370016A000000677010111011300668123456785303764540550.005802TH63045197",
        ("+66812345678", "50.00"),
    ),
    Example(
        "paynow",
        "/paynow +6591234567 12.50 reference=INV7",
        {"phone": "+65 9123 4567", "amount": "12.50", "reference": "INV7"},
        "00020101021226380009SG.PAYNOW010100211+659123456703010520400005303702540512.505802SG5902NA6009Singapore62080104INV7"
        "630467F0",
        ("+6591234567", "12.50", "INV7"),
    ),
    Example(
        "emvco",
        '/emvco "02=4111111111111111, 52=5812, 53=840, 58=US, 59=Cafe, 60=Boston"',
        {
            "tags": {
                "02": "4111111111111111",
                "52": "5812",
                "53": "840",
                "58": "US",
                "59": "Cafe",
                "60": "Boston",
            }
        },
        "000201021641111111111111115204581253038405802US5904Cafe6006Boston63042276",
        ("59=Cafe", "60=Boston"),
    ),
)
