"""What a command gives back to a script: one JSON document, whatever happens."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import takewhile
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

import typer

from techtool.cli import documents, output
from techtool.cli.exits import Exit
from techtool.text import safe

if TYPE_CHECKING:
    from techtool.station.model import Station

INTERRUPTED = {"code": "interrupted", "text": "Interrupted before the end."}


class Reply:
    """The one document of a command; without ``as_json`` only words are said."""

    given: ClassVar[bool] = False
    """Some document was printed in this process."""

    def __init__(self, command: str, *, as_json: bool, lines: bool = False) -> None:
        """``lines``: its results are JSON lines, so a document is one, too."""
        self.command = command
        self.as_json = as_json
        self._indent = None if lines else 2
        self.so_far: Any = None
        """What is the result where the command is interrupted now."""
        self.station: Callable[[], Station | None] = lambda: None
        """The charger that it is about, as it is known when the document is given, however the command ends."""
        self._given = False

    def give(
        self,
        *,
        verdict: str | None = None,
        value: Any = None,
        error: dict[str, str] | None = None,
    ) -> None:
        """Print the document."""
        self._given = Reply.given = True
        station = self.station()
        document = {
            "command": self.command,
            "charger": documents.charger(station),
            "verdict": verdict,
            "result": value,
            "findings": documents.findings(station) if station is not None else [],
            "error": error,
        }
        output.say(json.dumps(document, indent=self._indent))

    def fail(self, code: Exit, text: str, error: str) -> NoReturn:
        """Say what went wrong and end."""
        if self.as_json:
            self.give(error={"code": error, "text": text})
        output.note(safe(text))
        raise typer.Exit(code)

    @contextmanager
    def whole(self) -> Iterator[None]:
        """Whatever is done in here, Ctrl-C and SIGTERM end it with the document, too."""
        try:
            yield
        except KeyboardInterrupt:
            self.interrupt()

    def interrupt(self) -> NoReturn:
        """Say that Ctrl-C or SIGTERM came and end; where the document is given, it stands."""
        if self.as_json and not self._given:
            self.give(value=self.so_far, error=INTERRUPTED)
        output.note("Interrupted.")
        raise typer.Exit(Exit.INTERRUPTED)


def explain_usage(error: BaseException | None) -> None:
    """What Typer said of wrong usage on stderr, as the document that a script waits for."""
    said, context = getattr(error, "format_message", None), getattr(error, "ctx", None)
    if said is None:
        return  # a command has told it already
    command = context.command_path.partition(" ")[2] if context is not None else ""
    Reply(command or "techtool", as_json=True).give(error={"code": "usage", "text": said()})


def explain_interrupt(arguments: Sequence[str]) -> None:
    """Ctrl-C before a command has begun: the document that a script waits for."""
    words = list(takewhile(lambda one: not one.startswith("-"), arguments))
    lines = words[:1] in (["listen"], ["simulate"]) or words[:2] == ["trace", "show"]
    if not lines and not Reply.given:
        Reply(words[0] if words else "techtool", as_json=True).give(error=INTERRUPTED)
