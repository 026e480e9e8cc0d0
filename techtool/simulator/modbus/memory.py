"""The registers of a box, as its profile describes them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from techtool.serviceport.profiles.codec import RefusedError, encode
from techtool.serviceport.profiles.model import Detect, ModbusProfile, Setting, Value
from techtool.serviceport.profiles.registers import LIMITS, Register, Space, Type
from techtool.serviceport.profiles.settings import words_of, words_of_release

TEXT = "SIM-1"
_TRIED = ("16", "10", "6", "26.6", "1", "0", "100")
"""What a setting stands at: the first of these that its profile allows."""


class Memory:
    """Words by space and address; what is not there was never put."""

    def __init__(self) -> None:
        self._words: dict[tuple[Space, int], int] = {}

    def get(self, space: Space, address: int, count: int) -> list[int] | None:
        """So many words from there; None where one of them does not exist."""
        found = [self._words.get((space, at)) for at in range(address, address + count)]
        there = [one for one in found if one is not None]
        return there if len(there) == count else None

    def write(self, space: Space, address: int, words: Sequence[int]) -> bool:
        """Change words; whether all of them are there."""
        if self.get(space, address, len(words)) is None:
            return False
        self.put(space, address, words)
        return True

    def put(self, space: Space, address: int, words: Sequence[int]) -> None:
        """Set words, and have them exist from now on."""
        for at, word in enumerate(words, address):
            self._words[space, at] = int(word)

    def measure(self, value: Value, number: float) -> None:
        """Have a value say this in its unit, as near as its steps allow; each of it, where it has several."""
        register = value.register
        if register.type is Type.ASCII:
            self.put(register.space, register.address, encode(register, [TEXT[: 2 * register.count]]))
            return
        steps = 1 if register.type is Type.FLOAT32 else register.scale
        exact = round((Decimal(str(number)) - register.offset) / steps) * steps + register.offset
        self.put(register.space, register.address, encode(register, [exact] * register.count))

    def code(self, register: Register, mask: int | None, number: int) -> None:
        """Have a register say this number; of a masked one these bits, the rest stays."""
        if mask is not None:
            kept = self._whole(register) & ~mask
            number = kept | number << ((mask & -mask).bit_length() - 1)
        bare = Register(register.space, register.address, register.type, 1, register.words)
        self.put(register.space, register.address, encode(bare, [number]) * register.count)

    def _whole(self, register: Register) -> int:
        words = self.get(register.space, register.address, register.each) or [0] * register.each
        ordered = words if register.words == "big" else list(reversed(words))
        return sum(word << 16 * place for place, word in enumerate(reversed(ordered)))


def filled(profile: ModbusProfile) -> Memory:
    """A memory with everything that a profile names."""
    memory = Memory()
    for block in profile.bus.blocks:
        memory.put(block.space, block.address, [0] * block.size)
    for order in (profile.heartbeat, profile.reboot):
        if order is not None:
            memory.put(order.register.space, order.register.address, [0] * order.register.size)
    for one in profile.settings:
        memory.put(one.register.space, one.register.address, _standing(one))
    for release in profile.releases:
        memory.put(release.register.space, release.register.address, words_of_release(release, grant=True))
    for value in (*profile.info, *profile.status):
        _sample(memory, value)
    if profile.detect is not None:
        _detectable(memory, profile.detect)
    return memory


def _standing(one: Setting) -> Sequence[int]:
    if one.choices:
        return encode(one.register, [next(iter(one.choices))])
    for text in _TRIED:
        try:
            return words_of(one, text)
        except RefusedError:
            continue
    return [0] * one.register.size


def _sample(memory: Memory, value: Value) -> None:
    if value.texts or value.flags or value.mask is not None:
        first = next((one for one in value.texts if isinstance(one, int)), 0)
        memory.code(value.register, value.mask, first)
    elif value.register.type is Type.BIT:
        memory.put(value.register.space, value.register.address, [0] * value.register.count)
    else:
        memory.measure(value, float(value.register.scale + value.register.offset))


def _detectable(memory: Memory, detect: Detect) -> None:
    register, expected = detect.register, detect.expected
    if register.type is not Type.ASCII and register.type in LIMITS and expected.least is not None:
        memory.code(register, detect.mask, expected.least)
