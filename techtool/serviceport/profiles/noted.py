"""The profile that stands in the note on an opened port: a recording is read with the profile of its day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from techtool.serviceport.profiles.console import ConsoleProfile
from techtool.serviceport.profiles.loading import load_text
from techtool.serviceport.profiles.model import ModbusProfile
from techtool.station.changes import Found
from techtool.station.findings import Code

P = TypeVar("P", ModbusProfile, ConsoleProfile)
UNREADABLE = Found(
    Code.NOT_UNDERSTOOD, "The profile that this recording was made with cannot be read: its values are not shown."
)
MAKE = {"vendor": "vendor", "model": "model", "serial": "serial", "version": "firmware"}
"""Which fact of the station an info of a profile is."""


def noted(note: Mapping[str, Any], kind: type[P]) -> P | None:
    """The profile of a note; None where it cannot be read, or is of another kind."""
    loaded = load_text(str(note.get("text", "")), str(note.get("profile", "?")))
    return loaded.profile if isinstance(loaded.profile, kind) else None
