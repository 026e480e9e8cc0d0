"""What is staged, and when two texts say the same."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.masking import MASK
from techtool.screens.config_changes import Change, Changes, number, same, shown, writable
from techtool.station.outcomes import Outcome, Verdict
from techtool.station.settings import Listed, Setting
from tests.screens.keeping import SOME

AT = datetime(2026, 5, 4, tzinfo=UTC)
BY_NAME = {one.name: one for one in SOME}
AMPS = BY_NAME["current_a"]


def read(*settings: Setting) -> Changes:
    changes = Changes()
    changes.take(Listed(settings or SOME), AT, 1)
    return changes


def test_what_is_staged_waits_and_can_be_undone() -> None:
    changes = read()
    assert changes.stage("current_a", "16") and changes.stage("name", "Hof")
    assert [(one.name, one.after) for one in changes.staged] == [("current_a", "16"), ("name", "Hof")]
    assert changes.undo("current_a") == "current_a" and changes.undo(None) == "name"
    assert changes.undo(None) is None and not changes.staged
    changes.stage("name", "Hof")
    assert changes.undo_all() == 1 and changes.after("name") is None


@pytest.mark.parametrize("value", ["32", "32 A", " 32.0", "3.2e1 A"])
def test_what_it_is_already_is_no_change(value: str) -> None:
    changes = read()
    changes.stage("current_a", "16")
    assert not changes.stage("current_a", value) and not changes.staged


def test_a_choice_is_known_by_what_is_written_and_by_what_is_shown() -> None:
    changes = read()
    assert not changes.stage("mode", "SMART") and changes.stage("mode", "NORMAL")
    changes.written(changes.staged[0], Outcome(Verdict.PROVED, "", {"written": "NORMAL", "read": "Normal"}))
    assert changes.settings["mode"].value == "Normal" and changes.was("mode") == "Smart" and not changes.staged
    assert changes.back("mode") and changes.after("mode") == "SMART"


def test_what_was_found_is_what_was_read_first() -> None:
    changes = read(AMPS)
    changes.take(Listed((AMPS._replace(value="16"),)), AT, 1)
    assert changes.found("current_a") == "32" and changes.was("current_a") == "32"
    assert changes.back("current_a") and changes.after("current_a") == "32"
    assert not read(AMPS).back("current_a"), "it is that still"


def test_reading_again_keeps_what_is_staged_as_long_as_it_means_something() -> None:
    changes = read(AMPS, BY_NAME["name"])
    changes.stage("current_a", "16")
    changes.stage("name", "Hof")
    assert changes.take(Listed((AMPS._replace(value="16"),), ("name",)), AT, 2) == ["name"]
    assert not changes.staged
    changes.stage("current_a", "20")
    assert changes.take(Listed((), (), ("current_a",)), AT, 3) == []
    assert changes.after("current_a") == "20", "silence is no other value"


def test_what_is_staged_anew_while_it_is_sent_stays() -> None:
    changes = read(AMPS)
    changes.stage("current_a", "16")
    sent = changes.staged[0]
    changes.stage("current_a", "20")
    changes.written(sent, Outcome(Verdict.PROVED, "", {"written": "16", "read": "16"}))
    assert changes.after("current_a") == "20" and changes.settings["current_a"].value == "16"


def test_values_are_shown_with_their_unit_and_never_a_secret() -> None:
    assert shown(AMPS, "32") == "32 A" and shown(AMPS, "32 A") == "32 A" and shown(AMPS, None) == "--"
    assert shown(BY_NAME["name"], "") == "(empty)" and shown(BY_NAME["name"], "a\x1b[2Jb") == "a\\x1b[2Jb"
    change = Change(BY_NAME["WifiPassword"], "neu")
    assert (change.shown_before, change.shown_after) == (MASK, MASK)


@given(st.sampled_from(SOME), st.text(max_size=12))
def test_what_is_writable_says_the_same(one: Setting, value: str) -> None:
    bare = writable(one, value)
    assert writable(one, bare) == bare
    assert same(one, value, bare) and same(one, bare, value)


@given(st.sampled_from(SOME), st.text(max_size=12), st.text(max_size=12))
def test_to_say_the_same_goes_both_ways(one: Setting, value: str, other: str) -> None:
    assert same(one, value, value) and same(one, value, other) is same(one, other, value)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-9999, max_value=9999))
def test_a_number_is_one_with_and_without_its_unit(value: object) -> None:
    assert number(AMPS, f"{value} A") == number(AMPS, f" {value}") == value


@given(st.lists(st.tuples(st.sampled_from(sorted(BY_NAME)), st.text(max_size=5))))
def test_only_what_differs_is_ever_staged(steps: list[tuple[str, str]]) -> None:
    changes = read()
    for name, value in steps:
        changes.stage(name, value)
    for one in changes.staged:
        assert not same(one.setting, one.setting.value, one.after)
    assert changes.undo_all() <= len(steps) and not changes.staged
