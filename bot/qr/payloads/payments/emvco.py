"""Any merchant-presented code of EMV QRCPS v1.1, by the numbers of its tags.

KHQR, QRIS and the like are read here; codes of such schemes are made by their banks. VietQR, PromptPay,
PayNow and PIX are kinds of their own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated

from bot.qr.payloads.kind import Kind, Reading, Value
from bot.qr.payloads.payload import without_controls
from bot.qr.payloads.payments.tlv import LONGEST, merchant_code, objects_in, signed
from bot.qr.payloads.payments.values import faults
from bot.qr.refusal import Refused

_REQUIRED = ("52", "53", "58", "59", "60")  # table 3.2: category, currency, country, name, town
_TEMPLATES = frozenset((*map(str, range(26, 52)), "62", "64", *map(str, range(80, 100))))  # table 3.1
# Tables 3.4 to 3.6; "ans" are the characters of ASCII that can be seen.
_FORMS = {
    "01": r"1[12]",
    "52": r"[0-9]{4}",
    "53": r"[0-9]{3}",
    "54": r"(?=.{1,13}$)[0-9]+(\.[0-9]*)?",
    "55": r"0[123]",
    "58": r"[A-Z]{2}",
    "59": r"[ -~]{1,25}",
    "60": r"[ -~]{1,15}",
    "61": r"[ -~]{1,10}",
}


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
        _check_tag(tag, value)
    missing = [tag for tag in _REQUIRED if tag not in tags]
    if missing:
        raise Refused(
            "These tags are missing: {missing} (52 category, 53 currency, 58 country, 59 name, 60 town).",
            field="tags",
            missing=", ".join(missing),
        )
    if not any("02" <= tag <= "51" for tag in tags):
        raise Refused("To whom? One of the tags 02 to 51 says the account.", field="tags")
    return signed((("00", "01"), *sorted(tags.items())))


def _check_tag(tag: str, value: str) -> None:
    if not re.fullmatch(r"[0-9]{2}", tag) or tag in ("00", "63"):
        raise Refused(
            "“{tag}” is no tag of yours: they go from 01 to 99, and 63 is the checksum.",
            field="tags", tag=tag[:20],
        )  # fmt: skip
    if len(without_controls(value, field="tags")) > LONGEST:
        raise Refused(
            "The value of tag {tag} has at most {most} characters.", field="tags", tag=tag, most=LONGEST
        )
    if not re.fullmatch(_FORMS.get(tag, r".*"), value) or (tag in _TEMPLATES and objects_in(value) is None):
        raise Refused(
            "“{value}” does not fit tag {tag}. Please compare it with the specification of your code.",
            field="tags", tag=tag, value=value,
        )  # fmt: skip


def read_emvco(text: str) -> Reading[MerchantCode] | None:
    """Read any merchant-presented code, tag by tag."""
    found = merchant_code(text)
    if found is None:
        return None
    objects, warnings = found
    content = MerchantCode({tag: value for tag, value in objects.items() if tag not in ("00", "63")})
    return Reading("emvco", content, warnings + faults([partial(build_emvco, content)]))


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
