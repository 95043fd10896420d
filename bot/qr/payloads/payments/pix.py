"""PIX, static and dynamic: BCB, "Manual de Padrões para Iniciação do Pix" 2.8.0, and its "Manual BR Code".

Codes that also ask for leave to collect money regularly (2.8, "QR Code composto") are read, not written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Annotated
from uuid import UUID

from stdnum.br import cnpj, cpf
from stdnum.exceptions import ValidationError

from bot.qr.payloads.kind import Kind, Reading, Value
from bot.qr.payloads.mail import address_of
from bot.qr.payloads.payload import without_controls
from bot.qr.payloads.payments.schemes import others_of, unsaid
from bot.qr.payloads.payments.tlv import (
    LONGEST,
    Code,
    ascii_of,
    merchant_code,
    money_of,
    needed,
    objects_in,
    objects_text,
    plain_of,
    signed,
)
from bot.qr.payloads.payments.values import faults, leftover
from bot.qr.payloads.phone import number_of
from bot.qr.refusal import Refused

GUI = "br.gov.bcb.pix"
NAME, CITY, TXID = 25, 15, 25  # characters
NOBODY, NOWHERE = "N", "C"  # what banks write where a dynamic payment leaves them to its address
TO = 77  # characters of a key, and of an address (2.6.1, 2.5.2)

_TXID = re.compile(r"[A-Za-z0-9]{1,25}|\*\*\*")
_URL = re.compile(r"(?:https://)?((?:[A-Za-z0-9-]+\.)+[A-Za-z0-9-]+/[!-~]+)", re.IGNORECASE)
_EVP = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_EMAIL = re.compile(r"[!-~]+")


@dataclass(frozen=True, slots=True)
class Pix:
    """A payment by PIX: to a key, or, for a dynamic one, as its address says."""

    key: Annotated[str, Value("PIX key: CPF, CNPJ, phone, e-mail or random key")] = ""
    name: Annotated[str, Value("name of the payee")] = ""
    city: Annotated[str, Value("town of the payee")] = ""
    amount: Annotated[Decimal | None, Value("amount in reais")] = None
    txid: Annotated[str, Value("reference, letters and digits", named=True)] = ""
    info: Annotated[str, Value("text for the payer", named=True)] = ""
    url: Annotated[str, Value("address of a dynamic payment", named=True)] = ""


def build_pix(pix: Pix) -> str:
    """Write a BR Code; Refused names the field that will not do."""
    account, name, city, amount, txid = (part(pix) for part in _PARTS)
    return signed(
        (
            ("01", "12" if pix.url.strip() else ""), ("26", account), ("52", "0000"), ("53", "986"),
            ("54", amount), ("58", "BR"), ("59", name), ("60", city), ("62", objects_text((("05", txid),))),
        )
    )  # fmt: skip


def _account(pix: Pix) -> str:
    if pix.url.strip():
        _check_dynamic(pix)
        return objects_text((("00", GUI), ("25", _address(pix.url.strip()))))
    key, info = key_of(pix.key), ascii_of(pix.info, "info")
    # The key and the text share the 99 characters of their template (2.6.1).
    remaining = LONGEST - len(objects_text((("00", GUI), ("01", key)))) - 4
    if info and len(info) > remaining:
        raise Refused(
            "Beside this key, {remaining} characters remain for the text; this has {count}.",
            field="info", remaining=max(remaining, 0), count=len(info),
        )  # fmt: skip
    return objects_text((("00", GUI), ("01", key), ("02", info)))


def _check_dynamic(pix: Pix) -> None:
    """Refuse what the address of a dynamic payment answers itself (2.7)."""
    if pix.key.strip():
        raise Refused(
            "A dynamic payment has an address instead of a key. Leave one of the two out.", field="url"
        )
    given = (
        ("amount", pix.amount is not None), ("txid", pix.txid.strip() not in ("", "***")),
        ("info", pix.info.strip() != ""),
    )  # fmt: skip
    for field, there in given:
        if there:
            raise Refused(
                "The address of a dynamic payment tells the amount, the reference and the text. "
                "Leave them out here.",
                field=field,
            )


def _address(text: str) -> str:
    match = _URL.fullmatch(text)
    if match is None or len(match[1]) > TO:
        raise Refused(
            "This is no address of a dynamic payment: your bank gives it, without spaces.", field="url"
        )
    return match[1]


def _txid(pix: Pix) -> str:
    txid = pix.txid.strip() or "***"
    if not _TXID.fullmatch(txid):
        raise Refused(
            "A reference has at most {most} letters and digits, no spaces.", field="txid", most=TXID
        )
    return txid


# What is written is what is checked when a code is read.
_PARTS: tuple[Callable[[Pix], str], ...] = (
    _account,
    lambda pix: needed(plain_of(pix.name, NAME, "name") or (NOBODY if pix.url.strip() else ""), "name"),
    lambda pix: needed(plain_of(pix.city, CITY, "city") or (NOWHERE if pix.url.strip() else ""), "city"),
    lambda pix: money_of(pix.amount),
    _txid,
)


# --- keys ---------------------------------------------------------------------------------------------------


def key_of(text: str) -> str:
    """Write a key as BCB's directory knows it: bare CPF or CNPJ, +55…, lower-case e-mail or random key."""
    given = without_controls(text.strip(), field="key")
    if not given:
        raise Refused("Which PIX key? A CPF, CNPJ, phone number, e-mail address or random key.", field="key")
    if "@" in given:
        return _email(given)
    if given.startswith("+"):
        return _phone(given)
    return str(UUID(given)) if _EVP.fullmatch(given) else _number(given)


def _email(text: str) -> str:
    address = address_of(text, field="key")
    if len(address) > TO or not _EMAIL.fullmatch(address):
        raise Refused(
            "An e-mail address as a key has at most {most} characters, none of them accented.",
            field="key", most=TO,
        )  # fmt: skip
    return address.lower()


def _phone(text: str) -> str:
    number = number_of(text, field="key")
    if not number.startswith("+55"):
        raise Refused("A phone number as a key is Brazilian: it begins with +55.", field="key")
    return number


def _number(text: str) -> str:
    bare = re.sub(r"[\s./-]", "", text)
    check, name = {11: (cpf, "CPF"), 14: (cnpj, "CNPJ")}.get(len(bare), (None, ""))
    if check is None or not re.fullmatch(r"[0-9A-Za-z]+", bare):
        raise Refused(
            "This is no PIX key: a CPF, a CNPJ, a phone number with +55, an e-mail address or a random key.",
            field="key",
        )
    try:
        return str(check.validate(bare.upper()))
    except ValidationError:
        raise Refused(
            "This {name} has a typing error: its check digits do not match. A phone number begins with +55.",
            field="key",
            name=name,
        ) from None


# --- reading ------------------------------------------------------------------------------------------------


def read_pix(text: str) -> Reading[Pix] | None:
    """Read a BR Code, also a composite one; what is wrong with it is said."""
    code = merchant_code(text)
    account = code.account(GUI) if code is not None else None
    if code is None or account is None:
        return None
    objects, txid, url = code.objects, code.more.get("05", ""), account.get("25", "")
    name, city = objects.get("59", ""), objects.get("60", "")
    pix = Pix(
        account.get("01", ""), "" if url and name == NOBODY else name,
        "" if url and city == NOWHERE else city,
        code.amount, "" if txid == "***" else txid, account.get("02", ""), url,
    )  # fmt: skip
    withdrawn = (f"03={value}" for tag, value in account.items() if tag == "03")  # of who pays out cash
    warnings = (
        *code.warnings, *_wrong(code, pix), *others_of(code, "PIX"), *_regular(code),
        *leftover((*withdrawn, *unsaid(code, name, city, pix.txid))),
    )  # fmt: skip
    return Reading("pix", pix, warnings)


def _wrong(code: Code, pix: Pix) -> Iterator[Refused]:
    if code.objects.get("53") != "986":
        yield Refused("This code is not in reais.")
    yield from code.unclear
    parts = _PARTS[1:] if _regular(code) and not (pix.key or pix.url) else _PARTS
    yield from faults(partial(part, pix) for part in parts)


def _regular(code: Code) -> tuple[Refused, ...]:
    """Say that a code also asks for leave to collect money regularly (80 to 99; 2.8.3)."""
    templates = (objects_in(value) or {} for tag, value in code.objects.items() if tag >= "80")
    if not any(inner.get("00", "").lower() == GUI for inner in templates):
        return ()
    return (Refused("This code also asks for leave to collect money regularly (Pix Automático)."),)


PIX = Kind(
    name="pix",
    label="PIX payment",
    summary="Make a code that asks for a payment by PIX.",
    example='pix 123e4567-e12b-12d1-a456-426655440000 "Fulano de Tal" BRASILIA 10.50',
    content=Pix,
    build=build_pix,
    read=read_pix,
    title=lambda pix: pix.name or pix.url,
    group="pay",
)
