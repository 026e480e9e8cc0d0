"""The commands. Thin: each opens a session, does one thing with it, and prints what came of it."""

from __future__ import annotations


def main() -> None:
    """The entry point ``techtool``."""
    from techtool.cli.app import app
    from techtool.cli.exits import Exit
    from techtool.cli.output import ClosedError, encode_anything

    encode_anything()
    try:
        app()
    except ClosedError:
        raise SystemExit(Exit.PIPE_CLOSED) from None
