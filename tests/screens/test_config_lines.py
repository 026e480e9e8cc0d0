"""The settings in lines: what is said, and that nothing is lost on the way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from techtool.masking import MASK
from techtool.screens import config_lines
from techtool.screens.config_changes import Changes
from techtool.screens.config_lines import At, Rows, Word, parse
from techtool.screens.themes import INKS
from techtool.screens.widgets.look import Look
from techtool.screens.widgets.sheet import Line
from techtool.station.settings import Listed, Setting
from tests.screens.keeping import SOME

AT = datetime(2026, 5, 4, 10, 44, tzinfo=UTC)
LOOK = Look(INKS["night"], AT + timedelta(seconds=12), UTC, "night")


def read(*settings: Setting, unknown: tuple[str, ...] = (), silent: tuple[str, ...] = ()) -> Changes:
    changes = Changes()
    changes.take(Listed(settings or SOME, unknown, silent), AT, 1)
    return changes


def plain(lines: list[Line]) -> str:
    return "\n".join(one.text.plain.rstrip() for one in lines)


def rows(changes: Changes, filter: str = "", width: int = 80) -> str:
    return plain(Rows().lines(changes, filter, LOOK, config_lines.widths(changes, width)))


def test_a_row_tells_name_value_and_meaning() -> None:
    changes = read()
    text = rows(changes).splitlines()
    assert text[0].split("  ")[1].strip() and "current_a" in text[0] and "32 A" in text[0]
    assert any("serial" in one and "88034" in one and " ro " in one for one in text)
    assert "geheim" not in rows(changes) and MASK in rows(changes)
    heads = config_lines.heads(config_lines.widths(changes, 80), staged=False)
    assert heads.split() == ["setting", "on", "charger", "ro", "what", "it", "does"]
    assert heads.index("on charger") == text[0].index("32 A") and heads.index("what") == text[0].index(
        "current offered"
    )


def test_what_is_staged_and_what_was_changed_stand_beside() -> None:
    changes = read()
    changes.stage("current_a", "16")
    assert "16 A" in rows(changes) and "new value" in config_lines.heads(
        config_lines.widths(changes, 80), staged=True
    )
    changes.take(Listed((SOME[0]._replace(value="16"), *SOME[1:])), AT, 1)
    assert "(was 32 A)" in rows(changes)
    assert "as found" in config_lines.heads(config_lines.widths(changes, 80), staged=False)


@pytest.mark.parametrize(
    ("filter", "names"),
    [
        ("current", {"current_a"}),
        ("32 a", {"current_a", "most_a"}),
        ("rcd", {"rcd_check"}),
        ("read only", {"serial", "x17"}),
        ("!only !rcd", {"current_a", "most_a", "mode", "WifiPassword", "name"}),
        ("staged", {"name"}),
        ("geheim", set()),
        ("!", {one.name for one in SOME}),
    ],
)
def test_a_filter_looks_at_name_value_and_meaning(filter: str, names: set[str]) -> None:
    changes = read()
    changes.stage("name", "Hof")
    found = Rows().lines(changes, filter, LOOK, config_lines.widths(changes, 80))
    assert {target.key.name for one in found for target in one.targets if isinstance(target.key, At)} == names


def test_what_is_missing_is_said_in_words() -> None:
    changes = read(SOME[0], unknown=("timer",), silent=("clock", "display"))
    text = plain(config_lines.below(changes, "", True, 80))
    assert "The charger does not show: timer." in text and "No answer for: clock, display. r reads again." in text
    assert config_lines.below(changes, "a", True, 80) == []
    assert "0 of 1 match 'x'. Esc clears the filter." in plain(config_lines.below(changes, "x", False, 80))


def test_one_in_full() -> None:
    changes = read()
    changes.stage("current_a", "16")
    text = plain(config_lines.detail(changes, "current_a", LOOK, 58, "cables depend on it"))
    for said in (
        "current offered to the car",
        "32 A",
        "16 A",
        "staged, not sent",
        "6 to 80 A",
        "cables depend on it",
    ):
        assert said in text
    assert config_lines.READ_ONLY.split(":")[0] in plain(config_lines.detail(changes, "serial", LOOK, 58))
    assert "does not know" in plain(config_lines.detail(changes, "x17", LOOK, 58))
    changes.stage("WifiPassword", "neu")
    assert "geheim" not in (told := plain(config_lines.detail(changes, "WifiPassword", LOOK, 58)))
    assert "neu" not in told.replace("new", "") and told.count(MASK) == 3


def test_out_of_the_program_goes_no_secret() -> None:
    changes = read(unknown=("timer",))
    changes.stage("WifiPassword", "ganz-neu")
    text = config_lines.plain(changes, list(changes.settings))
    assert "geheim" not in text and "ganz" not in text and text.count(MASK) == 2
    assert "current_a" in text and "6 to 80 A" in text and "does not show: timer" in text
    assert "ganz" not in config_lines.told(changes, "WifiPassword")
    assert "ganz" not in plain(config_lines.diff(changes, {}, LOOK, 58))


def test_the_age_of_the_values() -> None:
    def age(changes: Changes, *, reading: bool = False, connected: bool = True) -> str:
        told = config_lines.age(changes, LOOK, reading=reading, connected=connected)
        return str(told.plain).strip()

    assert age(read()) == "read 12 s ago" and age(Changes()) == ""
    assert age(read(), connected=False) == "!! not connected, read 12 s ago"
    assert age(read(), reading=True) == ".. reading"


@given(st.text())
def test_any_text_is_a_filter(text: str) -> None:
    words = parse(text)
    assert all(isinstance(one, Word) and one.text for one in words)
    rows(read(), text)


@given(
    st.lists(
        st.builds(
            Setting,
            st.text(min_size=1),
            st.none() | st.text(),
            st.booleans(),
            unit=st.none() | st.text(max_size=4),
            label=st.none() | st.text(),
        ),
        min_size=1,
        max_size=4,
    ),
    st.integers(36, 160),
)
def test_whatever_a_charger_says_fits_into_its_row(settings: list[Setting], width: int) -> None:
    changes = read(*settings)
    changes.stage(settings[-1].name, "new")
    for one in Rows().lines(changes, "", LOOK, config_lines.widths(changes, width)):
        assert cell_len(one.text.plain) <= width and one.text.plain.isprintable()
