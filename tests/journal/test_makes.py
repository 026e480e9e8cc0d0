from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from techtool.journal.makes import KnownMakes
from techtool.journal.store import Journal
from techtool.station.model import Make

ACME = Make(vendor="ACME", model="WallBox", firmware="1.0", iccid="8949\udcff")


def test_what_was_told_last_is_known_later(tmp_path: Path) -> None:
    path = tmp_path / "j.sqlite3"
    with Journal.open(path) as journal:
        makes = KnownMakes(journal)
        assert makes.of("CP1") == {}
        makes.remember("CP1", ACME)
        makes.remember("CP1", ACME._replace(firmware="2.0"))
        makes.remember("CP2", Make())
    with Journal.open(path) as journal:
        makes = KnownMakes(journal)
        assert makes.of("CP1")["firmware"] == "2.0" and makes.of("CP1")["vendor"] == "ACME"
        assert makes.of("CP2") == {}


def test_a_journal_from_before_it_was_kept_is_gone_on_with(tmp_path: Path) -> None:
    path = tmp_path / "j.sqlite3"
    with Journal.open(path) as journal:
        journal.flush()
    with closing(sqlite3.connect(path)) as older:
        older.executescript("DROP TABLE chargers; PRAGMA user_version = 2;")
    with Journal.open(path) as journal:
        KnownMakes(journal).remember("CP1", ACME)
        assert journal.trouble is None
    with Journal.open(path) as journal:
        assert KnownMakes(journal).of("CP1")["vendor"] == "ACME"
