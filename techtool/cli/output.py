"""Printing to stdout and stderr, and what it means where that is not possible."""

from __future__ import annotations

import io
import json
import os
import sys
from typing import Any


class ClosedError(Exception):
    """The output can be written no more; the text says why, and is empty where its reader has just gone."""


def say(text: str) -> None:
    """A result, on stdout."""
    _print(text, sys.stdout)


def note(text: str) -> None:
    """Progress and words, on stderr. Without one they are lost: a result need not be."""
    if sys.stderr is not None:
        _print(text, sys.stderr)


def one_line(value: Any) -> str:
    """A value as one line of JSON."""
    return json.dumps(value, separators=(", ", ": "))


def raw_line(text: str) -> None:
    """A line that is JSON already."""
    _print(text, sys.stdout)


def _print(text: str, stream: Any) -> None:
    if stream is None:  # it was closed before we started
        raise ClosedError("there is no output to write to")
    try:
        stream.write(text + "\n")
        stream.flush()
    except OSError as error:
        silence(stream)
        raise closed(error) from None


def silence(stream: Any) -> None:
    """What is left in the buffer must not fail again when the program ends."""
    if stream is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


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
