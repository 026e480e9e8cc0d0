"""Errors of an SMP server, as SMP 2 names them, and what SMP 1 makes of them. Data.

Source: docs.zephyrproject.org, "SMP Protocol Specification" and the pages of the groups.
"""

from __future__ import annotations

from typing import Any

UNKNOWN, INVALID, NO_ENTRY, BAD_STATE, NOT_SUPPORTED = 1, 3, 5, 6, 8
"""The common codes."""


class Fault(Exception):  # noqa: N818  the word for it; it is an answer, and no mistake of the program
    """The request is answered with an error."""

    def __init__(self, code: int, group: int | None = None, old: int = UNKNOWN) -> None:
        """``group`` is whose code it is, None for a common one; ``old`` the common code that SMP 1 has for it."""
        super().__init__(code)
        self.code, self.group, self.old = code, group, old

    def answer(self, version: int) -> dict[str, Any]:
        """The map, in the version of the request."""
        if self.group is None:
            return {"rc": self.code}
        if version == 0:
            return {"rc": self.old}
        return {"err": {"group": self.group, "rc": self.code}}
