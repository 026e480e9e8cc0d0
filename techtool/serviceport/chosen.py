"""What the technician says that is at a service port."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:  # reading profiles takes a tenth of a second
    from techtool.serviceport.profiles.library import Entry


class Chosen(NamedTuple):
    """A profile, and what the technician knows better."""

    entry: Entry
    unit: int | None = None
    """1 to 247, on a Modbus line; None for the profile's own."""


class Bare(NamedTuple):
    """A protocol in which devices say what they are, so that no profile has to."""

    protocol: str
    """``smp``."""


Choice = Chosen | Bare
