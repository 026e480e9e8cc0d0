"""The ways to put Modbus on a serial line, by a profile's transport."""

from __future__ import annotations

from techtool.serviceport.modbus.framing import Packet, Wire
from techtool.serviceport.modbus.rtu import RTU
from techtool.serviceport.profiles.common import Transport

WIRES: dict[Transport, Wire] = {Transport.MODBUS_RTU: RTU}


def unwrap(data: bytes) -> Packet | None:
    """What stands in a frame of any of them."""
    packets = (wire.unwrap(data) for wire in WIRES.values())
    return next((packet for packet in packets if packet is not None), None)
