from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.chargers import Visit

settings.register_profile("shared", deadline=None)  # tests share the cores; pytest-timeout ends what hangs
settings.load_profile("shared")


@pytest.fixture
async def visit(tmp_path: Path) -> AsyncIterator[Visit]:
    """A session that listens on a free loopback port."""
    async with Visit.begin(tmp_path / "journal.sqlite3") as begun:
        yield begun


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Two thirds of the suite is waiting for sockets, ports and screens: a core can do more than one test."""
    cores = os.cpu_count() or 1
    return max(cores, min(3 * cores, 8))


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Where everything is installed, a skipped test is a test that was lost."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter is not None else []
    if os.environ.get("TECHTOOL_NOTHING_SKIPPED") and skipped and exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
