"""In every export of a journal the same value has the same name."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from techtool.journal.export_key import BYTES, key_of


def test_a_journal_keeps_its_key(tmp_path: Path) -> None:
    one, other = tmp_path / "a.sqlite3", tmp_path / "b.sqlite3"
    key = key_of(one)
    assert len(key) == BYTES and key_of(one) == key
    assert key_of(other) != key


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such rights")
def test_the_key_is_its_owners_alone(tmp_path: Path) -> None:
    key_of(tmp_path / "j.sqlite3")
    assert stat.S_IMODE((tmp_path / "j.sqlite3.key").stat().st_mode) == 0o600


def test_without_a_place_for_it_an_export_has_a_key_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "j.sqlite3.key").mkdir()
    assert key_of(tmp_path / "j.sqlite3") != key_of(tmp_path / "j.sqlite3")
    (tmp_path / "k.sqlite3.key").write_bytes(b"short")
    assert len(key_of(tmp_path / "k.sqlite3")) == BYTES
