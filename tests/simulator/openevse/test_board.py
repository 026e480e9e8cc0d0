"""Cars, faults and limits, as a technician sees them through RAPI."""

import pytest

from tests.simulator.openevse.bench import Bench, ok


def charging() -> Bench:
    bench = Bench()
    bench.type("car C")
    bench.wait(5)
    assert bench.state()[0] == "03"
    return bench


def news(bench: Bench) -> list[str]:
    return [" ".join(frame.arguments) for frame in bench.frames() if frame.name == "AT"]


def test_the_current_follows_the_pilot_and_the_car() -> None:
    bench = charging()
    assert bench.ask("GG") == ok("15840", "230000")
    bench.ask("SC", "10", "V")
    bench.wait(3)
    assert bench.ask("GG") == ok("9900", "230000")
    bench.type("amps 7")
    bench.wait(3)
    assert bench.ask("GG") == ok("6820", "230000")
    bench.type("car B")
    bench.wait(1)
    assert bench.ask("GG") == ok("0", "230000")


def test_the_energy_adds_up_and_goes_to_the_total_when_the_car_leaves() -> None:
    bench = charging()
    before = int(bench.ask("GU").arguments[0])
    bench.wait(600)
    session = int(bench.ask("GU").arguments[0])
    assert session - before == pytest.approx(15.84 * 230 * 600, rel=0.01)
    bench.type("car A")
    bench.wait(1)
    session, total = (int(word) for word in bench.ask("GU").arguments)
    assert total == session // 3600 > 600
    bench.type("car B")
    bench.wait(1)
    assert bench.ask("GU") == ok("0", str(total))


def test_every_change_is_told_once() -> None:
    bench = Bench()
    bench.type("car B")
    bench.wait(2)
    bench.type("car C")
    bench.wait(3)
    bench.type("car A")
    bench.wait(2)
    assert news(bench) == ["02 02 32 0700", "03 03 32 0540", "01 01 32 0200"]


@pytest.mark.parametrize(
    ("fault", "told"),
    [("gfi", "06 03 32 0580"), ("ground", "07 03 32 0500"), ("diode", "05 05 32 0502")],
)
def test_faults_stop_it_and_end_with_the_car(fault: str, told: str) -> None:
    bench = charging()
    bench.said()
    bench.type(fault)
    bench.wait(2)
    assert news(bench)[0] == told
    assert bench.ask("GG") == ok("0", "230000")
    bench.type("clear")
    bench.wait(2)
    assert bench.state()[0] == told[:2], "the car has to leave first"
    bench.type("car A")
    bench.wait(2)
    assert bench.state()[0] == "01"
    bench.type("car C")
    bench.wait(4)
    assert bench.state()[0] == "03"


def test_a_trip_is_tried_again_after_five_minutes() -> None:
    bench = charging()
    bench.type("gfi", "clear")
    bench.wait(290)
    assert bench.state()[0] == "06"
    bench.wait(20)
    assert bench.state()[0] == "03"


def test_a_fault_right_after_the_start_is_a_hard_one() -> None:
    bench = Bench()
    bench.type("ground", "car C")
    bench.wait(5)
    assert (bench.state()[0], bench.state()[3]) == ("07", "0502")
    assert bench.ask("GF") == ok("0", "1", "0")


def test_a_stuck_relay_is_for_good_and_fails_the_self_test() -> None:
    bench = Bench()
    bench.type("relay")
    bench.wait(3)
    assert news(bench) == ["08 01 32 0202"]
    bench.type("clear")
    bench.wait(3)
    assert bench.state()[0] == "08"
    bench.type("relay", "reboot")
    bench.wait(6)
    assert bench.lines()[-2:] == [b"$AB 08 8.2.3.EU^28", b"$AT 08 00 0 0200^0B"]
    assert bench.ask("GC") == ok("6", "32", "0", "32")


def test_a_leak_at_power_up_fails_the_self_test_unless_it_is_off() -> None:
    bench = Bench()
    bench.type("gfi", "reboot")
    bench.wait(6)
    assert b"$AB 09 8.2.3.EU^29" in bench.lines()
    bench.ask("FF", "F", "0")
    bench.type("clear", "reboot")
    bench.wait(10)
    assert b"$AB 00 8.2.3.EU^20" in bench.lines()


def test_a_car_that_wants_ventilation_is_refused_unless_it_is_not_asked() -> None:
    bench = Bench()
    bench.type("car D")
    bench.wait(3)
    assert bench.state() == ("04", "0", "04", "0702")
    bench.ask("FF", "V", "0")
    bench.type("car A")
    bench.wait(1)
    bench.type("car D")
    bench.wait(3)
    assert bench.state()[0] == "03"


def test_heat_lowers_the_current_and_then_ends_it() -> None:
    bench = charging()
    for celsius, amps in (("65", "16"), ("68", "8"), ("64", "16"), ("62", "32")):
        bench.type(f"temp {celsius}")
        bench.wait(3)
        assert bench.ask("GE").arguments[0] == amps, celsius
    assert bench.ask("GP") == ok("-2560", "620", "-2560")
    bench.type("temp 71")
    bench.wait(6)
    assert bench.state()[0] == "0a"
    bench.type("clear", "car A")
    bench.wait(2)
    assert bench.state()[0] == "01"


def test_while_it_is_hot_nobody_raises_the_current() -> None:
    bench = charging()
    bench.type("temp 66")
    bench.wait(3)
    assert bench.ask("SC", "20").name == "NK"
    assert bench.ask("SC", "10") == ok("10")


def test_asleep_it_gives_the_car_three_seconds() -> None:
    bench = charging()
    bench.ask("FS")
    bench.wait(2)
    assert bench.state()[0] == "fe" and bench.state()[3] == "0540"
    bench.wait(1.5)
    assert bench.state()[3] == "0500"
    bench.ask("FE")
    bench.wait(3)
    assert bench.state()[0] == "03"


def test_disabled_it_cannot_know_of_the_car() -> None:
    bench = Bench()
    assert bench.ask("G0") == ok("0")
    bench.ask("FD")
    assert bench.ask("G0") == ok("2")
    bench.type("car B")
    bench.wait(1)
    assert bench.state()[0] == "ff"
    bench.ask("FE")
    bench.wait(1)
    assert bench.state()[0] == "02"
    assert bench.ask("G0") == ok("1")


def test_limits_put_it_to_sleep_until_the_car_leaves() -> None:
    bench = Bench()
    assert bench.ask("S3", "1").name == "NK", "no car"
    bench.type("car C")
    bench.wait(4)
    assert bench.ask("S3", "1") == ok()
    assert bench.ask("SH", "200") == ok()
    assert (bench.ask("G3"), bench.ask("GH")) == (ok("1"), ok("200"))
    assert bench.state()[3] == "2550"
    bench.wait(901)
    bench.wait(4)
    assert bench.state()[0] == "fe" and bench.ask("G3") == ok("0")
    bench.type("car A")
    bench.wait(1)
    assert bench.state()[0] == "01"
    bench.type("car C")
    bench.wait(4)
    bench.ask("SH", "1")
    bench.wait(3_600_000 / (15.84 * 230) + 5)
    assert bench.state()[0] == "fe"


def test_a_missed_heartbeat_lowers_the_current_until_it_is_acknowledged() -> None:
    bench = Bench()
    assert bench.ask("SY", "10", "8") == ok("10", "8", "0")
    for _ in range(3):
        bench.wait(6)
        assert bench.ask("SY") == ok("10", "8", "0")
    bench.wait(12)
    assert bench.ask("GE").arguments[0] == "8"
    assert bench.ask("SY").name == "NK"
    assert bench.ask("SY", "1").name == "NK"
    assert bench.ask("SY", "165") == ok("10", "8", "1")
    assert bench.ask("GE").arguments[0] == "32"
    assert bench.ask("SY", "0", "0") == ok("0", "0", "0")


def test_while_it_tests_itself_it_hears_little_and_answers_late() -> None:
    bench = Bench()
    bench.type("car B")
    bench.wait(1)
    bench.type("car C")
    bench.wait(0.5)
    bench.said()
    bench.send(b"$GV\r")
    bench.wait(0.3)
    assert bench.said() == b""
    bench.wait(1)
    assert b"$OK 8.2.3.EU 5.2.1^11" in bench.lines()
