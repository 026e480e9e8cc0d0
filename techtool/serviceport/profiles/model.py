"""What a profile says of a Modbus device. Immutable; :mod:`loading` makes it from a file.

A driver reads it and nothing else knows addresses: ``bus`` and ``line`` say how to talk, ``status`` what to read,
``settings`` what may be written, and ``cannot`` why the rest is not there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from techtool.serviceport.profiles.allowed import Allowed
from techtool.serviceport.profiles.common import Ability, Basis, Common, Risk
from techtool.serviceport.profiles.patterns import Pattern
from techtool.serviceport.profiles.registers import Register

NO_TEXTS: Mapping[int | str, str] = MappingProxyType({})
NO_FLAGS: Mapping[int, str] = MappingProxyType({})


class WriteWith(StrEnum):
    """Which function of Modbus writes registers."""

    AUTO = "auto"
    """06 for one register, 16 for more."""
    SINGLE = "single"
    """06 always."""
    MULTIPLE = "multiple"
    """16 always."""


class Bus(NamedTuple):
    """How to talk Modbus."""

    unit: int = 1
    """1 to 247, as the device comes."""
    timeout_ms: int = 1000
    gap_ms: int = 50
    """Silence between two requests."""
    wake: int = 0
    """How often a request is sent before the one whose answer counts."""
    max_read: int = 100
    """Registers of one request at most; Modbus ends at 125."""
    join_gap: int = 0
    """Registers between two wanted ones that may be read along."""
    write: WriteWith = WriteWith.AUTO
    blocks: tuple[Register, ...] = ()
    """Registers that the device gives only together, in one read from this address on."""


class Value(NamedTuple):
    """Something that is read."""

    name: str
    """One of :mod:`names`, or the charger's own, which has a ``label`` then."""
    register: Register
    unit: str | None = None
    label: str | None = None
    mask: int | None = None
    """Only these bits, shifted down to the first of them."""
    texts: Mapping[int | str, str] = NO_TEXTS
    """What a number, or a text, on the wire means."""
    flags: Mapping[int, str] = NO_FLAGS
    """What each bit means; bit 0 is the lowest."""
    missing: frozenset[int] = frozenset()
    """Numbers on the wire that mean that there is no value."""
    basis: Basis = Basis()


class Setting(NamedTuple):
    """Something that is written."""

    name: str
    register: Register
    risk: Risk
    unit: str | None = None
    label: str | None = None
    choices: Mapping[int, str] = NO_FLAGS
    """The only numbers that it takes, with their names; empty where ``allowed`` or the type says it."""
    allowed: Allowed | None = None
    readback: bool = True
    """Reading it tells what it is set to."""
    read_only: bool = False
    write_only: bool = False
    """It cannot be read; what becomes of a write shows elsewhere, or not at all."""
    shown_by: str | None = None
    """The status value that shows what came of a write."""
    retentive: bool | None = None
    """Whether it is kept without power; None where nobody says."""
    basis: Basis = Basis()


class Undo(StrEnum):
    """What is written at the end of a test."""

    PREVIOUS = "previous"
    """What was read before."""
    GRANT = "grant"
    DENY = "deny"


class Release(NamedTuple):
    """A way to let a car charge and to keep it from charging. No card is tested by it."""

    name: str
    register: Register
    grant: int
    deny: int
    undo: Undo
    shown_by: str | None = None
    write_only: bool = False
    basis: Basis = Basis()


class Order(NamedTuple):
    """One number that is written to have something done."""

    register: Register
    value: int
    every_ms: int | None = None
    """How often, for a heartbeat: sent only while techtool is in control, never to listen or to probe."""
    basis: Basis = Basis()


class Expected(NamedTuple):
    """What the probe must find: whole numbers between both ends, or a text that matches."""

    least: int | None = None
    most: int | None = None
    pattern: Pattern | None = None


class Detect(NamedTuple):
    """One read that tells whether this is the device. It never writes."""

    register: Register
    expected: Expected
    mask: int | None = None


@dataclass(frozen=True)
class ModbusProfile(Common):
    """A device with registers."""

    bus: Bus
    detect: Detect | None
    """None: it is used only if the technician names it."""
    info: tuple[Value, ...]
    """Read once: who it is."""
    status: tuple[Value, ...]
    """Read again and again."""
    settings: tuple[Setting, ...]
    releases: tuple[Release, ...]
    heartbeat: Order | None
    reboot: Order | None

    @property
    def abilities(self) -> tuple[Ability, ...]:
        """What it can do."""
        there = {
            Ability.STATUS: self.status,
            Ability.CONFIG: self.settings,
            Ability.AUTH: self.releases,
            Ability.REBOOT: self.reboot,
        }
        return tuple(one for one, what in there.items() if what)

    @property
    def bases(self) -> tuple[tuple[str, Basis], ...]:
        """Every part that has a basis of its own, by its place in the file."""
        named: list[tuple[str, Basis]] = [("line", self.line.basis)]
        for section, parts in (
            ("info", self.info),
            ("status", self.status),
            ("config", self.settings),
            ("auth", self.releases),
        ):
            named += [(f"{section}.{part.name}", part.basis) for part in parts]
        named += [
            (name, part.basis) for name, part in (("heartbeat", self.heartbeat), ("reboot", self.reboot)) if part
        ]
        return tuple(named)
