"""What the Firmware page says, and what a path that is being typed may mean."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from techtool import image_file
from techtool.screens.firmware_lines import Plan, checks, energy, plan_lines, push_lines
from techtool.screens.folders import Item, completed, fitting, items, split
from techtool.screens.push import Push
from techtool.screens.themes import INKS
from techtool.screens.widgets.lines import minutes
from techtool.screens.widgets.look import Look
from techtool.station.firmware import Examined, Image, Known, Step, Way
from techtool.station.outcomes import Outcome, Verdict
from tests.screens.making import START, Visit

LOOK = Look(INKS["night"], START, UTC, "night")
KNOWN = Known("every block acknowledged", "It has nothing.", 10.0, takes_start=True, by=("ymodem", "xmodem"))


def push() -> Push:
    return Push(Image("fw.bin", bytes(100)), Way(), KNOWN, "CP001", lambda: START)


def plain(push: Push) -> str:
    plan = Plan("CP001", "1.0.0", KNOWN, Way())
    return " ".join("\n".join(one.text.plain for one in push_lines(push, plan, None, LOOK, 80)).split())


def test_times_are_minutes() -> None:
    assert [minutes(one) for one in (0, 21.4, 59.6, 725, 3723)] == ["0:00", "0:21", "1:00", "12:05", "1:02:03"]


def test_only_what_is_proved_is_ok() -> None:
    for verdict, state in (
        (Verdict.PROVED, "ok"),
        (Verdict.ACCEPTED, "warn"),
        (Verdict.CONTRADICTED, "fault"),
        (Verdict.REFUSED, "fault"),
        (Verdict.UNANSWERED, "fault"),
    ):
        one = push()
        one.end(Outcome(verdict, "So it is."))
        assert one.in_header == (state, f"firmware {verdict.value}") and "So it is." in plain(one)
    one = push()
    one.told(Step(100, 100, 0.0))
    one.end(one.broken_off(), one.stopped_word)
    assert one.in_header == ("fault", "firmware cancelled") and "not what it makes of them" in plain(one)


def test_how_far_it_is_is_what_was_acknowledged() -> None:
    one = push()
    assert "nothing is acknowledged yet" in plain(one) and one.in_header == ("wait", "firmware starts")
    assert one.left == "Nothing of the image was acknowledged."
    one.told(Step(50, 100, 5.0))
    assert "] 50 % 0:05 left" in plain(one) and "50 of 100 bytes acknowledged 10 B/s" in plain(one)
    assert one.in_header == ("wait", "firmware 50 % 0:05")
    assert one.left == "Image incomplete: 50 of 100 bytes acknowledged. It has nothing."
    one.told(Step(100, 100, 0.0))
    assert one.all_sent is not None
    one.told(Step(0, 100, None))
    assert one.all_sent is None, "the device wants to begin anew"


def test_names_from_outside_do_nothing_on_the_screen() -> None:
    file = image_file.ReadFile(Path("a\x1b[31m[b]b[b].bin"), b"x", "00" * 32, START)
    plan = Plan("C\x07P", "1\x1b[2J", KNOWN, Way("lo\rady"), file, Examined("v\n1", "d\x00"))
    found = checks(plan, None, None, "gone\n")
    text = "\n".join(one.text.plain for one in plan_lines(plan, found, LOOK, 80))
    assert "\x1b" not in text and "\x07" not in text and "\x00" not in text and "\r" not in text
    assert "[b]b[b].bin" in text and "d\\0" in text


def test_what_charges_is_found(visit: Visit) -> None:
    assert energy(visit.session.station) is None
    visit.charging()
    station = visit.session.station
    assert station is not None and energy(station) == "transaction 1007 runs on EVSE 1"
    plan = Plan("CP001", None, KNOWN, Way())
    assert ("fault", "idle") in [one[:2] for one in checks(plan, station, None, None)]
    assert ("warn", "idle") in [one[:2] for one in checks(plan, None, None, None)]


def test_a_file_is_read_whole_or_not_at_all(tmp_path: Path) -> None:
    file = tmp_path / "fw.bin"
    file.write_bytes(b"abc")
    found = image_file.read(file)
    assert (found.name, found.data) == ("fw.bin", b"abc") and found.sha256.startswith("ba7816bf8f01cfea")
    file.write_bytes(b"")
    for path, why in ((file, "is empty"), (tmp_path, "is no file"), (tmp_path / "none", "cannot be read")):
        with pytest.raises(image_file.UnreadableError, match=why):
            image_file.read(path)


def test_files_too_large_for_any_charger_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image_file, "MOST", 10)
    tmp_path.joinpath("big").write_bytes(bytes(11))
    with pytest.raises(image_file.UnreadableError, match="no firmware is so large"):
        image_file.read(tmp_path / "big")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_what_would_never_end_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(image_file.UnreadableError, match="is no file"):
        image_file.read(tmp_path / "pipe")


def test_a_folder_has_its_newest_file_first(tmp_path: Path) -> None:
    for age, name in enumerate(("new.bin", "mid.bin", "old.bin", ".hidden")):
        tmp_path.joinpath(name).write_bytes(bytes(age))
        os.utime(tmp_path / name, (START.timestamp() - age, START.timestamp() - age))
    tmp_path.joinpath("sub").mkdir()
    found = items(tmp_path)
    assert [one.name for one in found] == ["new.bin", "mid.bin", "old.bin", ".hidden", "sub"]
    assert [one.name for one in fitting(found, "")] == ["new.bin", "mid.bin", "old.bin", "sub"]
    assert [one.name for one in fitting(found, ".h")] == [".hidden"]
    assert [one.name for one in fitting(found, "BIN")] == ["new.bin", "mid.bin", "old.bin"]
    assert [one.name for one in fitting(found, "mi")] == ["mid.bin"]


def test_a_name_is_completed_as_far_as_it_is_the_same() -> None:
    found = [Item(name, False, 1, datetime.now(UTC)) for name in ("app-1.2.bin", "app-1.3.bin", "boot.bin")]
    assert [completed(found, one) for one in ("a", "app-1.2", "b", "x")] == [
        "app-1.",
        "app-1.2.bin",
        "boot.bin",
        "x",
    ]


def test_a_path_that_is_typed_is_a_folder_and_a_name(tmp_path: Path) -> None:
    assert split("", tmp_path) == (tmp_path, "")
    assert split("fw", tmp_path) == (tmp_path, "fw")
    assert split(os.path.join("sub", "fw"), tmp_path) == (tmp_path / "sub", "fw")  # noqa: PTH118
    assert split(f"{tmp_path}{os.sep}", Path("elsewhere")) == (tmp_path, "")
