"""ABL's framing: ``:AAFF..LRC`` is asked, ``>AAFF..LRC`` is answered, each with CR LF. Pure.

Like Modbus ASCII but for the ``>``, and for the first byte of the data that is read, which repeats the low byte of
the address. Source: frames recorded at real boxes (evcc-io/evcc issues 526, 1497 and 15559).
"""

from __future__ import annotations

from techtool.serviceport.modbus.asks import Ask, Refusal, answer_of
from techtool.serviceport.modbus.framing import MOST_HELD, Packet, Piece, Sort

_BEGINS = b":>"
_DIGITS = frozenset(b"0123456789ABCDEFabcdef")
_END = 0x0A


def lrc(data: bytes) -> int:
    """What makes the sum of all bytes 0."""
    return -sum(data) & 0xFF


class AblAscii:
    """A :class:`techtool.serviceport.modbus.framing.Wire`."""

    def wrap(self, unit: int, pdu: bytes) -> bytes:
        """The frame that goes out."""
        body = bytes((unit,)) + pdu
        return b":" + (body + bytes((lrc(body),))).hex().upper().encode() + b"\r\n"

    def unwrap(self, data: bytes) -> Packet | None:
        """What stands in a line of either direction; None where it is damaged."""
        digits = data[1:-2]
        if (
            data[:1] not in (b":", b">")
            or data[-2:] != b"\r\n"
            or len(digits) % 2
            or not _DIGITS.issuperset(digits)
        ):
            return None
        told = bytes.fromhex(digits.decode("ascii"))
        if len(told) < 3 or lrc(told[:-1]) != told[-1]:
            return None
        return Packet(told[0], told[1:-1])

    def framer(self) -> Framer:
        """A framer for one opening of the port."""
        return Framer()


class Framer:
    """Cuts what comes into lines, and looks at each."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._unit = 0
        self._ask: Ask | None = None
        self._sent = b""

    def expect(self, unit: int, ask: Ask, sent: bytes, *, again: bool = False) -> None:
        """From now on answers to this are looked for."""
        self._unit, self._ask, self._sent = unit, ask, sent

    def feed(self, data: bytes) -> list[Piece]:
        """Take bytes in; the pieces that are whole now."""
        pieces: list[Piece] = []
        for byte in data:
            if byte in _BEGINS and self._held:  # a frame begins, wherever it stands
                pieces += self.flush()
            self._held.append(byte)
            if byte == _END or len(self._held) >= MOST_HELD:
                pieces += self.flush()
        return pieces

    def flush(self) -> list[Piece]:
        """What is left: half a line is none."""
        line = bytes(self._held)
        self._held.clear()
        return [self._piece(line)] if line else []

    def _piece(self, line: bytes) -> Piece:
        if line == self._sent:  # an answer begins with another sign, so this is no guess
            return Piece(Sort.ECHO, line)
        packet = ABL_ASCII.unwrap(line) if line[:1] == b">" else None
        if packet is None or self._ask is None or packet.unit != self._unit:
            return Piece(Sort.NOISE, line)
        answer = answer_of(self._ask, packet.pdu)
        if answer is None or not _repeats(self._ask, answer):
            return Piece(Sort.NOISE, line)
        return Piece(Sort.ANSWER, line, answer)


def _repeats(ask: Ask, answer: tuple[int, ...] | Refusal) -> bool:
    """Whether the data that was read begins with the low byte of its address."""
    return ask.writes or isinstance(answer, Refusal) or answer[0] >> 8 == ask.address & 0xFF


ABL_ASCII = AblAscii()
