"""The commands. Thin: each opens a session, does one thing with it, and prints what came of it."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from typing import NoReturn

from techtool import __version__
from techtool.cli.signals import ask_like_ctrl_c

_OUTPUT_GONE = (errno.EPIPE, errno.ENOSPC)


def main() -> None:
    """The entry point ``techtool``."""
    try:
        ask_like_ctrl_c()
        _run()
        if sys.stdout is not None:
            sys.stdout.flush()  # not when the interpreter ends: there nobody could say what is wrong
    except OSError as error:
        if error.errno not in _OUTPUT_GONE:
            raise
        _give_up(error)
    except KeyboardInterrupt:
        _interrupted()


def _interrupted() -> NoReturn:
    """Before a command could begin, or in its last moment."""
    from techtool.cli.arguments import wants_json

    if wants_json(sys.argv, os.environ):
        from techtool.cli.output import ClosedError
        from techtool.cli.reply import explain_interrupt

        with contextlib.suppress(ClosedError):
            explain_interrupt(sys.argv[1:])
    print("Interrupted.", file=sys.stderr)
    raise SystemExit(130) from None


def _give_up(error: OSError) -> NoReturn:
    """Typer and Python write some words themselves, and their output may take none."""
    from techtool.cli.exits import Exit
    from techtool.cli.output import closed, silence

    silence(sys.stdout)
    words = str(closed(error))
    if words:
        print(f"techtool: {words}.", file=sys.stderr)
    raise SystemExit(Exit.FAILED if words else Exit.PIPE_CLOSED) from None


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
        if isinstance(getattr(ended.__context__, "__cause__", None), KeyboardInterrupt):
            raise KeyboardInterrupt from None  # Typer says nothing of it
        if ended.code == Exit.USAGE and wants_json(arguments, os.environ):
            explain_usage(ended.__context__)
        raise
    except ClosedError as closed:
        if str(closed) and sys.stderr is not None:
            print(f"techtool: {closed}.", file=sys.stderr)
        raise SystemExit(Exit.FAILED if str(closed) else Exit.PIPE_CLOSED) from None
