"""``techtool call``: any message to the charger, raw."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from techtool.cli import documents, options, output
from techtool.cli.exits import BY_VERDICT, Exit
from techtool.cli.linking import Linking


def call(
    action: Annotated[str, typer.Argument(help="The message, like GetConfiguration or GetVariables.")],
    payload: Annotated[str, typer.Argument(metavar="JSON", help="Its payload; `-` reads it from stdin.")] = "{}",
    force: Annotated[
        bool, typer.Option("--force", help="Send it also if the schema of the version refuses it.")
    ] = False,
    within: Annotated[
        float, typer.Option("--within", metavar="SECONDS", min=0.1, help="How long the charger has to answer.")
    ] = 30.0,
    listen: options.Listen = options.DEFAULT_LISTEN,
    demo: options.Demo = None,
    identity: options.Identity = None,
    ocpp: options.Ocpp = None,
    password: options.Password = None,
    wait: options.Wait = 300.0,
    journal: options.JournalPath = None,
    as_json: options.Json = False,
) -> None:
    """Send any message to the charger and print its answer.

    `techtool call GetConfiguration '{"key": ["HeartbeatInterval"]}'`

    A question that is answered is done (exit 0). A command that is only accepted exits with 5: what it was to
    bring about is not checked here.
    """
    wanted = options.linking(listen, demo, identity, ocpp, password, wait, journal)
    value = _read(payload)
    from techtool.cli import connect

    connect.run(lambda: _call(wanted, action, value, force, within, as_json))


def _read(payload: str) -> Any:
    text = typer.get_text_stream("stdin").read() if payload == "-" else payload
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise typer.BadParameter(f"The payload is no JSON: {error}.", param_hint="JSON") from None


async def _call(wanted: Linking, action: str, payload: Any, force: bool, within: float, as_json: bool) -> Exit:
    from techtool.cli import connect
    from techtool.jobs.calling import CallRefusedError
    from techtool.masking import mask_payload
    from techtool.session import NoLinkError
    from techtool.text import safe

    async with connect.session("call", wanted, as_json=as_json) as visit:
        station = await connect.charger("call", visit, wanted, as_json=as_json)
        try:
            outcome = await visit.call(action, payload, identity=station.identity, force=force, within=within)
        except CallRefusedError as error:
            output.fail("call", Exit.USAGE, str(error), as_json=as_json, error="refused")
        except NoLinkError as error:
            output.fail("call", Exit.UNANSWERED, str(error), as_json=as_json, error="link-lost")
        station = visit.picture.stations[station.identity]
        if as_json:
            output.document(
                output.result(
                    "call",
                    charger=documents.charger(station),
                    verdict=outcome.verdict.value,
                    value=mask_payload(outcome.result),
                    findings=documents.findings(station),
                )
            )
        else:
            if outcome.result is not None:
                output.say(json.dumps(mask_payload(outcome.result), indent=2))
            output.note(safe(outcome.text))
    return BY_VERDICT[outcome.verdict]
