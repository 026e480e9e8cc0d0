import itertools

import pytest

from techtool.simulator.autoplay import autoplay
from techtool.simulator.script import parse
from tests.simulator.bench import VERSIONS, Bench


def test_its_lines_are_script() -> None:
    assert all(parse(line) for line in itertools.islice(autoplay(2), 200))
    assert not any("2 Ground" in line for line in itertools.islice(autoplay(1), 200))


@pytest.mark.parametrize("version", VERSIONS)
def test_a_car_comes_charges_and_leaves_again_and_again(version: str) -> None:
    bench = Bench(version, autoplay=True)
    bench.wait(2)
    assert bench.statuses(1)[-1] in ("Preparing", "Occupied")
    bench.wait(600)
    if version == "1.6":
        assert len(bench.all("StopTransaction")) >= 3
        assert len({one["idTag"] for one in bench.all("StartTransaction")}) == 3
        assert {"Charging", "SuspendedEV", "Finishing"} <= set(bench.statuses(1))
    else:
        assert len([one for one in bench.events() if one["eventType"] == "Ended"]) >= 3
    assert "Faulted" in bench.statuses(2)
    assert bench.statuses(2)[-1] in ("Available", "Faulted")


def test_what_is_typed_does_not_wait_for_it() -> None:
    bench = Bench("1.6", autoplay=True)
    bench.line("plug 2")
    assert bench.statuses(2)[-1] == "Preparing"
