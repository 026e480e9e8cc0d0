"""``techtool call`` as chargers meet it: which one it is for, what does not go out, and what comes after."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import pytest

from tests.chargers import BOOT
from tests.cli.running import techtool
from tests.cli.waiting import Waiting

SECRET = {"key": "AuthorizationKey", "readonly": False, "value": "0011223344556677"}


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "j.sqlite3"


async def test_the_answer_names_the_charger(journal: Path) -> None:
    async with (
        Waiting.begin(journal, "call", "Reset", '{"type": "Soft"}') as waiting,
        waiting.charger("RB16") as charger,
    ):
        await charger.say("BootNotification", BOOT)
        await charger.answer(await charger.called(), {"status": "Accepted"})
        ran = await waiting.ended()
    assert ran.code == 5
    assert "RB16: Reset was answered Accepted; its effect is not checked." in ran.err


@pytest.mark.parametrize("option", [(), ("--json",)])
@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("call", "Reset", '{"type": "Soft"}'), "Reset"),
        (("config", "set", "X", "1"), "X"),
        (("reset",), "the reset"),
    ],
)
async def test_with_two_chargers_somebody_must_choose(
    journal: Path, words: tuple[str, ...], what: str, option: tuple[str, ...]
) -> None:
    async with (
        Waiting.begin(journal, *words, *option) as waiting,
        waiting.charger("RB16") as first,
        waiting.charger("RB201", "ocpp2.0.1"),
    ):
        await first.say("BootNotification", BOOT)
        ran = await waiting.ended()
        assert [message async for message in first.socket] == []
    assert ran.code == 2
    said = "2 chargers are connected: RB16 and RB201. Say with --id which one gets " + what + "."
    assert said in ran.err
    if option:
        assert ran.json["error"] == {"code": "which-charger", "text": said}
        assert ran.json["charger"] is None


async def test_what_does_not_go_out_names_the_charger_that_it_was_for(journal: Path) -> None:
    async with (
        Waiting.begin(journal, "call", "GetConfiguration", '{"key": "x"}', "--json") as waiting,
        waiting.charger("RB16") as charger,
    ):
        await charger.say("BootNotification", {**BOOT, "chargePointVendor": "V" * 21})
        ran = await waiting.ended()
    assert (ran.code, ran.json["verdict"], ran.json["error"]["code"]) == (2, None, "refused")
    assert (ran.json["charger"]["identity"], ran.json["charger"]["protocol"]) == ("RB16", "ocpp1.6")
    assert [one["code"] for one in ran.json["findings"]] == ["schema"]


async def test_a_chosen_charger_is_called(journal: Path) -> None:
    async with (
        Waiting.begin(journal, "call", "ClearCache", "--id", "RB16") as waiting,
        waiting.charger("RB16") as charger,
    ):
        await charger.say("BootNotification", BOOT)
        await charger.answer(await charger.called(), {"status": "Rejected"})
        ran = await waiting.ended()
    assert ran.code == 1 and "RB16: ClearCache was answered Rejected." in ran.err


async def test_a_script_learns_why_there_was_no_answer(journal: Path) -> None:
    async with Waiting.begin(journal, "call", "ClearCache", "--json") as waiting:
        async with waiting.charger("RB16") as charger:
            await charger.say("BootNotification", BOOT)
            await charger.called()
        ran = await waiting.ended()
    assert (ran.code, ran.json["verdict"]) == (4, "unanswered")
    why = "The link was lost before ClearCache was answered; whether the charger acted on it is unknown."
    assert ran.json["error"] == {"code": "unanswered", "text": why} and why in ran.err


async def test_settings_can_be_made_while_a_charger_is_pending(journal: Path) -> None:
    setting = '{"key": "MeterValueSampleInterval", "value": "10"}'
    async with (
        Waiting.begin(journal, "call", "ChangeConfiguration", setting, "--boot", "pending:20") as waiting,
        waiting.charger("RB16") as charger,
    ):
        assert (await charger.say("BootNotification", BOOT))["status"] == "Pending"
        await charger.answer(await charger.called(), {"status": "Accepted"})
        ran = await waiting.ended()
    assert ran.code == 5


@pytest.mark.parametrize(
    ("boot", "why"),
    [
        ("maybe", "'maybe' is none of accepted, pending and rejected."),
        ("pending:0", "'0' is no interval: whole seconds from 1 to 86400, like pending:60."),
    ],
)
def test_a_boot_answer_that_makes_no_sense_is_explained(boot: str, why: str, journal: Path) -> None:
    ran = techtool("call", "ClearCache", "--boot", boot, "--json", journal=journal)
    assert ran.code == 2 and why in ran.json["error"]["text"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
async def test_what_comes_during_the_stay_is_printed_until_ctrl_c(journal: Path) -> None:
    payload = '{"requestedMessage": "Heartbeat"}'
    async with (
        Waiting.begin(journal, "call", "TriggerMessage", payload, "--stay", "50") as waiting,
        waiting.charger("RB16") as charger,
    ):
        await charger.say("BootNotification", BOOT)
        call = await charger.called()
        await charger.say("Heartbeat", {})
        await charger.answer(call, {"status": "Accepted"})
        await waiting.words_with("Staying for 50 s")
        assert [await waiting.line() for _ in range(3)] == ["{\n", '  "status": "Accepted"\n', "}\n"]
        assert (await waiting.line()).split()[1:] == ["Heartbeat", "{}"]
        await charger.say("DataTransfer", {"vendorId": "x", "data": "\x1b]0;evil\x07", "password": "geheim"})
        clock, action, shown = (await waiting.line()).split()
        assert (len(clock), action) == (len("10:58:30.123"), "DataTransfer")
        assert shown == '{"vendorId":"x","data":"\\u001b]0;evil\\u0007","password":"********"}'
        await charger.socket.send("[2,")
        _, action, shown = (await waiting.line()).split()
        assert (action, shown) == ("unreadable", '"[2,"')
        waiting.interrupt()
        ran = await waiting.ended()
    assert ran.code == 130
    assert "Interrupted." in ran.err and "Traceback" not in ran.err


async def test_a_script_gets_the_answer_and_what_came(journal: Path) -> None:
    words = ("call", "GetConfiguration", "--stay", "0.2", "--json")
    async with (
        Waiting.begin(journal, *words) as waiting,
        waiting.charger("RB16") as charger,
    ):
        await charger.say("BootNotification", BOOT)
        call = await charger.called()
        # some chargers do not wait until they have answered
        await charger.say("DataTransfer", SECRET)
        await charger.answer(call, {"configurationKey": [SECRET]})
        ran = await waiting.ended()
    assert ran.code == 0, ran.err
    masked = {**SECRET, "value": "********"}
    result = ran.json["result"]
    assert set(result) == {"answer", "came"}
    assert result["answer"] == {"configurationKey": [masked]}
    (came,) = result["came"]
    assert set(came) == {"at", "action", "payload"} and came["at"].endswith("Z")
    assert (came["action"], came["payload"]) == ("DataTransfer", masked)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
async def test_who_does_not_read_what_comes_keeps_no_charger_waiting(journal: Path) -> None:
    """`techtool call --stay 600 | less`: the pipe and its reader take a part of it."""
    data = {"vendorId": "x", "data": "x" * 1000}
    async with (
        Waiting.begin(journal, "call", "ClearCache", "--stay", "600") as waiting,
        waiting.charger("RB16") as charger,
    ):
        await charger.say("BootNotification", BOOT)
        await charger.answer(await charger.called(), {"status": "Accepted"})
        await waiting.words_with("Staying")
        async with asyncio.timeout(30):
            for _ in range(1000):
                await charger.say("DataTransfer", data)
        waiting.interrupt()
        ran = await waiting.ended()
    assert ran.code == 130, ran.err


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
async def test_a_script_that_ends_the_stay_gets_what_came_so_far(journal: Path) -> None:
    words = ("call", "ClearCache", "--stay", "50", "--json")
    async with Waiting.begin(journal, *words) as waiting:
        async with waiting.charger("RB16") as charger:
            await charger.say("BootNotification", BOOT)
            await charger.answer(await charger.called(), {"status": "Accepted"})
            await waiting.words_with("Staying")
        # it comes back on another link, as after a reset
        async with waiting.charger("RB16") as charger:
            await charger.say("BootNotification", BOOT)
            waiting.interrupt()
            ran = await waiting.ended()
    assert ran.code == 130
    assert ran.json["result"]["answer"] == {"status": "Accepted"}
    assert [one["action"] for one in ran.json["result"]["came"]] == ["BootNotification"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
async def test_a_script_that_does_not_wait_for_the_answer_gets_one_document(journal: Path) -> None:
    async with (
        Waiting.begin(journal, "call", "ClearCache", "--json") as waiting,
        waiting.charger("RB16") as charger,
    ):
        await charger.say("BootNotification", BOOT)
        await charger.called()
        waiting.interrupt()
        ran = await waiting.ended()
    assert ran.code == 130
    assert (ran.json["result"], ran.json["error"]["code"]) == (None, "interrupted")
    assert ran.json["charger"]["identity"] == "RB16"


async def test_without_an_answer_there_is_nothing_to_stay_for(journal: Path) -> None:
    words = ("call", "ClearCache", "--within", "0.3", "--stay", "50", "--json")
    async with (
        Waiting.begin(journal, *words) as waiting,
        waiting.charger("RB16") as charger,
    ):
        await charger.say("BootNotification", BOOT)
        await charger.called()
        await charger.say("Heartbeat", {})
        ran = await waiting.ended()
    assert ran.code == 4
    assert ran.json["result"]["answer"] is None
    assert [one["action"] for one in ran.json["result"]["came"]] == ["Heartbeat"]


def test_help_tells_when_techtool_hangs_up() -> None:
    said = " ".join(techtool("call", "--help").out.split())
    assert "Without --stay techtool hangs up when the answer is in." in said


def test_a_setting_that_makes_chargers_flood_stays_here(journal: Path) -> None:
    setting = json.dumps({"key": "HeartbeatInterval", "value": "abc"})
    ran = techtool("call", "ChangeConfiguration", setting, "--demo", "1.6", journal=journal)
    assert ran.code == 2
    assert 'HeartbeatInterval "abc" is no whole number from 1 on' in ran.err
    assert "flood" in ran.err and "--force sends it anyway." in ran.err
    ran = techtool("call", "ChangeConfiguration", setting, "--force", "--demo", "1.6", journal=journal)
    assert ran.code != 2
