"""Sealing what people entrust: AES-256-GCM with a ring of keys, bound to table, column and row."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12  # bytes, NIST SP 800-38D, 8.2.2
KEY_ID = 4  # bytes at the beginning of what was sealed, which tell with which key


class Unsealable(Exception):
    """A sealed value that no key of the ring opens here: another row's, or another key's."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Keys of 32 bytes: the first encrypts, all decrypt."""

    keys: tuple[bytes, ...] = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> KeyRing:
        """Read comma-separated base64 keys; ValueError says what is wrong, never the value."""
        try:
            keys = tuple(base64.b64decode(part.strip(), validate=True) for part in text.split(","))
        except (binascii.Error, ValueError):
            raise ValueError("is not base64") from None
        if any(len(key) != 32 for key in keys):
            raise ValueError("holds a key that is not 32 bytes long")
        return cls(keys)

    @property
    def ids(self) -> tuple[str, ...]:
        """Tell the keys apart without showing them: the id that begins whatever each has sealed."""
        return tuple(_key_id(key).hex() for key in self.keys)

    def seal(self, table: str, column: str, row: str, text: str) -> bytes:
        """Encrypt a text for one place; elsewhere it does not open."""
        key, nonce = self.keys[0], os.urandom(_NONCE)
        sealed = _cipher(key).encrypt(nonce, text.encode(), _place(table, column, row))
        return _key_id(key) + nonce + sealed

    def open(self, table: str, column: str, row: str, sealed: bytes) -> str:
        """Decrypt what was sealed for this place; raises Unsealable."""
        for key in self.keys:
            if _key_id(key) == sealed[:KEY_ID]:
                nonce, rest = sealed[KEY_ID : KEY_ID + _NONCE], sealed[KEY_ID + _NONCE :]
                try:
                    return _cipher(key).decrypt(nonce, rest, _place(table, column, row)).decode()
                except InvalidTag:
                    break
        raise Unsealable(f"{table}.{column}")

    @property
    def key_id(self) -> bytes:
        """Tell by what begins whatever is sealed now."""
        return _key_id(self.keys[0])

    def derive(self, purpose: str) -> bytes:
        """Derive a key of 32 bytes for one purpose (RFC 5869)."""
        return _derived(self.keys[0], purpose)

    def derive_all(self, purpose: str) -> tuple[bytes, ...]:
        """Derive one of each key of the ring: the first is in use, with the others it was before."""
        return tuple(_derived(key, purpose) for key in self.keys)

    def fingerprint(self, purpose: str, text: str) -> str:
        """Index a secret, or half a character, without keeping it: HMAC-SHA256 under the purpose's key."""
        return _fingerprint(self.keys[0], purpose, text)

    def fingerprints(self, purpose: str, text: str) -> tuple[str, ...]:
        """Give all that a text may be indexed by: under the first key, and under those before it."""
        return tuple(_fingerprint(key, purpose, text) for key in self.keys)


# What follows from a key alone is made once: it is in memory with the key anyway.


@lru_cache
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


@lru_cache
def _derived(key: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(key)


def _fingerprint(key: bytes, purpose: str, text: str) -> str:
    whole = text.encode("utf-8", "surrogatepass")
    return hmac.new(_derived(key, purpose), whole, hashlib.sha256).hexdigest()


def _place(table: str, column: str, row: str) -> bytes:
    return "\x1f".join((table, column, row)).encode()


@lru_cache
def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"key id" + key).digest()[:KEY_ID]
