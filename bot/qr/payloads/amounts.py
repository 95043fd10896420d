"""Amounts of coins, counted exactly in the smallest unit: decimals would be rounded to 28 digits."""

from __future__ import annotations

from decimal import Decimal

from bot.qr.refusal import Refused


def units_of(amount: Decimal, decimals: int, most: Decimal, field: str) -> int:
    """Count the smallest units of an amount, exactly: never rounded, whatever its digits."""
    if not amount.is_finite() or not 0 < amount <= most:
        raise Refused("The amount is more than 0 and at most {most}.", field=field, most=f"{most:f}")
    _, digits, exponent = amount.as_tuple()
    bare = "".join(map(str, digits)).rstrip("0")
    places = int(exponent) + len(digits) - len(bare) + decimals
    if places < 0:
        raise Refused("This amount has more than {most} decimals.", field=field, most=decimals)
    return int(bare + "0" * places)


def written(units: int, decimals: int) -> str:
    """Write so many smallest units as a plain decimal: a digit before the point, no zeros at the end."""
    text = f"{units:0{decimals + 1}}"
    return f"{text[: len(text) - decimals]}.{text[len(text) - decimals :]}".rstrip("0").rstrip(".")
