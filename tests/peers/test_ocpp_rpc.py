"""npm's ocpp-rpc in strict mode is the charger, and judges what we answer and what we call."""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from techtool.csms import schemas
from techtool.csms.versions import version
from techtool.jobs.dangers import danger
from techtool.station.findings import Code
from techtool.station.outcomes import Verdict
from tests.chargers import Visit
from tests.examples import example

HERE = Path(__file__).parent
pytestmark = [
    pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed"),
    pytest.mark.skipif(
        not HERE.joinpath("node_modules", "ocpp-rpc").is_dir(),
        reason="npm install --no-save --prefix tests/peers ocpp-rpc",
    ),
]


class Peer:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        assert line, "the charger ended"
        read: dict[str, Any] = json.loads(line)
        return read

    def write(self, line: Any) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(line).encode() + b"\n")


@contextlib.asynccontextmanager
async def peer(visit: Visit, protocol: str) -> AsyncIterator[Peer]:
    process = await asyncio.create_subprocess_exec(
        "node",
        str(HERE / "charger.cjs"),
        f"ws://127.0.0.1:{visit.port}",
        "PEER",
        protocol,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=1 << 24,
    )
    try:
        one = Peer(process)
        assert await one.read() == {"connected": protocol}
        yield one
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.communicate()


async def introduced(charger: Peer, protocol: str) -> None:
    """Who has booted and told its status is asked nothing, however long the test takes."""
    for action in ("BootNotification", "StatusNotification"):
        charger.write({"call": action, "params": example(protocol, action)})
        assert "result" in await charger.read()


@pytest.mark.parametrize("protocol", schemas.PROTOCOLS)
async def test_our_answer_to_every_message_is_accepted(visit: Visit, protocol: str) -> None:
    async with peer(visit, protocol) as charger:
        await introduced(charger, protocol)
        tables = version(protocol)
        for action in sorted(set(tables.answers) - set(tables.unsolicited)):
            charger.write({"call": action, "params": example(protocol, action)})
            said = await charger.read()
            assert "result" in said, (action, said)
    assert Code.SCHEMA not in {one.code for one in visit.station.findings.values()}


@pytest.mark.parametrize("protocol", schemas.PROTOCOLS)
async def test_every_call_of_ours_is_accepted(
    visit: Visit, protocol: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("techtool.jobs.effects.EFFECT_S", 0.05)  # it answers, and triggers nothing
    tables = version(protocol)
    ours = sorted(schemas.actions(protocol) - set(tables.answers) - set(tables.unsolicited))
    async with peer(visit, protocol) as charger:
        charger.write({"answers": {action: example(protocol, action, answer=True) for action in ours}})
        await introduced(charger, protocol)
        for action in ours:
            async with asyncio.TaskGroup() as group:
                payload = example(protocol, action)
                force = danger(action, payload) is not None
                calling = group.create_task(visit.session.call(action, payload, force=force))
                said = await charger.read()
                assert said.get("called") == action, (action, said)
            outcome = calling.result()
            assert outcome.verdict in (Verdict.ACCEPTED, Verdict.PROVED, Verdict.REFUSED), (action, outcome)
    codes = {one.code for one in visit.station.findings.values()}
    assert not codes & {Code.SCHEMA, Code.OWN_SCHEMA, Code.ERROR_ANSWER, Code.NO_ANSWER}


async def test_an_unknown_message_is_refused_as_ocpp_rpc_expects(visit: Visit) -> None:
    async with peer(visit, "ocpp1.6") as charger:
        charger.write({"call": "Reset", "params": {"type": "Soft"}})
        said = await charger.read()
        assert said["code"] == "NotSupported"
