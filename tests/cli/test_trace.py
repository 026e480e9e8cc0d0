"""``techtool trace`` on visits of more than one charger, and on visits without an end."""

from __future__ import annotations

import json
import os
import stat
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from techtool.cli.app import app
from techtool.cli.loading import LoadError
from techtool.cli.ui import replay_desk
from techtool.journal.store import Journal
from techtool.station.records import Direction
from tests.chargers import BOOT, Visit
from tests.cli.running import command, environment, techtool
from tests.journal.making import record
from tests.screens.making import over, running, shown


@pytest.fixture
async def journal(tmp_path: Path) -> Path:
    """A visit of two chargers, of which the first called again last."""
    path = tmp_path / "two.sqlite3"
    async with Visit.begin(path) as visit:
        for identity in ("RB16", "RB201", "RB16"):
            async with visit.charger(f"/{identity}") as charger:
                await charger.say("BootNotification", {**BOOT, "chargePointModel": f"model of {identity}"})
    return path


def test_a_replay_shows_the_last_that_called_and_names_the_others(journal: Path) -> None:
    ran = techtool("trace", "replay", "1", "--json", journal=journal)
    assert ran.code == 0
    assert ran.json["charger"]["identity"] == "RB16"
    assert ran.json["result"]["others"] == ["RB201"]
    assert "This is RB16. Also in here: RB201; --id chooses." in ran.err


def test_a_replay_shows_the_chosen_charger(journal: Path) -> None:
    ran = techtool("trace", "replay", "1", "--id", "RB201", "--json", journal=journal)
    assert ran.json["charger"]["model"] == "model of RB201"
    assert ran.json["result"]["others"] == ["RB16"]
    ran = techtool("trace", "replay", "1", "--id", "RB201", "--status", journal=journal)
    assert ran.code == 0
    assert "RB201" in ran.out and "RB16" not in ran.out and "RB16" in ran.err


def test_what_passed_says_whose_it_is_where_there_are_several(journal: Path) -> None:
    ran = techtool("trace", "show", "1", "--action", "BootNotification", journal=journal)
    assert ran.code == 0
    assert [line.split()[1] for line in ran.out.splitlines()] == ["RB16"] * 2 + ["RB201"] * 2 + ["RB16"] * 2
    ran = techtool("trace", "show", "1", "--action", "BootNotification", "--id", "rb201", journal=journal)
    assert [line.split()[1] for line in ran.out.splitlines()] == ["RB201"] * 2


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps to the rights of the folder")
def test_only_the_owner_can_read_an_export_with_its_secrets(journal: Path, tmp_path: Path) -> None:
    for name, more, mode in (("all", (), 0o600), ("redacted", ("--redacted",), 0o644)):
        old = os.umask(0o022)
        try:
            ran = techtool("trace", "export", "1", "--to", str(tmp_path / name), *more, journal=journal)
        finally:
            os.umask(old)
        assert ran.code == 0 and stat.S_IMODE((tmp_path / name).stat().st_mode) == mode


def test_a_replay_in_words_shows_all(journal: Path) -> None:
    ran = techtool("trace", "replay", "1", "--status", journal=journal)
    assert "RB16" in ran.out and "RB201" in ran.out and ran.err == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--json",), "No charger RB99 called by then; these did: RB16 and RB201."),
        (("--status",), "these did: RB16 and RB201."),
        (("--json", "--at", "#1"), "No charger RB99 called by then; nor did another."),
    ],
)
def test_a_charger_that_is_not_there_is_said(journal: Path, words: tuple[str, ...], said: str) -> None:
    ran = techtool("trace", "replay", "1", "--id", "RB99", *words, journal=journal)
    assert ran.code == 2 and said in ran.err
    if "--json" in words:
        assert ran.json["error"]["code"] == "unknown-charger"


async def test_the_screens_show_the_chosen_charger(journal: Path) -> None:
    desk, notes = replay_desk("1", journal, "RB16")
    assert notes == []
    app = over(desk)
    async with running(app):
        header = shown(app).splitlines()[0]
    assert "RB16" in header and "RB201" not in header


def test_what_the_screens_cannot_read_of_a_file_is_told(tmp_path: Path) -> None:
    file = tmp_path / "part.jsonl"
    file.write_text('{"format": "techtool-trace", "version": 1}\nnot JSON\n')
    _, notes = replay_desk(str(file), None, None)
    assert len(notes) == 1 and "line 2: not JSON" in notes[0]


async def test_the_screens_do_not_open_on_a_charger_that_is_not_there(journal: Path) -> None:
    with pytest.raises(LoadError, match="these did: RB16 and RB201"):
        replay_desk("1", journal, "RB99")


def test_one_charger_has_no_others(tmp_path: Path) -> None:
    journal = tmp_path / "j.sqlite3"
    techtool("status", "--demo", "1.6", "--settle", "0.1", journal=journal)
    ran = techtool("trace", "replay", "1", "--json", journal=journal)
    assert ran.json["result"]["others"] == [] and ran.err == ""


async def test_a_visit_without_an_end_is_not_said_to_be_open(visit: Visit, tmp_path: Path) -> None:
    ran = techtool("trace", "list", journal=tmp_path / "journal.sqlite3")
    assert "no end" in ran.out and "open" not in ran.out
    said = " ".join(techtool("trace", "list", "--help").out.split())
    assert '"no end" instead of how long: it runs still, or its process was killed.' in said


def test_who_follows_a_transaction_gets_its_start_when_the_answer_names_it(tmp_path: Path) -> None:
    start = {"connectorId": 1, "idTag": "04A1", "meterStart": 0, "timestamp": "2026-11-22T10:00:00Z"}
    values = [2, "m", "MeterValues", {"connectorId": 1, "transactionId": 7, "meterValue": []}]
    path = tmp_path / "j.sqlite3"
    with Journal.open(path) as journal:
        journal.begin_visit(version="0", title="")

        def write(number: int, message: object) -> None:
            way = Direction.LAPTOP if number == 4 else Direction.CHARGER
            journal.write(record(number, json.dumps(message).encode(), direction=way))

        write(1, values)
        journal.flush()
        words = ("trace", "show", "--follow", "--transaction", "7", "--journal", str(path))
        with subprocess.Popen(command(*words), stdout=subprocess.PIPE, text=True, env=environment()) as follower:
            assert follower.stdout is not None
            lines = iter(follower.stdout.readline, "")
            assert "MeterValues" in next(lines)
            write(2, [2, "s", "StartTransaction", start])
            write(3, values)
            assert "MeterValues" in next(lines), "and the start was looked at"
            write(4, [3, "s", {"transactionId": 7, "idTagInfo": {"status": "Accepted"}}])
            write(5, values)
            came = [next(lines) for _ in range(3)]
            follower.kill()
    assert [sum("StartTransaction" in one for one in came), "MeterValues" in came[-1]] == [2, True]
    assert len(set(came)) == 3


def test_who_follows_a_visit_is_done_when_it_ends(tmp_path: Path) -> None:
    path = tmp_path / "j.sqlite3"
    words = ("trace", "show", "--follow", "--journal", str(path))
    with Journal.open(path) as journal:
        journal.begin_visit(version="0", title="")
        journal.write(record(1))
        journal.flush()
        with subprocess.Popen(command(*words), stdout=subprocess.PIPE, text=True, env=environment()) as follower:
            assert follower.stdout is not None
            assert "Heartbeat" in follower.stdout.readline()
            journal.write(record(2))
            journal.end_visit()
            assert len(follower.stdout.readlines()) == 1
        assert follower.returncode == 0
    assert techtool(*words).code == 0, "and of one that has ended there is nothing to follow"


@pytest.mark.parametrize(
    ("option", "found"),
    [
        (("--text", '"chargePointModel"'), 3),
        (("--text", '"chargePointModel": "model of RB201"'), 1),
        (("--text", "!boot"), 0),
        (("--text", 'x" dir:>'), 0),
        (("--action", "Boot", "--direction", "charger"), 3),
        (("--action", '"Boot"'), 0),
    ],
)
def test_what_is_looked_for_is_taken_as_it_stands(option: tuple[str, ...], found: int, journal: Path) -> None:
    ran = techtool("trace", "show", "--json", *option, journal=journal)
    assert ran.code == 0 and len(ran.out.splitlines()) == found


@pytest.mark.parametrize(
    ("words", "reading"),
    [
        (("trace", "replay", "x.jsonl", "--json"), "techtool.cli.loading.load"),
        (("trace", "list", "--json"), "techtool.journal.reading.Archive.visits"),
    ],
)
def test_a_script_gets_its_document_when_a_long_reading_is_interrupted(
    words: tuple[str, ...], reading: str, journal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(reading, interrupted)
    ran = CliRunner().invoke(app, [*words, "--journal", str(journal)])
    assert ran.exit_code == 130
    assert json.loads(ran.stdout)["error"] == {"code": "interrupted", "text": "Interrupted before the end."}
