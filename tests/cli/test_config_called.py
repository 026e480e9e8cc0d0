"""``techtool config`` at chargers that call and do odd things, in another process."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from tests.chargers import BOOT, Charger
from tests.cli.waiting import Waiting

Row = dict[str, Any]
KEY = {"key": "AuthorizationKey", "value": "0123456789abcdef0123", "readonly": False}
BEAT = {"key": "HeartbeatInterval", "value": "300", "readonly": False}
INTERVAL = {"key": "ConnectionTimeOut", "value": "30", "readonly": False}


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "j.sqlite3"


@contextlib.asynccontextmanager
async def answering(charger: Charger, rows: list[Row], mute: str = "") -> AsyncIterator[asyncio.Event]:
    """It tells these keys and keeps what it is told; the event: it was to set the one it is mute for."""
    asked = asyncio.Event()

    def answer(action: str, payload: dict[str, Any]) -> dict[str, Any]:
        if action == "ChangeConfiguration":
            next(one for one in rows if one["key"] == payload["key"])["value"] = payload["value"]
        if action != "GetConfiguration":
            return {"status": "Accepted"}
        wanted = payload.get("key") or [one["key"] for one in rows]
        return {"configurationKey": [one for one in rows if one["key"] in wanted], "unknownKey": []}

    async def serve() -> None:
        with contextlib.suppress(ConnectionClosed, TimeoutError):
            while True:
                call = await charger.called()
                _, _, action, payload = call
                if mute and action == "ChangeConfiguration" and payload["key"] == mute:
                    asked.set()
                else:
                    await charger.answer(call, answer(action, payload))

    await charger.say("BootNotification", BOOT)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(serve())
        yield asked
        task.cancel()


async def test_what_a_charger_writes_into_its_settings_does_nothing_to_the_terminal(journal: Path) -> None:
    hostile = {"key": "Ev\x1b]0;pwn\x07il\nFake  7", "value": "a\x1b[2J\x9b31mb\u202ex", "readonly": False}
    url = {"key": "BackendUrl", "value": "ws://user:geheim@host/x", "readonly": False}
    async with (
        Waiting.begin(journal, "config", "list") as waiting,
        waiting.charger("RB16") as charger,
        answering(charger, [hostile, url, KEY]),
    ):
        ran = await waiting.ended()
    assert ran.code == 0 and not {"\x1b", "\x07", "\x9b", "\u202e"} & set(ran.out + ran.err)
    assert len(ran.out.splitlines()) == 3 and "geheim" not in ran.out and "0123" not in ran.out
    assert "ws://user:********@host/x" in ran.out


async def test_the_password_that_a_file_would_replace_is_not_shown(journal: Path, tmp_path: Path) -> None:
    file = tmp_path / "wanted.toml"
    file.write_text('[settings]\nAuthorizationKey = ""\nHeartbeatInterval = 60\n', encoding="utf-8")
    words = ("config", "apply", str(file), "--dry-run", "--json")
    async with (
        Waiting.begin(journal, *words) as waiting,
        waiting.charger("RB16") as charger,
        answering(charger, [dict(KEY), dict(BEAT)]),
    ):
        ran = await waiting.ended()
    assert ran.code == 1 and "0123456789" not in ran.out + ran.err
    key, beat = ran.json["result"]["settings"]
    assert (key["before"], beat["before"], beat["wanted"]) == ("********", "300", "60")


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
async def test_an_apply_that_is_broken_off_tells_what_it_did(journal: Path, tmp_path: Path) -> None:
    file = tmp_path / "wanted.toml"
    file.write_text("[settings]\nHeartbeatInterval = 60\nConnectionTimeOut = 40\n", encoding="utf-8")
    words = ("config", "apply", str(file), "--json")
    async with (
        Waiting.begin(journal, *words) as waiting,
        waiting.charger("RB16") as charger,
        answering(charger, [dict(BEAT), dict(INTERVAL)], mute="ConnectionTimeOut") as asked,
    ):
        async with asyncio.timeout(20):
            await asked.wait()
        waiting.interrupt()
        ran = await waiting.ended()
    assert (ran.code, ran.json["error"]["code"]) == (130, "interrupted")
    result = ran.json["result"]
    assert [(one["name"], one["verdict"]) for one in result["settings"]] == [("HeartbeatInterval", "proved")]
    assert result["sending"] == "ConnectionTimeOut" and "goes on where it was" in ran.err
