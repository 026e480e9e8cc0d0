"""The UI as the command opens and leaves it, on a terminal that nobody sees."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from techtool.cli import ui
from techtool.cli.linking import Linking
from techtool.journal import jsonl
from techtool.screens.app import TechtoolApp
from tests.journal.making import records
from tests.screens.making import opened, shown

Hand = Callable[[Pilot[Any]], Awaitable[None]]


@pytest.fixture(autouse=True)
def no_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platformdirs.user_state_path", lambda *words, **more: tmp_path / "state")
    monkeypatch.setattr(ui, "_need_terminal", lambda: None)


def at_the_keys(monkeypatch: pytest.MonkeyPatch, hand: Hand | None = None) -> None:
    """Who sits before the UI that is opened next."""
    run = TechtoolApp.run_async

    async def unseen(app: TechtoolApp, **options: Any) -> None:
        await run(app, headless=True, auto_pilot=hand)

    monkeypatch.setattr(TechtoolApp, "run_async", unseen)


def visit(folder: Path) -> None:
    ui.open_ui(Linking("127.0.0.1", 0, journal=folder / "j.sqlite3"))


def replay(folder: Path) -> None:
    file = folder / "visit.jsonl"
    file.write_text("".join(jsonl.lines(records(3))))
    ui.open_replay(str(file), None)


@pytest.mark.parametrize("open_it", [visit, replay])
def test_a_ui_that_crashed_ends_with_a_code_that_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_it: Callable[[Path], None]
) -> None:
    at_the_keys(monkeypatch)
    monkeypatch.setattr("techtool.screens.main_screen.MainScreen.compose", lambda page: 1 / 0)
    with pytest.raises(SystemExit) as ended:
        open_it(tmp_path)
    assert ended.value.code == 1


@pytest.mark.parametrize("open_it", [visit, replay])
def test_a_ui_that_was_left_ends_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_it: Callable[[Path], None]
) -> None:
    async def leave(pilot: Pilot[None]) -> None:
        await opened(pilot)
        await pilot.press("q")

    at_the_keys(monkeypatch, leave)
    open_it(tmp_path)


def test_in_the_demo_another_demo_charger_is_not_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []

    async def want_another(pilot: Pilot[None]) -> None:
        assert isinstance(pilot.app, TechtoolApp)
        while pilot.app.pages is None or "DEMO-001" not in shown(pilot.app):
            await pilot.pause(0.01)
        await pilot.press("d")
        await pilot.pause()
        said.append(shown(pilot.app))
        pilot.app.exit()

    at_the_keys(monkeypatch, want_another)
    ui.open_ui(Linking("127.0.0.1", 0, demo="ocpp1.6", journal=tmp_path / "j.sqlite3"))
    assert "The demo charger is here already." in said[0]
