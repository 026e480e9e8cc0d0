"""The ways to put Modbus on a serial line, by a profile's transport."""

from __future__ import annotations

from techtool.serviceport.modbus.abl import ABL_ASCII
from techtool.serviceport.modbus.framing import Packet, Wire
from techtool.serviceport.modbus.rtu import RTU
from techtool.serviceport.profiles.common import Transport

WIRES: dict[Transport, Wire] = {Transport.ABL_ASCII: ABL_ASCII, Transport.MODBUS_RTU: RTU}


def unwrap(data: bytes) -> Packet | None:
    """What stands in a frame of any of them, that of text first: a CRC of 16 bits may be right by chance."""
    packets = (wire.unwrap(data) for wire in WIRES.values())
    return next((packet for packet in packets if packet is not None), None)
