"""``techtool trace``: the journal."""

from __future__ import annotations

import typer

app = typer.Typer(help="What passed in this and earlier visits.", no_args_is_help=True)


@app.callback()
def _x() -> None:
    """x"""
