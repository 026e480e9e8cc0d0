"""``techtool config``: the settings of the charger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from techtool.cli import config_files, options, output
from techtool.cli.charger_options import for_a_charger
from techtool.cli.doing import at_the_charger, tell
from techtool.cli.exits import Exit
from techtool.cli.linking import Linking
from techtool.cli.reply import Reply

if TYPE_CHECKING:
    from collections.abc import Sequence

    from techtool.station.settings import Listed, Setting

app = typer.Typer(help="The settings of the charger, and what they mean.", no_args_is_help=True)
_WIDEST = 48
"""Columns of a name, if all fit."""
_LONGEST = 1_000
"""Characters of a line; --json has all of a value."""


@app.command("list")
@for_a_charger()
def list_(wanted: Linking, as_json: options.Json = False) -> None:
    """Read all settings and print them.

    `techtool config list --serial /dev/ttyUSB0`, with --profile where it is no OpenEVSE.

    Exit code 0 if at least one was told, or if all that there are can only be set, 1 if it shows none of them,
    4 if it did not answer, 6 if this link has none.
    """
    from techtool.cli import connect

    reply = Reply("config list", as_json=as_json)
    connect.run(lambda: _read(wanted, (), reply), reply)


@app.command()
@for_a_charger()
def get(
    names: Annotated[list[str], typer.Argument(metavar="NAME", help="As `techtool config list` shows them.")],
    *,
    wanted: Linking,
    as_json: options.Json = False,
) -> None:
    """Read some settings and print them.

    Exit code 0 if all were told, 1 if the charger does not show one of them, 4 if it did not answer, 6 if one can
    only be set.
    """
    from techtool.cli import connect

    reply = Reply("config get", as_json=as_json)
    connect.run(lambda: _read(wanted, names, reply), reply)


@app.command("set")
@for_a_charger()
def set_(
    name: Annotated[str, typer.Argument(metavar="NAME", help="As `techtool config list` shows it.")],
    value: Annotated[str, typer.Argument(metavar="VALUE", help="What it takes stands in the list, too.")],
    *,
    force: Annotated[
        bool,
        typer.Option(
            "--force",
            help="Write it also where people or cables depend on it, or for good; over OCPP also a wrong value.",
        ),
    ] = False,
    wanted: Linking,
    as_json: options.Json = False,
) -> None:
    """Write one setting, and look what it is then.

    A value that the charger would misunderstand never goes out. Exit code 0 if it is set (proved), 1 if it was
    refused or is something else, 4 without an answer, 5 if it was taken but nothing shows it.
    """
    from techtool.cli import connect

    reply = Reply("config set", as_json=as_json)
    connect.run(lambda: _write(wanted, name, value, force, reply), reply)


@app.command()
def explain(
    name: Annotated[str, typer.Argument(metavar="KEY", help="A key, a variable, or Component/Variable.")],
    *,
    version: Annotated[
        str | None, typer.Option("--ocpp", metavar="VERSION", help="1.6, 2.0.1 or 2.1; all if left out.")
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Say what a setting means, what it takes, and what to look out for. No charger is needed.

    `techtool config explain HeartbeatInterval`

    `techtool config explain OCPPCommCtrlr/HeartbeatInterval --ocpp 2.0.1`

    Known are the standard's keys and variables, and those of makes as far as they were seen; for these it says how
    sure that is. Exit code 2 where nothing is known of that name.
    """
    from techtool.cli import checking
    from techtool.cli.explaining import explain as say

    reply = Reply("config explain", as_json=as_json)
    try:
        known = checking.version(version, "--ocpp") if version is not None else None
    except checking.OptionError as error:
        raise typer.BadParameter(str(error), param_hint=error.option) from error
    say(name, known.removeprefix("ocpp") if known is not None else None, reply)


app.command()(config_files.save)
app.command()(config_files.diff)
app.command()(config_files.apply)


async def _read(wanted: Linking, names: Sequence[str], reply: Reply) -> Exit:
    from techtool.text import safe

    async with at_the_charger(wanted, reply) as (visit, identity):
        listed = await visit.able.read_settings(names, identity=identity)
        code = _code(listed, all_wanted=bool(names))
        unreadable = _unreadable(listed)
        error = {"code": "unable", "text": unreadable or ""} if code is Exit.UNABLE else None
        if reply.as_json:
            reply.give(verdict=_verdict(code), value=_listed(listed), error=error)
        else:
            _print(listed)
        if unreadable is not None:
            output.note(safe(unreadable))
        return code


async def _write(wanted: Linking, name: str, value: str, force: bool, reply: Reply) -> Exit:
    import asyncio

    from techtool.masking import mask_written

    async with at_the_charger(wanted, reply, only=name) as (visit, identity):
        try:
            written = await visit.able.write_setting(name, value, identity=identity, force=force)
        except asyncio.CancelledError:
            reply.so_far = {"name": name, "written": None}
            output.note(
                f"Whether {name} was written is unknown: `techtool config get {name}` tells what it is now."
            )
            raise
        return tell(reply, identity, mask_written(name, value, written))


def _code(listed: Listed, *, all_wanted: bool) -> Exit:
    if all_wanted and listed.unknown:
        return Exit.FAILED
    told = [one.value is not None for one in listed.settings if not one.writeonly]
    if all_wanted and (listed.silent or not all(told)):
        return Exit.UNANSWERED
    if all_wanted and len(told) < len(listed.settings):
        return Exit.UNABLE
    if not any(told) and (told or listed.silent):
        return Exit.UNANSWERED
    if not any(told) and listed.unknown:
        return Exit.FAILED
    return Exit.DONE


def _verdict(code: Exit) -> str | None:
    if code is Exit.UNABLE:
        return None
    return {Exit.DONE: "proved", Exit.FAILED: "refused"}.get(code, "unanswered")


def _unreadable(listed: Listed) -> str | None:
    """What can only be set, in a sentence; None where everything can be read."""
    names = [one.name for one in listed.settings if one.writeonly]
    return f"{', '.join(names)} cannot be read, only set." if names else None


def _shown(one: Setting) -> Setting:
    """A password is one at a service port, too."""
    from techtool.masking import mask_setting

    return one._replace(value=mask_setting(one.name, one.value))


def _listed(listed: Listed) -> dict[str, Any]:
    fields = ("name", "value", "readonly", "type", "unit", "known")
    return {
        "settings": [{field: getattr(one, field) for field in fields} for one in map(_shown, listed.settings)],
        "unknown": list(listed.unknown),
        "silent": list(listed.silent),
    }


def _print(listed: Listed) -> None:
    from techtool.text import safe

    width = min(_WIDEST, max((len(one.name) for one in listed.settings), default=0))
    for one in listed.settings:
        output.say(safe(_row(_shown(one), width), _LONGEST))
    if listed.unknown:
        output.note(safe(f"It does not show: {', '.join(listed.unknown)}."))
    if listed.silent:
        output.note(safe(f"No answer for: {', '.join(listed.silent)}."))


def _row(one: Setting, width: int) -> str:
    unit = f" {one.unit}" if one.unit and not (one.value or "").endswith(one.unit) else ""
    value = "--" if one.value is None else f"{one.value}{unit}"
    takes = "read only" if one.readonly else one.takes or ""
    return f"{one.name:<{width}}  {value:<16}  {takes}".rstrip()
