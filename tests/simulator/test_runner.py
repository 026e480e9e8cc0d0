"""On a real socket."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from techtool.simulator.options import SimulatorOptions
from techtool.simulator.runner import SimulatorEvent, run
from tests.simulator.bench import VERSIONS

Serving = Callable[[ServerConnection], Awaitable[None]]


class Office:
    """A back office on a loopback port that accepts everything."""

    def __init__(self) -> None:
        self.calls: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()
        self.sockets: asyncio.Queue[ServerConnection] = asyncio.Queue()

    async def serve(self, socket: ServerConnection) -> None:
        self.sockets.put_nowait(socket)
        info = {"status": "Accepted"}
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        usual = {
            "BootNotification": {"currentTime": now, "interval": 300, "status": "Accepted"},
            "Heartbeat": {"currentTime": now},
            "Authorize": {"idTagInfo": info, "idTokenInfo": info},
            "StartTransaction": {"transactionId": 1, "idTagInfo": info},
        }
        async for message in socket:
            kind, id, *call = json.loads(message)
            if kind != 2:
                continue
            action, payload = call
            self.calls.put_nowait((action, payload))
            await socket.send(json.dumps([3, id, usual.get(action, {})]))

    async def until(self, action: str) -> Any:
        while True:
            name, payload = await self.calls.get()
            if name == action:
                return payload


async def typed(*lines: str) -> AsyncIterator[str]:
    for line in lines:
        yield line


def port_of(server: Any) -> int:
    return int(server.sockets[0].getsockname()[1])


SUBPROTOCOLS = [Subprotocol(f"ocpp{version}") for version in VERSIONS]


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_session(version: str) -> None:
    office, events = Office(), list[SimulatorEvent]()
    async with serve(office.serve, "127.0.0.1", 0, subprotocols=SUBPROTOCOLS) as server:
        options = SimulatorOptions(
            f"ws://127.0.0.1:{port_of(server)}/ocpp", "CP 1", version, speed=1000, meter_interval=5, heartbeat=1e6
        )
        script = typed("wait 20", "plug 1", "tap 04A1 1", "wait 120", "tap 04A1 1", "unplug 1", "wait 60", "quit")
        async with asyncio.timeout(20):
            await run(options, script, events.append)
        socket = office.sockets.get_nowait()
        assert socket.request is not None
        assert socket.request.path == "/ocpp/CP%201"
        assert socket.subprotocol == f"ocpp{version}"
        await socket.wait_closed()
        assert socket.close_code == 1000
    calls = [office.calls.get_nowait()[0] for _ in range(office.calls.qsize())]
    assert calls[0] == "BootNotification"
    assert calls.count("StopTransaction" if version == "1.6" else "TransactionEvent") >= 1
    assert {"link", "sent", "received", "state"} <= {one.kind for one in events}


async def test_firmware_is_fetched_for_real() -> None:
    office, events = Office(), list[SimulatorEvent]()

    async def image(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.0 200 OK\r\nContent-Length: 7\r\n\r\nfirmwar")
        await writer.drain()
        writer.close()

    files = await asyncio.start_server(image, "127.0.0.1", 0)
    async with files, serve(office.serve, "127.0.0.1", 0, subprotocols=SUBPROTOCOLS) as server:
        options = SimulatorOptions(f"ws://127.0.0.1:{port_of(server)}", speed=100)
        async with asyncio.timeout(20), asyncio.TaskGroup() as group:
            task = group.create_task(run(options, None, events.append))
            await office.until("BootNotification")
            location = f"http://127.0.0.1:{port_of(files)}/sim-9.9.9.bin"
            asked = {"location": location, "retrieveDate": "2026-01-01T00:00:00Z"}
            await (await office.sockets.get()).send(json.dumps([2, "u", "UpdateFirmware", asked]))
            assert (await office.until("BootNotification"))["firmwareVersion"] == "9.9.9"
            task.cancel()
    assert any(one.text.startswith("fetched 7 bytes, sha256 ") for one in events)


async def test_it_comes_back_after_the_office_closed() -> None:
    office = Office()
    async with serve(office.serve, "127.0.0.1", 0, subprotocols=SUBPROTOCOLS) as server:
        options = SimulatorOptions(
            f"ws://127.0.0.1:{port_of(server)}", quirks=frozenset({"boot-always"}), speed=100
        )
        async with asyncio.timeout(20), asyncio.TaskGroup() as group:
            task = group.create_task(run(options))
            await office.until("BootNotification")
            await (await office.sockets.get()).close()
            await office.until("BootNotification")
            last = await office.sockets.get()
            task.cancel()
        await last.wait_closed()
        assert last.close_code == 1001


async def test_nobody_listens_at_first() -> None:
    office, refused = Office(), asyncio.Event()

    def hear(event: SimulatorEvent) -> None:
        if event.kind == "link" and event.text.startswith("disconnected"):
            refused.set()

    async with serve(office.serve, "127.0.0.1", 0) as first:
        port = port_of(first)
    options = SimulatorOptions(f"ws://127.0.0.1:{port}", speed=50)
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        task = group.create_task(run(options, None, hear))
        await refused.wait()
        async with serve(office.serve, "127.0.0.1", port, subprotocols=SUBPROTOCOLS):
            await office.until("BootNotification")
            task.cancel()


async def test_no_close_frame_is_none() -> None:
    office = Office()
    async with serve(office.serve, "127.0.0.1", 0, subprotocols=SUBPROTOCOLS) as server:
        options = SimulatorOptions(
            f"ws://127.0.0.1:{port_of(server)}", quirks=frozenset({"no-close-frame"}), speed=100
        )
        async with asyncio.timeout(20):
            await run(options, typed("wait 10", "quit"))
        socket = await office.sockets.get()
        await socket.wait_closed()
        assert socket.close_code == 1006


@pytest.mark.parametrize("quirk", ["no-pong", "spaced-json"])
async def test_pings_are_answered_but_for_the_quirk(quirk: str) -> None:
    answered: asyncio.Queue[bool] = asyncio.Queue()

    async def ping(socket: ServerConnection) -> None:
        waiter = await socket.ping()
        # The charger's next message comes after its pong: both travel in order.
        await socket.send('[2,"1","Frobnicate",{}]')
        while json.loads(await socket.recv())[0] == 2:
            pass
        answered.put_nowait(waiter.done())  # type: ignore[attr-defined]
        with pytest.raises(ConnectionClosed):
            while True:
                await socket.recv()

    async with serve(ping, "127.0.0.1", 0, subprotocols=SUBPROTOCOLS, ping_interval=None) as server:
        options = SimulatorOptions(f"ws://127.0.0.1:{port_of(server)}", quirks=frozenset({quirk}))
        async with asyncio.timeout(20), asyncio.TaskGroup() as group:
            task = group.create_task(run(options))
            assert await answered.get() is (quirk == "spaced-json")
            task.cancel()


async def test_half_open_leaves_the_old_socket() -> None:
    office = Office()
    async with serve(office.serve, "127.0.0.1", 0, subprotocols=SUBPROTOCOLS) as server:
        options = SimulatorOptions(f"ws://127.0.0.1:{port_of(server)}", quirks=frozenset({"half-open"}), speed=100)
        async with asyncio.timeout(20), asyncio.TaskGroup() as group:
            task = group.create_task(run(options, typed("wait 5", "offline 10")))
            old = await office.sockets.get()
            new = await office.sockets.get()
            assert old is not new
            await (await old.ping())
            task.cancel()
        await old.wait_closed()


async def test_no_subprotocol_and_binary_frames() -> None:
    kinds: asyncio.Queue[tuple[str | None, type]] = asyncio.Queue()

    async def listen(socket: ServerConnection) -> None:
        assert socket.request is not None
        message = await socket.recv()
        kinds.put_nowait((socket.request.headers.get("Sec-WebSocket-Protocol"), type(message)))
        await socket.wait_closed()

    async with serve(listen, "127.0.0.1", 0) as server:
        quirks = frozenset({"no-subprotocol", "binary-frames"})
        options = SimulatorOptions(f"ws://127.0.0.1:{port_of(server)}", quirks=quirks)
        async with asyncio.timeout(20), asyncio.TaskGroup() as group:
            task = group.create_task(run(options))
            assert await kinds.get() == (None, bytes)
            task.cancel()


async def test_tls_on_plain_begins_with_a_client_hello() -> None:
    first: asyncio.Queue[bytes] = asyncio.Queue()

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first.put_nowait(await reader.read(2))
        writer.close()

    async with await asyncio.start_server(hear, "127.0.0.1", 0) as server:
        options = SimulatorOptions(f"ws://127.0.0.1:{port_of(server)}", quirks=frozenset({"tls-on-plain"}))
        async with asyncio.timeout(20), asyncio.TaskGroup() as group:
            task = group.create_task(run(options))
            assert await first.get() == b"\x16\x03"
            task.cancel()
