"""From what is at a port to what opens it, the same for commands and screens."""

from __future__ import annotations

from pathlib import Path

import pytest

from techtool.serviceport.choosing import BAUD, by_trait, scan_of, speed_of
from techtool.serviceport.chosen import Bare, Chosen
from techtool.serviceport.profiles import Origin, named
from techtool.serviceport.traits import Trait, Where
from tests.serviceport.modbus.boxes import HEIDELBERG

COM3 = "COM3"


def trait(protocol: str, profile: str | None = None, where: Where | None = None) -> Trait:
    return Trait(protocol, "what it is", 90, "it says so", profile=profile, where=where)


def test_what_is_said_comes_before_the_profile_and_the_profile_before_the_usual() -> None:
    box = Chosen(named(HEIDELBERG))
    assert speed_of(COM3, None) == speed_of(COM3, Bare("smp")) == (115_200, "8N1")
    assert speed_of(COM3, Bare("smp"), 9600) == (9600, "8N1")
    assert speed_of(COM3, box) == (19_200, "8E1")
    assert speed_of(COM3, box, 9600) == (9600, "8E1") and speed_of(COM3, box, 9600, "8N2") == (9600, "8N2")


def test_what_was_found_opens_as_it_was_found() -> None:
    assert by_trait(COM3, trait("openevse")) == ((BAUD, "8N1"), None)
    assert by_trait(COM3, trait("smp"), 9600) == ((9600, "8N1"), Bare("smp"))
    shell = by_trait(COM3, trait("console", "zephyr-shell"), 57_600)
    assert shell is not None and shell.speed == (57_600, "8N1")
    box = by_trait(COM3, trait("modbus", HEIDELBERG, Where(7, 9600, "8N2")))
    assert box is not None and box.speed == (9600, "8N2")
    assert isinstance(box.chosen, Chosen) and box.chosen.unit == 7
    assert by_trait(COM3, trait("modbus", None, Where(7, 9600, "8N2"))) is None


def test_an_own_profile_is_used_and_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = named(HEIDELBERG).text
    (tmp_path / "mine.toml").write_text(text)
    (tmp_path / "other.toml").write_text(text.replace(f'id = "{HEIDELBERG}"', 'id = "my-box"'))
    before = scan_of((1,)).total
    monkeypatch.setattr("techtool.serviceport.profiles.library.own_folder", lambda: tmp_path)
    found = by_trait(COM3, trait("modbus", HEIDELBERG, Where(1, 19_200, "8E1")))
    assert found is not None and isinstance(found.chosen, Chosen) and found.chosen.entry.origin is Origin.OWN
    assert scan_of((1,)).total == before + 1
