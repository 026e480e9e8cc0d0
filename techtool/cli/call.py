"""``techtool call``: any message to the charger, raw."""

from __future__ import annotations

import json
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Annotated, Any

import typer

from techtool.cli import options, output
from techtool.cli.charger_options import for_a_charger
from techtool.cli.doing import at_the_charger
from techtool.cli.exits import BY_VERDICT, Exit
from techtool.cli.linking import Linking
from techtool.cli.reply import Reply

if TYPE_CHECKING:
    from techtool.cli.printer import Printer
    from techtool.cli.staying import Meanwhile
    from techtool.station.outcomes import Outcome


@for_a_charger()
def call(
    action: Annotated[
        str,
        typer.Argument(
            metavar="ACTION",
            help="The message, like GetConfiguration or GetVariables; at a service port like GS, over Modbus read "
            "or write, at a console any line, over SMP like images.",
        ),
    ],
    payload: Annotated[str, typer.Argument(metavar="JSON", help="Its payload; `-` reads it from stdin.")] = "{}",
    force: Annotated[
        bool,
        typer.Option(
            "--force",
            help="Send it also if the version does not know it, its schema refuses it, or it is known to do harm.",
        ),
    ] = False,
    within: Annotated[
        float | None,
        typer.Option(
            "--within",
            metavar="SECONDS",
            min=0.1,
            help="How long the charger has to answer; if left out 30 s, more for one that was late before, at a "
            "service port 1 s or what its profile says, over SMP 2.5 s.",
        ),
    ] = None,
    stay: Annotated[
        float,
        typer.Option(
            "--stay",
            metavar="SECONDS",
            min=0,
            help="Stay connected for so long after the answer, and print what the charger sends.",
        ),
    ] = 0.0,
    *,
    wanted: Linking,
    as_json: options.Json = False,
) -> None:
    """Send any message to the charger and print its answer.

    `techtool call GetConfiguration '{"key": ["HeartbeatInterval"]}'`

    At a service port: `techtool call SC '[16, "V"]' --serial /dev/ttyUSB0`

    Over Modbus, with --profile: `techtool call read '["input", 5, 3]'` reads three input registers from address 5,
    `techtool call write '["holding", 261, 160]' --force` writes one and reads it back: exit 0 if it is what was
    written, 1 if it is not.

    At a console, with --profile or --protocol console, a line is typed: `techtool call 'kernel version'`. Where
    the profile knows settings, `techtool call get '["MAX"]'` reads one, `get '[]'` all of them, and
    `techtool call set '["MAX", 16]' --force` writes one and reads it back.

    Over SMP, with --protocol smp: echo, info, params, images, test, confirm, erase, reset, shell, stats, get, set,
    delete, commit, save, raw. What they did is looked at: `techtool call test '["4f1d20"]'` by the list of images,
    `techtool call reset` by the silence after it.

    A question that is answered is done (exit 0). A command that is only accepted exits with 5: what it was to
    bring about is not checked here. Exit code 1 if the charger refused, 4 if it did not answer. Keys and
    passwords are masked.

    Without --stay techtool hangs up when the answer is in. With it, each message that the charger sends from the
    call on is printed, like the NotifyReport after GetBaseReport, or the message that TriggerMessage asks for;
    under --json `result` is then `{"answer": …, "came": [{"at", "action", "payload"}]}`.

    If several chargers are connected, --id must say which one is meant.
    """
    if wanted.serial is not None and stay:
        raise typer.BadParameter("At a service port `techtool listen` shows what comes.", param_hint="--stay")
    value = _read(payload)
    from techtool.cli import connect

    reply = Reply("call", as_json=as_json)
    connect.run(lambda: _call(wanted, action, value, force, within, stay, reply), reply)


def _read(payload: str) -> Any:
    text = typer.get_text_stream("stdin").read() if payload == "-" else payload
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise typer.BadParameter(f"The payload is no JSON: {error}.", param_hint="JSON") from None


async def _call(
    wanted: Linking, action: str, payload: Any, force: bool, within: float | None, stay: float, reply: Reply
) -> Exit:
    from techtool.cli.printer import Printer

    printer = Printer(sys.stdout)
    try:
        code = await _ask(wanted, action, payload, force, within, stay, reply, printer)
        await printer.finish()
        return code
    finally:
        await printer.close()
        if printer.dropped:
            output.note(printer.dropped)


async def _ask(
    wanted: Linking,
    action: str,
    payload: Any,
    force: bool,
    within: float | None,
    stay: float,
    reply: Reply,
    printer: Printer,
) -> Exit:
    from techtool.cli import staying
    from techtool.masking import mask_outcome, mask_written

    async with at_the_charger(wanted, reply, only=action) as (visit, identity):
        # from here on: some chargers send what was asked for before they answer
        with closing(staying.Meanwhile(visit, identity)) as meanwhile:
            outcome = await visit.call(action, payload, identity=identity, force=force, within=within)
            if isinstance(payload, list) and len(payload) == 2:  # a setting of a menu, or of SMP
                outcome = mask_written(payload[0], payload[1], outcome)
            outcome = mask_outcome(outcome)
            if reply.as_json:
                await _document(reply, identity, outcome, meanwhile, stay)
            else:
                await _words(printer, identity, outcome, meanwhile, stay)
    return BY_VERDICT[outcome.verdict]


async def _words(printer: Printer, identity: str, outcome: Outcome, meanwhile: Meanwhile, stay: float) -> None:
    from techtool.text import safe

    output.note(safe(f"{identity}: {outcome.text}"))
    if outcome.result is not None:
        printer.put(json.dumps(outcome.result, indent=2))
    if not stay:
        return
    try:
        async for message in meanwhile.messages(_staying(outcome, stay)):
            printer.put(message.line)
            printer.check()
    finally:
        for message in meanwhile.rest():
            printer.put(message.line)


async def _document(reply: Reply, identity: str, outcome: Outcome, meanwhile: Meanwhile, stay: float) -> None:
    from techtool.station.outcomes import Verdict
    from techtool.text import safe

    output.note(safe(f"{identity}: {outcome.text}"))
    error = {"code": "unanswered", "text": outcome.text} if outcome.verdict is Verdict.UNANSWERED else None
    came: list[dict[str, Any]] = []
    try:
        if stay:
            async for message in meanwhile.messages(_staying(outcome, stay)):
                came.append(message.document)
    finally:
        # also where Ctrl-C ends the stay: the answer is in
        came.extend(message.document for message in meanwhile.rest())
        reply.give(
            verdict=outcome.verdict.value,
            value={"answer": outcome.result, "came": came} if stay else outcome.result,
            error=error,
        )


def _staying(outcome: Outcome, stay: float) -> float:
    """How long to stay; where no answer came there is nothing to wait for."""
    from techtool.station.outcomes import Verdict

    if outcome.verdict is Verdict.UNANSWERED:
        return 0.0
    output.note(f"Staying for {stay:g} s; Ctrl-C ends it.")
    return stay
