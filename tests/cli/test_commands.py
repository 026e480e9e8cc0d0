"""Every command as a script meets it: what it prints, where, and with which exit code."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

import pytest

from techtool import __version__
from techtool.cli import main
from techtool.events import EventName
from tests.chargers import AVAILABLE, BOOT, Visit
from tests.cli.running import command, environment, techtool
from tests.cli.started import started
from tests.cli.waiting import Waiting

SHAPE = {"command", "charger", "verdict", "result", "findings", "error"}
FRAMES = Path(__file__).parent.parent / "frames"


def test_version_and_help_cost_nothing_and_import_little() -> None:
    ran = techtool("--version")
    assert (ran.code, ran.out) == (0, f"techtool {__version__}\n")
    script = (
        "import sys\n"
        "from techtool.cli import main\n"
        "sys.argv = ['techtool', sys.argv[1]]\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'textual', 'ocpp', 'websockets', 'sqlite3', 'asyncio', 'psutil', 'jsonschema_rs'}\n"
        "print('HEAVY', sorted(heavy & set(sys.modules)))\n"
    )
    for option in ("--version", "--help"):
        ran_script = subprocess.run(
            [sys.executable, "-c", script, option], capture_output=True, text=True, check=True, env=environment()
        )
        assert ran_script.stdout.endswith("HEAVY []\n"), ran_script.stdout


def test_help_names_every_command() -> None:
    ran = techtool("--help")
    assert ran.code == 0
    ports = ("auth", "config", "firmware", "reset")
    for name in ("demo", "listen", "status", "call", *ports, "doctor", "trace", "simulate"):
        assert f" {name} " in ran.out


def test_help_explains_every_event() -> None:
    words = set(re.findall(r"\w+", techtool("listen", "--help").out))
    assert set(get_args(EventName)) <= words


@pytest.mark.parametrize("version", ["1.6", "2.0.1", "2.1"])
def test_status_of_the_demo(tmp_path: Path, version: str) -> None:
    ran = techtool("status", "--demo", version, "--settle", "0.5", "--json", journal=tmp_path / "j.sqlite3")
    assert ran.code == 0, ran.err
    document = ran.json
    assert set(document) == SHAPE
    assert document["command"] == "status" and document["error"] is None
    assert set(document["charger"]) == {
        "identity", "vendor", "model", "serial", "firmware", "protocol", "address",
    }  # fmt: skip
    assert document["charger"]["protocol"] == f"ocpp{version}"
    result = document["result"]
    assert set(result) == {"link", "clock_offset_s", "firmware", "logs", "evses"}
    assert abs(result["clock_offset_s"]) < 2
    evse = next(one for one in result["evses"] if one["id"] == 1)
    assert set(evse) == {"id", "connectors", "meter", "transaction"}
    assert {"id", "status", "error", "vendor_error", "since"} <= set(evse["connectors"][0])
    assert evse["connectors"][0]["status"] in ("Available", "Preparing", "Occupied", "Charging")


def test_status_in_words(tmp_path: Path) -> None:
    ran = techtool("status", "--demo", "1.6", "--settle", "0.3", journal=tmp_path / "j.sqlite3")
    assert ran.code == 0
    assert "DEMO-001" in ran.out and "connector 1" in ran.out and "boot      Accepted" in ran.out


def test_no_charger_is_exit_3(tmp_path: Path) -> None:
    words = ("--listen", "127.0.0.1:0", "--wait", "0.2")
    ran = techtool("status", *words, journal=tmp_path / "j.sqlite3")
    assert ran.code == 3 and "No charger came within" in ran.err and ran.out == ""
    ran = techtool("status", *words, "--json", journal=tmp_path / "j.sqlite3")
    assert ran.code == 3 and ran.json["error"]["code"] == "no-charger"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("status", "--listen", "nonsense"), "is no [HOST:]PORT"),
        (("status", "--listen", "99999"), "is no [HOST:]PORT"),
        (("status", "--ocpp", "1.5"), "is none of 1.6, 2.0.1 and 2.1"),
        (("status", "--demo", "3"), "is none of 1.6, 2.0.1, 2.1 and openevse"),
        (("call", "Reset", "{nonsense"), "The payload is no JSON"),
        (("trace", "show", "--direction", "up"), "is none of charger, laptop, note"),
        (("simulate", "ocpp", "--quirk", "no-such-quirk"), "no-such-quirk"),
        (("nonsense",), "No such command"),
    ],
)
def test_bad_input_is_exit_2_with_a_sentence(words: tuple[str, ...], said: str) -> None:
    ran = techtool(*words)
    assert ran.code == 2, ran
    assert said in " ".join(ran.err.replace("│", " ").split())


@pytest.mark.parametrize(
    ("words", "command", "said"),
    [
        (("status", "--json", "--bogus"), "status", "No such option: --bogus"),
        (("status", "--json", "--listen", "foo"), "status", "'foo' is no [HOST:]PORT"),
        (("trace", "show", "--json", "x"), "trace show", "valid integer"),
        (("bogus", "--json"), "techtool", "No such command 'bogus'."),
    ],
)
def test_wrong_usage_is_told_to_scripts_too(words: tuple[str, ...], command: str, said: str) -> None:
    ran = techtool(*words)
    assert ran.code == 2
    assert (ran.json["command"], ran.json["error"]["code"]) == (command, "usage")
    assert said in ran.json["error"]["text"]


@pytest.mark.parametrize("words", [(), ("demo",), ("--demo", "2.1"), ("trace", "replay", "x.jsonl")])
def test_the_ui_wants_a_terminal(words: tuple[str, ...]) -> None:
    ran = techtool(*words)
    assert (ran.code, ran.out) == (2, "")
    assert "The UI needs a terminal." in ran.err


@pytest.mark.parametrize("words", [("--listen", "9111", "status"), ("--password", "geheim", "listen")])
def test_options_before_the_command_are_not_lost_in_silence(words: tuple[str, ...]) -> None:
    ran = techtool(*words)
    assert ran.code == 2
    said = " ".join(ran.err.replace("│", " ").split())
    assert f"Options are given after the command: techtool {words[2]} {words[0]} ..." in said


def test_an_option_in_the_environment_is_for_the_command(tmp_path: Path) -> None:
    ran = techtool("trace", "list", "--json", TECHTOOL_JOURNAL=str(tmp_path / "none.sqlite3"))
    assert ran.json["error"]["code"] == "journal"


def test_a_number_that_no_visit_has_is_said(tmp_path: Path) -> None:
    techtool("status", "--demo", "--settle", "0.1", journal=tmp_path / "j")
    for wanted in ("show", "replay"):
        for number in ("9" * 5000, "0"):
            ran = techtool("trace", wanted, number, "--json", journal=tmp_path / "j")
            assert ran.code == 2 and ran.json["error"]["text"]


def test_a_file_with_gaps_is_replayed(tmp_path: Path) -> None:
    techtool("status", "--demo", "--settle", "0.1", journal=tmp_path / "j")
    techtool("trace", "export", "1", "-o", str(tmp_path / "whole.jsonl"), journal=tmp_path / "j")
    lines = (tmp_path / "whole.jsonl").read_text().splitlines(keepends=True)
    (tmp_path / "gap.jsonl").write_text("".join([*lines[:6], *lines[9:]]))
    ran = techtool("trace", "replay", str(tmp_path / "gap.jsonl"), "--json")
    assert ran.code == 0 and ran.json["charger"]["identity"] == "DEMO-001"


@pytest.mark.skipif(sys.platform == "win32", reason="pipes are other ones there")
async def test_who_does_not_read_the_events_keeps_no_charger_waiting(tmp_path: Path) -> None:
    """`techtool listen | less`: a pipe holds 64 kB, a charger has more to tell."""
    reading, writing = os.pipe()
    words = command("listen", "--json", "--listen", "127.0.0.1:0", "--journal", str(tmp_path / "j"))
    with subprocess.Popen(words, stdout=writing, stderr=subprocess.DEVNULL, env=environment()) as process:  # noqa: ASYNC220
        os.close(writing)
        try:
            visit = Visit.__new__(Visit)
            visit.port = json.loads(await asyncio.to_thread(os.read, reading, 4096))["port"]
            async with visit.charger() as charger:
                await charger.say("BootNotification", BOOT)
                for number in range(1500):
                    status = {**AVAILABLE, "info": f"{number:040}"}
                    assert await charger.say("StatusNotification", status) == {}
            process.terminate()
            assert await asyncio.to_thread(process.wait, 20) == 130
        finally:
            process.kill()
            os.close(reading)


def test_the_demo_without_a_version_speaks_1_6(tmp_path: Path) -> None:
    ran = techtool("call", "--demo", "GetConfiguration", "--json", journal=tmp_path / "j")
    assert ran.code == 0
    assert ran.json["charger"]["protocol"] == "ocpp1.6"


def test_a_question_is_done_and_a_command_only_accepted(tmp_path: Path) -> None:
    journal = tmp_path / "j.sqlite3"
    ran = techtool(
        "call", "GetConfiguration", '{"key": ["HeartbeatInterval"]}', "--demo", "1.6", "--json", journal=journal
    )
    assert ran.code == 0 and ran.json["verdict"] == "proved"
    assert ran.json["result"]["configurationKey"][0]["key"] == "HeartbeatInterval"
    ran = techtool("call", "ClearCache", "-", "--demo", "1.6", journal=journal, stdin="{}")
    assert ran.code == 5 and '"status": "Accepted"' in ran.out


def test_a_wrong_payload_does_not_leave_the_laptop_unless_forced(tmp_path: Path) -> None:
    journal = tmp_path / "j.sqlite3"
    ran = techtool("call", "Reset", '{"type": "Warm"}', "--demo", "1.6", journal=journal)
    assert ran.code == 2 and '"Warm" is not in the standard\'s list' in ran.err
    ran = techtool("call", "reset", "{}", "--demo", "1.6", journal=journal)
    assert ran.code == 2 and "Did you mean Reset?" in ran.err
    ran = techtool("call", "Reset", '{"type": "Warm"}', "--force", "--demo", "1.6", "--json", journal=journal)
    assert ran.code == 1 and ran.json["verdict"] == "refused"


async def test_a_silent_charger_is_exit_4(tmp_path: Path) -> None:
    words = ("call", "GetConfiguration", "--within", "0.3")
    async with Waiting.begin(tmp_path / "j.sqlite3", *words) as waiting, waiting.charger("CP1") as charger:
        await charger.say("BootNotification", BOOT)
        await charger.called()
        ran = await waiting.ended()
    assert ran.code == 4 and "No answer to GetConfiguration" in ran.err


async def test_listen_gives_a_line_per_event(tmp_path: Path) -> None:
    where = ("--listen", "127.0.0.1:0", "--journal", str(tmp_path / "j.sqlite3"))
    async with started("listen", "--json", *where) as listener:
        first = json.loads(await listener.line())
        assert first["event"] == "listening"
        visit = Visit.__new__(Visit)
        visit.port = first["port"]
        async with visit.charger() as charger:
            await charger.say("BootNotification", {**BOOT, "chargePointModel": "\x1b]52;c;ZXZpbA==\x07"})
            await charger.say("StatusNotification", AVAILABLE)
            for _ in range(300):
                await charger.say("Heartbeat", {})
        seen: list[dict[str, Any]] = []
        while not seen or seen[-1]["event"] != "disconnected":
            line = await listener.line()
            assert "\x1b" not in line
            seen.append(json.loads(line))
            assert {"at", "event", "charger"} <= set(seen[-1])
        assert [one["event"] for one in seen] == ["connected", "boot", "status", "finding", "disconnected"]
        assert seen[3]["code"] == "flood"
        if sys.platform != "win32":
            listener.interrupt()
            ran = await listener.ended()
            assert ran.code == 130 and "Interrupted." in ran.err


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize(
    ("words", "number"),
    [
        (("status",), signal.SIGINT),
        (("doctor",), signal.SIGINT),
        (("call", "Reset"), signal.SIGINT),
        (("listen", "--demo", "1.6"), signal.SIGINT),
        (("status",), signal.SIGTERM),
        (("listen", "--demo", "1.6"), signal.SIGTERM),
        (("status",), getattr(signal, "SIGHUP", signal.SIGTERM)),
    ],
)
def test_interrupted_is_exit_130(tmp_path: Path, words: tuple[str, ...], number: int) -> None:
    listen = () if "--demo" in words else ("--listen", "127.0.0.1:0")
    process = subprocess.Popen(
        command(*words, *listen, "--journal", str(tmp_path / "j.sqlite3")),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment(PYTHONUNBUFFERED="1"),
    )  # fmt: skip
    assert process.stdout is not None
    line = process.stdout.readline()
    while not any(word in line for word in ("Waiting", "Listening", "listening")):
        line = process.stdout.readline()
    process.send_signal(number)
    rest, _ = process.communicate(timeout=20)
    assert process.returncode == 130, rest
    assert "Traceback" not in rest


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("words", [("status",), ("call", "Reset"), ("doctor",)])
async def test_a_script_gets_its_document_when_it_is_interrupted_too(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    async with Waiting.begin(tmp_path / "j.sqlite3", *words, "--json") as waiting:
        await waiting.knock(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        waiting.interrupt()
        ran = await waiting.ended()
    assert ran.code == 130
    assert set(ran.json) == SHAPE
    assert (ran.json["command"], ran.json["verdict"], ran.json["charger"]) == (words[0], None, None)
    assert ran.json["error"] == {"code": "interrupted", "text": "Interrupted before the end."}
    if words == ("doctor",):
        assert [knock["reason"] for knock in ran.json["result"]["knocks"]] == ["no-upgrade"]
    else:
        assert ran.json["result"] is None
    assert "Interrupted." in ran.err and "Traceback" not in ran.err


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
async def test_no_document_follows_the_lines_of_listen(tmp_path: Path) -> None:
    where = ("--listen", "127.0.0.1:0", "--journal", str(tmp_path / "j.sqlite3"))
    async with started("listen", "--json", *where) as listener:
        assert json.loads(await listener.line())["event"] == "listening"
        listener.interrupt()
        ran = await listener.ended()
    assert (ran.code, ran.out) == (130, "")


@pytest.mark.skipif(sys.platform == "win32", reason="a shell pipe")
def test_a_pipe_closed_early_is_quiet(tmp_path: Path) -> None:
    journal = tmp_path / "j.sqlite3"
    techtool("status", "--demo", "1.6", "--settle", "0.2", journal=journal)
    for words in ("trace export", "trace show", "trace show --raw", "simulate ocpp --quirks"):
        extra = f" --journal '{journal}'" if words.startswith("trace") else ""
        line = f"'{sys.executable}' -m techtool {words}{extra} | head -n 1"
        ran = subprocess.run(line, shell=True, capture_output=True, text=True, check=False, env=environment())
        assert ran.stdout.count("\n") == 1 and "Traceback" not in ran.stderr, ran.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
@pytest.mark.parametrize("words", [["--version"], ["--help"], ["status", "--help"]])
def test_words_that_cannot_be_written_are_no_crash(words: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(
            command(*words), stdout=full, stderr=subprocess.PIPE, text=True, check=False, env=environment()
        )
    assert ran.returncode == 1
    assert ran.stderr == "techtool: the output cannot be written: No space left on device.\n"


def test_a_trace_is_listed_shown_exported_and_replayed(tmp_path: Path) -> None:
    journal = tmp_path / "j.sqlite3"
    assert techtool("status", "--demo", "2.0.1", "--settle", "0.3", journal=journal).code == 0
    (visit,) = techtool("trace", "list", "--json", journal=journal).json["result"]["visits"]
    assert visit["identities"] == ["DEMO-001"] and visit["records"] > 5
    shown = techtool("trace", "show", str(visit["id"]), "--action", "BootNotification", journal=journal)
    assert shown.out.count("BootNotification") == 2
    charger = techtool("trace", "show", "--direction", "charger", journal=journal)
    assert "  <  " not in charger.out and "  >  " in charger.out
    lines = techtool("trace", "show", "--json", journal=journal).out.splitlines()
    assert [json.loads(line)["number"] for line in lines] == list(range(1, visit["records"] + 1))

    file = tmp_path / "visit.jsonl"
    assert techtool("trace", "export", "--to", str(file), journal=journal).code == 0
    again = techtool("trace", "export", "--to", str(file), journal=journal)
    assert again.code == 2 and "exists already" in again.err
    replayed = techtool("trace", "replay", str(file), "--json")
    assert replayed.json["charger"]["identity"] == "DEMO-001"
    live = techtool("trace", "replay", str(visit["id"]), "--json", journal=journal)
    assert live.json == replayed.json


def test_replay_reads_recordings_and_stops_at_any_moment() -> None:
    file = str(FRAMES / "tfocpp-1.6.jsonl")
    assert techtool("trace", "replay", file, "--json").json["charger"]["vendor"] == "Tinkerforge GmbH"
    early = techtool("trace", "replay", file, "--at", "#2", "--json").json
    assert early["charger"]["vendor"] == "Tinkerforge GmbH" and early["result"]["evses"] == []
    ran = techtool("trace", "replay", file, "--at", "teatime")
    assert ran.code == 2 and "is no moment" in ran.err
    ran = techtool("trace", "replay", "no-such-file.jsonl", "--status")
    assert ran.code == 2 and "no-such-file.jsonl" in ran.err


def test_a_visit_that_is_not_there_is_said(tmp_path: Path) -> None:
    ran = techtool("trace", "show", "7", journal=tmp_path / "none.sqlite3")
    assert ran.code == 1 and "There is no journal" in ran.err


def test_doctor_only_looks_with_wait_0(tmp_path: Path) -> None:
    ran = techtool("doctor", "--wait", "0", "--listen", "0", "--json", journal=tmp_path / "j.sqlite3")
    assert ran.code == 0, ran.err
    result = ran.json["result"]
    assert result["port"]["free"] is True and result["firewall"]
    assert any(one["address"] == "127.0.0.1" for one in result["interfaces"])


async def test_doctor_tells_who_holds_the_port_and_who_knocks(visit: Visit, tmp_path: Path) -> None:
    ran = await asyncio.to_thread(techtool, "doctor", "--listen", f"127.0.0.1:{visit.port}", "--wait", "1")
    assert ran.code == 1
    assert f"pid {os.getpid()}" in ran.err or "in use" in ran.err
    ran = await asyncio.to_thread(
        techtool, "status", "--listen", f"127.0.0.1:{visit.port}", "--json", journal=tmp_path / "j.sqlite3"
    )
    assert ran.code == 1 and ran.json["error"]["code"] == "listen"


def test_options_come_from_the_environment_too(tmp_path: Path) -> None:
    ran = techtool(
        "status", TECHTOOL_DEMO="2.1", TECHTOOL_JSON="1", TECHTOOL_JOURNAL=str(tmp_path / "j.sqlite3"),
        TECHTOOL_ID="BOX-7",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    assert (ran.json["charger"]["protocol"], ran.json["charger"]["identity"]) == ("ocpp2.1", "BOX-7")


@pytest.mark.parametrize(("words", "told"), [(["status"], True), (["listen"], False), (["trace", "show"], False)])
def test_ctrl_c_before_a_command_begins_is_told_as_one_in_its_middle(
    words: list[str], told: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("techtool.cli.connect.run", interrupted)
    monkeypatch.setattr("techtool.cli.archives.opened", interrupted)
    monkeypatch.setattr("sys.argv", ["techtool", *words, "--json"])
    monkeypatch.setattr("signal.signal", lambda *_: None)
    monkeypatch.setattr("techtool.cli.reply.Reply.given", False)
    with pytest.raises(SystemExit) as ended:
        main()
    out, err = capsys.readouterr()
    assert ended.value.code == 130 and "Interrupted." in err
    if told:
        document = json.loads(out)
        assert (set(document), document["command"]) == (SHAPE, "status")
        assert document["error"]["code"] == "interrupted"
    else:
        assert out == ""


def test_what_goes_wrong_with_listen_is_one_line_too(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        where = f"127.0.0.1:{taken.getsockname()[1]}"
        ran = techtool("listen", "--json", "--listen", where, journal=tmp_path / "j.sqlite3")
    assert ran.code == 1 and ran.out.count("\n") == 1
    assert ran.json["error"]["code"] == "listen"
