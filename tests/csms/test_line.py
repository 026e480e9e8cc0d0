"""Real sockets: what knocks, what comes in, and what is kept of it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import struct
import sys
from pathlib import Path

import psutil
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from techtool.csms.knocks import CURES, SENTENCES, Reason
from techtool.csms.line import LATE_KEPT, Line
from techtool.csms.policy import Policy
from techtool.station.findings import Code
from techtool.station.model import LinkState
from techtool.station.records import Direction, Kind
from tests.chargers import AVAILABLE, BOOT, Visit
from tests.csms.test_clienthello import hello

UPGRADE = (
    "GET {path} HTTP/{http}\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n{more}\r\n"
)


def upgrade(path: str = "/CP1", more: str = "Sec-WebSocket-Protocol: ocpp1.6\r\n", http: str = "1.1") -> bytes:
    return UPGRADE.format(path=path, more=more, http=http).encode()


def masked(text: str, *, opcode: int = 1, fin: bool = True) -> bytes:
    data = text.encode()
    size = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + struct.pack(">H", len(data))
    return bytes([(0x80 if fin else 0) | opcode]) + size + b"\0\0\0\0" + data


def test_every_reason_has_a_sentence_and_a_cure() -> None:
    assert set(SENTENCES) == set(CURES) == set(Reason)


async def test_the_laptop_looks_whether_a_socket_over_which_nothing_comes_is_alive(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    made = Line.connection_made

    def look(line: Line, transport: asyncio.BaseTransport) -> None:
        made(line, transport)
        asked.append(transport.get_extra_info("socket").getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE))

    monkeypatch.setattr(Line, "connection_made", look)
    await visit.knock(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    (kept_alive,) = asked
    assert kept_alive  # not 1 everywhere


async def test_tls_on_the_plain_port_is_read(visit: Visit) -> None:
    import ssl

    await visit.knock(hello("csms.example.com", ssl.TLSVersion.TLSv1_3))
    await visit.until(lambda: visit.knocks)
    (knock,) = visit.knocks
    assert knock.reason is Reason.TLS_ON_PLAIN
    assert knock.detail == "offers TLS 1.3, TLS 1.2, for csms.example.com"
    noise = next(one for one in visit.session.tape.since(0) if one.kind is Kind.NOISE)
    assert noise.data.startswith(b"\x16\x03")


async def test_a_browser_is_welcomed(visit: Visit) -> None:
    answer = await visit.knock(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 426 ") and b"techtool waits here" in answer
    assert visit.knocks[0].reason is Reason.NO_UPGRADE


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x00\x01\x02\x03", Reason.NOT_HTTP),
        (b"SSH-2.0-OpenSSH_9.2\r\n", Reason.NOT_HTTP),
        (b"POST /ocpp HTTP/1.1\r\nContent-Length: 5\r\n\r\n<xml>", Reason.NO_UPGRADE),
        (b"POST /ocpp HTTP/1.1\r\nSOAPAction: /BootNotification\r\n\r\n<xml>", Reason.SOAP),
        (b"POST /ocpp HTTP/1.1\r\nContent-Type: application/soap+xml\r\n\r\n<xml>", Reason.SOAP),
        (b"GET nonsense\r\n\r\n", Reason.NO_UPGRADE),
        (upgrade(more="Sec-WebSocket-Protocol: ocpp1.5\r\n"), Reason.UNKNOWN_SUBPROTOCOL),
        (upgrade().replace(b"Sec-WebSocket-Key", b"X-Key"), Reason.BAD_HANDSHAKE),
        (b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 10_000, Reason.BAD_HANDSHAKE),
    ],
)
async def test_other_knocks(visit: Visit, data: bytes, reason: Reason) -> None:
    await visit.knock(data)
    await visit.until(lambda: visit.knocks)
    assert visit.knocks[0].reason is reason


async def test_hanging_up_early_is_told_from_silence(visit: Visit) -> None:
    await visit.knock(b"GET /CP1 HTT", hang_up=True)
    await visit.until(lambda: len(visit.knocks) == 1)
    await visit.knock(b"", hang_up=True)
    await visit.until(lambda: len(visit.knocks) == 2)
    await visit.knock(upgrade(), hang_up=True)
    await visit.until(lambda: len(visit.knocks) == 3)
    assert [knock.reason for knock in visit.knocks] == [Reason.CUT_OFF, Reason.SILENT, Reason.NO_BOOT]


async def test_who_ended_a_knock_is_told(visit: Visit) -> None:
    def endings() -> list[str]:
        closed = [one for one in visit.session.tape.since(0) if one.kind is Kind.CLOSED]
        return [json.loads(one.data)["by"] for one in closed]

    await visit.knock(b"GET /CP1 HTT", hang_up=True)
    await visit.until(lambda: len(endings()) == 1)
    await visit.knock(b"\x00\x01 no HTTP")
    await visit.until(lambda: len(endings()) == 2)
    assert endings() == ["network", "laptop"]


async def test_http_10_and_a_strange_header_are_let_in(visit: Visit) -> None:
    answer = await visit.knock(
        upgrade(http="1.0", more="Sec-WebSocket-Protocol: ocpp1.6,,\r\n") + masked("", opcode=8)
    )
    assert b"101 Switching" in answer and b"Sec-WebSocket-Protocol: ocpp1.6\r\n" in answer
    assert Code.ODD_HANDSHAKE in {one.code for one in visit.station.findings.values()}


async def test_passwords_are_wanted_and_counted(tmp_path: Path) -> None:
    async with Visit.begin(tmp_path / "j.sqlite3", Policy(password=b"secret")) as visit:
        with pytest.raises(InvalidStatus) as refused:
            async with visit.charger():
                pass
        assert refused.value.response.status_code == 401
        assert visit.knocks[0].reason is Reason.NO_PASSWORD


async def test_a_charger_comes_in_and_everything_is_kept(visit: Visit) -> None:
    async with visit.charger() as charger:
        boot = await charger.say("BootNotification", BOOT)
        assert boot["status"] == "Accepted"
        await charger.say("StatusNotification", AVAILABLE)
        assert visit.station.make.vendor == "ACME"
        assert visit.station.link.state is LinkState.CONNECTED
    await visit.until(lambda: visit.station.link.state is LinkState.LOST)
    kinds = [(record.direction, record.kind) for record in visit.session.tape.since(0)]
    assert kinds[:4] == [
        (Direction.NOTE, Kind.OPENED),
        (Direction.CHARGER, Kind.REQUEST),
        (Direction.LAPTOP, Kind.RESPONSE),
        (Direction.NOTE, Kind.LINKED),
    ]
    assert kinds[-1] == (Direction.NOTE, Kind.CLOSED)
    loss = visit.station.link.loss
    assert loss is not None and (loss.code, loss.by) == (1000, "charger")
    numbers = [record.number for record in visit.session.tape.since(0)]
    assert numbers == list(range(1, len(numbers) + 1))


async def test_an_aborted_link_is_the_networks_doing(visit: Visit) -> None:
    async with visit.charger() as charger:
        await charger.say("BootNotification", BOOT)
        charger.socket.transport.abort()
        await visit.until(lambda: visit.station.link.state is LinkState.LOST)
    loss = visit.station.link.loss
    assert loss is not None and (loss.code, loss.by) == (1006, "network")


async def test_the_newest_socket_of_an_identity_wins(visit: Visit) -> None:
    async with visit.charger() as old:
        await old.say("BootNotification", BOOT)
        async with visit.charger() as new:
            await new.say("Heartbeat", {})
            with pytest.raises(ConnectionClosed):
                await old.socket.recv()
            await new.say("Heartbeat", {})
            assert visit.station.link.state is LinkState.CONNECTED
            assert visit.station.link.takeovers == 1
            assert ("takeover", "") in visit.station.findings


async def test_a_half_open_socket_does_not_keep_its_charger_out(visit: Visit) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", visit.port)
    writer.write(upgrade() + masked(json.dumps([2, "1", "BootNotification", BOOT])))
    await visit.until(lambda: visit.session.station and visit.session.station.boot)
    async with visit.charger() as charger:
        assert "currentTime" in await charger.say("Heartbeat", {})
        assert visit.station.link.connection == 2
    await reader.read()
    writer.close()


async def test_fragments_and_binary_messages_are_served(visit: Visit) -> None:
    call = json.dumps([2, "1", "Heartbeat", {}])
    async with visit.charger() as charger:
        await charger.socket.send([call[:5], call[5:]])
        assert json.loads(await charger.socket.recv())[1] == "1"
        await charger.socket.send(call.encode())
        assert json.loads(await charger.socket.recv())[1] == "1"
        assert {Code.BINARY_FRAME, Code.REUSED_ID} <= {one.code for one in visit.station.findings.values()}


async def test_a_cut_frame_is_kept(visit: Visit) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", visit.port)
    writer.write(upgrade() + masked(json.dumps([2, "1", "Heartbeat", {}])))
    await visit.until(lambda: visit.session.station)
    assert b"101 Switching" in await reader.readuntil(b"\r\n\r\n")
    writer.write(masked("x" * 100)[:50])
    await writer.drain()
    writer.close()
    await visit.until(lambda: visit.station.link.state is LinkState.LOST)
    noise = [record for record in visit.session.tape.since(0) if record.kind is Kind.NOISE]
    assert len(noise) == 1 and noise[0].data.endswith(b"x" * 40)
    assert Code.CUT_FRAME in {one.code for one in visit.station.findings.values()}


async def test_bytes_that_are_not_kept_are_counted(visit: Visit) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", visit.port)
    writer.write(upgrade())
    await reader.readuntil(b"\r\n\r\n")
    size = 300_000
    frame = b"\x81\xff" + struct.pack(">Q", 10 * size) + b"\0\0\0\0" + b"x" * size
    writer.write(frame)
    writer.write_eof()
    assert await reader.read() == b""
    writer.close()
    await visit.until(lambda: visit.station.link.state is LinkState.LOST)
    records = list(visit.session.tape.since(0))
    (noise,) = (one for one in records if one.kind is Kind.NOISE)
    (omitted,) = (one for one in records if one.kind is Kind.OMITTED)
    assert len(noise.data) + json.loads(omitted.data)["bytes"] == len(frame)
    assert "more bytes came that were not kept" in visit.station.findings[Code.CUT_FRAME, "not kept"].text


async def test_what_was_on_its_way_when_we_closed_is_kept(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as the Stop of a session, on the link that another one took over."""
    monkeypatch.setattr("techtool.csms.line.LATE_KEPT", 100)
    reader, writer = await asyncio.open_connection("127.0.0.1", visit.port)
    writer.write(upgrade())
    await reader.readuntil(b"\r\n\r\n")
    await visit.until(lambda: visit.session.lines)
    (line,) = visit.session.lines
    line.hang_up(1000, "enough")
    late = json.dumps([2, "late", "Heartbeat", {}])
    writer.write(masked(late) + masked("alive", opcode=9) + masked("x" * 90) + masked("", opcode=8))
    assert (await reader.read()).endswith(b"enough")
    writer.close()
    await visit.until(lambda: visit.station.link.state is LinkState.LOST)
    assert late.encode() in [one.data for one in visit.session.tape.since(0) if one.kind is Kind.TEXT]
    (omitted,) = (one for one in visit.session.tape.since(0) if one.kind is Kind.OMITTED)
    assert json.loads(omitted.data) == {"bytes": 90}, "a flood is counted"


async def test_the_goodbye_to_an_unknown_version_is_kept(visit: Visit) -> None:
    more = "Sec-WebSocket-Protocol: ocpp1.2\r\n"
    answer = await visit.knock(upgrade(more=more))
    await visit.until(lambda: visit.knocks)
    (close,) = (one for one in visit.session.tape.since(0) if one.kind is Kind.CLOSE)
    assert close.direction is Direction.LAPTOP and answer.endswith(close.data)
    assert close.data.endswith(b"no OCPP version in common")


async def test_broken_framing_ends_the_link_and_says_why(visit: Visit) -> None:
    await visit.knock(upgrade() + masked(json.dumps([2, "1", "Heartbeat", {}])) + b"\x81\x05hello")
    await visit.until(lambda: visit.station.link.state is LinkState.LOST)
    loss = visit.station.link.loss
    assert loss is not None and "broken WebSocket framing" in loss.reason


async def test_ten_megabytes_are_survived(visit: Visit) -> None:
    async with visit.charger(max_size=None) as charger:
        await charger.socket.send('[2,"1","Heartbeat",{"a":"' + "x" * 10_000_000 + '"}]')
        assert json.loads(await charger.socket.recv())[0] == 3
    huge = b"\x81\xff" + struct.pack(">Q", 17_000_000) + b"\0\0\0\0"
    assert struct.pack(">H", 1009) in await visit.knock(upgrade() + huge)
    async with visit.charger() as charger:
        assert "currentTime" in await charger.say("Heartbeat", {})


async def test_five_thousand_heartbeats_in_a_row(visit: Visit) -> None:
    async with visit.charger() as charger:
        await charger.say("BootNotification", BOOT)
        await charger.say("StatusNotification", AVAILABLE)
        for number in range(5000):
            await charger.socket.send(json.dumps([2, str(number), "Heartbeat", {}]))
        for number in range(5000):
            assert json.loads(await charger.socket.recv())[1] == str(number)
    flood = [one for one in visit.station.findings.values() if one.code is Code.FLOOD]
    assert len(flood) == 1
    assert sum(record.kind is Kind.TEXT for record in visit.session.tape.since(0)) == 10_004


async def test_a_charger_that_reads_nothing_does_not_fill_the_memory(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It gets its answers when it reads again; until then we take no more than we can answer."""
    monkeypatch.setattr("techtool.csms.line.UNREAD_BYTES", 20_000)
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.connect(("127.0.0.1", visit.port))
    reader, writer = await asyncio.open_connection(sock=sock, limit=1024)  # stops to read at 2 kB
    writer.write(upgrade())
    await reader.readuntil(b"\r\n\r\n")
    heartbeats = 6_000
    # a long id comes back, so that few answers fill every buffer on the way
    writer.write(masked(json.dumps([2, "x" * 2_000, "Heartbeat", {}])) * heartbeats)
    await visit.until(lambda: visit.session.tape.last > 1_000)
    (line,) = visit.session.lines
    await visit.until(lambda: line.waits_for_reader, 30)
    assert visit.session.tape.last < 2 * heartbeats
    answer, answered, rest = b'"currentTime"', 0, b""
    while answered < heartbeats:  # what else is said meanwhile, a ping or a question, does not matter
        chunk = await reader.read(65_536)
        assert chunk
        rest += chunk
        answered += rest.count(answer)
        rest = rest[1 - len(answer) :]
    writer.close()
    await writer.wait_closed()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets two programs share a port")
async def test_a_port_in_use_is_said(visit: Visit, tmp_path: Path) -> None:
    from techtool.csms.listener import ListenError

    with pytest.raises(ListenError, match=f"Port {visit.port} is in use"):
        async with Visit.begin(tmp_path / "other.sqlite3", port=visit.port):
            pass


async def test_a_charger_that_ignores_our_close_is_cut_off(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing it says then is answered, its open calls end at once, and it cannot fill the memory."""
    monkeypatch.setattr("techtool.csms.line.CLOSING_S", 0.3)
    reader, writer = await asyncio.open_connection("127.0.0.1", visit.port)
    writer.write(upgrade() + masked(json.dumps([2, "1", "BootNotification", BOOT])))
    await visit.until(lambda: visit.session.station and visit.session.station.boot)
    async with asyncio.TaskGroup() as group:
        calling = group.create_task(visit.session.call("GetConfiguration", {}))
        await visit.until(lambda: b"GetConfiguration" in visit.session.tape[visit.session.tape.last].data)
        (line,) = visit.session.lines
        line.hang_up(1000, "enough")
    assert calling.result().verdict.value == "unanswered"
    said = visit.session.tape.last
    with pytest.raises(ConnectionError):
        for _ in range(10_000):
            writer.write(masked(json.dumps([2, "2", "Heartbeat", {}])) * 100)
            await writer.drain()
    await visit.until(lambda: visit.station.link.state is LinkState.LOST)
    late = [record for record in visit.session.tape.since(said) if record.kind is Kind.TEXT]
    assert sum(len(record.data) for record in late) <= LATE_KEPT, "the rest is counted"
    assert not any(record.direction is Direction.LAPTOP for record in late)
    writer.close()
    assert reader.at_eof() or reader.exception() is not None


async def test_tcp_ends_as_soon_as_the_charger_has_answered_our_close(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("techtool.csms.line.CLOSING_S", 3600)
    reader, writer = await asyncio.open_connection("127.0.0.1", visit.port)
    writer.write(upgrade())
    await reader.readuntil(b"\r\n\r\n")
    await visit.until(lambda: visit.session.lines)
    (line,) = visit.session.lines
    line.hang_up(1000, "enough")
    assert await reader.readexactly(10) == b"\x88\x08" + struct.pack(">H", 1000) + b"enough"
    writer.write(masked("", opcode=8))
    async with asyncio.timeout(5):
        assert await reader.read() == b""
    writer.close()
    await visit.until(lambda: visit.station.link.state is LinkState.LOST)


async def test_nothing_is_said_on_a_dead_link(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("techtool.csms.attendant.GREETING_S", 0.2)
    async with visit.charger() as charger:
        await charger.say("Heartbeat", {})
        charger.socket.transport.abort()
        await visit.until(lambda: visit.station.link.state is LinkState.LOST)
    loop = asyncio.get_running_loop()
    later = loop.create_future()
    loop.call_later(0.5, later.set_result, None)
    await later  # the time at which a dead link would have asked its questions
    assert visit.session.tape[visit.session.tape.last].kind is Kind.CLOSED


@pytest.mark.skipif(sys.platform == "win32", reason="open files are limited in another way there")
async def test_too_many_sockets_are_said_and_survived(visit: Visit) -> None:
    import resource

    async with visit.charger("/GOOD") as charger:
        await charger.say("BootNotification", BOOT)
        await visit.session.warm()
        before = resource.getrlimit(resource.RLIMIT_NOFILE)
        knocking: list[socket.socket] = []
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (psutil.Process().num_fds() + 12, before[1]))
            while visit.session.crowded is None:
                with contextlib.suppress(OSError):
                    one = socket.socket()
                    knocking.append(one)
                    one.setblocking(False)
                    one.connect_ex(("127.0.0.1", visit.port))
                await asyncio.sleep(0.01)
            assert "Too many open connections" in (visit.session.crowded or "")
            assert "currentTime" in await charger.say("Heartbeat", {}), "who is in is served"
        finally:
            for one in knocking:
                one.close()
            resource.setrlimit(resource.RLIMIT_NOFILE, before)
        await visit.until(lambda: visit.session.crowded is None)
    async with visit.charger("/NEW") as charger:
        await charger.say("BootNotification", BOOT)
