"""The enumerations of a schema, to hold the data files against."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from techtool.csms import schemas


def enums_of(protocol: str, action: str, *, answer: bool = False) -> dict[str, set[str]]:
    """The allowed values by the name of the field or type."""
    return {name: set(values) for name, values in _enums(schemas.schema(protocol, action, answer))}


def _enums(part: Any, name: str = "") -> Iterator[tuple[str, list[str]]]:
    if isinstance(part, dict):
        if "enum" in part:
            yield name, part["enum"]
        for key, inner in part.items():
            yield from _enums(inner, name if key in ("properties", "items", "definitions") else key)
