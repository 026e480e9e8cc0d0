"""What every driver at a service port may want of its line; what came and what ended is its own. Pure."""

from __future__ import annotations

from typing import NamedTuple


class Send(NamedTuple):
    """Write these bytes to the port."""

    data: bytes


class Linked(NamedTuple):
    """There is such a device: what it says next belongs to it."""


class Rebooted(NamedTuple):
    """The device says that it starts."""


class TimedOut(NamedTuple):
    """Note in the records that a command was given up."""

    note: bytes
