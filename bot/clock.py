"""Whether this machine's clock agrees with others': tokens, signatures and time limits count on it."""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime

from bot.face import Finding

OFF = 60  # seconds that a clock may differ, where nobody says how many are too many


def compared(date: str, whose: str, refused: int | None = None) -> Finding:
    """Compare the clock with a ``Date`` header (RFC 9110, 6.6.1) that has just come.

    ``refused``: the seconds beyond which they do not believe us, or we them; half of them is too many.
    """
    what = "Clock"
    try:
        off = round(time.time() - parsedate_to_datetime(date).timestamp())
    except ValueError:
        return Finding(what, f"cannot be compared with {whose}")
    if abs(off) <= (OFF if refused is None else refused // 2):
        return Finding(what, f"agrees with {whose}")
    said = f"is {abs(off)} seconds {'ahead of' if off > 0 else 'behind'} {whose}"
    many = f"; {refused} are too many" if refused is not None else ""
    return Finding(what, f"{said}{many}", "Let the system set it (timedatectl set-ntp true).")
