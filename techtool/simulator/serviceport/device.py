"""A device at a service port: what is typed and heard in, what is to be done out. Pure."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from techtool.simulator.effects import Quit, Report
from techtool.simulator.script import ScriptError
from techtool.simulator.serviceport.script import Command, Form, parse


@dataclass(frozen=True, slots=True)
class Say:
    """Put these bytes on the line."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Unplug:
    """Take the device away for so long."""

    seconds: float


Effect = Say | Unplug | Report | Quit


class Device(ABC):
    """Every input takes the time, in seconds that only grow, and gives what is to be done."""

    forms: ClassVar[Mapping[str, Form]]
    """What can be done to it, beside ``quit`` and ``help``."""

    def due(self) -> float:
        """When :meth:`tick` must be called."""
        return float("inf")

    def tick(self, now: float) -> list[Effect]:
        """Time passes."""
        return []

    @abstractmethod
    def received(self, now: float, data: bytes) -> list[Effect]:
        """Bytes come from the laptop."""

    @abstractmethod
    def do(self, now: float, command: Command) -> list[Effect]:
        """One of its own commands."""

    def command(self, now: float, line: str) -> list[Effect]:
        """Do what a line says. What is wrong with it is reported."""
        try:
            command = parse(line, self.forms)
        except ScriptError as error:
            return [Report("problem", str(error))]
        match command:
            case None:
                return []
            case Command("quit"):
                return [Quit()]
            case Command("help"):
                return [Report("help", ", ".join([form.usage for form in self.forms.values()] + ["quit", "help"]))]
        return self.do(now, command)


def shown(data: bytes) -> str:
    """Text as a person reads it."""
    return data.decode("latin-1").strip("\r\n")
