"""Any merchant-presented code, tag by tag: EMV QRCPS Merchant-Presented Mode v1.1.

Codes of a scheme with a module of its own (PIX, VietQR, PromptPay, PayNow) are read there. Others, such as
KHQR and QRIS, are made by their banks alone, and are read here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated

from bot.qr.payloads.kind import Kind, Reading, Value
from bot.qr.payloads.payload import without_controls
from bot.qr.payloads.payments.schemes import schemes_of
from bot.qr.payloads.payments.tlv import LONGEST, Objects, merchant_code, objects_in, signed
from bot.qr.payloads.payments.values import faults
from bot.qr.refusal import Refused, Word

OURS = ("00", "63")  # the format and the checksum

_TAG = re.compile(r"[0-9]{2}")
_REQUIRED = ("52", "53", "58", "59", "60")  # table 3.2: category, currency, country, name, town
_FORMS: dict[str, tuple[re.Pattern[str], Word]] = {
    "01": (re.compile(r"1[12]"), Word("11 or 12")),
    "52": (re.compile(r"[0-9]{4}"), Word("four digits, such as 5812")),
    "53": (re.compile(r"[0-9]{3}"), Word("three digits, such as 840")),
    "54": (
        re.compile(r"(?=.{1,13}\Z)[0-9]+(\.[0-9]*)?"), Word("a number, such as 12.50"),
    ),
    "58": (re.compile(r"[A-Z]{2}"), Word("two capital letters, such as US")),
    "59": (re.compile(r".{1,25}"), Word("at most 25 characters")),
    "60": (re.compile(r".{1,15}"), Word("at most 15 characters")),
    "61": (re.compile(r".{1,10}"), Word("at most 10 characters")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class MerchantCode:
    """Any merchant-presented code, by the numbers of its tags."""

    tags: Annotated[dict[str, str], Value("tags, such as 59=Name, 60=Town", long=True)] = field(
        default_factory=dict
    )


def build_emvco(content: MerchantCode) -> str:
    """Write objects by their tags in order; the format (00) and the checksum (63) are ours."""
    tags = {tag.strip(): value.strip() for tag, value in content.tags.items() if value.strip()}
    for tag, value in tags.items():
        _check(tag, value)
    _check_complete(tags)
    return signed(sorted(tags.items()))


def _check(tag: str, value: str) -> None:
    if not _TAG.fullmatch(tag) or tag in OURS:
        raise Refused(
            "“{tag}” is no tag of yours: they go from 01 to 99, and 63 is the checksum.",
            field="tags", tag=tag[:20],
        )  # fmt: skip
    if len(without_controls(value, field="tags")) > LONGEST:
        raise Refused(
            "The value of tag {tag} has at most {most} characters.", field="tags", tag=tag, most=LONGEST
        )
    pattern, form = _FORMS.get(tag, (None, ""))
    if pattern is not None and not pattern.fullmatch(value):
        raise Refused("The value of tag {tag} is {form}.", field="tags", tag=tag, form=form)
    if _is_template(tag) and not objects_in(value):
        raise Refused(
            "Tag {tag} holds objects of its own: for each two digits of tag, two of length, and the value.",
            field="tags", tag=tag,
        )  # fmt: skip


def _is_template(tag: str) -> bool:
    """Tell the tags that hold objects: accounts, additional data, names in a language, the unreserved."""
    return "26" <= tag <= "51" or tag in ("62", "64") or tag >= "80"


def _check_complete(tags: Objects) -> None:
    missing = [tag for tag in _REQUIRED if tag not in tags]
    if missing:
        raise Refused(
            "These tags are missing: {missing} (52 category, 53 currency, 58 country, 59 name, 60 town).",
            field="tags", missing=", ".join(missing),
        )  # fmt: skip
    if not any("02" <= tag <= "51" for tag in tags):
        raise Refused("To whom? One of the tags 02 to 51 says the account.", field="tags")


def read_emvco(text: str) -> Reading[MerchantCode] | None:
    """Read any merchant-presented code, tag by tag; what can be known of who takes it is said."""
    code = merchant_code(text)
    if code is None:
        return None
    content = MerchantCode({tag: value for tag, value in code.objects.items() if tag not in OURS})
    names = ", ".join(schemes_of(code.objects))
    takes = (Refused("This code can be paid by {names}.", names=names),) if names else ()
    wrong = code.warnings or faults((partial(build_emvco, content),))
    return Reading("emvco", content, (*takes, *wrong))


EMVCO = Kind(
    name="emvco",
    label="Merchant code (EMV)",
    summary="Make a merchant's payment code from its tags.",
    example='emvco "02=4111111111111111, 52=5812, 53=840, 58=US, 59=Cafe, 60=Boston"',
    content=MerchantCode,
    build=build_emvco,
    read=read_emvco,
    title=lambda content: content.tags.get("59", ""),
    group="pay",
)
