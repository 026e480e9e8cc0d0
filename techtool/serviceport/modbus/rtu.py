"""Modbus RTU: unit, function, data, CRC-16. Pure.

The standard ends a frame by silence, which no USB adapter keeps. What is asked tells how long its answer is, so it
is looked for as such, wherever it begins; nothing else is believed.
"""

from __future__ import annotations

from pymodbus.framer.rtu import FramerRTU

from techtool.serviceport.modbus.asks import REFUSED, Ask, answer_of, size_of_answer
from techtool.serviceport.modbus.framing import MOST_HELD, Echoes, Packet, Piece, Sort

_AROUND = 3
"""Bytes of unit and checksum."""


class Rtu:
    """A :class:`techtool.serviceport.modbus.framing.Wire`."""

    def wrap(self, unit: int, pdu: bytes) -> bytes:
        """The frame that goes out."""
        body = bytes((unit,)) + pdu
        return body + FramerRTU.compute_CRC(body).to_bytes(2, "big")

    def unwrap(self, data: bytes) -> Packet | None:
        """What stands in a frame; None where the checksum is wrong."""
        if len(data) < _AROUND + 1 or not FramerRTU.check_CRC(data[:-2], int.from_bytes(data[-2:], "big")):
            return None
        return Packet(data[0], data[1:-2])

    def framer(self) -> Framer:
        """A framer for one opening of the port."""
        return Framer()


class Framer:
    """Looks for the answer to what was asked last, and for its echo."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._echoes = Echoes()
        self._unit = 0
        self._ask: Ask | None = None
        self._sent = b""

    def expect(self, unit: int, ask: Ask, sent: bytes, *, again: bool = False) -> None:
        """From now on answers to this are looked for."""
        self._unit, self._ask, self._sent = unit, ask, sent
        self._echoes.sent(ask, again=again)

    def feed(self, data: bytes) -> list[Piece]:
        """Take bytes in; the pieces that are whole now."""
        self._held += data
        return self._cut(last=False)

    def flush(self) -> list[Piece]:
        """What is left: half a frame may hide a whole one behind it."""
        return self._cut(last=True)

    def _cut(self, *, last: bool) -> list[Piece]:
        pieces: list[Piece] = []
        held = self._held
        at = 0
        while (at := held.find(self._unit, at)) >= 0:
            found = self._look(bytes(held[at : at + 2 * MOST_HELD]))
            if found is None or (found.sort is Sort.NOISE and last):
                at += 1
            elif found.sort is Sort.NOISE:
                break  # it may yet become a frame
            else:
                if at:
                    pieces.append(Piece(Sort.NOISE, bytes(held[:at])))
                pieces.append(found)
                del held[: at + len(found.data)]
                at = 0
        done = len(held) if at < 0 else at
        if done and (last or done >= MOST_HELD):
            pieces.append(Piece(Sort.NOISE, bytes(held[:done])))
            del held[:done]
        return pieces

    def _look(self, data: bytes) -> Piece | None:
        """What begins here: an echo, an answer, noise where that is not known yet, None where it is nothing."""
        ask = self._ask
        if ask is None:
            return None
        if data.startswith(self._sent) and self._echoes.is_one():
            return Piece(Sort.ECHO, self._sent)
        size = self._size(ask, data)
        waits = self._sent.startswith(data) or size is None
        if size:
            waits = waits or len(data) < size
            packet = RTU.unwrap(data[:size]) if len(data) >= size else None
            answer = answer_of(ask, packet.pdu) if packet is not None else None
            if answer is not None:
                self._echoes.answered()
                return Piece(Sort.ANSWER, data[:size], answer)
        return Piece(Sort.NOISE, b"") if waits else None

    def _size(self, ask: Ask, data: bytes) -> int | None:
        """How long an answer is that begins like this; 0 if none does, None where it is too short to tell."""
        if len(data) < 3:
            function = data[1] if len(data) > 1 else ask.function
            return None if function & ~REFUSED == ask.function else 0
        if data[1] == ask.function | REFUSED:
            return _AROUND + 2
        size = size_of_answer(ask)
        right = data[1] == ask.function and (ask.writes or data[2] == size - 2)
        return _AROUND + size if right else 0


RTU = Rtu()
