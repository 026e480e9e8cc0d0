"""The commands. Thin: each opens a session, does one thing with it, and prints what came of it."""

from __future__ import annotations

import signal
import sys

from techtool import __version__


def main() -> None:
    """The entry point ``techtool``."""
    try:
        # SIGTERM asks like Ctrl-C does, from the first moment on
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        _run()
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        raise SystemExit(130) from None


def _run() -> None:
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
    except ClosedError as closed:
        if str(closed) and sys.stderr is not None:
            print(f"techtool: {closed}.", file=sys.stderr)
        raise SystemExit(Exit.FAILED if str(closed) else Exit.PIPE_CLOSED) from None
