"""Which USB adapter a port is, so that it is found again when it comes back under another name."""

from __future__ import annotations

import os
from typing import NamedTuple

from serial.tools import list_ports


class Adapter(NamedTuple):
    """What is its own wherever it is plugged in. Cheap ones have no serial number, and cannot be told apart."""

    vendor: int
    product: int
    serial_number: str


def adapters() -> dict[Adapter, str]:
    """The adapters that are there now, with their devices. Blocks for some milliseconds."""
    return {
        Adapter(one.vid, one.pid, one.serial_number): one.device
        for one in list_ports.comports()
        if one.vid is not None and one.pid is not None and one.serial_number
    }


def adapter_of(device: str) -> Adapter | None:
    """The adapter of a device; None where it is none, or has no serial number. Blocks for some milliseconds."""
    real = os.path.realpath(device)
    return next((one for one, there in adapters().items() if os.path.realpath(there) == real), None)


def device_of(adapter: Adapter) -> str | None:
    """Where this adapter is now. Blocks for some milliseconds."""
    return adapters().get(adapter)
