"""What the words after ``techtool`` mean where Typer has no way to say it, or is not needed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from techtool.cli.linking import Linking

_OPTIONS = {
    "--listen": "listen",
    "--demo": "demo",
    "--serial": "serial",
    "--baud": "baud",
    "--protocol": "protocol",
    "--profile": "profile",
    "--unit": "unit",
    "--id": "identity",
    "--ocpp": "ocpp",
    "--password": "password",
    "--boot": "boot",
    "--journal": "journal",
}
_DEMO = re.compile(r"(ocpp)?[0-9]|openevse", re.IGNORECASE)
_NO = frozenset({"", "0", "false", "f", "no", "n", "off"})
"""What Typer takes for no where a variable stands for an option."""


def plain(arguments: Sequence[str], environment: Mapping[str, str]) -> Linking | None:
    """What the UI is opened with, where that can be read without Typer.

    Typer and what it loads take longer than the first frame. None for every other command, for what is written in
    other ways or is wrong (Typer says how), and where the environment has a say (the shell's completion, too).
    """
    if any("TECHTOOL_" in name for name in environment):
        return None
    from techtool.cli.checking import OptionError, linking
    from techtool.cli.linking import LEAST_BAUD

    words, known, demo = completed(arguments), _OPTIONS, None
    if words[:1] == ["demo"]:
        said = words[1:2] if words[1:2] and not words[1].startswith("-") else []
        demo, words, known = (said or ["1.6"])[0], words[1 + len(said) :], {"--journal": "journal"}
    given = _pairs(words, known)
    if given is None:
        return None
    numbers = {name: given[name] for name in ("baud", "unit") if name in given}
    if not all(one.isascii() and one.isdecimal() for one in numbers.values()):
        return None
    baud, unit = (int(numbers[name]) if name in numbers else None for name in ("baud", "unit"))
    if baud is not None and baud < LEAST_BAUD:
        return None
    try:
        journal = Path(given["journal"]) if "journal" in given else None
        typed: dict[str, Any] = {"demo": demo, **given, "baud": baud, "unit": unit, "journal": journal}
        return linking(**typed)
    except OptionError:
        return None


def _pairs(words: Sequence[str], known: Mapping[str, str]) -> dict[str, str] | None:
    """``--option value`` again and again; None where it is anything else."""
    names, values = words[::2], words[1::2]
    if len(names) != len(values) or len(set(names)) != len(names) or not set(names) <= known.keys():
        return None
    if any(one.startswith("-") for one in values):
        return None
    return {known[name]: value for name, value in zip(names, values, strict=True)}


def completed(arguments: Iterable[str]) -> list[str]:
    """The arguments with the version that ``--demo`` may leave out."""
    whole: list[str] = []
    for one in arguments:
        if whole and whole[-1] == "--demo" and not _DEMO.match(one):
            whole.append("1.6")
        whole.append(one)
    return [*whole, "1.6"] if whole and whole[-1] == "--demo" else whole


def wants_json(arguments: Iterable[str], environment: Mapping[str, str]) -> bool:
    """Whether a script waits for a document, also where Typer could not read the arguments."""
    return "--json" in arguments or environment.get("TECHTOOL_JSON", "").strip().lower() not in _NO
