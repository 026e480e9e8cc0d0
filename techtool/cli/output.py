"""What commands print: words for people, one JSON document for scripts, and the exit code."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import typer

from techtool.cli.exits import Exit
from techtool.text import safe


class ClosedError(Exception):
    """The output can be written no more; the text says why, and is empty where its reader has just gone."""


def say(text: str) -> None:
    """A result for a person, on stdout."""
    _print(text, sys.stdout)


def note(text: str) -> None:
    """Progress and words, on stderr."""
    _print(text, sys.stderr)


def document(value: Any) -> None:
    """One JSON document on stdout."""
    _print(json.dumps(value, indent=2), sys.stdout)


def one_line(value: Any) -> str:
    """A value as one line of JSON."""
    return json.dumps(value, separators=(", ", ": "))


def raw_line(text: str) -> None:
    """A line that is JSON already."""
    _print(text, sys.stdout)


def fail(command: str, code: Exit, text: str, *, as_json: bool, error: str) -> NoReturn:
    """Say what went wrong and end."""
    if as_json:
        document(result(command, error={"code": error, "text": text}))
    note(safe(text))
    raise typer.Exit(code)


def explain_usage(error: BaseException | None) -> None:
    """What Typer said of wrong usage on stderr, as the document that a script waits for."""
    said, context = getattr(error, "format_message", None), getattr(error, "ctx", None)
    if said is None:
        return  # a command has told it already
    command = context.command_path.partition(" ")[2] if context is not None else ""
    document(result(command or "techtool", error={"code": "usage", "text": said()}))


def result(
    command: str,
    *,
    charger: dict[str, Any] | None = None,
    verdict: str | None = None,
    value: Any = None,
    findings: Sequence[dict[str, Any]] = (),
    error: dict[str, str] | None = None,
) -> dict[str, Any]:
    """The document that every command gives with --json."""
    return {
        "command": command,
        "charger": charger,
        "verdict": verdict,
        "result": value,
        "findings": list(findings),
        "error": error,
    }


def _print(text: str, stream: Any) -> None:
    if stream is None:  # it was closed before we started
        raise ClosedError("there is no output to write to")
    try:
        stream.write(text + "\n")
        stream.flush()
    except OSError as error:
        # what is left in the buffer must not fail again when the program ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        raise closed(error) from None


def closed(error: OSError) -> ClosedError:
    """What an output that takes no more means: nothing to be said where its reader has just gone."""
    return ClosedError(
        "" if isinstance(error, BrokenPipeError) else f"the output cannot be written: {error.strerror}"
    )


def encode_anything() -> None:
    """Characters that the terminal or the file cannot take are escaped instead of ending the program."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
