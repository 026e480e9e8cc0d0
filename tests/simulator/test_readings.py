import pytest

from techtool.simulator.electric import Sample
from techtool.simulator.readings import MEASURANDS, NAMES, readings

SAMPLE = Sample((230.1, 229.9, 230.0), (16.0, 16.0, 15.5), (3681.6, 3678.4, 3565.0), 1234, 55.5)


def shown(wanted: str, *quirks: str) -> list[tuple[str, str | None, float, str]]:
    return [tuple(one) for one in readings(SAMPLE, wanted, 16.0, frozenset(quirks))]  # type: ignore[misc]


def test_measurands_and_phases() -> None:
    assert shown("Power.Active.Import")[0] == ("Power.Active.Import", None, 10925.0, "W")
    assert [one[1] for one in shown("Power.Active.Import")] == [None, "L1", "L2", "L3"]
    assert shown(" Current.Import.L3 , SoC") == [
        ("Current.Import", "L3", 15.5, "A"),
        ("SoC", None, 55.5, "Percent"),
    ]
    assert shown("Voltage.L2-N") == [("Voltage", "L2-N", 229.9, "V")]
    assert shown("Current.Offered,Power.Offered") == [
        ("Current.Offered", None, 16.0, "A"),
        ("Power.Offered", None, 11040.0, "W"),
    ]


@pytest.mark.parametrize("wanted", ["", "RPM", "Voltage.L9-N", ",,"])
def test_what_it_does_not_have_it_does_not_show(wanted: str) -> None:
    assert shown(wanted) == []


def test_all_names_show_something() -> None:
    assert set(MEASURANDS) < NAMES
    assert all(shown(name) for name in NAMES)


def test_a_list_may_name_a_thing_twice() -> None:
    assert len(shown("SoC,SoC")) == 1
