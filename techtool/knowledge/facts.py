"""What is known of settings: 1.6's configuration keys, 2.x's variables, and the makes' own, as data files."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import NamedTuple

GENERIC = "<generic>"
"""Stands for any component: what a variable of this name is wherever it is found."""
VERSIONS = ("1.6", "2.0.1", "2.1")


class Shape(StrEnum):
    """What a value is."""

    TEXT = "text"
    PASSWORD = "password"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    DECIMAL = "decimal"
    CHOICE = "choice"  # one of the members
    LIST = "list"  # some of the members, in any order
    SEQUENCE = "sequence"  # some of the members, and their order counts
    TIME = "time"  # a date and time
    OFFSET = "offset"  # +01:00
    JSON = "json"


class Access(StrEnum):
    """What may be done with it."""

    READ = "R"
    WRITE = "W"  # it can be set, and nobody can ask for it
    BOTH = "RW"
    EITHER = "R/RW"  # the charger tells whether it can be set
    UNTOLD = ""


class Fact(NamedTuple):
    """A setting, as the standard or its make has it."""

    name: str
    """A key, or ``Component/Variable[instance]``. ``<n>`` and the like stand for what differs."""
    versions: tuple[str, ...]
    meaning: str
    """Empty where only the name is known."""
    shape: Shape
    access: Access
    unit: str
    least: Decimal | None
    """Of a number; of a text how many characters."""
    most: Decimal | None
    usual: tuple[Decimal, Decimal] | None
    """Between these a number makes sense, though the standard allows more."""
    members: tuple[str, ...]
    """What it may be, or its items; ``@`` and a name stands for a list that differs between versions."""
    format: str
    """A regular expression that a text, or each item of a list, must match; empty for any."""
    reboot: str
    """``no``, ``sometimes``, ``often``, or ``reconnects``; empty where that is not known."""
    profile: str
    required: str
    advice: str
    example: str
    make: str | None
    """None for what the standard has."""
    sure: str
    """Of a make's own: how sure this is."""
    source: str

    @property
    def component(self) -> str:
        """The part before the slash; empty for a key."""
        return self.name.rpartition("/")[0]

    def members_in(self, version: str) -> tuple[str, ...]:
        """What it may be in this version; none where that is not limited, or not known."""
        if self.members[:1] == ("@measurand",) or self.members[:1] == ("@format",):
            return _members().get((self.members[0][1:], version), ())
        return self.members


@cache
def keys() -> tuple[Fact, ...]:
    """The keys of OCPP 1.6."""
    return tuple(_fact(row, row["name"], ("1.6",)) for row in _rows("keys-1.6.csv"))


@cache
def variables() -> tuple[Fact, ...]:
    """The variables of OCPP 2.0.1 and 2.1, by component; those of ``<generic>`` may be anywhere."""
    return tuple(
        _fact(row, named(row["component"], row["variable"], row["instance"]), tuple(row["versions"].split(",")))
        for row in _rows("variables-2.x.csv")
    )


@cache
def own_keys() -> tuple[Fact, ...]:
    """The makes' own. Whether one is right for a charger, only the charger can tell."""
    return tuple(
        _fact(row, row["name"], VERSIONS[1:] if "/" in row["name"] else VERSIONS[:1])
        for row in _rows("vendor-keys.csv")
    )


def named(component: str, variable: str, instance: str | None = None) -> str:
    """How techtool writes a variable."""
    return f"{component}/{variable}" + (f"[{instance}]" if instance else "")


def _rows(file: str) -> Iterator[dict[str, str]]:
    text = resources.files("techtool.knowledge").joinpath("data", file).read_text(encoding="utf-8")
    return csv.DictReader(text.splitlines())


def _fact(row: dict[str, str], name: str, versions: tuple[str, ...]) -> Fact:
    usual = row.get("usual", "").split("..")
    return Fact(
        name,
        versions,
        row["meaning"],
        Shape(row["type"]),
        Access(row["access"]),
        row.get("unit", ""),
        _number(row["least"]),
        _number(row["most"]),
        (Decimal(usual[0]), Decimal(usual[1])) if len(usual) == 2 else None,
        tuple(row["members"].split("|")) if row["members"] else (),
        row.get("format", ""),
        row.get("reboot", ""),
        row.get("profile", ""),
        row.get("required", ""),
        row.get("advice", "") or row.get("note", ""),
        row.get("example", ""),
        row.get("make"),
        row.get("sure", ""),
        row.get("source", ""),
    )


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


@cache
def _members() -> dict[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for row in _rows("members.csv"):
        key = row["list"], row["version"]
        found[key] = (*found.get(key, ()), row["member"])
    return found
