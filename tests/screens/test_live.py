"""The app over a real socket on the loopback."""

from __future__ import annotations

import json
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
