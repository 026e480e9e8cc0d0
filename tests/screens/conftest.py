from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.screens.making import Clock, Visit


@pytest.fixture(autouse=True)
def plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the machine of the tests has must not show."""
    for name in ("NO_COLOR", "DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME", "TEXTUAL_THEME"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def nothing_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of other starts, and nothing for later ones."""
    monkeypatch.setattr("platformdirs.user_state_path", lambda *words, **more: tmp_path / "state")


@pytest.fixture
def visit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visit]:
    clock = Clock()
    monkeypatch.setattr("techtool.session.time", clock)
    visit = Visit(tmp_path, clock)
    yield visit
    visit.journal.close()
