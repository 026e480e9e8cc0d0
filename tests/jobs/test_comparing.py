from __future__ import annotations

from techtool.jobs.comparing import Difference, differences, same_by
from techtool.jobs.saved import Saved


def same(name: str, one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def of(left_out: tuple[str, ...] = (), **settings: str) -> Saved:
    return Saved({}, None, settings, {}, left_out)


def test_differences_by_name_whatever_the_capitals() -> None:
    left = of(A="1", B="true", C="x", Only="l")
    right = Saved({}, None, {"a": "1", "b": "True", "C": "y"}, {"More": "r"})
    assert differences(left, right, same) == [
        Difference("C", "x", "y"),
        Difference("Only", "l", None),
        Difference("More", None, "r"),
    ]
    assert differences(left, left, same) == []


def test_what_one_side_has_left_out_is_not_compared() -> None:
    assert differences(of(("Key",), A="1"), of(A="1", Key="secret"), same) == []


def test_what_a_charger_did_not_tell_is_no_difference() -> None:
    left, right = of(A="1", B="2", C="3"), of(A="1", C="4", D="5")
    assert differences(left, right, same, ["the rest of the report"]) == [
        Difference("C", "3", "4"),
        Difference("D", None, "5"),
    ]


def test_two_names_of_one_charger_that_differ_in_capitals_only() -> None:
    both = of(Beat="300", beat="301")
    assert differences(both, both, same) == []
    assert differences(both, of(Beat="300", beat="302"), same) == [Difference("beat", "301", "302")]


def test_spellings_are_judged_by_the_version_that_is_told() -> None:
    old = same_by(of(), Saved({"protocol": "ocpp1.6"}, None, {}, {}))
    assert old("HeartbeatInterval", "60", "060") and not old("CpoName", "a", "A")
    assert same_by(of(), of())("OCPPCommCtrlr/HeartbeatInterval", "60", "060")
