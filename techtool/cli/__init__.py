"""The commands. Thin: each opens a session, does one thing with it, and prints what came of it."""

from __future__ import annotations

import os
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
    arguments = sys.argv[1:]
    if arguments == ["--version"]:
        # the one question that scripts ask a hundred times: no need to build all commands for it
        print(f"techtool {__version__}")
        return
    from techtool.cli.arguments import completed, plain, wants_json

    linking = plain(arguments, os.environ)
    if linking is not None:
        from techtool.cli.ui import open_ui

        open_ui(linking)
        return
    from techtool.cli.app import app
    from techtool.cli.exits import Exit
    from techtool.cli.output import ClosedError, encode_anything
    from techtool.cli.reply import explain_usage

    encode_anything()
    arguments = completed(arguments)
    try:
        app(arguments, prog_name="techtool")
    except SystemExit as ended:
        if ended.code == Exit.USAGE and wants_json(arguments, os.environ):
            explain_usage(ended.__context__)
        raise
    except ClosedError as closed:
        if str(closed) and sys.stderr is not None:
            print(f"techtool: {closed}.", file=sys.stderr)
        raise SystemExit(Exit.FAILED if str(closed) else Exit.PIPE_CLOSED) from None
