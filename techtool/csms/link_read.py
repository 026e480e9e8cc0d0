"""What the records told of one OCPP link so far. Pure."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from techtool.csms import schemas
from techtool.csms.comings import Flood
from techtool.csms.frames import Call, MessageId
from techtool.csms.hearing import Hearing, Memory
from techtool.csms.version import Version
from techtool.station.findings import Code

REMEMBERED = 1000
"""Message ids and unanswered calls kept of one connection."""


@dataclass(slots=True)
class LinkRead:
    """One connection."""

    number: int
    address: str = "?"
    identity: str | None = None
    version: Version | None = None
    memory: Memory = field(default_factory=Memory)
    since: int = 0
    theirs: OrderedDict[MessageId, Call] = field(default_factory=OrderedDict)
    ours: OrderedDict[MessageId, tuple[Call, int]] = field(default_factory=OrderedDict)
    given_up: OrderedDict[MessageId, tuple[Call, int, int]] = field(default_factory=OrderedDict)
    ids: OrderedDict[MessageId, None] = field(default_factory=OrderedDict)
    flood: Flood = field(default_factory=Flood)
    heard: int = 0
    said: int = 0
    """When its last message came: a pong is the WebSocket's, and says nothing of the charger's software."""
    told_heard: int = 0
    early: list[str] = field(default_factory=list)
    boot_status: str | None = None
    pinged: int | None = None
    reset: bool = False
    """It accepted a Reset, or has not said yet whether it does."""
    knocked: bool = False
    worked: bool = False
    """It sent more than Heartbeats."""
    promised: dict[str, int] = field(default_factory=dict)
    """What it accepted to send, and when; some never do."""


def remember(mapping: OrderedDict[Any, Any], key: Any, value: Any) -> None:
    """Keep it, and of all only the newest."""
    mapping[key] = value
    if len(mapping) > REMEMBERED:
        mapping.popitem(last=False)


def against_schema(action: str, wrong: schemas.Violation, hearing: Hearing) -> None:
    """A finding for each kind of violation, not for each index in a list."""
    where = "/".join(step for step in wrong.path.split("/") if not step.isdigit())
    hearing.find(Code.SCHEMA, f"{action}: {wrong}.", f"{action} {where} {wrong.text}"[:200])
