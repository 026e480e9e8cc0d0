"""``techtool auth``: whether the charger lets a car charge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from techtool.cli import options, output
from techtool.cli.charger_options import for_a_charger
from techtool.cli.doing import at_the_charger
from techtool.cli.exits import BY_VERDICT, Exit
from techtool.cli.linking import Linking
from techtool.cli.reply import Reply

if TYPE_CHECKING:
    from techtool.station.release import Report, Step

app = typer.Typer(help="Whether the charger lets a car charge, at a service port.", no_args_is_help=True)


@app.command()
@for_a_charger()
def test(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME", help="Ways of release, where a profile has several; all if left out."),
    ] = None,
    *,
    force: Annotated[
        bool, typer.Option("--force", help="Also while a car charges: its session is interrupted, or ends.")
    ] = False,
    wanted: Linking,
    as_json: options.Json = False,
) -> None:
    """Block charging, release it, look each time what the charger shows, and put back what was found.

    `techtool auth test --serial /dev/ttyUSB0`

    `techtool auth test --serial /dev/ttyUSB0 --profile phoenix-ev-ser`

    It proves that the charger may charge, not whether a card is accepted: at a service port nothing tells what a
    reader would say. An OpenEVSE is put to sleep and woken up; a box with registers is denied and granted as its
    profile says ([auth]). With a car plugged in it also looks whether the car charges, or is offered it; without
    one that step is not applicable, which is not passed. While a car charges nothing is done without --force.

    What was found is put back in any case, also after Ctrl-C or when the cable was out for a while, and read back.
    Where that was not possible it is said, with what to do by hand.

    Exit code 0 if the charger showed everything and is as it was found (proved), 1 if it refused or shows
    something else, 2 if a car charges (without --force), 4 without an answer, 5 if nothing shows the effect,
    6 if this wire cannot release charging, 130 after Ctrl-C.
    """
    from techtool.cli import connect

    reply = Reply("auth test", as_json=as_json)
    connect.run(lambda: _test(wanted, names or [], force, reply), reply)


async def _test(wanted: Linking, names: list[str], force: bool, reply: Reply) -> Exit:
    from techtool.station.release import PROVES, Report
    from techtool.text import safe

    report = Report()

    def told(news: Report) -> None:
        nonlocal report
        before, report = report, news
        reply.so_far = news.document
        for step in news.steps[len(before.steps) :]:
            _say(step, reply)
        if news.interrupted and not before.interrupted:
            output.note("Interrupted: what was found is put back now. Ctrl-C again leaves it as it is.")

    async with at_the_charger(wanted, reply) as (visit, identity):
        try:
            report = await visit.able.test_release(names, identity=identity, force=force, told=told)
        finally:
            if report.steps:  # also where Ctrl-C came: it is not to be left blocked in silence
                output.note(safe(f"{identity}: {report.text}"))
                output.note(f"What this tests: {PROVES}.")
        if reply.as_json:
            reply.give(verdict=report.verdict.value, value=report.document)
        return BY_VERDICT[report.verdict]


def _say(step: Step, reply: Reply) -> None:
    """One line for it; under --json stdout has the document alone."""
    from techtool.station.outcomes import Verdict
    from techtool.station.release import NOT_APPLICABLE
    from techtool.text import safe

    verdict = step.verdict.value if step.verdict is not None else NOT_APPLICABLE
    wanted = "" if step.verdict in (Verdict.PROVED, None) else f" (expected: {step.expected})"
    seen = step.seen.removeprefix(f"{NOT_APPLICABLE}: ")
    (output.note if reply.as_json else output.say)(safe(f"{verdict:<14}  {step.name:<8}  {seen}{wanted}"))
