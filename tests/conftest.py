from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.chargers import Visit


@pytest.fixture
async def visit(tmp_path: Path) -> AsyncIterator[Visit]:
    """A session that listens on a free loopback port."""
    async with Visit.begin(tmp_path / "journal.sqlite3") as begun:
        yield begun
