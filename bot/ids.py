"""Ids that people see: ten Crockford base32 characters from the system's random source."""

from __future__ import annotations

import secrets
from base64 import b32encode
from hashlib import sha256

INVITE = 16  # characters of an invitation's code: 80 bits
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CROCKFORD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", ALPHABET)
_READ = str.maketrans("ILOilo", "110110")


def new_id(length: int = 10) -> str:
    """Make an id of ``length`` characters: five bits each."""
    return "".join(ALPHABET[byte & 31] for byte in secrets.token_bytes(length))


def derived_id(text: str) -> str:
    """Make the id of what a text names: the same for the same text."""
    return b32encode(sha256(text.encode()).digest()).decode()[:10].translate(_CROCKFORD)


def read_id(text: str, length: int = 10) -> str | None:
    """Read an id as people type it (any case, I and L as 1, O as 0, hyphens); None when it is none."""
    folded = text.replace("-", "").translate(_READ).upper()
    return folded if len(folded) == length and set(folded) <= set(ALPHABET) else None
