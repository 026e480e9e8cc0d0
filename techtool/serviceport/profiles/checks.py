"""What only shows when the parts of a Modbus profile are seen together. Pure."""

from __future__ import annotations

from typing import NamedTuple

from techtool.serviceport.profiles.model import ModbusProfile, Setting, Value
from techtool.serviceport.profiles.reads import block_of
from techtool.serviceport.profiles.registers import ADDRESSES, Register
from techtool.serviceport.profiles.tables import Table, nearest


class _Place(NamedTuple):
    """A register with who uses it."""

    register: Register
    number: int
    """In the order of the sections."""
    section: str
    name: str
    view: bool
    """It shows a part of the register, or gives it words: another view beside it makes sense."""

    @property
    def where(self) -> str:
        return f"[{self.section}.{self.name}]"


def check(profile: ModbusProfile, file: Table) -> None:
    """Tell of overlaps, blocks that do not fit, and names that lead nowhere."""
    places = _places(profile)
    _check_overlaps(places, file)
    _check_blocks(profile, places, file)
    known = [one.name for one in profile.status]
    for section, part, shown_by in [
        *(("config", one.name, one.shown_by) for one in profile.settings),
        *(("auth", one.name, one.shown_by) for one in profile.releases),
    ]:
        if shown_by is not None and shown_by not in known:
            near = nearest(shown_by, known) or f"; there are: {', '.join(known) or 'none'}."
            table = file.at(section, part)
            table.say("shown_by", f'shown_by names "{shown_by[:40]}", which is no value of [status]{near}')


def _places(profile: ModbusProfile) -> list[_Place]:
    sections: tuple[tuple[str, tuple[Value | Setting, ...]], ...] = (
        ("info", profile.info),
        ("status", profile.status),
        ("config", profile.settings),
    )
    parts = [(section, one.name, one.register, _is_view(one)) for section, ones in sections for one in ones]
    parts += [("auth", one.name, one.register, False) for one in profile.releases]
    return [
        _Place(place, number, section, name, view) for number, (section, name, place, view) in enumerate(parts)
    ]


def _is_view(one: Value | Setting) -> bool:
    return isinstance(one, Value) and (one.mask is not None or bool(one.texts) or bool(one.flags))


def _check_overlaps(places: list[_Place], file: Table) -> None:
    open_: list[_Place] = []
    for one in sorted(places, key=lambda place: (place.register.space, place.register.address, place.number)):
        open_ = [
            other
            for other in open_
            if other.register.space is one.register.space and other.register.end > one.register.address
        ][:20]
        for other in open_:
            first, later = sorted((one, other), key=lambda place: place.number)
            text = _clash(first, later)
            if text is not None:
                file.at(later.section, later.name).say("address", text)
        open_.append(one)


def _clash(first: _Place, later: _Place) -> str | None:
    a, b = first.register, later.register
    if (a.address, a.size) != (b.address, b.size):
        return f"{later.where} ({_span(b)}) overlaps {first.where} ({_span(a)}); one of them is wrong."
    if first.section == later.section and not (first.view and later.view):
        what = f"{later.where} has the same {a.space} {a.address} as {first.where}"
        return f"{what}; both may look at it only if each has a mask, map or flags."
    return None


def _span(register: Register) -> str:
    last = register.end - 1
    return f"{register.space} {register.address}" + (f" to {last}" if last > register.address else "")


def _check_blocks(profile: ModbusProfile, places: list[_Place], file: Table) -> None:
    for number, block in enumerate(profile.bus.blocks):
        table = file.at("modbus", "blocks", number)
        met = [one for one in places if _meets(one.register, block)]
        if not met:
            table.say(None, f"No value lies in the block of {_span(block)}; take it out.")
        if block.end > ADDRESSES or block.size > profile.bus.max_read:
            text = f"The block of {_span(block)} is longer than a read, or runs beyond the last address."
            table.say("count", text)
        for place in met:
            if block_of(profile.bus, place.register) is None:
                what = f"{place.where} ({_span(place.register)}) lies partly in the block of {_span(block)}"
                file.at(place.section, place.name).say("address", f"{what}; widen the block.")


def _meets(register: Register, block: Register) -> bool:
    return register.space is block.space and register.address < block.end and block.address < register.end
