"""A Modbus profile out of the tables of a file. Pure."""

from __future__ import annotations

from techtool.serviceport.profiles import build_common as common
from techtool.serviceport.profiles.build_register import COUNT, Wire
from techtool.serviceport.profiles.build_settings import order, release, setting
from techtool.serviceport.profiles.build_values import detect, value
from techtool.serviceport.profiles.checks import check
from techtool.serviceport.profiles.common import Transport
from techtool.serviceport.profiles.model import Bus, ModbusProfile, Release, Setting, Value, WriteWith
from techtool.serviceport.profiles.names import INFO, STATUS
from techtool.serviceport.profiles.registers import ADDRESSES, Register, Space, WordOrder
from techtool.serviceport.profiles.tables import Table


def build(file: Table, head: common.Head) -> ModbusProfile | None:
    """The profile; what is wrong is told, and the profile is not to be used then."""
    line = common.line(file)
    bus, wire = _bus(file, head.transport)
    found = file.table("detect")
    info = _values(file, "info", INFO, wire)
    status = _values(file, "status", STATUS, wire)
    settings: list[Setting] = []
    for name, table in _children(file, "config"):
        one = setting(table, name, wire)
        settings += [one] if one is not None else []
    releases: list[Release] = []
    for name, table in _children(file, "auth"):
        grant = release(table, name, wire)
        releases += [grant] if grant is not None else []
    beat, restart = file.table("heartbeat"), file.table("reboot")
    detected = detect(found, wire) if found is not None else None
    heartbeat = order(beat, wire, repeated=True) if beat is not None else None
    reboot = order(restart, wire, repeated=False) if restart is not None else None
    reasons = common.cannot(file)
    file.close()
    if line is None:
        return None
    profile = ModbusProfile(
        head.id, head.name, head.transport, head.source, head.note, line, reasons, bus, detected,
        tuple(info), tuple(status), tuple(settings), tuple(releases), heartbeat, reboot,
    )  # fmt: skip
    check(profile, file)
    return profile


def _values(file: Table, section: str, known: dict[str, str | None], wire: Wire) -> list[Value]:
    made = [value(table, name, known, wire) for name, table in _children(file, section)]
    return [one for one in made if one is not None]


def _children(file: Table, section: str) -> list[tuple[str, Table]]:
    table = file.table(section)
    return table.children() if table is not None else []


def _bus(file: Table, transport: Transport) -> tuple[Bus, Wire]:
    table = file.table("modbus")
    fallback = Bus()
    if table is None:
        return fallback, Wire(transport, WordOrder.BIG, fallback.max_read)
    unit, timeout = table.whole("unit", 1, 247), table.whole("timeout_ms", 10, 60_000)
    gap, wake = table.whole("gap_ms", 0, 10_000), table.whole("wake", 0, 5)
    longest, join = table.whole("max_read", 1, COUNT), table.whole("join_gap", 0, COUNT)
    write, words = table.choice("write", WriteWith), table.choice("words", WordOrder)
    bus = Bus(
        unit if unit is not None else fallback.unit,
        timeout if timeout is not None else fallback.timeout_ms,
        gap if gap is not None else fallback.gap_ms,
        wake or 0,
        longest if longest is not None else fallback.max_read,
        join or 0,
        write or fallback.write,
        tuple(_blocks(table)),
    )
    table.close()
    return bus, Wire(transport, words or WordOrder.BIG, bus.max_read)


def _blocks(table: Table) -> list[Register]:
    made: list[Register] = []
    for one in table.tables("blocks"):
        space = one.choice("space", Space, needed=True)
        address = one.whole("address", 0, ADDRESSES - 1, needed=True)
        count = one.whole("count", 1, COUNT, needed=True)
        one.close()
        if space is not None and address is not None and count is not None:
            made.append(Register(space, address, count=count))
    return made
