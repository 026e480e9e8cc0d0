"""What a profile says of a console: what to type, and how to read what comes. Immutable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from techtool.serviceport.profiles.allowed import Allowed
from techtool.serviceport.profiles.common import Ability, Basis, Common, Risk
from techtool.serviceport.profiles.patterns import Pattern
from techtool.serviceport.xymodem.script import Variant

NONE: Mapping[str, str] = MappingProxyType({})


class Echo(StrEnum):
    """Whether the device gives back what is typed."""

    OFF = "off"
    ON = "on"
    AUTO = "auto"
    """A line that is what was typed is dropped, any other is not."""


class Kind(StrEnum):
    """What a value of a console is."""

    TEXT = "text"
    INT = "int"
    FLOAT = "float"


class Habits(NamedTuple):
    """How lines go in and out."""

    eol: str = "\r"
    """Ends what is typed in a raw console; what the profile sends itself goes out as it stands."""
    encoding: str = "latin-1"
    strip_ansi: bool = True
    echo: Echo = Echo.AUTO
    max_line: int = 80
    """Characters that the device takes before the end of a line."""
    prompt: Pattern | None = None
    """Bare and without a line end: it is ready for a command."""
    input_prompt: Pattern | None = None
    """It waits for a value."""
    cancel: str | None = None
    """Leaves a dialogue that was begun."""
    chatter: tuple[Pattern, ...] = ()
    """What it says unasked: never part of an answer."""
    error: tuple[Pattern, ...] = ()
    """What it says when it refuses."""
    boot: tuple[Pattern, ...] = ()
    """What it says when it starts: nothing that is known of it need be true any more."""


class Ask(NamedTuple):
    """Something that is sent, and the line of the answer that has the value."""

    name: str
    send: str
    pattern: Pattern
    """With a group ``value``."""
    kind: Kind = Kind.TEXT
    unit: str | None = None
    label: str | None = None
    texts: Mapping[str, str] = NONE
    basis: Basis = Basis()


class Detect(NamedTuple):
    """One harmless line that tells whether this is the device."""

    send: str
    pattern: Pattern


class Dump(NamedTuple):
    """All settings at once, a row for each."""

    send: str
    row: Pattern
    """With groups ``key`` and ``value``."""


class Write(NamedTuple):
    """How a setting is written."""

    send: str
    """With ``{key}`` and perhaps ``{value}``."""
    then: str | None = None
    """Sent when the device waits for the value."""
    verify: Ask | None = None
    """Asked afterwards, with ``{key}`` filled in; None where the dump is read again, or nothing proves it."""
    verify_by_dump: bool = False


class Setting(NamedTuple):
    """What one key takes."""

    key: str
    risk: Risk
    kind: Kind = Kind.TEXT
    choices: Mapping[str, str] = NONE
    """What is sent, and how the dump shows it."""
    allowed: Allowed | None = None
    unit: str | None = None
    label: str | None = None
    basis: Basis = Basis()


class Firmware(NamedTuple):
    """How its boot loader takes a file."""

    send: str | None = None
    """What starts the receiver; None where it waits by itself, or the technician starts it."""
    variant: Variant = Variant.YMODEM
    done: Pattern | None = None
    """What it says when it took the file for what it is."""
    basis: Basis = Basis()


class Reboot(NamedTuple):
    """How it is started anew. What it says then is in :attr:`Habits.boot`."""

    send: str
    basis: Basis = Basis()


@dataclass(frozen=True)
class ConsoleProfile(Common):
    """A device with a menu or a shell."""

    habits: Habits
    detect: Detect | None
    """None: it is used only if the technician names it."""
    info: tuple[Ask, ...]
    status: tuple[Ask, ...]
    dump: Dump | None
    write: Write | None
    settings: tuple[Setting, ...]
    """A key without an entry can be read, and is not written."""
    firmware: Firmware | None = None
    reboot: Reboot | None = None

    @property
    def abilities(self) -> tuple[Ability, ...]:
        """What it can do."""
        there = {
            Ability.STATUS: self.status,
            Ability.CONFIG: self.dump or self.write,
            Ability.REBOOT: self.reboot,
            Ability.FIRMWARE: self.firmware,
            Ability.LOGS: True,  # what a console says by itself is one
        }
        return tuple(one for one, what in there.items() if what)

    @property
    def bases(self) -> tuple[tuple[str, Basis], ...]:
        """Every part that has a basis of its own, by its place in the file."""
        named: list[tuple[str, Basis]] = [("line", self.line.basis)]
        for section, asks in (("info", self.info), ("status", self.status)):
            named += [(f"{section}.{one.name}", one.basis) for one in asks]
        named += [("firmware", self.firmware.basis)] if self.firmware is not None else []
        named += [("reboot", self.reboot.basis)] if self.reboot is not None else []
        return (*named, *((f"config.types.{one.key}", one.basis) for one in self.settings))
