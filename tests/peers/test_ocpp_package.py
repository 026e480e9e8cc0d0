"""The client classes of the PyPI package ``ocpp``, which were written to talk to its own back office."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

import ocpp.v16
import ocpp.v16.call
import ocpp.v21
import ocpp.v21.call
import ocpp.v201
import ocpp.v201.call
import pytest

from techtool.station.findings import Code
from tests.chargers import Visit

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC).isoformat()


async def run(visit: Visit, protocol: str, package: ModuleType, calls: list[Any]) -> list[Any]:
    async with visit.charger(protocol=protocol) as charger:
        client = package.ChargePoint("CP1", charger.socket)
        async with asyncio.TaskGroup() as group:
            listening = group.create_task(client.start())
            answers = [await client.call(call, suppress=False) for call in calls]
            listening.cancel()
    assert Code.SCHEMA not in {one.code for one in visit.station.findings.values()}
    return answers


async def test_16(visit: Visit) -> None:
    call = ocpp.v16.call
    boot, _, authorized, started, stopped = await run(
        visit,
        "ocpp1.6",
        ocpp.v16,
        [
            call.BootNotification("WallBox", "ACME"),
            call.StatusNotification(1, "NoError", "Available"),
            call.Authorize("04A1B2C3"),
            call.StartTransaction(1, "04A1B2C3", 100, NOW),
            call.StopTransaction(1600, NOW, 1),
        ],
    )
    assert boot.status == "Accepted" and boot.interval == 300
    assert authorized.id_tag_info == {"status": "Accepted"}
    assert started.transaction_id > 0
    assert stopped.id_tag_info is None


@pytest.mark.parametrize(("protocol", "package"), [("ocpp2.0.1", ocpp.v201), ("ocpp2.1", ocpp.v21)])
async def test_2x(visit: Visit, protocol: str, package: ModuleType) -> None:
    call = package.call
    boot, _, heartbeat = await run(
        visit,
        protocol,
        package,
        [
            call.BootNotification(charging_station={"model": "WallBox", "vendorName": "ACME"}, reason="PowerUp"),
            call.StatusNotification(timestamp=NOW, connector_status="Available", evse_id=1, connector_id=1),
            call.Heartbeat(),
        ],
    )
    assert boot.status == "Accepted"
    assert heartbeat.current_time.endswith("Z")


@pytest.mark.parametrize("version", ["1.6", "2.0.1"])
async def test_test_ocpp_passes(visit: Visit, version: str) -> None:
    cli = pytest.importorskip("test_ocpp.cli", reason="pip install test-ocpp")
    url = f"ws://127.0.0.1:{visit.port}"
    code = await asyncio.to_thread(cli.main, [url, "TESTER", "--ocpp", version])
    assert code in (0, None)
    assert visit.station.boot is not None
