"""What a device answers, as smp's structures have it. Pure.

smp refuses a whole answer for a field that it does not know, and firmware of every age adds some: ``rc: 0`` to
what went well, new states of images. What is unknown is taken out, and the rest must be right.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from smp.exceptions import SMPException
from smp.header import OP, Flag, Header, Version
from smp.message import Response

from techtool.serviceport.smp import cbor, commands
from techtool.serviceport.smp.messages import Message, packet_of
from techtool.serviceport.smp.refusals import Refusal, refusal_in

_OURS = frozenset({"header", "version", "sequence", "smp_data"})
"""Fields of smp's structures that are no part of the map."""


@dataclass(frozen=True, slots=True)
class Told:
    """An answer that says no error."""

    values: dict[str, Any]
    """The whole map."""
    structure: Response | None = None
    """As smp has it; None where it is not as SMP says, or nothing is known of such a command."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What came has the frame of an answer, and no map in it."""


Answer = Told | Refusal | Unreadable


def answer_of(message: Message) -> Answer:
    """What an answer says."""
    values = cbor.map_of(message.body)
    if values is None:
        return Unreadable()
    if (refusal := refusal_in(values)) is not None:
        return refusal
    kind = commands.known(message.writes, message.group, message.command).answer
    return Told(values, _fitted(kind, message, values) if kind is not None else None)


def _fitted(kind: type[Response], message: Message, values: dict[str, Any]) -> Response | None:
    fields = kind.model_fields.keys() - _OURS
    known = {name: value for name, value in values.items() if name in fields}
    try:
        return _made(kind, message, known)
    except ValidationError as error:
        known = _without(known, error)
    except (SMPException, ValueError):
        return None
    try:
        return _made(kind, message, known)
    except (ValidationError, SMPException, ValueError):
        return None


def _made(kind: type[Response], message: Message, known: dict[str, Any]) -> Response:
    head = Header(
        OP(message.operation),
        Version(message.version),
        Flag.UNUSED,
        len(message.body),
        message.group,
        message.sequence,
        message.command,
    )
    return kind(header=head, version=head.version, smp_data=packet_of(message), **known)


def _without(values: dict[str, Any], error: ValidationError) -> dict[str, Any]:
    """The map without the fields that smp does not know."""
    kept = copy.deepcopy(values)
    for one in error.errors(include_url=False, include_input=False):
        if one["type"] != "extra_forbidden":
            continue
        *path, last = one["loc"]
        inside: Any = kept
        for step in path:
            inside = inside[step]
        if isinstance(inside, dict):
            inside.pop(last, None)
    return kept
