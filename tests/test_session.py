"""The visit as a whole: what survives a crash, a restart, and a journal that cannot be written."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import signal
import sys
import weakref
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from techtool.csms.policy import Policy
from techtool.events import Event, events
from techtool.jobs.calling import CallRefusedError
from techtool.journal.reading import Archive
from techtool.journal.store import Journal
from techtool.picture import STATIONS_KEPT, fold
from techtool.session import LAST_WORDS_S, Session
from techtool.station.findings import Code
from techtool.station.model import LinkState
from techtool.station.outcomes import NoLinkError, Verdict
from techtool.station.records import Direction, Kind
from techtool.trace.rows import make as row
from tests.chargers import AVAILABLE, BOOT, Visit

START = {"connectorId": 1, "idTag": "04A1B2C3", "meterStart": 1000, "timestamp": "2026-11-22T10:00:00Z"}


@contextlib.asynccontextmanager
async def techtool(journal: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, int]]:
    """Another process that listens; its port."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "techtool",
        "listen",
        "--json",
        "--listen",
        "127.0.0.1:0",
        "--journal",
        str(journal),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        yield process, json.loads(await process.stdout.readline())["port"]
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
async def test_a_crash_loses_nothing_and_the_transaction_goes_on(tmp_path: Path) -> None:
    journal = tmp_path / "journal.sqlite3"
    async with techtool(journal) as (process, port):
        visit = Visit.__new__(Visit)
        visit.port = port
        async with visit.charger() as charger:
            await charger.say("BootNotification", BOOT)
            begun = (await charger.say("StartTransaction", START))["transactionId"]
            for _ in range(200):
                await charger.say("Heartbeat", {})
            await asyncio.sleep(0.1)  # what is older than 100 ms must be there
            process.send_signal(signal.SIGKILL)
            await process.wait()
    with Archive(journal) as archive:
        (row,) = archive.visits()
        records = list(archive.records(row.id))
        assert row.ended is None
    assert [record.number for record in records] == list(range(1, len(records) + 1))
    assert sum(b'"Heartbeat"' in record.data for record in records) == 200
    assert fold(records).stations["CP1"].open_transactions[0].id == str(begun)

    async with Visit.begin(journal) as visit, visit.charger() as charger:
        await charger.say("Heartbeat", {})
        (transaction,) = visit.station.open_transactions
        assert (transaction.id, transaction.carried, transaction.id_token) == (str(begun), True, "04A1B2C3")
        assert (await charger.say("StartTransaction", START))["transactionId"] == begun
        other = await charger.say("StartTransaction", {**START, "connectorId": 2})
        assert other["transactionId"] not in (begun, 0)
        stop = {"transactionId": begun, "meterStop": 3500, "timestamp": "2026-11-22T11:00:00Z"}
        assert await charger.say("StopTransaction", stop) == {}
        (ended,) = visit.station.past
        assert (ended.id, ended.energy_wh, ended.id_token) == (str(begun), 2500.0, "04A1B2C3")

    async with Visit.begin(journal) as visit, visit.charger() as charger:
        await charger.say("Heartbeat", {})
        assert [one.id for one in visit.station.open_transactions] == [str(other["transactionId"])]


async def test_who_a_charger_is_outlives_a_restart_while_it_charges(tmp_path: Path) -> None:
    """It is not asked for its boot then: some reboot on that."""
    journal = tmp_path / "j.sqlite3"
    async with Visit.begin(journal) as visit, visit.charger() as charger:
        await charger.say("BootNotification", {**BOOT, "firmwareVersion": "1.4.2", "iccid": "8949000000012345678"})
        await charger.say("StartTransaction", START)
    async with Visit.begin(journal) as visit, visit.charger() as charger:
        await charger.say("Heartbeat", {})
        make = visit.station.make
        assert (make.vendor, make.model, make.firmware) == ("ACME", "WallBox 22", "1.4.2")
        assert visit.station.boot is None
        assert any("ACME WallBox 22 1.4.2" in row(one).what for one in visit.session.tape.since(0))
        await charger.say("BootNotification", {**BOOT, "firmwareVersion": "1.5.0"})
        assert visit.station.make.firmware == "1.5.0"
    async with Visit.begin(journal) as visit, visit.charger() as charger:
        await charger.say("Heartbeat", {})
        assert visit.station.make.firmware == "1.5.0"


async def test_the_same_start_after_its_stop_is_another_session(tmp_path: Path) -> None:
    """A charger without a clock, and with a meter that stands still."""
    start = {**START, "timestamp": "1970-01-01T00:00:00Z", "meterStart": 0}
    async with Visit.begin(tmp_path / "j.sqlite3") as visit:
        async with visit.charger() as charger:
            first = (await charger.say("StartTransaction", start))["transactionId"]
            assert (await charger.say("StartTransaction", start))["transactionId"] == first, "it is sent again"
            stop = {"transactionId": first, "meterStop": 0, "timestamp": "1970-01-01T00:00:00Z"}
            await charger.say("StopTransaction", stop)
            second = (await charger.say("StartTransaction", start))["transactionId"]
            assert second != first
            assert [one.id for one in visit.station.open_transactions] == [str(second)]
        async with visit.charger() as charger:
            again = (await charger.say("StartTransaction", start))["transactionId"]
            assert again == second, "on a new link it may be a queue that is sent again"


async def test_offline_sessions_that_come_twice_are_the_same_sessions(tmp_path: Path) -> None:
    """FIELD.md, thread 27: start and stop, and then both once more."""
    async with Visit.begin(tmp_path / "j.sqlite3") as visit, visit.charger() as charger:
        ids = set()
        for _ in range(2):
            ids.add(id := (await charger.say("StartTransaction", START))["transactionId"])
            stop = {"transactionId": id, "meterStop": 3500, "timestamp": "2026-11-22T11:00:00Z"}
            await charger.say("StopTransaction", stop)
        assert len(ids) == 1
        assert [one.energy_wh for one in visit.station.past] == [2500.0]


async def test_a_session_of_an_earlier_visit_that_comes_again_is_no_new_one(tmp_path: Path) -> None:
    journal = tmp_path / "j.sqlite3"
    id = 0
    for _ in range(2):
        async with Visit.begin(journal) as visit, visit.charger() as charger:
            again = (await charger.say("StartTransaction", START))["transactionId"]
            stop = {"transactionId": again, "meterStop": 3500, "timestamp": "2026-11-22T11:00:00Z"}
            assert await charger.say("StopTransaction", stop) == {}
            id = id or again
            assert again == id
            replays = [one.text for one in visit.station.findings.values() if one.code is Code.REPLAYED]
            shown = len(visit.station.past), len(replays)
    assert shown == (0, 2), "its start and its stop are told as replays, and it is no session of this visit"


async def test_an_old_session_without_a_stop_does_not_push_out_the_new_one(tmp_path: Path) -> None:
    journal = tmp_path / "j.sqlite3"
    async with Visit.begin(journal) as visit, visit.charger() as charger:
        await charger.say("StartTransaction", START)
    async with Visit.begin(journal) as visit:
        for _ in range(2):
            async with visit.charger() as charger:
                await charger.say("BootNotification", BOOT)
                new = {**START, "timestamp": "2026-11-22T12:00:00Z", "idTag": "04B2"}
                id = (await charger.say("StartTransaction", new))["transactionId"]
                assert [one.id for one in visit.station.open_transactions] == [str(id)]
        texts = [one.text for one in visit.station.findings.values() if one.code is Code.MISSING_STOP]
        assert len(texts) == 1 and f"Transaction {id} began where" in texts[0]
    async with Visit.begin(journal) as visit, visit.charger() as charger:
        await charger.say("Heartbeat", {})
        assert [one.id for one in visit.station.open_transactions] == [str(id)]


async def test_a_link_that_is_gone_leaves_nothing_behind(visit: Visit) -> None:
    gc.disable()  # what holds itself would stay
    try:
        async with visit.charger() as charger:
            await charger.say("BootNotification", BOOT)
            lines = [weakref.ref(line) for line in visit.session.lines]
            assert len(lines) == 1
        await visit.until(lambda: not visit.session.lines)
        await visit.until(lambda: lines[0]() is None)
    finally:
        gc.enable()


async def test_sessions_of_2x_outlive_a_restart_too(tmp_path: Path) -> None:
    def event(kind: str, seq: int, wh: int) -> dict[str, Any]:
        sampled = [{"value": wh, "measurand": "Energy.Active.Import.Register"}]
        return {
            "eventType": kind,
            "timestamp": "2026-11-22T10:00:00Z",
            "triggerReason": "Authorized",
            "seqNo": seq,
            "transactionInfo": {"transactionId": "tx-007"},
            "evse": {"id": 2, "connectorId": 1},
            "meterValue": [{"timestamp": "2026-11-22T10:00:00Z", "sampledValue": sampled}],
        }

    journal = tmp_path / "journal.sqlite3"
    async with Visit.begin(journal) as visit, visit.charger(protocol="ocpp2.0.1") as charger:
        await charger.say("TransactionEvent", event("Started", 0, 1000))
    async with Visit.begin(journal) as visit, visit.charger(protocol="ocpp2.0.1") as charger:
        await charger.say("Heartbeat", {})
        (transaction,) = visit.station.open_transactions
        assert (transaction.id, transaction.evse, transaction.carried) == ("tx-007", 2, True)
        await charger.say("TransactionEvent", event("Ended", 1, 3500))
        (ended,) = visit.station.past
        assert (ended.id, ended.energy_wh) == ("tx-007", 2500.0)
    async with Visit.begin(journal) as visit, visit.charger(protocol="ocpp2.0.1") as charger:
        await charger.say("Heartbeat", {})
        assert visit.station.open_transactions == () == visit.station.past


async def test_a_start_that_is_sent_again_is_the_same_however_its_moment_is_written(visit: Visit) -> None:
    async with visit.charger() as charger:
        await charger.say("BootNotification", BOOT)
        first = await charger.say("StartTransaction", START)
        for again in ("2026-11-22T10:00:00.000Z", "2026-11-22T11:00:00+01:00"):
            answer = await charger.say("StartTransaction", {**START, "timestamp": again, "idTag": "04a1b2c3"})
            assert answer["transactionId"] == first["transactionId"]
        (finding,) = (one for one in visit.station.findings.values() if one.code is Code.REPLAYED)
        assert finding.count == 2 and "nothing changed by it" in finding.text
        other = await charger.say("StartTransaction", {**START, "timestamp": "2026-11-22T10:00:01Z"})
        assert other["transactionId"] != first["transactionId"]


async def test_a_session_that_vanished_is_not_announced_again_but_its_stop_still_joins(tmp_path: Path) -> None:
    journal = tmp_path / "journal.sqlite3"
    async with Visit.begin(journal) as visit, visit.charger() as charger:
        begun = (await charger.say("StartTransaction", START))["transactionId"]
    async with Visit.begin(journal) as visit, visit.charger() as charger:
        seen: list[Event] = []
        visit.session.watch(lambda taken: seen.extend(events(taken)))
        await charger.say("StatusNotification", AVAILABLE)
        await visit.until(lambda: any(one.data.get("phase") == "vanished" for one in seen))
    async with Visit.begin(journal) as visit:
        seen = []
        visit.session.watch(lambda taken: seen.extend(events(taken)))
        async with visit.charger() as charger:
            await charger.say("Heartbeat", {})
            assert visit.station.open_transactions == ()
            assert not [one for one in seen if one.event == "transaction"]
            stop = {"transactionId": begun, "meterStop": 3500, "timestamp": "2026-11-22T11:00:00Z"}
            await charger.say("StopTransaction", stop)
            (ended,) = visit.station.past
            assert (ended.id, ended.energy_wh) == (str(begun), 2500.0)


async def test_the_journal_gives_the_same_picture(tmp_path: Path) -> None:
    async with Visit.begin(tmp_path / "j.sqlite3") as visit:
        async with visit.charger() as charger:
            await charger.say("BootNotification", BOOT)
            await charger.say("StatusNotification", {**AVAILABLE, "errorCode": "Error"})
            await charger.say("StartTransaction", START)
        await visit.knock(b"GET / HTTP/1.1\r\n\r\n")
        number = visit.session.visit
        live = visit.session.picture
    with Archive(tmp_path / "j.sqlite3") as archive:
        again = fold(archive.records(number))
        assert again.stations == live.stations
        assert again.knocks == live.knocks
        assert {one.code for _, one in archive.findings(number)} >= {Code.SCHEMA}


async def test_calls_are_judged(visit: Visit) -> None:
    async with visit.charger() as charger:
        await charger.say("BootNotification", BOOT)

        async def judged(action: str, payload: object, answer: object) -> Verdict:
            async with asyncio.TaskGroup() as group:
                calling = group.create_task(visit.session.call(action, payload))
                call = await charger.called()
                await charger.answer(call, answer)
            outcome = calling.result()
            evidence = [visit.session.tape[number] for number in outcome.records]
            assert [one.direction for one in evidence] == [Direction.LAPTOP, Direction.CHARGER]
            return outcome.verdict

        assert await judged("GetConfiguration", {}, {"configurationKey": []}) is Verdict.PROVED
        assert await judged("Reset", {"type": "Soft"}, {"status": "Accepted"}) is Verdict.ACCEPTED
        assert await judged("Reset", {"type": "Soft"}, {"status": "Rejected"}) is Verdict.REFUSED
        assert (await visit.session.call("Reset", {"type": "Hard"}, within=0.05)).verdict is Verdict.UNANSWERED


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [(True, False, Verdict.PROVED), (False, True, Verdict.PROVED), (False, False, Verdict.ACCEPTED)],
)
async def test_what_was_triggered_is_looked_for(
    visit: Visit, monkeypatch: pytest.MonkeyPatch, before: bool, after: bool, verdict: Verdict
) -> None:
    """Some chargers send it before they answer (FIELD.md, row 4)."""
    if not before and not after:
        monkeypatch.setattr("techtool.jobs.effects.EFFECT_S", 0.05)
    async with visit.charger() as charger:
        await charger.say("BootNotification", BOOT)
        await charger.say("Heartbeat", {})  # before it was asked for: shows nothing
        async with asyncio.TaskGroup() as group:
            calling = group.create_task(visit.session.call("TriggerMessage", {"requestedMessage": "Heartbeat"}))
            call = await charger.called()
            if before:
                await charger.say("Heartbeat", {})
            await charger.answer(call, {"status": "Accepted"})
            await charger.say("StatusNotification", AVAILABLE)
            if after:
                await charger.say("Heartbeat", {})
        assert calling.result().verdict is verdict


async def test_a_trigger_is_not_waited_for_on_a_link_that_is_gone(visit: Visit) -> None:
    async with asyncio.timeout(5), asyncio.TaskGroup() as group, visit.charger() as charger:
        await charger.say("BootNotification", BOOT)
        calling = group.create_task(visit.session.call("TriggerMessage", {"requestedMessage": "Heartbeat"}))
        await charger.answer(await charger.called(), {"status": "Accepted"})
    assert calling.result().verdict is Verdict.ACCEPTED
    assert "the link was lost before a Heartbeat came" in calling.result().text


@pytest.mark.parametrize("back", [True, False])
async def test_a_boot_that_was_triggered_may_be_a_real_one(
    visit: Visit, monkeypatch: pytest.MonkeyPatch, back: bool
) -> None:
    """Some units reboot on it (FIELD.md, row 13): the message comes on their next link."""
    if not back:
        monkeypatch.setattr("techtool.jobs.effects.REBOOT_S", 0.2)
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        async with visit.charger() as charger:
            await charger.say("BootNotification", BOOT)
            asked = {"requestedMessage": "BootNotification"}
            calling = group.create_task(visit.session.call("TriggerMessage", asked))
            await charger.answer(await charger.called(), {"status": "Accepted"})
        if back:
            async with visit.charger() as charger:
                await charger.say("BootNotification", BOOT)
                await asyncio.wait([calling])
    assert calling.result().verdict is (Verdict.PROVED if back else Verdict.ACCEPTED)
    assert Code.REBOOTS_WHEN_ASKED in {one.code for one in visit.station.findings.values()}


async def test_who_was_rejected_is_not_asked_what_it_must_not_answer(visit: Visit) -> None:
    visit.session.set_policy(Policy(boot_status="Rejected"))
    async with visit.charger() as charger:
        await charger.say("BootNotification", BOOT)
        with pytest.raises(CallRefusedError, match="until it is accepted it must not answer"):
            await visit.session.call("ClearCache", {})


async def test_a_call_ends_when_the_charger_hangs_up(visit: Visit) -> None:
    async with asyncio.TaskGroup() as group, visit.charger() as charger:
        await charger.say("BootNotification", BOOT)
        calling = group.create_task(visit.session.call("Reset", {"type": "Soft"}))
        await charger.called()
    outcome = calling.result()
    assert outcome.verdict is Verdict.UNANSWERED
    assert "whether the charger acted on it is unknown" in outcome.text


async def test_nobody_to_call_is_said(visit: Visit) -> None:
    with pytest.raises(NoLinkError, match="No charger is connected"):
        await visit.session.call("Reset", {"type": "Soft"})


async def test_a_journal_that_cannot_be_written_does_not_stop_the_visit(tmp_path: Path) -> None:
    place = tmp_path / "journal.sqlite3"
    place.mkdir()
    async with Visit.begin(place) as visit, visit.charger() as charger:
        await charger.say("BootNotification", BOOT)
        begun = await charger.say("StartTransaction", START)
        assert begun["transactionId"] > 0
        assert visit.station.make.vendor == "ACME"
        assert visit.session.trouble is not None


async def test_two_versions_of_one_charger_do_not_mix(visit: Visit) -> None:
    """FoxESS tries 1.6 for three seconds and comes back with 2.0.1."""
    async with visit.charger(protocol="ocpp1.6"):
        await visit.until(lambda: visit.session.station)
    station = {"model": "A011", "vendorName": "FoxESS"}
    async with visit.charger(protocol="ocpp2.0.1") as charger:
        await charger.say("BootNotification", {"reason": "PowerUp", "chargingStation": station})
        assert visit.station.link.protocol == "ocpp2.0.1"
        assert Code.SCHEMA not in {one.code for one in visit.station.findings.values()}
        assert visit.knocks[0].reason.value == "no-boot"


async def test_what_a_charger_used_to_do_is_told_when_it_comes_again(tmp_path: Path) -> None:
    async with Visit.begin(tmp_path / "j.sqlite3") as visit, visit.charger() as charger:
        await charger.say("BootNotification", BOOT)
        await charger.say("MeterValues", {"connectorId": 1, "meterValue": "04A1B2C3"})
    for _ in range(2):
        assert await habits(tmp_path) == "In earlier visits it kept not to the standard in MeterValues."


async def habits(folder: Path) -> str:
    """What is told of a charger that only connects."""
    async with Visit.begin(folder / "j.sqlite3") as visit, visit.charger():
        await visit.until(lambda: visit.session.station and visit.station.findings)
        (known,) = (one for one in visit.station.findings.values() if one.code is Code.HABITS)
        return known.text


async def test_notes_are_records_too(visit: Visit) -> None:
    async with visit.charger() as charger:
        await charger.say("BootNotification", BOOT)
    await visit.until(lambda: any(record.kind is Kind.CLOSED for record in visit.session.tape.since(0)))
    closed = next(record for record in visit.session.tape.since(0) if record.kind is Kind.CLOSED)
    assert 0 <= json.loads(closed.data)["silent_s"] < 20
    assert row(closed).what.endswith(" s after its last message")
    linked = next(record for record in visit.session.tape.since(0) if record.kind is Kind.LINKED)
    assert json.loads(linked.data)["identity"] == "CP1"


# --- more names than are kept --------------------------------------------------------------------------------


def comes(session: Session, connection: int, identity: str, *oddities: str) -> None:
    """A charger's handshake, and what was odd about it."""
    odd = [{"code": Code.ODD_HANDSHAKE, "severity": "info", "text": one, "subject": one} for one in oddities]
    note = {"identity": identity, "protocol": "ocpp1.6", "findings": odd}
    session.record(connection, Direction.NOTE, Kind.OPENED, b"{}")
    session.record(connection, Direction.NOTE, Kind.LINKED, json.dumps(note).encode())


def leaves(session: Session, connection: int, reason: str = "") -> None:
    note = {"code": 1006, "reason": reason, "by": "charger"}
    session.record(connection, Direction.NOTE, Kind.CLOSED, json.dumps(note).encode())


def found_by(journal: Path) -> list[tuple[str, str]]:
    """The findings that were kept of the only visit: whose, and what about."""
    with Archive(journal) as archive:
        return [(identity, finding.subject) for identity, finding in archive.findings(archive.latest().id)]


def test_findings_of_chargers_that_were_forgotten_meanwhile_end_nothing(tmp_path: Path) -> None:
    with Journal.open(tmp_path / "j.sqlite3") as journal:
        session = Session(journal)
        for number in range(STATIONS_KEPT + 1):
            comes(session, number, f"CP{number}", "old path")
            leaves(session, number)
        session.settle()
        comes(session, STATIONS_KEPT + 1, "NEW")
        session.settle()
        assert session.picture.stations["NEW"].link.state is LinkState.CONNECTED
    found = found_by(tmp_path / "j.sqlite3")
    assert ("CP0", "old path") not in found and len(found) == STATIONS_KEPT


def test_a_charger_that_was_forgotten_and_came_again_is_another_one(tmp_path: Path) -> None:
    with Journal.open(tmp_path / "j.sqlite3") as journal:
        session = Session(journal)
        for number in range(STATIONS_KEPT + 1):
            comes(session, number, f"CP{number}", "old path")
            leaves(session, number)
        comes(session, STATIONS_KEPT + 1, "CP0", "new path")
        session.settle()
        assert session.picture.stations["CP0"].link.state is LinkState.CONNECTED
    found = found_by(tmp_path / "j.sqlite3")
    assert ("CP0", "new path") in found and ("CP0", "old path") not in found


def test_a_charger_that_is_forgotten_as_it_leaves_ends_nothing(tmp_path: Path) -> None:
    """All the others are connected."""
    with Journal.open(tmp_path / "j.sqlite3") as journal:
        session = Session(journal)
        for number in range(STATIONS_KEPT + 1):
            comes(session, number, f"CP{number}")
        leaves(session, 0, "broken WebSocket framing")
        session.settle()
        assert "CP0" not in session.picture.stations and len(session.picture.stations) == STATIONS_KEPT
    assert found_by(tmp_path / "j.sqlite3") == []


async def test_who_is_saying_something_is_answered_before_the_laptop_hangs_up(tmp_path: Path) -> None:
    """MicroOcpp never sends again what was not answered, and nothing after it, until it is restarted."""
    async with (
        Visit.begin(tmp_path / "j.sqlite3") as visit,
        visit.charger() as charger,
        asyncio.TaskGroup() as tasks,
    ):
        await charger.say("BootNotification", BOOT)
        tasks.create_task(visit.session.close())
        await asyncio.sleep(0)
        for connector in (1, 2):
            assert await charger.say("StatusNotification", {**AVAILABLE, "connectorId": connector}) == {}
    assert len(visit.station.evses) == 2


async def test_a_flood_does_not_keep_the_laptop_from_hanging_up(tmp_path: Path) -> None:
    async with Visit.begin(tmp_path / "j.sqlite3") as visit, visit.charger() as charger:
        await charger.say("BootNotification", BOOT)

        async def flood() -> None:
            with contextlib.suppress(ConnectionClosed):
                while True:
                    await charger.say("Heartbeat", {})

        async with asyncio.timeout(LAST_WORDS_S + 5), asyncio.TaskGroup() as tasks:
            tasks.create_task(flood())
            await visit.session.close()


async def test_what_comes_after_a_boot_by_itself_is_no_answer_to_a_trigger(tmp_path: Path) -> None:
    """The virtual charge point accepts every TriggerMessage, and sends nothing for it."""
    wanted = {"requestedMessage": "StatusNotification", "connectorId": 1}
    async with (
        Visit.begin(tmp_path / "j.sqlite3") as visit,
        visit.charger() as charger,
        asyncio.TaskGroup() as tasks,
    ):
        await charger.say("BootNotification", BOOT)
        asking = tasks.create_task(visit.session.call("TriggerMessage", wanted))
        await asyncio.sleep(0)
        await charger.say("StatusNotification", AVAILABLE)
        call = await charger.called()
        assert call[2] == "TriggerMessage"
        await charger.answer(call, {"status": "NotImplemented"})
        assert (await asking).verdict is Verdict.REFUSED
        passed = [one.data for one in visit.session.tape.since(0)]
        told = next(n for n, one in enumerate(passed) if one.startswith(b'[2, "StatusNotification-'))
        asked = next(n for n, one in enumerate(passed) if b'"TriggerMessage"' in one)
        assert told < asked, "it waited for that round to be over"
