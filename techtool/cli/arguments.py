"""What the words after ``techtool`` mean where Typer has no way to say it, or is not needed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from techtool.cli.linking import Linking

_VERSION = re.compile(r"(ocpp)?[0-9]")
_NO = frozenset({"", "0", "false", "f", "no", "n", "off"})
"""What Typer takes for no where a variable stands for an option."""


def plain(arguments: Sequence[str], environment: Mapping[str, str]) -> Linking | None:
    """What the UI is opened with, where nothing has to be parsed for it.

    Typer and what it loads take longer than the first frame. None where options or commands were given,
    also by the environment (where the shell's completion asks, too).
    """
    if any("TECHTOOL_" in name for name in environment):
        return None
    from techtool.cli.linking import Linking, for_demo

    match list(arguments):
        case []:
            return Linking()
        case ["demo"]:
            return for_demo()
    return None


def completed(arguments: Iterable[str]) -> list[str]:
    """The arguments with the version that ``--demo`` may leave out."""
    whole: list[str] = []
    for one in arguments:
        if whole and whole[-1] == "--demo" and not _VERSION.match(one):
            whole.append("1.6")
        whole.append(one)
    return [*whole, "1.6"] if whole and whole[-1] == "--demo" else whole


def wants_json(arguments: Iterable[str], environment: Mapping[str, str]) -> bool:
    """Whether a script waits for a document, also where Typer could not read the arguments."""
    return "--json" in arguments or environment.get("TECHTOOL_JSON", "").strip().lower() not in _NO
