"""Three hundred payloads of the kinds people make, the same ones each time."""

from __future__ import annotations

from random import Random

_RANDOM = Random(18004)
_WORDS = [
    "menu",
    "guest",
    "table",
    "order",
    "welcome",
    "lunch",
    "garden",
    "museum",
    "ticket",
    "parking",
    "concert",
    "library",
    "coffee",
    "street",
]
_OTHERS = (
    "Größenänderung und Überweisung", "Café à emporter", "España y Ñandú", "日本語のテキスト", "Привет, мир",
    "مرحبا بالعالم", "Ελληνικά", "한국어 텍스트", "😀🎉🍕", "Zażółć gęślą jaźń",
)  # fmt: skip


def _word() -> str:
    return _RANDOM.choice(_WORDS)


def _digits(count: int) -> str:
    return "".join(_RANDOM.choice("0123456789") for _ in range(count))


def _code(count: int) -> str:
    return "".join(_RANDOM.choice("0123456789ABCDEFGHJKMNPQRSTVWXYZ") for _ in range(count))


def _vcard() -> str:
    name = _word().capitalize()
    return (
        f"BEGIN:VCARD\r\nVERSION:3.0\r\nN:{name};Ada;;;\r\nFN:Ada {name}\r\nTEL;TYPE=CELL:+44{_digits(10)}\r\n"
        f"EMAIL:ada@{_word()}.example\r\nORG:{name} Ltd\r\nEND:VCARD"
    )


def _event() -> str:
    day = f"2027{_RANDOM.randint(1, 12):02}{_RANDOM.randint(1, 28):02}"
    return (
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\nBEGIN:VEVENT\r\nUID:{_code(10)}@x\r\nDTSTAMP:{day}T160000Z\r\n"
        f"DTSTART:{day}T160000Z\r\nSUMMARY:{_word()}\r\nEND:VEVENT\r\nEND:VCALENDAR"
    )


def _made() -> tuple[str, ...]:
    makers = (
        lambda: f"https://{_word()}.example/{_word()}/{_digits(6)}?utm_source={_word()}",
        lambda: f"https://QR.{_word().upper()}.EXAMPLE/{_code(8)}",
        lambda: f"HTTP://{_word().upper()}.EXAMPLE/{_code(5)}",
        lambda: f"WIFI:T:WPA;S:{_word()} {_digits(3)};P:{_code(12)};;",
        _vcard,
        _event,
        lambda: f"BCD\n002\n1\nSCT\n\n{_word()}\nDE{_digits(20)}\nEUR{_digits(3)}.{_digits(2)}\n\n\n{_word()}",
        lambda: f"00020126580014br.gov.bcb.pix0136{_digits(8)}-e12b-12d1-a456-{_digits(12)}5204000053039865802BR",
        lambda: f"SPD*1.0*ACC:CZ{_digits(22)}*AM:{_digits(4)}.00*CC:CZK*MSG:{_word().upper()}*X-VS:{_digits(10)}",
        lambda: f"upi://pay?pa={_word()}@okbank&pn={_word()}&am={_digits(3)}.00&cu=INR",
        lambda: f"otpauth://totp/{_word()}:ada?secret={_code(32)}&issuer={_word()}",
        lambda: f"bitcoin:BC1Q{_code(38)}?amount=0.0{_digits(4)}",
        lambda: f"LIGHTNING:LNBC{_digits(4)}U1{_code(180)}",
        lambda: f"https://id.gs1.org/01/{_digits(14)}/10/{_code(6)}/21/{_digits(12)}",
        lambda: f"tel:+{_digits(12)}",
        lambda: f"SMSTO:+{_digits(12)}:{_word()} {_word()}",
        lambda: f"geo:{_digits(2)}.{_digits(6)},{_digits(2)}.{_digits(6)}",
        lambda: f"mailto:ada@{_word()}.example?subject={_word()}%20{_digits(4)}",
        lambda: _digits(_RANDOM.randint(5, 400)),
        lambda: " ".join(_word() for _ in range(_RANDOM.randint(2, 80))),
        lambda: f"{_RANDOM.choice(_OTHERS)} {_digits(8)} {_RANDOM.choice(_OTHERS)}",
        lambda: "\n".join(f"{_code(6)};{_digits(8)};{_word()}" for _ in range(_RANDOM.randint(2, 25))),
        lambda: f"SPC\n0200\n1\nCH{_digits(19)}\nS\n{_word()}\n{_word()}\n{_digits(2)}\n{_digits(4)}\n{_word()}\nCH\n\n\n\n\n\n\n\n"
        f"{_digits(3)}.{_digits(2)}\nCHF\n\n\n\n\n\n\n\nQRR\n{_digits(27)}\n\nEPD",
        lambda: f"{_code(4)}-{_code(4)}-{_code(4)} {_word()}",
        lambda: f"https://{_word()}.example/p/{_digits(13)}?SKU={_code(8)}&day=2027-{_digits(2)}-{_digits(2)}",
        lambda: f"LIGHTNING:LNURL1{_code(_RANDOM.randint(60, 500))}",
        lambda: " ".join(_RANDOM.choice(_OTHERS) for _ in range(_RANDOM.randint(1, 12))),
        lambda: f"{_digits(_RANDOM.randint(2, 14))} {_RANDOM.choice(_OTHERS)} {_code(6)}",
        lambda: " ".join(_word() for _ in range(200))[: _RANDOM.randint(500, 1250)],
        lambda: "\n".join(f"{_word()}\t{_digits(9)}\t{_code(12)}" for _ in range(_RANDOM.randint(10, 40))),
        lambda: f"MECARD:N:{_word()},{_word()};TEL:+{_digits(11)};EMAIL:{_word()}@x.example;;",
    )
    return tuple(makers[number % len(makers)]() for number in range(300))


CORPUS = _made()
