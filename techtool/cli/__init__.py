"""The commands. Thin: each opens a session, does one thing with it, and prints what came of it."""

from __future__ import annotations

import sys

from techtool import __version__


def main() -> None:
    """The entry point ``techtool``."""
    if sys.argv[1:] == ["--version"]:
        # the one question that scripts ask a hundred times: no need to build all commands for it
        print(f"techtool {__version__}")
        return
    from techtool.cli.app import app
    from techtool.cli.exits import Exit
    from techtool.cli.output import ClosedError, encode_anything

    encode_anything()
    try:
        app()
    except ClosedError:
        raise SystemExit(Exit.PIPE_CLOSED) from None
