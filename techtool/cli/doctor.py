"""``techtool doctor``: why does nothing connect."""

from __future__ import annotations


def doctor() -> None:
    """x"""
