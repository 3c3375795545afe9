"""Fields of bits, and the two ways in which NAL units are kept free of what looks like a start code."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["BitReader", "BitWriter", "escaped", "overwritten", "split_units", "unescaped"]

_START: Final = re.compile(rb"(\x00{0,1}\x00\x00\x01)")
_LIKE_A_START: Final = re.compile(rb"\x00\x00(?=[\x00-\x03])")


def split_units(stream: bytes) -> list[tuple[bytes, bytes]]:
    """The NAL units of a byte stream (annex B), each with the start code before it."""
    parts = _START.split(stream)
    return list(zip(parts[1::2], parts[2::2], strict=True))


def unescaped(unit: bytes) -> bytes:
    """A NAL unit without its emulation prevention (7.4.1)."""
    return unit.replace(b"\0\0\3", b"\0\0")


def escaped(unit: bytes) -> bytes:
    """A NAL unit with its emulation prevention."""
    return _LIKE_A_START.sub(b"\0\0\3", unit)


class BitReader:
    """Reads fields one after the other, the highest bit first."""

    def __init__(self, data: bytes) -> None:
        self._bits = len(data) * 8
        self._value = int.from_bytes(data, "big")
        self.at = 0

    def u(self, length: int) -> int:
        """An unsigned number of so many bits.

        Raises:
            ValueError: there are not so many left.
        """
        self.at += length
        if self.at > self._bits:
            message = "A header of the video stream ends too early."
            raise ValueError(message)
        return self._value >> (self._bits - self.at) & ((1 << length) - 1)

    def ue(self) -> int:
        """An unsigned Exp-Golomb number (9.1)."""
        zeros = 0
        while not self.u(1):
            zeros += 1
        return (1 << zeros) - 1 + self.u(zeros)

    def se(self) -> int:
        """A signed Exp-Golomb number (9.1.1)."""
        code = self.ue()
        return (code + 1) // 2 if code % 2 else -(code // 2)


class BitWriter:
    """Writes fields one after the other, the highest bit first."""

    def __init__(self) -> None:
        self._value = 1  # a leading one, so that zeros in front are counted

    def u(self, length: int, value: int) -> None:
        """An unsigned number of so many bits; of a longer one its lowest."""
        self._value = self._value << length | (value & ((1 << length) - 1))

    def ue(self, value: int) -> None:
        """An unsigned Exp-Golomb number."""
        self.u(2 * (value + 1).bit_length() - 1, value + 1)

    def se(self, value: int) -> None:
        """A signed Exp-Golomb number."""
        self.ue(2 * value - 1 if value > 0 else -2 * value)

    def fill(self, bit: int) -> None:
        """Bits of this kind up to a whole byte."""
        while (self._value.bit_length() - 1) % 8:
            self.u(1, bit)

    def data(self) -> bytes:
        """What was written; must be whole bytes."""
        bits = self._value.bit_length() - 1
        return (self._value - (1 << bits)).to_bytes(bits // 8, "big")


def overwritten(data: bytes, at: int, length: int, value: int) -> bytes:
    """The same with other bits at one place: ``length`` of them from bit ``at`` on."""
    first, last = at // 8, (at + length + 7) // 8
    shift = last * 8 - at - length
    mask = ((1 << length) - 1) << shift
    part = int.from_bytes(data[first:last], "big") & ~mask | (value << shift & mask)
    return data[:first] + part.to_bytes(last - first, "big") + data[last:]
