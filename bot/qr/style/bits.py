"""Values packed into bits, each codec saying once how its kind of value is written and read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class Bits:
    """A row of bits: ``value`` as one number, most significant first, and where reading has come to."""

    value: int = 0
    length: int = 0
    at: int = 0

    def put(self, value: int, width: int) -> None:
        """Write a number at the end; raises ValueError where it is too wide."""
        if not 0 <= value < 1 << width:
            raise ValueError(value)
        self.value = self.value << width | value
        self.length += width

    def get(self, width: int) -> int:
        """Read a number; behind the end there are only zeros."""
        self.at += width
        left = self.length - self.at
        return (self.value >> left if left >= 0 else self.value << -left) & ((1 << width) - 1)


@dataclass(frozen=True, slots=True)
class Codec:
    """How values of a kind are written and read."""

    put: Callable[[Bits, Any], None]
    get: Callable[[Bits], Any]


def whole(width: int, least: int = 0) -> Codec:
    """Code whole numbers from ``least``."""
    return Codec(lambda bits, value: bits.put(value - least, width), lambda bits: bits.get(width) + least)


def decimal(width: int, parts: int) -> Codec:
    """Code numbers that are whole when multiplied by ``parts``."""
    return Codec(
        lambda bits, value: bits.put(round(value * parts), width), lambda bits: bits.get(width) / parts
    )


def named(width: int, table: tuple[str, ...]) -> Codec:
    """Code names by their number in a table that only grows; the first stands for those it lacks."""

    def get(bits: Bits) -> str:
        number = bits.get(width)
        return table[number] if number < len(table) else table[0]

    return Codec(lambda bits, value: bits.put(table.index(value) if value in table else 0, width), get)


YES = Codec(lambda bits, value: bits.put(int(value), 1), lambda bits: bool(bits.get(1)))
COLOUR = Codec(lambda bits, value: bits.put(int(value[1:], 16), 24), lambda bits: f"#{bits.get(24):06x}")


def mostly(usual: Any, codec: Codec) -> Codec:
    """Code a value that is mostly the usual one, for which one bit is enough."""

    def put(bits: Bits, value: Any) -> None:
        bits.put(int(value != usual), 1)
        if value != usual:
            codec.put(bits, value)

    return Codec(put, lambda bits: codec.get(bits) if bits.get(1) else usual)


def many(width: int, least: int, codec: Codec) -> Codec:
    """Code a tuple of at least ``least`` values of one kind."""

    def put(bits: Bits, values: tuple[Any, ...]) -> None:
        bits.put(len(values) - least, width)
        for value in values:
            codec.put(bits, value)

    return Codec(put, lambda bits: tuple(codec.get(bits) for _ in range(bits.get(width) + least)))


def record(kind: type, codecs: Mapping[str, Codec]) -> Codec:
    """Code a record field by field; those without a codec are left as usual."""

    def put(bits: Bits, value: Any) -> None:
        for name, codec in codecs.items():
            codec.put(bits, getattr(value, name))

    return Codec(put, lambda bits: kind(**{name: codec.get(bits) for name, codec in codecs.items()}))


def either(choose: Callable[[Any], int], *codecs: Codec) -> Codec:
    """Code a value by one of two to four codecs, saying which."""
    width = (len(codecs) - 1).bit_length()

    def put(bits: Bits, value: Any) -> None:
        number = choose(value)
        bits.put(number, width)
        codecs[number].put(bits, value)

    return Codec(put, lambda bits: codecs[min(bits.get(width), len(codecs) - 1)].get(bits))


def size(codec: Codec, value: Any) -> int:
    """Count the bits that a codec needs for a value; a million where it cannot code it."""
    bits = Bits()
    try:
        codec.put(bits, value)
    except ValueError:
        return 1_000_000
    return bits.length
