"""What is asked of a Modbus device, and what it answers: what RTU and ASCII frames have inside. Pure.

Source: MODBUS Application Protocol Specification V1.1b3. pymodbus makes the bytes.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from pymodbus.exceptions import ModbusException
from pymodbus.pdu.bit_message import (
    ReadCoilsRequest,
    ReadCoilsResponse,
    ReadDiscreteInputsRequest,
    WriteMultipleCoilsRequest,
    WriteSingleCoilRequest,
)
from pymodbus.pdu.pdu import ModbusPDU
from pymodbus.pdu.register_message import (
    ReadHoldingRegistersRequest,
    ReadHoldingRegistersResponse,
    ReadInputRegistersRequest,
    WriteMultipleRegistersRequest,
    WriteSingleRegisterRequest,
)

from techtool.serviceport.profiles.registers import Space

MOST_WORDS = 125
"""Registers of one read."""
MOST_BITS = 2000
MOST_WRITTEN = 123
"""Registers of one write."""
MOST_BITS_WRITTEN = 1968
REFUSED = 0x80
"""Added to the function of an answer that refuses."""
ABSENT = frozenset({1, 2, 3})
"""Refusals that will be the same the next time: there is no such thing."""
_READS: dict[Space, type[ModbusPDU]] = {
    Space.COIL: ReadCoilsRequest,
    Space.DISCRETE: ReadDiscreteInputsRequest,
    Space.HOLDING: ReadHoldingRegistersRequest,
    Space.INPUT: ReadInputRegistersRequest,
}
_SPACES = {made.function_code: space for space, made in _READS.items()}
_WRITES: dict[int, tuple[Space, type[ModbusPDU]]] = {
    5: (Space.COIL, WriteSingleCoilRequest),
    6: (Space.HOLDING, WriteSingleRegisterRequest),
    15: (Space.COIL, WriteMultipleCoilsRequest),
    16: (Space.HOLDING, WriteMultipleRegistersRequest),
}
_EXCEPTIONS = {
    1: "it does not know this function (1)",
    2: "it has no such address (2)",
    3: "it does not take this value, or not so many (3)",
    4: "it failed at it (4)",
    5: "it has begun, and needs time (5)",
    6: "it is busy (6)",
    7: "it cannot do that (7)",
    8: "its memory is damaged (8)",
    10: "a gateway on the way has no path to it (10)",
    11: "a gateway on the way got no answer from it (11)",
}


@dataclass(frozen=True, slots=True)
class Ask:
    """One request: a read, or a write where it has values."""

    space: Space
    address: int
    """0 to 65535."""
    count: int = 1
    """Registers, or bits in a space of bits."""
    values: tuple[int, ...] = ()
    """What is written: 0 to 65535 each, of coils 0 or 1."""
    together: bool = False
    """A single value goes out with the function for many, too."""

    @property
    def writes(self) -> bool:
        """Whether it changes something at the device."""
        return bool(self.values)

    @property
    def function(self) -> int:
        """Modbus's number for it."""
        if not self.writes:
            return _READS[self.space].function_code
        many = self.together or len(self.values) > 1
        return (15 if many else 5) if self.space is Space.COIL else (16 if many else 6)

    @property
    def words(self) -> str:
        """For people: ``read of input 5 to 18``."""
        end = f" to {self.address + self.count - 1}" if self.count > 1 else ""
        return f"{'write' if self.writes else 'read'} of {self.space} {self.address}{end}"


@dataclass(frozen=True, slots=True)
class Refusal:
    """The device said no; Modbus calls it an exception. No tuple: it is no words that were read."""

    code: int

    @property
    def words(self) -> str:
        """Why, as the end of a sentence."""
        return _EXCEPTIONS.get(self.code, f"it gives a reason that Modbus does not know ({self.code})")


Answer = tuple[int, ...] | Refusal
"""The words or bits that were read or written, or the refusal."""


def pdu_of(ask: Ask) -> bytes:
    """The request without unit and checksum. Raises ValueError for what Modbus cannot ask."""
    most = MOST_BITS if ask.space.of_bits else MOST_WORDS
    if ask.writes:
        most = MOST_BITS_WRITTEN if ask.space.of_bits else MOST_WRITTEN
        if not ask.space.writable or len(ask.values) != ask.count:
            raise ValueError(f"{ask.words}: it cannot be written like that")
    if not 0 <= ask.address <= 0xFFFF or not 1 <= ask.count <= most or ask.address + ask.count > 0x10000:
        raise ValueError(f"{ask.words}: addresses go from 0 to 65535, and {most} at once is the most")
    return bytes((ask.function,)) + _made(ask).encode()


def ask_of(pdu: bytes) -> Ask | None:
    """The reverse of :func:`pdu_of`; None for what techtool never asks."""
    function = pdu[0] if pdu else 0
    try:
        if function in _SPACES:
            read = _READS[_SPACES[function]]()
            read.decode(pdu[1:])
            return Ask(_SPACES[function], read.address, read.count)
        if function in _WRITES:
            space, kind = _WRITES[function]
            write = kind()
            write.decode(pdu[1:])
            told = write.bits if space is Space.COIL else write.registers
            values = tuple(int(one) for one in told)
            return Ask(space, write.address, len(values), values, function > 6) if values else None
    except (ModbusException, ValueError, IndexError, struct.error):
        return None
    return None


def size_of_answer(ask: Ask) -> int:
    """Bytes of the answer that refuses nothing, without unit and checksum."""
    return 5 if ask.writes else 2 + _data(ask)


def answer_of(ask: Ask, pdu: bytes) -> Answer | None:
    """What this says to what was asked; None where it is no answer to it."""
    if len(pdu) == 2 and pdu[0] == ask.function | REFUSED:
        return Refusal(pdu[1])
    if len(pdu) != size_of_answer(ask) or pdu[0] != ask.function:
        return None
    if ask.writes:
        return _written(ask, pdu)
    if pdu[1] != _data(ask):
        return None
    response = ReadCoilsResponse() if ask.space.of_bits else ReadHoldingRegistersResponse()
    response.decode(pdu[1:])
    told = response.bits[: ask.count] if ask.space.of_bits else response.registers
    return tuple(int(one) for one in told)


def _written(ask: Ask, pdu: bytes) -> Answer | None:
    address, more = struct.unpack(">HH", pdu[1:])
    if address != ask.address:
        return None
    if ask.function in (5, 6):
        return (int(bool(more)) if ask.function == 5 else more,)  # some tell what they made of it
    return ask.values if more == ask.count else None


def _data(ask: Ask) -> int:
    return (ask.count + 7) // 8 if ask.space.of_bits else 2 * ask.count


def _made(ask: Ask) -> ModbusPDU:
    if not ask.writes:
        return _READS[ask.space](address=ask.address, count=ask.count)
    kind = _WRITES[ask.function][1]
    if ask.space is Space.COIL:
        return kind(address=ask.address, bits=[bool(one) for one in ask.values])
    return kind(address=ask.address, registers=list(ask.values))
