"""What is written, out of the tables of a file: nothing without a range, a choice or a proof. Pure.

Where no risk is given it is ``safety``: what nobody thought about is asked for with care.
"""

from __future__ import annotations

from types import MappingProxyType

from techtool.serviceport.profiles import build_common as common
from techtool.serviceport.profiles.allowed import Allowed
from techtool.serviceport.profiles.build_register import Wire, register
from techtool.serviceport.profiles.codec import RefusedError, encode
from techtool.serviceport.profiles.common import Risk
from techtool.serviceport.profiles.model import Order, Release, Setting, Undo
from techtool.serviceport.profiles.registers import LIMITS, Register, Type
from techtool.serviceport.profiles.tables import Table

_FLAGS = ("readback", "read_only", "write_only", "retentive")


def setting(table: Table, name: str, wire: Wire) -> Setting | None:
    """One entry of [config]."""
    common.check_name(table, name)
    place = register(table, wire)
    unit, label = table.text("unit"), table.text("label")
    risk = table.choice("risk", Risk) or (Risk.SERVICE if "risk" in table else Risk.SAFETY)
    readback, read_only, write_only, retentive = (table.flag(key) for key in _FLAGS)
    shown_by = table.text("shown_by")
    limits = common.allowed(table)
    basis = common.basis(table)
    if place is None:
        table.raw("enum")
        table.close()
        return None
    choices = common.numbered(table, "enum", *LIMITS.get(place.type, (0, 0)))
    table.close()
    one = Setting(
        name, place, risk, unit, label, MappingProxyType(choices), limits,
        readback is not False and not write_only, bool(read_only), bool(write_only), shown_by, retentive, basis,
    )  # fmt: skip
    if readback and write_only:
        table.say("readback", "readback = true needs a register that can be read; this one is write_only.")
    _check_writable(table, place, read_only=one.read_only)
    _check_choices(table, place, choices)
    if limits is not None:
        _check_limits(table, place, limits)
    if not one.read_only:
        _check_proof(table, one)
    elif one.write_only:
        table.say("write_only", "read_only and write_only exclude each other.")
    return one


def release(table: Table, name: str, wire: Wire) -> Release | None:
    """One entry of [auth]."""
    common.check_name(table, name)
    place = register(table, wire, scaling=False)
    least, most = LIMITS.get(place.type, (0, 0)) if place is not None else (0, 2**32)
    grant, deny = table.whole("grant", least, most, needed=True), table.whole("deny", least, most, needed=True)
    undo = table.choice("undo", Undo, needed=True)
    shown_by, write_only = table.text("shown_by"), bool(table.flag("write_only"))
    basis = common.basis(table)
    table.close()
    if place is None:
        return None
    _check_writable(table, place, read_only=False)
    if grant is not None and grant == deny:
        table.say("deny", f"grant and deny are both {grant}: a test would prove nothing.")
    if undo is Undo.PREVIOUS and write_only:
        table.say("undo", 'undo = "previous" needs a register that can be read; write "grant" or "deny".')
    if grant is None or deny is None or undo is None:
        return None
    return Release(name, place, grant, deny, undo, shown_by, write_only, basis)


def order(table: Table, wire: Wire, *, repeated: bool) -> Order | None:
    """[heartbeat] or [reboot]."""
    place = register(table, wire, scaling=False)
    least, most = LIMITS.get(place.type, (0, 0)) if place is not None else (0, 2**32)
    value = table.whole("value", least, most, needed=True)
    every = table.whole("every_ms", 100, 3_600_000, needed=True) if repeated else None
    basis = common.basis(table)
    table.close()
    if place is None or value is None:
        return None
    _check_writable(table, place, read_only=False)
    return Order(place, value, every, basis)


def _check_writable(table: Table, place: Register, *, read_only: bool) -> None:
    if not place.space.writable and not read_only:
        table.say("space", f"Nothing can be written to {place.space}; coil and holding can be written.")
    if place.type is not Type.ASCII and place.count != 1:
        table.say("count", "What is written is one value; give each its own entry.")


def _check_choices(table: Table, place: Register, choices: dict[int, str]) -> None:
    if "enum" not in table:
        return
    if not place.type.whole or place.scaled:
        table.say("enum", "enum is for whole numbers without scale and offset.")
    elif not choices:
        table.say("enum", "enum has no value that fits.")
    if "allowed" in table:
        table.say("allowed", "enum and allowed exclude each other: enum has every value already.")
    seen: set[str] = set()
    for name in choices.values():
        if name.casefold() in seen:
            table.say("enum", f'enum has the name "{name[:40]}" twice; which number is meant could not be told.')
        seen.add(name.casefold())


def _check_limits(table: Table, place: Register, limits: Allowed) -> None:
    if place.type is Type.ASCII:
        table.say("allowed", "allowed is for numbers, not for a text.")
        return
    for end in dict.fromkeys(common.bounds(limits)):
        try:
            encode(place, [end])
        except RefusedError as error:
            table.say("allowed", f"allowed has {end:f}, which cannot be written: {error}")


def _check_proof(table: Table, one: Setting) -> None:
    tried = "enum" in table or "allowed" in table  # what is wrong with them is told already
    ranged = bool(one.choices) or one.allowed is not None or one.register.type is Type.BIT
    if not ranged and not one.readback and one.shown_by is None and not tried:
        text = f"{table.name} could be set to anything and nobody would see it: add allowed, enum or shown_by."
        table.say(None, text)
    elif not ranged and one.risk in (Risk.SAFETY, Risk.IRREVERSIBLE) and not tried:
        text = f"{table.name} is of risk {one.risk} (which it is if it says none) and needs allowed or enum."
        table.say(None, text)
