"""From what is at a service port to what opens it: line and driver. The commands and the screens share it.

Reading profiles takes a tenth of a second: whoever must not wait calls this in a thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from techtool.serviceport.chosen import Bare, Chosen
from techtool.serviceport.formats import format_there

if TYPE_CHECKING:  # pyserial and the profiles take time, which `techtool --help` need not wait for
    from techtool.serviceport.chosen import Choice
    from techtool.serviceport.modbus.scanning import Scan
    from techtool.serviceport.profiles.library import Entry
    from techtool.serviceport.traits import Trait

BAUD = 115_200
FORMAT = "8N1"
SMP = "smp"
OPENEVSE = "openevse"


class Speed(NamedTuple):
    """How a serial line goes."""

    baud: int = BAUD
    format: str = FORMAT


class Opening(NamedTuple):
    """How a port is opened, and what is there."""

    speed: Speed
    chosen: Choice | None
    """None for an OpenEVSE."""


def speed_of(device: str, chosen: Choice | None, baud: int | None = None, format: str | None = None) -> Speed:
    """What is said, or else what the profile says; of what has no profile, the usual."""
    if not isinstance(chosen, Chosen):
        return Speed(baud or BAUD, format or FORMAT)
    line = chosen.entry.profile.line
    return Speed(baud or line.baud, format_there(device, format or line.format, line.test_override))


def by_profile(
    device: str, entry: Entry, *, baud: int | None = None, unit: int | None = None, format: str | None = None
) -> Opening:
    """A device of this profile, with what is known better."""
    chosen = Chosen(entry, unit)
    return Opening(speed_of(device, chosen, baud, format), chosen)


def by_trait(device: str, trait: Trait, baud: int | None = None) -> Opening | None:
    """What was found by a look at a port at this speed; None where no profile says how to go on.

    An own profile takes the place of the one that comes with techtool. Raises UnknownProfile and ProfileError.
    """
    if trait.protocol == OPENEVSE:
        return Opening(Speed(baud or BAUD), None)
    if trait.protocol == SMP:
        return Opening(Speed(baud or BAUD), Bare(SMP))
    if trait.profile is None:
        return None
    from techtool.serviceport.profiles.library import named

    entry, where = named(trait.profile), trait.where
    if where is None:  # it was understood at the speed of the look, whatever the profile says
        return by_profile(device, entry, baud=baud or BAUD)
    return by_profile(device, entry, **where._asdict())


def scan_of(units: Sequence[int]) -> Scan:
    """The boxes of all profiles, the technician's own among them, as units of an RS-485 line."""
    from techtool.serviceport.modbus.scanning import Scan
    from techtool.serviceport.profiles.library import all_profiles
    from techtool.serviceport.profiles.model import ModbusProfile

    profiles = [one.profile for one in all_profiles().entries]
    return Scan([one for one in profiles if isinstance(one, ModbusProfile)], units)
