"""``techtool config save`` and ``config diff``: settings as files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from techtool.cli import new_file, options, output
from techtool.cli.charger_options import for_a_charger
from techtool.cli.doing import at_the_charger
from techtool.cli.exits import BY_VERDICT, Exit
from techtool.cli.linking import Linking
from techtool.cli.reply import Reply

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from techtool.jobs.applying import Fate, Step
    from techtool.jobs.comparing import Difference
    from techtool.jobs.saved import Saved
    from techtool.session import Session
    from techtool.station.outcomes import Outcome

_WIDEST = 44
"""Columns of a name, and of a value."""


@for_a_charger()
def save(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A TOML file, which must not be there yet.")],
    *,
    secrets: Annotated[bool, typer.Option("--secrets", help="With passwords and keys.")] = False,
    wanted: Linking,
    as_json: options.Json = False,
) -> None:
    """Read all settings and keep them in a file, with make, firmware and time. Passwords are left out.

    `techtool config save as-found.toml`, and later `techtool config diff as-found.toml` tells what has changed.

    Exit code 0 if all were told, 5 if the charger did not answer for some, 4 if it told none.
    """
    from techtool.cli import connect

    reply = Reply("config save", as_json=as_json)
    if file.exists():
        reply.fail(Exit.USAGE, f"{file} exists already; nothing was read. Choose another name.", "exists")
    connect.run(lambda: _save(wanted, file, secrets, reply), reply)


@for_a_charger()
def diff(
    left: Annotated[Path, typer.Argument(metavar="FILE", help="As `techtool config save` writes it.")],
    right: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="Another one; the charger's settings if left out.")
    ] = None,
    *,
    wanted: Linking,
    as_json: options.Json = False,
) -> None:
    """Compare a file with the charger, or with another file; no charger is needed for that.

    Spellings of the same value are no difference: `true` and `True`, `a,b` and `b, a` in a list.

    Exit code 0 if all is the same, 1 if something is not, 5 if the charger did not tell everything.
    """
    from techtool.cli import connect

    reply = Reply("config diff", as_json=as_json)
    first = _read(left, reply)
    if right is not None:
        raise typer.Exit(_compare(first, _read(right, reply), (left.name, right.name), reply))
    connect.run(lambda: _diff(wanted, first, left.name, reply), reply)


@for_a_charger()
def apply(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="As `config save` writes it, or only some settings.")
    ],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be sent, and send nothing.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Send also what people depend on, and what cannot be undone.")
    ] = False,
    wanted: Linking,
    as_json: options.Json = False,
) -> None:
    """Bring the charger to the settings of a file, one after the other, each read back.

    `techtool config apply depot.toml --dry-run`, and then without. What is as wanted already is not sent: what was
    broken off, or waits for a reboot, is gone on with by the same command.

    Exit code 0 if all is as in the file (proved), 5 if something was taken but nothing shows it yet, 1 if
    something was refused, does not fit or is not there, 4 without an answer. With --dry-run it is 0, or 1 where
    not all could be sent.
    """
    from techtool.cli import connect

    reply = Reply("config apply", as_json=as_json)
    kept = _read(file, reply)
    connect.run(lambda: _apply(wanted, kept, dry_run, force, reply), reply)


async def _apply(wanted: Linking, kept: Saved, dry_run: bool, force: bool, reply: Reply) -> Exit:
    import asyncio

    from techtool.abilities import UnableError
    from techtool.jobs.applying import Fate, carry_out, plan, verdict_of
    from techtool.jobs.comparing import same_by
    from techtool.jobs.saved import saved
    from techtool.masking import mask_words
    from techtool.station.outcomes import CallRefusedError, NoLinkError, Outcome, Verdict
    from techtool.station.settings import UnknownSettingError

    async with at_the_charger(wanted, reply, only="these settings") as (visit, identity):
        listed = await visit.able.read_settings(identity=identity)
        now = saved(visit.picture.stations[identity], listed, _now(), secrets=True)

        def check(name: str, value: str) -> None:
            visit.able.check_setting(name, value, identity=identity)

        done: list[Step] = []

        async def write(name: str, value: str, insist: bool) -> Outcome:
            reply.so_far = {"dry_run": False, "settings": [_step(one) for one in done], "sending": name}
            try:
                return await visit.able.write_setting(name, value, identity=identity, force=insist)
            except (CallRefusedError, UnknownSettingError) as error:
                return Outcome(Verdict.REFUSED, f"{name} was not sent: {mask_words(str(error))}")
            except (NoLinkError, UnableError) as error:
                return Outcome(Verdict.UNANSWERED, f"{name} was not sent: {error}")

        def told(step: Step) -> None:
            done.append(step)
            _say_step(step)

        steps = plan(kept, listed, check, same_by(now, kept))
        sendable = {Fate.SEND, Fate.DANGEROUS} if force else {Fate.SEND}
        for one in steps:
            if one.fate is not Fate.SAME and (dry_run or one.fate not in sendable):
                _say_step(one)
        if dry_run:
            verdict, code = None, Exit.DONE
            if any(one.fate not in (Fate.SAME, *sendable) for one in steps):
                code = Exit.FAILED
        else:
            try:
                steps = await carry_out(steps, write, told, force=force)
            except asyncio.CancelledError:
                output.note("Broken off: the same command goes on where it was.")
                raise
            verdict = verdict_of(steps)
            code = BY_VERDICT[verdict]
        _sum_up(steps, sendable, dry_run=dry_run)
        if reply.as_json:
            value = {"dry_run": dry_run, "settings": [_step(one) for one in steps]}
            reply.give(verdict=verdict.value if verdict is not None else None, value=value)
        return code


async def _save(wanted: Linking, file: Path, secrets: bool, reply: Reply) -> Exit:
    from techtool.jobs.saved import digest, text_of
    from techtool.text import safe

    async with at_the_charger(wanted, reply) as (visit, identity):
        kept, silent = await _of_charger(visit, identity, reply, secrets=secrets)
        new_file.write(file, [text_of(kept)], reply, private=secrets)
        output.note(f"{len(kept.all)} settings of {identity} are in {file}.")
        if kept.left_out:
            output.note(safe(f"Left out: {', '.join(kept.left_out)}. --secrets writes them, too."))
        if silent:
            output.note(safe(f"Not told: {', '.join(silent)}."))
        if reply.as_json:
            value = {"file": str(file), "settings": len(kept.all), "sha256": digest(kept)}
            value |= {"left_out": list(kept.left_out), "silent": list(silent)}
            reply.give(verdict="accepted" if silent else "proved", value=value)
        return Exit.UNPROVED if silent else Exit.DONE


async def _diff(wanted: Linking, first: Saved, name: str, reply: Reply) -> Exit:
    from techtool.text import safe

    async with at_the_charger(wanted, reply) as (visit, identity):
        # passwords that the file has must be compared, and are masked where they are shown
        now, silent = await _of_charger(visit, identity, reply, secrets=True)
        if silent:
            output.note(safe(f"Not told: {', '.join(silent)}."))
        return _compare(first, now, (name, identity), reply, silent)


async def _of_charger(
    visit: Session, identity: str, reply: Reply, *, secrets: bool
) -> tuple[Saved, Sequence[str]]:
    from techtool.jobs.saved import saved

    listed = await visit.able.read_settings(identity=identity)
    if not any(one.value is not None for one in listed.settings):
        reply.fail(Exit.UNANSWERED, f"{identity} told none of its settings.", "no-settings")
    return saved(visit.picture.stations[identity], listed, _now(), secrets=secrets), listed.silent


def _read(file: Path, reply: Reply) -> Saved:
    from techtool.jobs.saved import SavedError, parse

    try:
        return parse(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        reply.fail(Exit.USAGE, f"{file} cannot be read: {error.strerror}.", "no-file")
    except (SavedError, UnicodeDecodeError) as error:
        text = str(error) if isinstance(error, SavedError) else "It is no text in UTF-8."
        reply.fail(Exit.USAGE, f"{file}: {text}", "no-settings-file")


def _compare(left: Saved, right: Saved, names: tuple[str, str], reply: Reply, silent: Sequence[str] = ()) -> Exit:
    """``silent`` is what the right side did not tell: what it lacks is no difference then."""
    from techtool.jobs.comparing import differences, same_by

    found = differences(left, right, same_by(left, right), silent)
    compared = len({one.casefold() for one in (*left.all, *right.all)})
    if reply.as_json:
        value = {"left": names[0], "right": names[1], "compared": compared, "silent": list(silent)}
        verdict = "contradicted" if found else "accepted" if silent else "proved"
        reply.give(verdict=verdict, value={**value, "different": _plain(found)})
    else:
        _print(found, names)
        count = f"{len(found)} of {compared} settings differ" if found else f"All {compared} settings are the same"
        if silent and not found:
            count = "What was told is the same"
        output.note(f"{count}: {names[0]} and {names[1]}.")
    return Exit.FAILED if found else Exit.UNPROVED if silent else Exit.DONE


def _plain(found: Sequence[Difference]) -> list[dict[str, str | None]]:
    return [{"name": one.name, "left": _shown(one, one.left), "right": _shown(one, one.right)} for one in found]


def _shown(one: Difference, value: str | None) -> str | None:
    from techtool.masking import mask_setting

    return mask_setting(one.name, value)


def _say_step(step: Step) -> None:
    """On stderr: with --json, stdout has the document alone."""
    from techtool.text import safe

    told = _step(step)
    if step.outcome is not None:
        said = f"{told['verdict']:<12}  {told['text']}"
    else:
        before = told["before"] if told["before"] is not None else "--"
        said = f"{told['fate']:<12}  {told['name']}: {before} -> {told['wanted']}  {told['text'] or ''}".rstrip()
    output.note(safe(said, 400))


def _sum_up(steps: Sequence[Step], sendable: set[Fate], *, dry_run: bool) -> None:
    same = sum(one.fate.value == "same" for one in steps)
    able = sum(one.fate in sendable for one in steps)
    sent = [one.outcome for one in steps if one.outcome is not None]
    achieved = sum(one.achieved for one in steps if one.outcome is not None)
    waiting = sum("next boot" in one.text for one in sent)
    words = [f"{same} of {len(steps)} settings were as wanted"]
    words.append(f"{able} would be sent" if dry_run else f"{achieved} of {able} that were to be sent are now")
    if rest := len(steps) - same - able:
        words.append(f"{rest} {'would' if dry_run else 'could'} not")
    if waiting:
        words.append(f"{waiting} {'counts' if waiting == 1 else 'count'} from the next boot on")
    output.note(f"{', '.join(words)}.")


def _step(step: Step) -> dict[str, Any]:
    from techtool.masking import is_secret, mask_setting, mask_written

    secret = is_secret(step.name)
    outcome = mask_written(step.name, step.wanted, step.outcome) if step.outcome is not None else None
    why = "This value is not allowed here." if secret and step.fate.value == "unfit" else step.why
    return {
        "name": step.name,
        "before": mask_setting(step.name, step.before),
        "wanted": mask_setting(step.name, step.wanted),
        "fate": step.fate.value,
        "verdict": outcome.verdict.value if outcome is not None else None,
        "text": outcome.text if outcome is not None else why or None,
    }


def _now() -> datetime:
    from datetime import UTC, datetime

    return datetime.now(UTC)


def _print(found: Sequence[Difference], names: tuple[str, str]) -> None:
    from techtool.text import safe

    if not found:
        return
    rows = [("setting", *names)]
    for one in found:
        left, right = (_shown(one, side) or ("--" if side is None else "(empty)") for side in one[1:])
        rows.append((one.name, left, right))
    widths = [min(_WIDEST, max(len(row[column]) for row in rows)) for column in (0, 1)]
    for name, first, second in rows:
        output.say(safe(f"{name:<{widths[0]}}  {first:<{widths[1]}}  {second}", 400).rstrip())
