"""Error and status codes: what one means, what likely causes it, what to check first."""

from __future__ import annotations

import csv
import re
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import NamedTuple


class Kind(StrEnum):
    """Where a code stands, in the words of the data file."""

    ERROR = "ChargePointErrorCode"
    PROBLEM = "2.x component problem (NotifyEvent)"
    VENDOR = "vendorErrorCode (ChargeX MREC; vendorId names chargex.inl.gov)"
    SAMPLE = "vendor-specific samples"
    STATE = "StatusNotification state"
    CHARGING_STATE = "chargingState"
    STOP = "stop reason"
    AUTHORIZATION = "authorization status"
    REASON = "statusInfo.reasonCode"
    RPC = "RPC error (CALLERROR)"
    LINK = "WebSocket/HTTP level"
    SECURITY = "security event"


FAULTS = (Kind.ERROR, Kind.PROBLEM, Kind.VENDOR, Kind.SAMPLE, Kind.STATE)
"""Where to look for what a connector said is wrong."""
_ORDER = tuple(Kind)


class Explanation(NamedTuple):
    """One row of the data file."""

    kind: Kind
    versions: tuple[str, ...]
    """``1.6``, ``2.0.1``, ``2.1``."""
    code: str
    meaning: str
    causes: str
    """Empty where the code itself is the cause, or no fault."""
    check: str
    """Empty where nothing needs to be checked."""
    source: str

    def holds_for(self, protocol: str) -> bool:
        """Whether this protocol (``ocpp1.6`` …) knows the code; service ports are told in the words of 1.6."""
        return (protocol.removeprefix("ocpp") if protocol.startswith("ocpp") else "1.6") in self.versions


def explain_error(protocol: str, code: str, kinds: tuple[Kind, ...] = _ORDER) -> Explanation | None:
    """What a code means in a protocol, looked for in ``kinds`` in their order; None if it is not known.

    Upper and lower case do not matter: chargers differ there.
    """
    found = [row for row in _by_code().get(_key(code), ()) if row.kind in kinds and row.holds_for(protocol)]
    return min(found, key=lambda row: kinds.index(row.kind), default=None)


def unknown_error(code: str) -> Explanation:
    """What to do about a code that is not in the data file: it is not guessed what it means."""
    return Explanation(
        Kind.PROBLEM,
        (),
        code,
        f"{code} is not in techtool's list of errors: what it means is not known here",
        "",
        "Look for this name in the vendor's manual; ask what the display or the LED shows",
        "",
    )


@cache
def explanations() -> tuple[Explanation, ...]:
    """The whole file, read when first wanted."""
    file = resources.files("techtool.knowledge").joinpath("data", "error-codes.csv")
    rows = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    return tuple(
        Explanation(
            Kind(row["kind"]),
            _versions(row["version"]),
            row["code"],
            row["meaning"],
            row["likely_causes"],
            row["check_first"],
            row["source"],
        )
        for row in rows
    )


def _versions(text: str) -> tuple[str, ...]:
    if text == "all":
        return ("1.6", "2.0.1", "2.1")
    parts = re.split(r"[,+]", text)
    return tuple(
        version for part in parts for version in (("2.0.1", "2.1") if part.strip() == "2.x" else (part.strip(),))
    )


@cache
def _by_code() -> dict[str, tuple[Explanation, ...]]:
    found: dict[str, tuple[Explanation, ...]] = {}
    for row in explanations():
        for name in _names(row):
            found[_key(name)] = (*found.get(_key(name), ()), row)
    return found


def _names(row: Explanation) -> set[str]:
    """The codes that a row stands for: some rows list several, some add a name to a number."""
    names = {row.code, *row.code.split("|")}
    if row.kind is Kind.VENDOR:
        names.add(row.code.split(" ")[0])
    elif row.kind is Kind.SAMPLE:
        maker, _, rest = row.code.partition(" ")
        names |= {part.strip() for part in rest.split("/")} if maker in ("EVerest", "ABB") else set()
    elif row.kind is Kind.PROBLEM:
        names |= {part.strip() for part in row.code.split("/")}
    return {name for name in names if name}


def _key(code: str) -> str:
    return code.strip().casefold()
