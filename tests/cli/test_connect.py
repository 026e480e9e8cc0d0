"""Waiting for a charger that does not come in, and listening where somebody else does."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from websockets.exceptions import InvalidStatus, WebSocketException

from techtool.cli import connect
from techtool.cli.exits import Exit
from techtool.cli.linking import Linking
from techtool.cli.reply import Reply
from tests.chargers import Visit
from tests.cli.running import environment, techtool

CONSOLE = Path(sys.executable).with_name("techtool")


async def knock(visit: Visit, identity: str, protocol: str) -> None:
    seen = len(visit.knocks)
    with contextlib.suppress(WebSocketException):
        async with visit.charger(f"/{identity}", protocol) as charger:
            await charger.socket.recv()
    await visit.until(lambda: len(visit.knocks) > seen)


async def told(visit: Visit, linking: Linking, capsys: pytest.CaptureFixture[str]) -> str:
    """What is said when nobody came in."""
    with pytest.raises(typer.Exit) as ended:
        await connect.charger(Reply("status", as_json=True), visit.session, linking)
    assert ended.value.exit_code == Exit.NO_CHARGER
    text: str = json.loads(capsys.readouterr().out)["error"]["text"]
    return text


async def test_the_wanted_chargers_knock_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    linking = Linking(identity="RB16", protocol="ocpp2.0.1", wait=0)
    async with Visit.begin(tmp_path / "j.sqlite3", linking.policy) as visit:
        await knock(visit, "RB16", "ocpp1.6")
        await knock(visit, "RB201", "ocpp2.0.1")
        text = await told(visit, linking, capsys)
    assert "One who tried offered no OCPP version that is allowed here (RB16, offered ocpp1.6)" in text
    assert "if --ocpp is given, it must fit" in text and "without --id" not in text


async def test_if_only_others_knocked_that_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    linking = Linking(identity="RB16", wait=0)
    async with Visit.begin(tmp_path / "j.sqlite3", linking.policy) as visit:
        with pytest.raises(InvalidStatus):
            async with visit.charger("/RB201"):
                pass
        await visit.until(lambda: visit.knocks)
        text = await told(visit, linking, capsys)
    assert "The last one who tried is not the charger that techtool waits for (RB201)" in text


async def test_nobody_tried(visit: Visit, capsys: pytest.CaptureFixture[str]) -> None:
    assert await told(visit, Linking(wait=0), capsys) == "No charger came within 0 s."


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells who holds a port, by its script's name")
def test_another_techtool_that_has_the_port_is_called_by_name(tmp_path: Path) -> None:
    held = subprocess.Popen(
        [str(CONSOLE), "listen", "--json", "--listen", "127.0.0.1:0", "--journal", str(tmp_path / "a.sqlite3")],
        stdout=subprocess.PIPE, text=True, env=environment(),
    )  # fmt: skip
    try:
        assert held.stdout is not None
        port = json.loads(held.stdout.readline())["port"]
        ran = techtool("status", "--listen", f"127.0.0.1:{port}", journal=tmp_path / "b.sqlite3")
    finally:
        held.kill()
        held.communicate()
    assert ran.code == 1
    assert f"Port {port} is in use by another techtool (pid {held.pid})." in ran.err
