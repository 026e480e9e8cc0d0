"""``techtool doctor`` while somebody calls."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

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
        async with waiting.charger("RB16"):
            ran = await waiting.ended()
    assert ran.code == 0
    assert "RB16 from 127.0.0.1" in ran.out and "is in, and speaks ocpp1.6." in ran.out


@pytest.mark.skipif(sys.platform == "win32", reason="pipes are other ones there")
async def test_who_does_not_read_the_knocks_keeps_no_charger_waiting(tmp_path: Path) -> None:
    """The pipe and its reader take a part of them."""
    async with Waiting.begin(tmp_path / "j.sqlite3", "doctor", "--id", "RB16") as waiting:
        async with asyncio.timeout(30):
            for number in range(200):
                assert await waiting.knock(KNOCK.format(path=f"{number}-{'x' * 3000}").encode())
        async with waiting.charger("RB16"):
            ran = await waiting.ended()
    assert ran.code == 0 and "RB16 from 127.0.0.1" in ran.out
    assert len(ran.err) > 200_000, "more than the pipe and its reader hold"
