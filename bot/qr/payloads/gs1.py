"""Products: GS1 Digital Link URI Syntax, release 1.4, with the values of the GS1 General Specifications."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Annotated
from urllib.parse import quote, unquote

from stdnum import ean

from bot.qr.payloads.kind import Kind, Reading, Value
from bot.qr.payloads.payload import without_controls
from bot.qr.payloads.payments.values import date_of, faults
from bot.qr.payloads.web import Address, Url, build_url, link_of, link_warnings
from bot.qr.refusal import Refused

RESOLVER = "id.gs1.org"
LONGEST = 20  # characters of a lot (10), a serial number (21) or a variant (22)

# Encodable character set 82 (GS1 General Specifications, figure 7.11-1).
_SET_82 = re.compile(r"""[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]+""")
# The key and what qualifies it, in their only order (the grammar's gtin-path); 235 is a serial number that
# another company gave.
_PATH = re.compile(
    r"(?P<before>(?:/.*)?)/01/(?P<gtin>[0-9]{14})(?:/22/(?P<variant>[^/]+))?(?:/10/(?P<lot>[^/]+))?"
    r"(?:/21/(?P<serial>[^/]+)|/235/(?P<other>[^/]+))?/?"
)
_DAY = re.compile(r"(?P<year>[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})")
_MONTH = re.compile(r"20(?P<year>[0-9]{2})-(?P<month>0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Product:
    """A product: its number, and which lot or piece of it; a month alone expires with its last day."""

    gtin: Annotated[str, Value("product number (GTIN)")]
    lot: Annotated[str, Value("lot number")] = ""
    serial: Annotated[str, Value("serial number")] = ""
    expiry: Annotated[str, Value("day it expires, such as 2027-01-31")] = ""
    domain: Annotated[str, Value("domain, where not GS1's own")] = ""


def build_gs1(product: Product) -> str:
    """Write a product's address: the number with 14 digits, lot (10), serial number (21), expiry (17)."""
    path = f"/01/{_gtin(product.gtin)}"
    for field, identifier, value in (("lot", "10", product.lot), ("serial", "21", product.serial)):
        if value.strip():
            path += f"/{identifier}/{quote(_value(field, value), safe='')}"
    expiry = _expiry(product.expiry)
    return f"https://{_domain(product.domain) or RESOLVER}{path}" + (f"?17={expiry}" if expiry else "")


def _gtin(text: str) -> str:
    """Write a product number with 14 digits (GS1 General Specifications, 7.9); Refused if it is none."""
    bare = ean.compact(without_controls(text, field="gtin"))
    if not re.fullmatch(r"[0-9]{8}|[0-9]{12,14}", bare):
        raise Refused(
            "A product number (GTIN) has 8, 12, 13 or 14 digits; this one has {count}.",
            field="gtin",
            count=sum(character.isdigit() for character in bare),
        )
    if not ean.is_valid(bare):
        raise Refused("This product number has a typing error: its last digit does not match.", field="gtin")
    return bare.zfill(14)


def _value(field: str, text: str) -> str:
    value = without_controls(text.strip(), field=field)
    if len(value) > LONGEST:
        raise Refused(
            "At most {most} characters fit here; this has {count}.",
            field=field,
            most=LONGEST,
            count=len(value),
        )
    # One or two dots are no part of a path: browsers take them out (RFC 3986, 5.2.4).
    if not _SET_82.fullmatch(value) or value in (".", ".."):
        raise Refused(
            "Only letters of a to z, digits and common marks fit here, without spaces, @ and #.", field=field
        )
    return value


def _expiry(text: str) -> str:
    """Write a day as YYMMDD, or a month with the day 00.

    Of 2000 to 2099: two digits say no century, and what is sold expires in this one.
    """
    written = _long(text.strip())
    month = _MONTH.fullmatch(written)
    if month is not None:
        return f"{month['year']}{month['month']}00"
    day = date_of(written, "expiry")
    if day is not None and day.year not in range(2000, 2100):
        raise Refused("A product expires in the years 2000 to 2099.", field="expiry")
    return day.strftime("%y%m%d") if day is not None else ""


def _long(text: str) -> str:
    """Read YYMMDD as ``2027-01-31`` or ``2027-01``; as it stands where it is no day."""
    match = _DAY.fullmatch(text)
    if match is None:
        return text
    year, month, day = (int(match[name]) for name in ("year", "month", "day"))
    try:
        whole = date(2000 + year, month, day or 1).isoformat()
    except ValueError:
        return text
    return whole if day else whole[:7]


def _domain(text: str) -> str:
    """Write whose address it is, which may have a path of its own; empty for GS1's."""
    if not text.strip():
        return ""
    try:
        link = link_of(build_url(Url(text)))
    except Refused as refused:
        raise Refused(refused.template, field="domain", **refused.values) from None
    if link is None or link.query or link.fragment:
        raise Refused("A domain looks like example.com. Leave out what follows it.", field="domain")
    return _own(link, link.path)


def _own(link: Address, path: str) -> str:
    where = link.site + path.rstrip("/")
    return "" if where == RESOLVER else where


def read_gs1(text: str) -> Reading[Product] | None:
    """Read a product's address, on any domain where the path is a Digital Link with the right check digit."""
    link = link_of(text)
    match = _PATH.fullmatch(link.path) if link is not None else None
    if link is None or match is None or not ean.is_valid(match["gtin"]):
        return None
    lot, serial = (unquote(match[name] or "") for name in ("lot", "serial"))
    expiry = link.values.get("17", "")
    product = Product(match["gtin"], lot, serial, _long(expiry), _own(link, match["before"]))
    checks = [partial(_expiry, product.expiry)]
    checks += [partial(_value, name, value) for name, value in (("lot", lot), ("serial", serial)) if value]
    return Reading("gs1", product, (*link_warnings(text), *faults(checks), *_left_out(link, match)))


def _left_out(link: Address, match: re.Match[str]) -> tuple[Refused, ...]:
    """Say what else an address holds that a product has no room for: other identifiers, which are numbers."""
    also = [name for name in link.values if name != "17"]
    also += [name for name, part in (("22", "variant"), ("235", "other")) if match[part]]
    return tuple(Refused("This product also says {name}, which I left out.", name=name[:40]) for name in also)


GS1 = Kind(
    name="gs1",
    label="Product (GS1)",
    summary="Make a code of a product's number, for shops and phones (GS1 Digital Link).",
    example="gs1 09506000134352 lot=ABC123",
    content=Product,
    build=build_gs1,
    read=read_gs1,
    title=lambda product: product.gtin,
)
