"""``techtool doctor`` while somebody calls."""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from techtool.cli.app import app
from tests.chargers import BOOT
from tests.cli.running import techtool
from tests.cli.waiting import Waiting

KNOCK = (
    "GET /{path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Protocol: ocpp1.6\r\n\r\n"
)


async def test_who_knocks_is_told_at_once_and_who_comes_in_ends_it(tmp_path: Path) -> None:
    async with Waiting.begin(tmp_path / "j.sqlite3", "doctor", "--id", "RB16") as waiting:
        await waiting.knock(KNOCK.format(path="RB99").encode())
        said = await waiting.words_with("is not the charger that techtool waits for (RB99)")
        assert "Start techtool without --id to let it in." in said
        async with waiting.charger("RB16") as charger:
            await charger.say("BootNotification", BOOT)
            ran = await waiting.ended()
    assert ran.code == 0
    assert "RB16 from 127.0.0.1" in ran.out and "is in, and speaks ocpp1.6." in ran.out


async def test_a_charger_that_only_tries_is_a_knock_and_the_next_one_is_let_in(tmp_path: Path) -> None:
    async with Waiting.begin(tmp_path / "j.sqlite3", "doctor", "--json") as waiting:
        async with waiting.charger("RB16"):
            pass
        async with waiting.charger("RB16") as charger:
            await charger.say("BootNotification", BOOT)
            ran = await waiting.ended()
    assert ran.code == 0 and ran.json["charger"]["model"] == BOOT["chargePointModel"]
    assert [one["reason"] for one in ran.json["result"]["knocks"]] == ["no-boot"]


@pytest.mark.skipif(sys.platform == "win32", reason="pipes are other ones there")
async def test_who_does_not_read_the_knocks_keeps_no_charger_waiting(tmp_path: Path) -> None:
    """The pipe and its reader take a part of them."""
    async with Waiting.begin(tmp_path / "j.sqlite3", "doctor", "--id", "RB16") as waiting:
        async with asyncio.timeout(30):
            for number in range(200):
                assert await waiting.knock(KNOCK.format(path=f"{number}-{'x' * 3000}").encode())
        async with waiting.charger("RB16") as charger:
            await charger.say("BootNotification", BOOT)
            ran = await waiting.ended()
    assert ran.code == 0 and "RB16 from 127.0.0.1" in ran.out
    assert len(ran.err) > 200_000, "more than the pipe and its reader hold"


def test_a_port_that_a_hidden_program_holds_is_not_free(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The system does not tell everybody whose port it is."""
    monkeypatch.setattr("techtool.interfaces.holder", lambda port, host: None)
    with socket.create_server(("127.0.0.1", 0)) as held:
        listen = f"127.0.0.1:{held.getsockname()[1]}"
        words = ["doctor", "--wait", "0", "--json", "--listen", listen, "--journal", str(tmp_path / "j.sqlite3")]
        ran = CliRunner().invoke(app, words)
    told = json.loads(ran.stdout)
    assert (ran.exit_code, told["verdict"], told["result"]["port"]["free"]) == (1, "refused", False)
    assert "is in use by another program" in told["error"]["text"]


def test_an_address_that_this_laptop_does_not_have_is_told(tmp_path: Path) -> None:
    ran = techtool("doctor", "--wait", "0", "--listen", "192.0.2.254:9000", journal=tmp_path / "j.sqlite3")
    assert ran.code == 1 and "This laptop has no address 192.0.2.254." in ran.err
    assert "is free" not in ran.out and "Plug in" not in ran.out
