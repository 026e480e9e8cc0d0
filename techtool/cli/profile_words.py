"""A profile in words, for ``techtool profile show``. Pure."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from techtool.serviceport.profiles import settings
from techtool.serviceport.profiles.common import Basis
from techtool.serviceport.profiles.console import Ask, ConsoleProfile
from techtool.serviceport.profiles.library import Entry, Origin
from techtool.serviceport.profiles.lines import range_words
from techtool.serviceport.profiles.loading import Profile
from techtool.serviceport.profiles.model import ModbusProfile, Release, Setting, Value
from techtool.serviceport.profiles.registers import Register, Type

WIDTH = 100
_ORIGINS = {Origin.SHIPPED: "comes with techtool", Origin.OWN: "your own", Origin.FILE: "a file"}


def lines(entry: Entry) -> Iterator[str]:
    """The lines of a profile."""
    profile = entry.profile
    yield f"{profile.id}  {profile.name}"
    yield from _told(f"{_ORIGINS[entry.origin]}: {entry.file}", "  ")
    if entry.note:
        yield from _told(entry.note, "  ")
    yield from _told(f"source: {profile.source}", "  ")
    if profile.note:
        yield from _told(profile.note, "  ")
    yield ""
    yield f"line       {_line(profile)}"
    yield from _basis(profile.line.basis)
    if isinstance(profile, ModbusProfile):
        yield from _modbus(profile)
    else:
        yield from _console(profile)
    if profile.cannot:
        yield ""
    for ability, reason in profile.cannot.items():
        yield from _told(f"no {ability}: {reason}", "")
    unsure = [place for place, basis in profile.bases if not basis.verified]
    if unsure:
        yield ""
        yield from _told(f"Not verified, see their notes: {', '.join(unsure)}.", "")


def place(register: Register) -> str:
    """Where it is: ``input 6 x3 u16``; in hexadecimal, too, as many manuals have it."""
    count = f" x{register.count}" if register.count > 1 and register.type is not Type.ASCII else ""
    text = f" {2 * register.count} characters" if register.type is Type.ASCII else ""
    return f"{register.space} {register.address} (0x{register.address:04X}){count} {register.type}{text}"


def _line(profile: Profile) -> str:
    words = f"{profile.transport}, {profile.line.baud} baud, {profile.line.format}"
    if isinstance(profile, ModbusProfile):
        words += f", unit {profile.bus.unit}"
        words += f", everything sent {profile.bus.wake + 1} times" if profile.bus.wake else ""
    return words


def _modbus(profile: ModbusProfile) -> Iterator[str]:
    for title, values in (("who it is", profile.info), ("status", profile.status)):
        yield from _section(title, values)
        for value in values:
            yield from _value(value)
    yield from _section("settings", profile.settings)
    for setting in profile.settings:
        yield from _setting(setting)
    yield from _section("release (no card is tested by it)", profile.releases)
    for release in profile.releases:
        yield from _release(release)
    for title, order in (("heartbeat", profile.heartbeat), ("reboot", profile.reboot)):
        if order is not None:
            every = f" every {order.every_ms} ms, while techtool is in control" if order.every_ms else ""
            yield from ("", f"{title:<10} {order.value} to {place(order.register)}{every}")
            yield from _basis(order.basis)


def _section(title: str, parts: tuple[object, ...]) -> Iterator[str]:
    if parts:
        yield ""
        yield title


def _value(value: Value) -> Iterator[str]:
    unit = f" in {value.unit}" if value.unit else ""
    yield f"  {value.name:<22} {place(value.register)}{unit}{_label(value.label)}"
    yield from _basis(value.basis)


def _setting(one: Setting) -> Iterator[str]:
    access = ", read only" if one.read_only else ", cannot be read" if one.write_only else ""
    proof = f", shown by {one.shown_by}" if one.shown_by else ""
    yield f"  {one.name:<22} {place(one.register)}, {one.risk}{access}{proof}{_label(one.label)}"
    if not one.read_only:
        yield from _told(f"takes {settings.range_words(one)}", " " * 25)
    yield from _basis(one.basis)


def _release(one: Release) -> Iterator[str]:
    yield f"  {one.name:<22} {place(one.register)}: {one.grant} lets charge, {one.deny} does not"
    yield f"{'':<25}afterwards: {one.undo}" + (f", shown by {one.shown_by}" if one.shown_by else "")
    yield from _basis(one.basis)


def _console(profile: ConsoleProfile) -> Iterator[str]:
    for title, asks in (("who it is", profile.info), ("status", profile.status)):
        yield from _section(title, asks)
        for ask in asks:
            yield from _ask(ask)
    yield from _section("settings", profile.settings)
    for one in profile.settings:
        yield f"  {one.key:<22} {one.risk}{_label(one.label)}"
        yield from _told(f"takes {range_words(one)}", " " * 25)
        yield from _basis(one.basis)
    if (loader := profile.firmware) is not None:
        started = f", started by typing {loader.send!r}" if loader.send else ""
        said = f", taken when it says {loader.done.pattern}" if loader.done is not None else ""
        yield from ("", f"firmware   {loader.variant}{started}{said}")
        yield from _basis(loader.basis)
    if (reboot := profile.reboot) is not None:
        yield from ("", f"reboot     by typing {reboot.send!r}")
        yield from _basis(reboot.basis)


def _ask(ask: Ask) -> Iterator[str]:
    unit = f" in {ask.unit}" if ask.unit else ""
    yield f"  {ask.name:<22} type {ask.send!r}, look for {ask.pattern.pattern}{unit}{_label(ask.label)}"
    yield from _basis(ask.basis)


def _label(label: str | None) -> str:
    return f": {label}" if label else ""


def _basis(basis: Basis) -> Iterator[str]:
    indent = " " * 25
    if not basis.verified:
        yield from _told(f"NOT VERIFIED. {basis.note or ''}", indent)
    elif basis.note:
        yield from _told(basis.note, indent)
    if basis.source:
        yield from _told(f"source: {basis.source}", indent)


def _told(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent) or [indent]
