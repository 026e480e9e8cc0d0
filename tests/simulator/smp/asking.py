"""Requests to a simulated server, made and read by PyPI smp: nothing of it is techtool's own."""

from __future__ import annotations

from typing import Any, TypeVar

import cbor2
from smp.header import Header
from smp.message import Request, Response

from techtool.simulator.smp.server import Server

R = TypeVar("R", bound=Response)


def asked(server: Server, request: Request) -> dict[str, Any]:
    """The map of the answer."""
    said = server.answer(bytes(request))
    head = Header.loads(said[: Header.SIZE])
    sent = request.header
    assert (head.op, head.group_id, head.command_id) == (sent.op + 1, sent.group_id, sent.command_id)
    assert (head.sequence, head.version, head.length) == (sent.sequence, sent.version, len(said) - Header.SIZE)
    values: dict[str, Any] = cbor2.loads(said[Header.SIZE :])
    return values


def told(server: Server, request: Request, kind: type[R]) -> R:
    """The answer as smp has it, which takes nothing that is not right."""
    return kind.loads(server.answer(bytes(request)))
