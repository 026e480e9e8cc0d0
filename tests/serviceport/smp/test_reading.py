"""Records of an SMP line, turned into the picture of the charger."""

from __future__ import annotations

import pytest
from hypothesis import given

from techtool.events import events
from techtool.journal.redact import Redactor, redacted
from techtool.picture import Picture, fold
from techtool.serviceport.smp import asks
from techtool.serviceport.smp.framing import unwrap, wrap
from techtool.serviceport.smp.messages import Message, packet_of
from techtool.simulator.smp.device import BANNER
from techtool.simulator.smp.images import made
from techtool.simulator.smp.server import Server
from techtool.station.model import Station
from techtool.station.records import Direction, Kind
from tests.serviceport.recorded import Said, all_understood, anything
from tests.serviceport.smp.devices import exchange, records, request, timeout


def survey(server: Server) -> list[Said]:
    questions = (asks.parameters(), asks.application("i"), asks.bootloader(), asks.images())
    return [said for number, ask in enumerate(questions) for said in exchange(server, ask, number)]


def station(*said: Said) -> Station:
    return fold(records(said)).stations["box"]


def codes(told: Station) -> dict[str, str]:
    return {one.code.value: one.text for one in told.findings.values()}


def chatter(*lines: bytes) -> list[Said]:
    return [(Direction.CHARGER, Kind.CHATTER, one) for one in lines]


def test_it_tells_which_board_it_is_and_what_runs() -> None:
    told = station(*survey(Server()))
    assert (told.make.model, told.make.firmware) == ("charger_controller/nrf52840", "1.0.0")
    assert (told.link.protocol, told.findings, told.evses, told.boot) == ("smp", {}, {}, None)
    assert station().make.model == "SMP device (MCUmgr)"


def test_only_the_question_for_the_board_tells_the_board() -> None:
    assert station(*exchange(Server(), asks.application("a"))).make.model == "SMP device (MCUmgr)"


def test_the_image_that_runs_is_the_firmware_and_what_comes_next_is_told() -> None:
    server = Server()
    new = made((2, 1, 7))
    server.flash.upload({"off": 0, "len": len(new), "data": new})
    before = exchange(server, asks.images())
    server.flash.mark(server.flash.slots[1].hash if server.flash.slots[1] else None, confirm=False)
    told = station(*before, *exchange(server, asks.images(), 2))
    assert told.make.firmware == "1.0.0"
    assert "Version 2.1.7 in slot 1 starts on trial" in codes(told)["charger-event"]
    server.flash.start()
    told = station(*exchange(server, asks.images(), 3))
    assert told.make.firmware == "2.1.7" and "Version 2.1.7 runs on trial" in codes(told)["charger-event"]


def test_what_it_does_not_have_is_told_kindly() -> None:
    server = Server()
    server.lacks.add(1)
    told = station(*survey(server))
    (finding,) = told.findings.values()
    assert (finding.code.value, finding.severity.value) == ("error-answer", "info")
    assert finding.text == "The image list was refused: it does not have this command (8)."
    assert told.make.model is not None and told.make.firmware is None


def test_a_time_out_and_what_comes_after_it() -> None:
    ask, answer = exchange(Server(), asks.images())
    told = station(ask, timeout(asks.images()), answer)
    assert codes(told).keys() == {"no-answer", "late-answer"} and told.make.firmware is None
    assert codes(told)["no-answer"] == "No answer to the image list."
    told = station(ask, ask, answer, answer)
    assert told.findings == {} and told.make.firmware == "1.0.0", "either of two tries may be answered"
    assert codes(station(answer)).keys() == {"late-answer"}, "nobody asked"


def test_what_is_said_unasked_is_an_event_and_a_start_is_one() -> None:
    picture = Picture()
    lines = [b"[00:01,000] \x1b[1;33m<inf> charger: up\x1b[0m\r\n", *BANNER.splitlines(keepends=True), b"\r\n"]
    told = [event for record in records(chatter(*lines)) for event in events(picture.take(record))]
    assert [(one.event, one.text) for one in told if one.event in ("text", "boot")] == [
        ("text", "[00:01,000] <inf> charger: up"),
        ("text", "*** Booting MCUboot v2.2.0 ***"),
        ("boot", "SMP device (MCUmgr)"),
        ("text", "*** Booting Zephyr OS build v4.2.0 ***"),
    ]


def test_what_was_said_before_it_answered_belongs_to_it() -> None:
    linked = records([])[1]
    before = records(chatter(BANNER), linked=False)
    told = fold([*before, linked._replace(number=3)]).stations["box"]
    assert told.boot is not None and told.boot.count == 1


def test_a_reset_without_a_banner_is_a_boot_too() -> None:
    server, probe = Server(), asks.echo("x")
    reset = exchange(server, asks.reset())
    again = exchange(server, probe, 4)
    told = station(*survey(server), *reset, request_of(probe, 3), timeout(probe, 3), *again)
    assert told.boot is not None and told.boot.count == 1 and told.findings == {}
    still = station(*reset, *exchange(server, probe, 2), *exchange(server, probe, 3))
    assert still.boot is None, "it answers all the time"
    later = [timeout(probe, 3)] * 200  # a tenth of a second apart: the first is no start any more
    told = station(*reset, *chatter(*[b"\r\n"] * 160), request_of(probe, 3), *later, *again)
    assert told.boot is None and "no-answer" in codes(told)
    refused = Message(3, 0, 5, 9, b"\xa1\x62rc\x0a")
    busy: list[Said] = [(Direction.CHARGER, Kind.SMP, wrap(packet_of(refused)))]
    told = station(request_of(asks.reset(), 9), *busy, timeout(probe, 3), *again)
    assert told.boot is None and "it is busy" in codes(told)["error-answer"]


def request_of(ask: asks.Ask, sequence: int) -> Said:
    return Direction.LAPTOP, Kind.SMP, request(ask, sequence)


def test_hostile_text_is_made_safe() -> None:
    server = Server(running=made((1, 0, 0)))
    image = server.flash.slots[0]
    assert image is not None
    server.flash.slots[0] = image._replace(version="\x1b[2J\u202e[red]" + "9" * 500)
    told = station(*exchange(server, asks.images()))
    assert told.make.firmware is not None and told.make.firmware.isprintable() and len(told.make.firmware) < 70
    picture = Picture()
    evil = "\x1b]52;c;ZXZpbA==\x07\u202e[red]\x9b2J\r\n".encode()
    (text,) = [e for r in records(chatter(evil)) for e in events(picture.take(r)) if e.event == "text"]
    assert text.text.isprintable() and "[red]" in text.text


SECRET = b"hunter2-hunter2"


@pytest.mark.parametrize(
    "ask",
    [asks.put("charger/wifi_psk", SECRET), asks.get("charger/name"), asks.shell(["wifi", SECRET.decode()])],
)
def test_a_redacted_recording_keeps_no_content_and_shows_the_same(ask: asks.Ask) -> None:
    server = Server()
    server.settings.values["charger/name"] = SECRET
    echo: Said = (Direction.CHARGER, Kind.ECHO, request(ask, 9))
    told = records([*survey(server), echo, *exchange(server, ask, 9), *exchange(server, asks.get("x/y"), 10)])
    again = list(redacted(lambda: told, Redactor(b"key")))
    assert fold(again).stations["box"].make == fold(told).stations["box"].make
    assert codes(fold(again).stations["box"]) == codes(fold(told).stations["box"]), "also what was refused"
    hidden = [SECRET, SECRET.hex().encode()]
    assert not any(one in (unwrap(record.data) or record.data) for record in again for one in hidden)


@given(
    anything([Kind.SMP, Kind.ECHO, Kind.CHATTER, Kind.NOISE, Kind.TIMEOUT, Kind.LINKED], [*survey(Server())]),
)
def test_any_records_give_a_picture_and_can_be_redacted(said: list[Said]) -> None:
    told = records(said)
    assert all_understood(fold(told))
    assert all_understood(fold(list(redacted(lambda: told, Redactor(b"key")))))
