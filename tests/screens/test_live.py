"""The app over a real socket on the loopback."""

from __future__ import annotations

import asyncio
import errno
import json
import math
import socket
from collections.abc import AsyncIterator

import pytest
from textual.pilot import Pilot
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from techtool.screens.app import TechtoolApp
from tests.screens.making import Visit, pages, running, settled, shown


@pytest.fixture
async def closing(visit: Visit) -> AsyncIterator[Visit]:
    visit.session.listening = None
    yield visit
    await visit.session.close()


async def _until(pilot: Pilot[None], text: str) -> None:
    app = pilot.app
    assert isinstance(app, TechtoolApp)
    for _ in range(200):
        if text in shown(app):
            return
        await pilot.pause(0.02)
    pytest.fail(f"{text!r} does not show in\n{shown(app)}")


async def test_a_charger_calls_and_leaves(closing: Visit) -> None:
    visit, session = closing, closing.session
    app = visit.app(start=lambda: session.listen("127.0.0.1", 0))
    async with running(app) as pilot:
        await _until(pilot, "ws://127.0.0.1:")
        port = pages(app).desk.network.port
        async with connect(f"ws://127.0.0.1:{port}/CP7", subprotocols=[Subprotocol("ocpp1.6")]) as charger:
            boot = {"chargePointVendor": "V", "chargePointModel": "M7"}
            await charger.send(json.dumps([2, "1", "BootNotification", boot]))
            assert json.loads(await charger.recv())[2]["status"] == "Accepted"
            await pilot.press("2")
            await _until(pilot, "CP7   V M7   ocpp1.6   OK")
        await _until(pilot, "!! hung up")
        await settled(pilot)


async def test_a_port_that_another_program_has(closing: Visit) -> None:
    visit, session = closing, closing.session
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        app = visit.app(start=lambda: session.listen("127.0.0.1", port), host="127.0.0.1", port=port)
        async with running(app) as pilot:
            await _until(pilot, f"!! Port {port} is in use by another program.")
            await _until(pilot, "It is held by")
            await _until(pilot, f"Listen on {port + 1} instead")
            other.close()
            pages(app).desk.network.try_again()
            await _until(pilot, f"listening on {port}")
            assert "in use" not in shown(app)


async def test_too_many_open_sockets_are_said_on_every_page_as_long_as_there_are(
    closing: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit, session = closing, closing.session
    app = visit.app(start=lambda: session.listen("127.0.0.1", 0))
    async with running(app) as pilot:
        assert "Too many open connections" not in shown(app)
        monkeypatch.setattr("techtool.csms.listener.CROWDED_S", math.inf)
        refused = {"message": "socket.accept() out of system resource", "exception": OSError(errno.EMFILE, "")}
        asyncio.get_running_loop().call_exception_handler(refused)
        for page in ("2", "6", "1"):
            await pilot.press(page)
            await _until(pilot, " !! Too many open connections: new chargers cannot come in")
        monkeypatch.setattr("techtool.csms.listener.CROWDED_S", 0.0)
        visit.clock.advance(1)
        while "Too many" in shown(app):
            await pilot.pause(0.01)
        await settled(pilot)
