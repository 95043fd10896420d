"""Published merchant-presented codes, each with its source, and ways to read and change them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from bot.qr.payloads import KINDS, interpret
from bot.qr.payloads.payments.tlv import crc_of

# NAPAS, "VietQR format", its samples to an account (static, with an amount) and to a card.
NAPAS_STATIC = (
    "00020101021138570010A00000072701270006970403011300110123456780208QRIBFTTA53037045802VN63049E6F"
)
NAPAS_AMOUNT = (
    "00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA530370454061800005802VN"
    "62340107NPS68690819thanh toan don hang63042E2E"
)
NAPAS_CARD = (
    "00020101021238600010A00000072701300006970403011697040311012345670208QRIBFTTC530370454061800005802VN"
    "62340107NPS68690819thanh toan don hang6304A203"
)
# A public generator's reference, which several repositories test against.
VIETQR = (
    "00020101021238570010A00000072701270006970415011300110019324180208QRIBFTTA530370454061200005802VN"
    "62170813ung ho lu lut6304C15C"
)
# dtinth/promptpay-qr, its tests.
PROMPTPAY_PHONE = "00020101021129370016A000000677010111011300668012345675802TH530376463046197"
PROMPTPAY_ID = "00020101021129370016A000000677010111021311111111111115802TH530376463047B5A"
# ThunderQuoteTeam/PaynowQR's example, as another repository's test has it.
PAYNOW = (
    "00020101021126490009SG.PAYNOW010120210201403121W030110408203012315204000053037025802SG"
    "5913ACME Pte Ltd.6009Singapore6304B69E"
)
# EMVCo, "QR Code Specification for Payment Systems, Merchant-Presented Mode", v1.1, the sample in appendix A.
EMV = (
    "00020101021229300012D156000000000510A93FO3230Q31280012D15600000001030812345678520441115802CN"
    "5914BEST TRANSPORT6007BEIJING64200002ZH0104最佳运输0202北京540523.7253031565502016233030412340603***"
    "0708A60086670902ME91320016A0112233449988770708123456786304A13A"
)
# Bank Indonesia's QRIS and Bakong's KHQR: examples in the README of public converters (bakong-khqr's own).
QRIS = (
    "00020101021126570011ID.DANA.WWW011893600915302259148102090225914810303UMI51440014ID.CO.QRIS.WWW"
    "0215ID10200176114730303UMI5204581253033605802ID5922Warung Sayur Bu Sugeng6010Kab. Demak6105595676304"
    "58C7"
)
KHQR = (
    "00020101021229180014your_name@wing520459995802KH5909Your Name6010Phnom Penh991700131724927295157"
    "541100000009800530311662610112TRX0192837750211855123456780305MShop0717Buy 1A_Level_Book63041087"
)


SEEN = st.characters(min_codepoint=32, max_codepoint=126)


def read(text: str, kind: str) -> tuple[Any, list[str]]:
    """Read a code, which only this kind of all may take for its own: its values and its warnings."""
    reading = interpret(text)
    assert reading.kind == kind
    own = [name for name in ("vietqr", "promptpay", "paynow", "pix") if KINDS[name].read(text) is not None]
    assert own == ([] if kind == "emvco" else [kind])
    return reading.content, [str(warning) for warning in reading.warnings]


def changed(text: str, old: str, new: str) -> str:
    """Change a code and sign it anew."""
    assert old in text
    body = text[:-4].replace(old, new)
    return body + crc_of(body)
