"""The settings of a charger as a file: the state as found is kept, and another charger brought to it. Pure."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

import tomlkit

from techtool.masking import mask_setting
from techtool.station.model import Station
from techtool.station.settings import Listed

FORMAT = 1
_CHARGER = ("identity", "vendor", "model", "serial", "firmware", "protocol")
_TABLES = ("settings", "readonly")
_MOST = 10**30
"""Greater numbers are none of a setting, and Python does not write the very long ones."""
HEAD = """\
The settings of a charger, as techtool read them. [settings] can be set, [readonly] only be compared.
{left_out}"""
NOTHING_LEFT_OUT = "Passwords are in it: keep it to yourself."
LEFT_OUT = "Passwords are left out."


class SavedError(ValueError):
    """It is no file of settings; the text says why, and where."""


class Saved(NamedTuple):
    """The settings of one charger at one time."""

    charger: Mapping[str, str]
    """``identity``, ``vendor``, ``model``, ``serial``, ``firmware``, ``protocol``, as far as they were known."""
    at: datetime | None
    settings: Mapping[str, str]
    readonly: Mapping[str, str]
    left_out: tuple[str, ...] = ()
    """Names of secrets that have a value."""

    @property
    def all(self) -> dict[str, str]:
        """Everything that has a value."""
        return {**self.readonly, **self.settings}


def saved(station: Station, listed: Listed, at: datetime, *, secrets: bool = False) -> Saved:
    """What was read, to be kept. Secrets stay out unless ``secrets`` is set."""
    make = station.make
    told = (station.identity, make.vendor, make.model, make.serial, make.firmware, station.link.protocol)
    charger = {name: value for name, value in zip(_CHARGER, told, strict=True) if value}
    there = [one for one in listed.settings if one.value is not None]
    hidden = [] if secrets else [one.name for one in there if mask_setting(one.name, one.value) != one.value]
    tables: dict[bool, dict[str, str]] = {True: {}, False: {}}
    for one in there:
        if one.name not in hidden and one.value is not None:
            tables[one.readonly][one.name] = one.value
    return Saved(charger, at.astimezone(UTC).replace(microsecond=0), tables[False], tables[True], tuple(hidden))


def text_of(kept: Saved) -> str:
    """The file."""
    document = tomlkit.document()
    told = LEFT_OUT if kept.left_out or not _has_secrets(kept) else NOTHING_LEFT_OUT
    for line in HEAD.format(left_out=told).splitlines():
        document.add(tomlkit.comment(line))
    document.add(tomlkit.nl())
    document["format"] = FORMAT
    charger = tomlkit.table()
    charger.update({name: _writable(value) for name, value in kept.charger.items()})
    if kept.at is not None:
        charger["at"] = kept.at
    charger["sha256"] = digest(kept)
    if kept.left_out:
        charger["left_out"] = [_writable(one) for one in kept.left_out]
    document["charger"] = charger
    for name in _TABLES:
        table = tomlkit.table()
        table.update({_writable(key): _writable(value) for key, value in getattr(kept, name).items()})
        document[name] = table
    return tomlkit.dumps(document)


def parse(text: str) -> Saved:
    """What a file holds. Raises SavedError."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SavedError(f"It is no TOML: {error}.") from None
    except (ValueError, RecursionError):
        raise SavedError("It is no TOML that can be read: a number is too long, or lists are too deep.") from None
    if (version := document.get("format", FORMAT)) != FORMAT:
        raise SavedError(f"Its format is {version!r}; this techtool knows {FORMAT}.")
    if "settings" not in document:
        raise SavedError("It has no table [settings].")
    settings, readonly = (_table(document, name) for name in _TABLES)
    charger = document.get("charger", {})
    if not isinstance(charger, dict):
        raise SavedError("[charger] is no table.")
    at, left_out = charger.get("at"), charger.get("left_out", [])
    return Saved(
        {name: str(charger[name]) for name in _CHARGER if name in charger},
        at if isinstance(at, datetime) else None,
        settings,
        readonly,
        tuple(map(str, left_out)) if isinstance(left_out, list) else (),
    )


def digest(kept: Saved) -> str:
    """Of the settings that can be set: two files with the same one bring a charger to the same state."""
    plain = json.dumps(dict(sorted(kept.settings.items())), separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def _table(document: Mapping[str, Any], name: str) -> dict[str, str]:
    table = document.get(name, {})
    if not isinstance(table, dict):
        raise SavedError(f"[{name}] is no table.")
    return {key: _value(name, key, value) for key, value in table.items()}


def _value(table: str, key: str, value: Any) -> str:
    """What a person writes in a file may be a number, a switch or a list: settings are text."""
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int() if abs(value) < _MOST:
            return str(value)
        case float():
            return str(value)
        case list() if all(isinstance(one, str) for one in value):
            return ",".join(value)
        case _:
            raise SavedError(f"[{table}] {key}: a value is text, a number, true or false, or a list of texts.")


def _has_secrets(kept: Saved) -> bool:
    return any(mask_setting(name, value) != value for name, value in kept.all.items())


def _writable(text: str) -> str:
    """TOML has no lone surrogates; a charger may."""
    return text.encode("utf-8", "backslashreplace").decode()
