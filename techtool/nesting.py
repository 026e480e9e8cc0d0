"""How deep lists and objects stand inside each other: what walks through them must come out again. Pure."""

from __future__ import annotations

from itertools import chain
from typing import Any

MOST = 100
"""Levels; OCPP's deepest message has about ten. Python gives up below a thousand, and at times earlier."""


def too_deep(value: Any) -> bool:
    """More than :data:`MOST` levels."""
    level = [value]
    for _ in range(MOST):
        level = list(chain.from_iterable(_inside(one) for one in level if isinstance(one, dict | list)))
        if not level:
            return False
    return any(isinstance(one, dict | list) for one in level)


def may_be_too_deep(data: bytes) -> bool:
    """JSON with so many brackets; with fewer there is no need to look."""
    return data.count(b"[") + data.count(b"{") > MOST


def _inside(value: dict[Any, Any] | list[Any]) -> Any:
    return value.values() if isinstance(value, dict) else value
