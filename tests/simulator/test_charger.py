"""What a line does beyond a session."""

import json

from techtool.simulator.effects import Close, Quit, Transmit
from tests.simulator.bench import Bench


def test_wait_runs_on_the_clock_of_the_charger() -> None:
    bench = Bench("1.6")
    bench.line("wait 5", "plug 1", "wait 5", "unplug 1")
    assert bench.statuses(1) == ["Available"]
    bench.wait(5)
    assert bench.statuses(1)[-1] == "Preparing"
    bench.wait(5)
    assert bench.statuses(1)[-1] == "Available"


def test_a_wrong_line_is_told_and_the_next_is_done() -> None:
    bench = Bench("1.6")
    bench.line("jump", "plug 9", "plug 1", "plug 1")
    assert [text.split(".")[0] for text in bench.reports("problem")] == [
        "No such command: jump",
        "There is no connector 9; they go from 1 to 2",
        "A car is already at connector 1",
    ]
    assert bench.statuses(1)[-1] == "Preparing"


def test_send_and_raw() -> None:
    bench = Bench("1.6")
    bench.answers["DataTransfer"] = {"status": "Accepted", "data": "42"}
    bench.line('send DataTransfer {"vendorId":"me"}')
    assert bench.all("DataTransfer") == [{"vendorId": "me"}]
    assert "42" in bench.reports("note")[-1]
    bench.strict = False
    bench.line("raw [1")
    assert bench.effects[-1] == Transmit(b"[1")
    bench.line("offline", "raw x")
    assert bench.reports("problem")[-1] == "There is no link to send it on."


def test_meter_reads_all_connectors() -> None:
    for version in ("1.6", "2.0.1", "2.1"):
        bench = Bench(version)
        bench.line("plug 1", "tap 04A1 1", "meter")
        key = "connectorId" if version == "1.6" else "evseId"
        assert [one[key] for one in bench.all("MeterValues")] == ([1, 2] if version == "1.6" else [2])


def test_stop_without_a_card() -> None:
    bench = Bench("1.6")
    bench.line("plug 1", "tap 04A1 1", "stop 1")
    assert "idTag" not in bench.all("StopTransaction")[0]


def test_help_and_quit() -> None:
    bench = Bench("1.6")
    bench.line("help", "quit")
    assert "plug CONNECTOR" in bench.reports("help")[0]
    assert Close() in bench.effects
    assert bench.effects[-1] == Quit()


def test_an_unknown_fault_goes_as_a_vendor_code() -> None:
    bench = Bench("1.6")
    bench.line("fault 1 SquirrelInside")
    told = bench.all("StatusNotification")[-1]
    assert (told["errorCode"], told["vendorErrorCode"]) == ("OtherError", "SquirrelInside")


def test_the_same_seed_is_the_same_charger() -> None:
    def life() -> list[bytes]:
        bench = Bench("2.0.1", autoplay=True, seed=7)
        bench.wait(100)
        return bench.sent

    assert life() == life()
    assert json.loads(life()[0])[2] == "BootNotification"
