"""Shipped and own profiles, by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from techtool.serviceport.profiles import Origin, ProfileError, UnknownProfile, all_profiles, named
from tests.serviceport.profiles.making import MODBUS


def own(folder: Path, name: str, id: str, more: str = "") -> Path:
    path = folder / name
    path.write_text(MODBUS.replace("a-box", id) + more)
    return path


def test_an_own_profile_is_found_beside_the_shipped_ones(tmp_path: Path) -> None:
    path = own(tmp_path, "mine.toml", "mine")
    entry = named("mine", tmp_path)
    assert (entry.origin, entry.file, entry.note) == (Origin.OWN, str(path), None)
    assert named("Heidelberg-Energy-Control", tmp_path).origin is Origin.SHIPPED
    assert {one.profile.id for one in all_profiles(tmp_path).entries} > {"mine", "abl-emh1"}


def test_an_own_profile_in_the_place_of_a_shipped_one_is_said(tmp_path: Path) -> None:
    path = own(tmp_path, "x.toml", "abl-emh1")
    entry = named("abl-emh1", tmp_path)
    assert entry.origin is Origin.OWN
    assert entry.note == f"Your {path} is used instead of the abl-emh1 that comes with techtool."
    assert [one.profile.id for one in all_profiles(tmp_path).entries].count("abl-emh1") == 1


def test_two_own_ones_of_one_id_are_said(tmp_path: Path) -> None:
    first, second = own(tmp_path, "a.toml", "mine"), own(tmp_path, "b.toml", "mine")
    found = all_profiles(tmp_path)
    assert named("mine", tmp_path).file == str(first)
    (problem,) = found.problems
    assert problem.file == str(second) and str(first) in problem.text


def test_a_broken_own_file_stops_nothing_but_itself(tmp_path: Path) -> None:
    own(tmp_path, "broken.toml", "broken", "bogus = 1\n")
    assert named("abl-emh1", tmp_path).origin is Origin.SHIPPED
    (problem,) = all_profiles(tmp_path).problems
    assert problem.line == 8
    with pytest.raises(ProfileError, match=r"broken.toml:8: "):
        named("broken", tmp_path)


def test_a_file_is_named_by_its_path(tmp_path: Path) -> None:
    path = own(tmp_path, "elsewhere.toml", "mine")
    assert named(str(path)).origin is Origin.FILE
    with pytest.raises(ProfileError, match="cannot be read"):
        named(str(tmp_path / "none.toml"))


def test_a_name_that_is_nobodys_gets_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(
        UnknownProfile, match=r'heidelberg-energy is no profile; did you mean "heidelberg-energy-control"'
    ):
        named("heidelberg-energy", tmp_path)
    with pytest.raises(UnknownProfile, match="there are: abb-terra-ac, "):
        named("zzz", tmp_path)


def test_without_a_folder_there_are_the_shipped_ones(tmp_path: Path) -> None:
    assert len(all_profiles(tmp_path / "none").entries) == 8
