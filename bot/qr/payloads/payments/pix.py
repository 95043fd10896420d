"""PIX, static and dynamic: BCB, "Manual de Padrões para Iniciação do Pix" 2.8.0, and its "Manual BR Code"."""

from __future__ import annotations

import re
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
from bot.qr.payloads.payments.iban import amount_of
from bot.qr.payloads.payments.tlv import (
    LONGEST,
    MOST,
    amount_in,
    merchant_code,
    objects_in,
    objects_text,
    others,
    plain_of,
    signed,
    template,
)
from bot.qr.payloads.payments.values import faults
from bot.qr.payloads.phone import number_of
from bot.qr.refusal import Refused

GUI = "br.gov.bcb.pix"
NAME, CITY, TXID, LONG = 25, 15, 25, 77  # characters; LONG: of an e-mail address and of a payment's address
NO_TXID = "***"
NO_NAME, NO_CITY = "N", "C"  # what banks write where a dynamic payment leaves them to its address

_TXID = re.compile(r"[A-Za-z0-9]{1,25}|\*\*\*")
_RANDOM = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_ADDRESS = re.compile(r"(?:https?://)?([A-Za-z0-9.-]+\.[A-Za-z]{2,}(?::[0-9]+)?/[!-~]+)", re.IGNORECASE)
_ACCOUNTS = tuple(f"{tag}" for tag in range(26, 52))  # templates of merchants' accounts


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
    """Write a BR Code; Refused names the field that will not do.

    A dynamic one needs its address alone: the payer's bank takes name, town and reference from there.
    """
    address = _address(pix)
    name = plain_of(pix.name, NAME, "name") or (NO_NAME if address else "")
    city = plain_of(pix.city, CITY, "city") or (NO_CITY if address else "")
    account = _account(pix, address)
    for field, value in (("name", name), ("city", city)):
        if not value:
            raise Refused("Please fill this in.", field=field)
    return signed(
        (
            ("00", "01"), ("01", "12" if address else ""), ("26", account), ("52", "0000"), ("53", "986"),
            ("54", amount_of(pix.amount, "amount", MOST)), ("58", "BR"), ("59", name), ("60", city),
            ("62", objects_text((("05", _txid(pix.txid)),))),
        )
    )  # fmt: skip


def _account(pix: Pix, address: str) -> str:
    """Write the template of the account, which holds 99 characters in all."""
    info = plain_of(pix.info, LONGEST, "info")
    account = objects_text(
        (("00", GUI), ("01", "" if address else key_of(pix.key)), ("02", info), ("25", address))
    )
    over = len(account) - LONGEST
    if over > 0:
        raise Refused(
            "Key and text together are {over} characters too long. Shorten the text.", field="info", over=over
        )
    return account


def _address(pix: Pix) -> str:
    """Read the address of a dynamic payment, without the scheme; empty for a static one."""
    url = pix.url.strip()
    if not url:
        return ""
    if pix.key.strip():
        raise Refused(
            "A dynamic payment has an address instead of a key. Leave one of the two out.", field="url"
        )
    match = _ADDRESS.fullmatch(url)
    if match is None or len(match[1]) > LONG:
        raise Refused(
            "This is no address of a dynamic payment: your bank gives it, without spaces.", field="url"
        )
    return match[1]


def _txid(text: str) -> str:
    txid = text.strip() or NO_TXID
    if not _TXID.fullmatch(txid):
        raise Refused(
            "A reference has at most {most} letters and digits, no spaces.", field="txid", most=TXID
        )
    return txid


def key_of(text: str) -> str:
    """Write a key as BCB's directory knows it: bare CPF or CNPJ, +55…, lower-case e-mail or random key."""
    given = without_controls(text.strip(), field="key")
    if "@" in given:
        return _email(given)
    if given.startswith("+"):
        return _phone(given)
    if _RANDOM.fullmatch(given):
        return str(UUID(given))
    bare = re.sub(r"[\s./-]", "", given).upper()
    if len(bare) not in (11, 14) or not bare.isascii():
        raise Refused("Which PIX key? A CPF, CNPJ, phone number, e-mail address or random key.", field="key")
    check, name = (cpf, "CPF") if len(bare) == 11 else (cnpj, "CNPJ")
    try:
        return str(check.validate(bare))
    except ValidationError:
        raise Refused(
            "This {name} has a typing error: its check digits do not match. A phone number begins with +55.",
            field="key",
            name=name,
        ) from None


def _phone(text: str) -> str:
    number = number_of(text, field="key")
    if not number.startswith("+55"):
        raise Refused("A phone number is a PIX key only in Brazil: it begins with +55.", field="key")
    return number


def _email(text: str) -> str:
    address = address_of(text, field="key").lower()
    if not address.isascii():
        raise Refused("Only the letters a to z, digits and common marks fit here.", field="key")
    if len(address) > LONG:
        raise Refused("An e-mail address as a key has at most {most} characters.", field="key", most=LONG)
    return address


def read_pix(text: str) -> Reading[Pix] | None:
    """Read a BR Code, whichever template its account is in; what is wrong with it is said."""
    found = merchant_code(text)
    objects, warnings = found if found is not None else ({}, ())
    tag, account = next(
        ((tag, inner) for tag in _ACCOUNTS if (inner := template(objects, tag, GUI)) is not None), ("", None)
    )
    if account is None:
        return None
    pix, doubts = _content(objects, account)
    if objects.get("53", "986") != "986":
        doubts += (Refused("This code is not in reais."),)
    known = {
        "00": None, "01": None, tag: ("00", "01", "02", "25"), "52": None, "53": None, "54": None, "58": "BR",
        "59": None, "60": None, "61": None, "62": ("05",), "63": None,
    }  # fmt: skip
    return Reading("pix", pix, warnings + doubts + faults([partial(build_pix, pix)]) + others(objects, known))


def _content(objects: dict[str, str], account: dict[str, str]) -> tuple[Pix, tuple[Refused, ...]]:
    amount, doubts = amount_in(objects)
    url, name, city = account.get("25", ""), objects.get("59", ""), objects.get("60", "")
    txid = (objects_in(objects.get("62", "")) or {}).get("05", "")
    pix = Pix(
        account.get("01", ""),
        "" if url and name == NO_NAME else name,
        "" if url and city == NO_CITY else city,
        amount,
        "" if txid == NO_TXID else txid,
        account.get("02", ""),
        url,
    )
    return pix, doubts


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
