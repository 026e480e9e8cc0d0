"""A process that is killed loses no record older than 100 ms, and no transaction id is given twice."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from techtool.journal.reading import Archive
from techtool.journal.store import Journal
from techtool.journal.transactions import KnownTransactions

ROOT = Path(__file__).parents[2]
OLD_S = 0.1

# The clock is read before the record is handed over, so the line never claims too much.
WRITER = """
import sys, time
from pathlib import Path
from techtool.journal.store import Journal
from techtool.journal.transactions import Course, KnownTransaction, KnownTransactions, TransactionIds
from tests.journal.making import record

journal = Journal.open(Path(sys.argv[1]))
visit = journal.begin_visit(version="1", title="killed")
ids, known = TransactionIds(journal), KnownTransactions(journal)
number = 0
while True:
    number += 1
    journal.write(record(number))
    id = 0
    if number % 10 == 0:
        id = ids.next()
        begun = KnownTransaction("CP1", str(id), 1, 1, "CARD", str(number), 0, Course.RUNNING, visit, number)
        known.remember(begun)
    sys.stdout.write(f"{visit} {number} {id} {time.time()}\\n")
    sys.stdout.flush()
    if number % 25 == 0:
        time.sleep(0.005)
"""


# Nothing here hurries the writer, as ids do. It sleeps by the millisecond: where the machine is busy that takes as
# much longer as what the writer does.
TRICKLE = """
import sys, time
from pathlib import Path
from techtool.journal.store import Journal
from tests.journal.making import record

journal = Journal.open(Path(sys.argv[1]))
journal.begin_visit(version="1", title="killed")
for number in range(1, 51):
    journal.write(record(number))
    time.sleep(0.001)
for _ in range(100):
    time.sleep(0.001)
print("all of them are old", flush=True)
time.sleep(600)
"""


def started(path: Path, program: str = WRITER) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def killed_after(process: subprocess.Popen[str], lines: int) -> list[tuple[int, int, int, float]]:
    """What the process said it had written, up to 100 ms before it was killed."""
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(lines)]
    killed = time.time()
    process.kill()
    said += process.stdout.read().splitlines()
    process.stdout.close()
    process.wait()
    rows = [line.split() for line in said if line.count(" ") == 3 and len(line.split()[3]) > 12]
    facts = [(int(visit), int(number), int(id), float(at)) for visit, number, id, at in rows]
    return [fact for fact in facts if fact[3] < killed - OLD_S]


@pytest.mark.parametrize("lines", [200, 3_000])
def test_a_killed_process_loses_nothing_old(tmp_path: Path, lines: int) -> None:
    path = tmp_path / "journal.sqlite3"
    old = killed_after(started(path), lines)
    assert old or lines == 200
    with Archive(path) as archive:
        row = archive.latest()
        kept = [r.number for r in archive.records(row.id)]
    assert (row.title, row.ended) == ("killed", None)
    assert kept == list(range(1, len(kept) + 1))
    assert len(kept) >= max((number for _, number, _, _ in old), default=0)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    with Journal.open(path) as journal:
        assert journal.begin_visit(version="1") > row.id
        known = {int(t.id): t.record for t in KnownTransactions(journal).of("CP1")}
    assert {id: number for _, number, id, _ in old if id}.items() <= known.items() or len(known) == 1_000


def test_what_is_100_ms_old_is_in_the_file_though_nothing_hurries_it(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    with started(path, TRICKLE) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        process.kill()
    with Archive(path) as archive:
        assert [one.number for one in archive.records(archive.latest().id)] == list(range(1, 51))


def test_two_processes_do_not_disturb_each_other(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    processes = [started(path) for _ in range(2)]
    old = [killed_after(process, 1_000) for process in processes]
    assert all(old)
    visits = {facts[0][0] for facts in old}
    assert len(visits) == 2
    ids = [id for facts in old for _, _, id, _ in facts if id]
    assert len(ids) == len(set(ids))
    with Archive(path) as archive:
        for facts in old:
            kept = sum(1 for _ in archive.records(facts[0][0]))
            assert kept >= facts[-1][1]


def test_ids_go_on_after_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    first = killed_after(started(path), 2_000)
    second = killed_after(started(path), 2_000)
    used = [{id for _, _, id, _ in facts if id} for facts in (first, second)]
    assert used[0]
    assert used[1]
    assert max(used[0]) < min(used[1])
    assert min(used[0]) > 0
