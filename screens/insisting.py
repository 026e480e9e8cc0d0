"""The question before something that a car that charges would feel: then a word must be typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.app import App

from .widgets.ask import Ask
from .widgets.dialogs import Question

STOP_WORD = "stop"


def ask(app: App[Any], title: str, text: str, yes: str, why: str | None, then: Callable[[], None]) -> None:
    """Ask, and go on with ``then``; ``why`` says why the word is wanted, None where it is not."""
    if why is None:
        app.push_screen(Question(title, text, yes), lambda sure: then() if sure else None)
        return
    words = [text, f"{why}: type {STOP_WORD} to do it all the same."]
    box = Ask(title, words, hint=STOP_WORD)
    app.push_screen(box, lambda typed: then() if typed == STOP_WORD else None)
