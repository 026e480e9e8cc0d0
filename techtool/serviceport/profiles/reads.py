"""How few requests bring all values: what lies side by side is read in one. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from techtool.serviceport.profiles.model import Bus, ModbusProfile, Setting, Value
from techtool.serviceport.profiles.registers import Register, Space


@dataclass(frozen=True, slots=True)
class Read:
    """One request, and the parts of the profile that its answer is for."""

    space: Space
    address: int
    count: int
    """Registers, or bits in a space of bits."""
    wanted: tuple[Value | Setting, ...]

    def words(self, part: Value | Setting, answer: Sequence[int]) -> tuple[int, ...]:
        """The words of one part. Raises ValueError for an answer of another length than was asked for."""
        if len(answer) != self.count:
            raise ValueError(f"{self.count} words were asked for, {len(answer)} came")
        begin = part.register.address - self.address
        return tuple(int(one) for one in answer[begin : begin + part.register.size])


def reads(profile: ModbusProfile, parts: Iterable[Value | Setting] | None = None) -> tuple[Read, ...]:
    """The requests for some parts, for the status if none are given; in the order of spaces and addresses.

    What can only be written is left out. No request is longer than ``max_read``, or reads over more than
    ``join_gap`` registers that nobody wants; a block is read as a whole and alone.
    """
    wanted = profile.status if parts is None else parts
    loose: list[Value | Setting] = []
    in_block: dict[Register, list[Value | Setting]] = {}
    for part in wanted:
        if isinstance(part, Setting) and part.write_only:
            continue
        block = block_of(profile.bus, part.register)
        if block is None:
            loose.append(part)
        else:
            in_block.setdefault(block, []).append(part)
    made: list[Read] = []
    for part in sorted(loose, key=lambda one: (one.register.space, one.register.address, one.register.size)):
        joined = _joined(made[-1], part, profile.bus) if made else None
        if joined is None:
            made.append(Read(part.register.space, part.register.address, part.register.size, (part,)))
        else:
            made[-1] = joined
    made += [Read(block.space, block.address, block.size, tuple(inside)) for block, inside in in_block.items()]
    return tuple(sorted(made, key=lambda one: (one.space, one.address)))


def block_of(bus: Bus, register: Register) -> Register | None:
    """The block that a register lies in."""
    for block in bus.blocks:
        if block.space is register.space and block.address <= register.address and register.end <= block.end:
            return block
    return None


def _joined(last: Read, part: Value | Setting, bus: Bus) -> Read | None:
    register = part.register
    end = last.address + last.count
    if register.space is not last.space or register.address > end + bus.join_gap:
        return None
    count = max(end, register.end) - last.address
    if count > bus.max_read:
        return None
    return replace(last, count=count, wanted=(*last.wanted, part))
