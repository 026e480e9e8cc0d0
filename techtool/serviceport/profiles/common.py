"""What profiles of all transports say. Immutable; :mod:`loading` makes it from a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

SCHEMA = 1
"""Of the files. One that says another number was made for another techtool."""


class Transport(StrEnum):
    """What goes over the wire."""

    MODBUS_RTU = "modbus-rtu"
    ABL_ASCII = "abl-ascii"
    """ABL's own: like Modbus ASCII, but answers begin with ``>`` and repeat the address in their first byte."""
    CONSOLE = "console"
    """Lines of text."""


class Ability(StrEnum):
    """What a technician may want of a charger."""

    STATUS = "status"
    CONFIG = "config"
    AUTH = "auth"
    """To release and to lock charging: over a service port no card is tested by this."""
    REBOOT = "reboot"
    FIRMWARE = "firmware"
    LOGS = "logs"


class Risk(StrEnum):
    """What a wrong value may do, and so how much is asked before it is written."""

    SAFE = "safe"
    """It changes what is shown."""
    SERVICE = "service"
    """The charger may not work as wanted until it is set back."""
    SAFETY = "safety"
    """Cables, fuses or people depend on it: a typed confirmation, never in a bulk import."""
    IRREVERSIBLE = "irreversible"
    """It cannot be set back from here: as ``safety``."""


DANGEROUS = frozenset({Risk.SAFETY, Risk.IRREVERSIBLE})
"""What is written only when the technician insists."""


class Basis(NamedTuple):
    """Why a number is believed."""

    source: str | None = None
    """Document and page or section; the profile's own source where there is none."""
    verified: bool = True
    """A vendor's document, the firmware's source or recorded answers say so, or several programs that cite the
    document. If not, ``note`` says what is known."""
    note: str | None = None
    """For the technician."""


class Line(NamedTuple):
    """The serial line."""

    baud: int
    format: str
    """Data bits, parity, stop bits: ``8E1``."""
    test_override: str | None = None
    """A format for pseudo terminals, which know no parity."""
    basis: Basis = Basis()


@dataclass(frozen=True)
class Common:
    """What profiles of all transports say."""

    id: str
    name: str
    """For people."""
    transport: Transport
    source: str
    """Where the numbers come from; each value may have a closer one."""
    note: str | None
    line: Line
    cannot: Mapping[Ability, str]
    """Why an ability is not there, in a sentence."""

    @property
    def protocol(self) -> str:
        """What its links are called: ``console`` or ``modbus``."""
        return "console" if self.transport is Transport.CONSOLE else "modbus"
