"""Whether a charger has been accepted, and what it may send before that. Pure.

Source: OCPP 2.0.1 B02.FR.09 and B03.FR.07: anything else is answered with SecurityError. 1.6 has no such rule.
"""

from __future__ import annotations

from techtool.csms import solicited
from techtool.csms.frames import Call, CallError

ACCEPTED, REJECTED = "Accepted", "Rejected"


class Registration:
    """How the last BootNotification was answered, on this link or, before one came, on an earlier one."""

    def __init__(self, protocol: str, earlier: str | None) -> None:
        self.status = earlier
        self._refuses = protocol != "ocpp1.6"
        self._asked: set[str] = set()

    def answered(self, status: str) -> None:
        """A BootNotification got this answer."""
        self.status = status
        self._asked.clear()

    def asked(self, call: Call) -> None:
        """The laptop sends this: what it asks for may come."""
        if (message := solicited.asked_for(call)) is not None:
            self._asked.add(message)

    def refusal(self, call: Call) -> CallError | None:
        """The strict answer to what comes too early; None where it may come."""
        if not self._refuses or self.status == ACCEPTED or call.action == "BootNotification":
            return None
        if self.status != REJECTED and call.action in self._asked:
            return None
        told = (
            "a BootNotification has to come first"
            if self.status is None
            else f"the boot was answered {self.status}"
        )
        return CallError(call.id, "SecurityError", told, {})
