"""How a charger is, gathered from values that come one by one, and told when it changes. Pure.

The charger is shown as EVSE 1 with connector 1: no profile knows another.
"""

from __future__ import annotations

from techtool.serviceport.states import UNKNOWN, state_of
from techtool.station.changes import Change, Found, StatusSaid
from techtool.station.findings import Code, Severity


class Condition:
    """State, error and other words of one charger. What is set to None is unknown."""

    def __init__(self) -> None:
        self.state: str | None = None
        """IEC 61851's letter, perhaps with a digit."""
        self.error: str | None = None
        """In words; None where there is none."""
        self._words: dict[str, str] = {}
        self._status: StatusSaid | None = None

    def note(self, label: str, words: str) -> None:
        """A value that is no number; without words it is not told any more."""
        if words:
            self._words[label] = words
        else:
            self._words.pop(label, None)

    def changes(self) -> list[Change]:
        """The status where it is not what it was: it is asked for every few seconds."""
        state = state_of(self.state)
        error, vendor_error = state.error, None
        if self.error is not None:
            error, vendor_error = ("OtherError" if error == "NoError" else error), self.error
        told = "; ".join(
            (*filter(None, [state.words]), *(f"{name}: {words}" for name, words in self._words.items()))
        )
        if self._status is not None and state is UNKNOWN:
            told = told or "it tells no state that techtool knows"
        status = StatusSaid(1, 1, state.status, error, told or None, None, vendor_error)
        if status == self._status:
            return []
        before, self._status = self._status, status
        changes: list[Change] = [status]
        was = before.vendor_error if before is not None else None
        if vendor_error is not None and vendor_error != was:
            text = f"The charger reports an error: {vendor_error}."
            changes.append(Found(Code.CHARGER_FAULT, text, vendor_error, Severity.FAULT))
        return changes
