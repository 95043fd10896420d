"""Russian payments: ``ST00012|Name=…|PersonalAcc=…|BankName=…|BIC=…|CorrespAcc=…|Sum=…``.

GOST R 56042-2014, "Financial operations standards. Two-dimensional bar code symbols for payments by
individuals": five mandatory attributes in this order, of at most 300 bytes together, then others. The last
digit of the head names the charset (1 Windows-1251, 2 UTF-8, which is written, 3 KOI8-R); the character
after it is the separator, any that no value holds. The sum is in kopecks. Keys of accounts: Bank of Russia,
"Порядок расчета контрольного ключа в номере лицевого счета", 8 September 1997, No. 515.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields
from decimal import Decimal
from functools import partial
from typing import Annotated, Any

from stdnum.exceptions import ValidationError
from stdnum.ru import inn

from bot.qr.payloads.kind import Kind, Reading, Value
from bot.qr.payloads.payments.iban import amount_of
from bot.qr.payloads.payments.values import faults, line_of, unreadable
from bot.qr.refusal import Refused

BYTES = 300  # of the mandatory block, the head with it
MOST = Decimal("9999999999999999.99")  # eighteen digits of kopecks

_HEAD = re.compile(r"ST0001([123])([^\w\s]|_)(.*)", re.DOTALL)
_CHARSETS = {"1": "cp1251", "3": "koi8-r"}
_SEPARATORS = "|#;:^_~{}!$%&()*+,/@"
_WEIGHTS = (7, 1, 3) * 8
_KPP = re.compile(r"[0-9]{4}[0-9A-Z]{2}[0-9]{3}")
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9]{0,29}")
_KOPECKS = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class RussianPayment:
    """A payment within Russia, in roubles; fields are named as the standard names them."""

    name: Annotated[str, Value("name of the payee")]
    personal_acc: Annotated[str, Value("account of the payee, 20 digits")]
    bank_name: Annotated[str, Value("name of the payee's bank")]
    bic: Annotated[str, Value("BIC of the bank, 9 digits")]
    corresp_acc: Annotated[str, Value("correspondent account of the bank, or 0")]
    sum: Annotated[Decimal | None, Value("amount in roubles")] = None
    purpose: Annotated[str, Value("what it is for")] = ""
    payee_inn: Annotated[str, Value("INN of the payee")] = ""
    kpp: Annotated[str, Value("KPP of the payee")] = ""
    last_name: Annotated[str, Value("family name of the payer")] = ""
    first_name: Annotated[str, Value("first name of the payer")] = ""
    middle_name: Annotated[str, Value("patronymic of the payer")] = ""
    payer_address: Annotated[str, Value("address of the payer")] = ""
    payer_inn: Annotated[str, Value("INN of the payer")] = ""
    contract: Annotated[str, Value("number of the contract")] = ""
    pers_acc: Annotated[str, Value("the payer's account with the payee")] = ""
    paym_period: Annotated[str, Value("period paid for")] = ""
    phone: Annotated[str, Value("telephone number of the payer")] = ""
    cbc: Annotated[str, Value("budget classification code")] = ""
    oktmo: Annotated[str, Value("OKTMO code")] = ""
    uin: Annotated[str, Value("unique accrual number")] = ""
    others: Annotated[dict[str, str], Value("further attributes, such as DocNo=12")] = field(
        default_factory=dict
    )


def build_st00012(payment: RussianPayment) -> str:
    """Write a payment; Refused names the field that will not do."""
    named = [(key, part(payment)) for key, part in _PARTS]
    pairs = [*((key, value) for key, value in named if value), *_others(payment).items()]
    joined = "".join(value for _, value in pairs)
    separator = next((each for each in _SEPARATORS if each not in joined), None)
    if separator is None:
        raise Refused(
            "Every sign that may part the fields is in one of them already. Take one out, such as {sign}.",
            field="purpose" if payment.purpose else "name", sign=_SEPARATORS[0],
        )  # fmt: skip
    texts = ["ST00012", *(f"{key}={value}" for key, value in pairs)]
    over = len(separator.join(texts[:6]).encode()) - BYTES
    if over > 0:
        raise Refused(
            "The names of the payee and the bank are {over} bytes too long together. Please shorten them.",
            field="name", over=over,
        )  # fmt: skip
    return separator.join(texts)


def _needed(text: str, most: int, name: str) -> str:
    line = line_of(text, most, name)
    if not line:
        raise Refused("A Russian payment needs the names of the payee and of the bank.", field=name)
    return line


def _bic(payment: RussianPayment) -> str:
    bic = "".join(payment.bic.split())
    if not re.fullmatch(r"[0-9]{9}", bic):
        raise Refused("The BIC of a Russian bank has 9 digits, such as 044525225.", field="bic")
    return bic


def _account(text: str, name: str) -> str:
    account = "".join(text.split())
    if not re.fullmatch(r"[0-9]{20}", account):
        raise Refused("A Russian bank account has 20 digits.", field=name)
    return account


def _personal(payment: RussianPayment) -> str:
    """Verify the payee's account; those of the Treasury, which begin with 0, have no key."""
    account, bic = _account(payment.personal_acc, "personal_acc"), _bic(payment)
    at_central_bank = bic[6:8] == "00"
    prefix = f"0{bic[4:6]}" if at_central_bank else bic[6:]
    return account if account[0] == "0" else _keyed(prefix, account, "personal_acc")


def _corresp(payment: RussianPayment) -> str:
    """Verify the bank's account with the Bank of Russia; 0 where the payee's own account is there."""
    if payment.corresp_acc.strip() == "0":
        return "0"
    account = _account(payment.corresp_acc, "corresp_acc")
    return _keyed(f"0{_bic(payment)[4:6]}", account, "corresp_acc")


def _keyed(prefix: str, account: str, name: str) -> str:
    """Verify an account's key: the weighted digits of bank and account add up to a multiple of ten."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, prefix + account, strict=False))
    if total % 10:
        raise Refused(
            "This account has a typing error: its key does not match the bank's BIC. Please compare both.",
            field=name,
        )
    return account


def _inn(text: str, name: str) -> str:
    number = inn.compact(text)
    try:
        return inn.validate(number) if number else ""
    except ValidationError:
        raise Refused(
            "An INN has 10 or 12 digits, the last of which are check digits; these do not match.", field=name
        ) from None


def _kpp(payment: RussianPayment) -> str:
    kpp = "".join(payment.kpp.split()).upper()
    if kpp and not _KPP.fullmatch(kpp):
        raise Refused("A KPP has 9 digits, such as 772501001.", field="kpp")
    return kpp


def _others(payment: RussianPayment) -> dict[str, str]:
    """Read the further attributes: names of Latin letters that are not one of ours."""
    known = {key.lower() for key, _ in _PARTS}
    for key in payment.others:
        if not _KEY.fullmatch(key) or key.lower() in known:
            raise Refused(
                "“{key}” cannot be a further attribute: its name has only Latin letters and digits, and it "
                "has no field of its own.",
                field="others", key=key,
            )  # fmt: skip
    read = {key: line_of(value, 210, "others") for key, value in payment.others.items()}
    return {key: value for key, value in read.items() if value}


# Attributes in the order they are written in, the mandatory ones first; what is written is what is checked
# when a code is read. Lengths are the standard's, as public implementations of it have them; 210 characters
# where it sets none.
_PARTS: tuple[tuple[str, Callable[[RussianPayment], str]], ...] = (
    ("Name", lambda payment: _needed(payment.name, 160, "name")),
    ("PersonalAcc", _personal),
    ("BankName", lambda payment: _needed(payment.bank_name, 45, "bank_name")),
    ("BIC", _bic),
    ("CorrespAcc", _corresp),
    ("Sum", lambda payment: amount_of(payment.sum, "sum", MOST).replace(".", "").lstrip("0")),
    ("Purpose", lambda payment: line_of(payment.purpose, 210, "purpose")),
    ("PayeeINN", lambda payment: _inn(payment.payee_inn, "payee_inn")),
    ("KPP", _kpp),
    ("LastName", lambda payment: line_of(payment.last_name, 210, "last_name")),
    ("FirstName", lambda payment: line_of(payment.first_name, 210, "first_name")),
    ("MiddleName", lambda payment: line_of(payment.middle_name, 210, "middle_name")),
    ("PayerAddress", lambda payment: line_of(payment.payer_address, 210, "payer_address")),
    ("PayerINN", lambda payment: _inn(payment.payer_inn, "payer_inn")),
    ("Contract", lambda payment: line_of(payment.contract, 210, "contract")),
    ("PersAcc", lambda payment: line_of(payment.pers_acc, 210, "pers_acc")),
    ("PaymPeriod", lambda payment: line_of(payment.paym_period, 210, "paym_period")),
    ("Phone", lambda payment: line_of(payment.phone, 210, "phone")),
    ("CBC", lambda payment: line_of(payment.cbc, 20, "cbc")),
    ("OKTMO", lambda payment: line_of(payment.oktmo, 11, "oktmo")),
    ("UIN", lambda payment: line_of(payment.uin, 25, "uin")),
)


def read_st00012(text: str) -> Reading[RussianPayment] | None:
    """Read a payment with any separator and charset, names in any case; None where it is none."""
    head = _HEAD.fullmatch(text.strip())
    if head is None:
        return None
    pairs = [part.partition("=") for part in _decoded(head[3], head[1]).split(head[2]) if "=" in part]
    own, others = _sorted((key.strip(), value.strip()) for key, _, value in pairs)
    if "personalacc" not in own:
        return None
    kopecks = own.get("sum", "")
    amount = Decimal(kopecks).scaleb(-2) if _KOPECKS.fullmatch(kopecks) else None
    values: dict[str, Any] = {
        each.name: own.get(each.name.replace("_", ""), "") for each in fields(RussianPayment)
    }
    payment = RussianPayment(**{**values, "sum": amount, "others": others})
    warnings = unreadable(kopecks, amount, "sum") + faults(partial(part, payment) for _, part in _PARTS)
    if not warnings:
        warnings = faults([partial(build_st00012, payment)])
    return Reading("st00012", payment, warnings)


def _sorted(pairs: Iterable[tuple[str, str]]) -> tuple[dict[str, str], dict[str, str]]:
    """Part the attributes that have a field, by their names in small letters, from the further ones."""
    known = {key.lower() for key, _ in _PARTS}
    own: dict[str, str] = {}
    others: dict[str, str] = {}
    for key, value in pairs:
        if key.lower() in known:
            own.setdefault(key.lower(), value)
        elif value:
            others.setdefault(key, value)
    return own, others


def _decoded(text: str, charset: str) -> str:
    """Take Cyrillic letters for what they are where a reader took their bytes for ISO 8859-1."""
    try:
        return text.encode("latin-1").decode(_CHARSETS[charset])
    except (KeyError, UnicodeError):
        return text


ST00012 = Kind(
    name="st00012",
    label="Russian payment",
    summary="Make a code that fills in a bank transfer within Russia (GOST R 56042).",
    example='st00012 "ООО «Три кита»" 40702810138250123017 "ОАО БАНК" 044525225 30101810400000000225 1000',
    content=RussianPayment,
    build=build_st00012,
    read=read_st00012,
    title=lambda payment: payment.name,
    group="pay",
)
