"""The commands. Thin: each opens a session, does one thing with it, and prints what came of it."""

from __future__ import annotations


def main() -> None:
    """The entry point ``techtool``."""
    from techtool.cli.app import app
    from techtool.cli.output import encode_anything

    encode_anything()
    app()
