"""A profile out of a file, or everything that is wrong with it. Only :func:`load` touches a disk."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from techtool.serviceport.profiles import build_common, build_console, build_modbus
from techtool.serviceport.profiles.common import Transport
from techtool.serviceport.profiles.console import ConsoleProfile
from techtool.serviceport.profiles.model import ModbusProfile
from techtool.serviceport.profiles.positions import positions
from techtool.serviceport.profiles.problems import Problem
from techtool.serviceport.profiles.tables import Report, Table
from techtool.text import safe

Profile = ModbusProfile | ConsoleProfile
MOST = 256 * 1024
"""Bytes of a file."""
_AT = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


class Loaded(NamedTuple):
    """What became of a file: a profile, or at least one problem."""

    profile: Profile | None
    problems: tuple[Problem, ...]
    text: str = ""
    """The file as it was read."""


def load(path: Path) -> Loaded:
    """The profile of a file; what cannot be read is a problem, too."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST + 1)
    except OSError as error:
        return _broken(str(path), 1, f"The file cannot be read: {error.strerror or error}.")
    return load_bytes(data, str(path))


def load_bytes(data: bytes, file: str) -> Loaded:
    """The profile in these bytes; ``file`` is what problems call it."""
    if len(data) > MOST:
        return _broken(file, 1, f"The file is longer than {MOST // 1024} KiB: it is no profile.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return _broken(file, line, "The file is no UTF-8 text here; save it as UTF-8.")
    return load_text(text, file)


def load_text(text: str, file: str) -> Loaded:
    """The profile in this text; ``file`` is what problems call it."""
    try:
        # Decimal: 0.1 must stay 0.1, or 16.0 would be no whole number of steps
        values = tomllib.loads(text, parse_float=Decimal)
        report = Report(file, positions(text))
    except tomllib.TOMLDecodeError as error:
        return _no_toml(text, file, str(error))
    except RecursionError:
        return _broken(file, 1, "The file has lists or tables too deep inside each other.")
    except ValueError:
        return _broken(file, 1, "The file has a number of thousands of digits.")
    profile = _build(values, report)
    if report.problems or profile is None:
        return Loaded(None, tuple(sorted(report.problems, key=lambda one: one.line)))
    return Loaded(profile, (), text)


def _build(values: dict[str, Any], report: Report) -> Profile | None:
    file = Table(report, (), values)
    head = build_common.head(file)
    if head is None:
        # the rest is looked at all the same, where it is clear how
        stand_in = build_common.Head("?", "?", Transport.MODBUS_RTU, "?", None)
        try:
            transport = Transport(str(values.get("transport")))
        except ValueError:
            return None
        head = stand_in._replace(transport=transport)
    if head.transport is Transport.CONSOLE:
        return build_console.build(file, head)
    return build_modbus.build(file, head)


def _no_toml(text: str, file: str, said: str) -> Loaded:
    match = _AT.search(said)
    lines = text.count("\n") + (not text.endswith("\n"))
    line = int(match[1]) if match is not None and match[1] else max(lines, 1)
    what = said[: match.start()] if match is not None else said
    return _broken(file, line, f"This is no TOML: {what}.")


def _broken(file: str, line: int, text: str) -> Loaded:
    return Loaded(None, (Problem(file, line, safe(text)),))
