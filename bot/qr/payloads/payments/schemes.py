"""Names of the ways to pay that a merchant-presented code offers, where they are known.

EMV QRCPS Merchant-Presented Mode v1.1, 4.7.11: tags 02 to 25 belong to card networks, 26 to 51 to whoever
the identifier in them (00) names, such as ``ID.CO.QRIS.WWW`` (Bank Indonesia, QRIS).
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.qr.payloads.payments.tlv import Code, Objects, accounts_in
from bot.qr.refusal import Refused

_CARDS = {
    "02": "Visa", "03": "Visa", "04": "Mastercard", "05": "Mastercard", "09": "Discover", "10": "Discover",
    "11": "American Express", "12": "American Express", "13": "JCB", "14": "JCB",
    "15": "UnionPay", "16": "UnionPay",
}  # fmt: skip
_SCHEMES = {
    "A000000524": "Bharat QR",
    "A0000006150001": "DuitNow",
    "A000000677010111": "PromptPay",
    "A000000677010112": "PromptPay",
    "A000000727": "VietQR",
    "BR.GOV.BCB.PIX": "PIX",
    "COM.P2PQRPAY": "QR Ph",
    "HK.COM.HKICL": "FPS",
    "ID.CO.QRIS.WWW": "QRIS",
    "JP.OR.PAYMENTSJAPAN": "JPQR",
    "PH.PPMI.P2M": "QR Ph",
    "SG.COM.NETS": "NETS",
    "SG.PAYNOW": "PayNow",
    "SG.SGQR": "SGQR",
}


def schemes_of(objects: Objects) -> tuple[str, ...]:
    """Name the schemes whose accounts (26 to 51) a code holds, each once, in the order of the code."""
    return tuple(dict.fromkeys(_known(objects)))


def _known(objects: Objects) -> Iterator[str]:
    for tag, inner in accounts_in(objects):
        identifier = inner.get("00", "")
        # KHQR (National Bank of Cambodia) has no identifier of its own, but the account: name@bank.
        if tag in ("29", "30") and "@" in identifier and objects.get("58") == "KH":
            yield "KHQR"
        elif identifier.upper() in _SCHEMES:
            yield _SCHEMES[identifier.upper()]


def others_of(code: Code, scheme: str) -> tuple[Refused, ...]:
    """Say by what else than this scheme a code can be paid; our values are those of one scheme."""
    cards = (_CARDS[tag] for tag in code.objects if tag in _CARDS)
    found = dict.fromkeys((*cards, *schemes_of(code.objects)))
    names = ", ".join(name for name in found if name not in (scheme, "SGQR"))
    return (Refused("This code can also be paid by {names}.", names=names),) if names else ()


def unsaid(code: Code, *said: str) -> tuple[str, ...]:
    """List the texts of a code (name, town, additional data) that are not among those said already."""
    heard = {text.casefold() for text in said} | {"", "***", "na"}
    texts = (code.objects.get("59", ""), code.objects.get("60", ""), *code.more.values())
    return tuple(text for text in texts if text.strip().casefold() not in heard)
