"""What is wrong with a profile file: where, in a sentence. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from techtool.text import safe

LONGEST = 60
"""Characters of a wrong value that a sentence repeats."""


class Problem(NamedTuple):
    """One thing to be put right."""

    file: str
    line: int
    """From 1 on."""
    text: str
    """What is wrong, and what to do about it."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


class ProfileError(Exception):
    """A profile cannot be used; ``problems`` is not empty, the text has them all."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def shown(value: object) -> str:
    """A value of a file as a sentence may repeat it: one line, not too long."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        # a hexadecimal number may have more digits than Python writes in decimal ones
        return str(value) if abs(value) < 10**20 else "a number of more than 20 digits"
    if isinstance(value, str):
        return f'"{safe(value, LONGEST)}"'
    if isinstance(value, Decimal):
        return safe(str(value), LONGEST)
    if isinstance(value, dict):
        return "a table"
    return "a list" if isinstance(value, list) else safe(repr(value), LONGEST)
