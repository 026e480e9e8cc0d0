"""A profile as the JSON of ``techtool profile show --json``. Pure."""

from __future__ import annotations

from typing import Any

from techtool.serviceport.profiles import lines, settings
from techtool.serviceport.profiles.common import Basis
from techtool.serviceport.profiles.console import Ask, ConsoleProfile
from techtool.serviceport.profiles.loading import Profile
from techtool.serviceport.profiles.model import ModbusProfile, Order, Setting, Value
from techtool.serviceport.profiles.registers import Register


def document(profile: Profile) -> dict[str, Any]:
    """Line, values, settings and releases, each with its place and its basis."""
    told = {
        "about": profile.note,
        "line": {**_fields(profile.line, "baud", "format"), **_basis(profile.line.basis)},
    }
    return {**told, **(_modbus(profile) if isinstance(profile, ModbusProfile) else _console(profile))}


def _modbus(profile: ModbusProfile) -> dict[str, Any]:
    return {
        "unit": profile.bus.unit,
        "info": [_value(one) for one in profile.info],
        "status": [_value(one) for one in profile.status],
        "settings": [_setting(one) for one in profile.settings],
        "auth": [
            {
                **_fields(one, "name", "grant", "deny", "shown_by"),
                "undo": one.undo.value,
                **_place(one.register),
                **_basis(one.basis),
            }
            for one in profile.releases
        ],
        "heartbeat": _order(profile.heartbeat),
        "reboot": _order(profile.reboot),
    }


def _console(profile: ConsoleProfile) -> dict[str, Any]:
    return {
        "info": [_ask(one) for one in profile.info],
        "status": [_ask(one) for one in profile.status],
        "settings": [
            {
                "name": one.key,
                **_fields(one, "label", "unit"),
                "risk": one.risk.value,
                "takes": lines.range_words(one),
                **_basis(one.basis),
            }
            for one in profile.settings
        ],
        "reboot": {**_fields(profile.reboot, "send"), **_basis(profile.reboot.basis)} if profile.reboot else None,
    }


def _value(one: Value) -> dict[str, Any]:
    return {
        **_fields(one, "name", "label", "unit", "mask"),
        **_place(one.register),
        "map": {str(number): text for number, text in one.texts.items()},
        "flags": {str(bit): text for bit, text in one.flags.items()},
        **_basis(one.basis),
    }


def _setting(one: Setting) -> dict[str, Any]:
    return {
        **_fields(one, "name", "label", "unit", "readback", "read_only", "write_only", "shown_by", "retentive"),
        **_place(one.register),
        "risk": one.risk.value,
        "takes": None if one.read_only else settings.range_words(one),
        **_basis(one.basis),
    }


def _ask(one: Ask) -> dict[str, Any]:
    told = {"type": one.kind.value, "match": one.pattern.pattern, "map": dict(one.texts)}
    return {**_fields(one, "name", "label", "unit", "send"), **told, **_basis(one.basis)}


def _order(one: Order | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {**_fields(one, "value", "every_ms"), **_place(one.register), **_basis(one.basis)}


def _place(register: Register) -> dict[str, Any]:
    return {
        "space": register.space.value,
        "address": register.address,
        "type": register.type.value,
        "count": register.count,
        "words": register.words.value,
        "scale": float(register.scale),
        "offset": float(register.offset),
    }


def _basis(basis: Basis) -> dict[str, Any]:
    return _fields(basis, "source", "verified", "note")


def _fields(one: object, *names: str) -> dict[str, Any]:
    return {name: getattr(one, name) for name in names}
