"""``techtool profile``: what is known of the service ports of makes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from techtool.cli import options, output
from techtool.cli.exits import Exit
from techtool.cli.reply import Reply

if TYPE_CHECKING:
    from techtool.serviceport.profiles import Entry, Profile

app = typer.Typer(
    help="Profiles: what is known of the service ports of makes, as files that you can write, too.",
    no_args_is_help=True,
)


@app.command("list")
def list_(as_json: options.Json = False) -> None:
    """List the profiles: those that come with techtool, and your own.

    Your own are the .toml files in the folder that the last line names. One with the id of a profile that comes
    with techtool is used instead of it, and the list says so.
    """
    from techtool.serviceport.profiles.library import all_profiles, own_folder
    from techtool.text import safe

    folder = own_folder()
    found = all_profiles(folder)
    if as_json:
        value = {
            "profiles": [_facts(one) for one in found.entries],
            "folder": str(folder),
            "problems": [one._asdict() for one in found.problems],
        }
        Reply("profile list", as_json=True).give(verdict="proved", value=value)
        return
    for one in found.entries:
        profile = one.profile
        able = ", ".join(profile.abilities) or "raw only"
        output.say(safe(f"{profile.id:<28} {profile.transport:<11} {able:<28} {profile.name}"))
        if one.note:
            output.say(safe(f"{'':<28} {one.note}"))
    for problem in found.problems:
        output.note(safe(problem))
    output.note(safe(f"Your own: {folder}"))


@app.command()
def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its id in `profile list`, or a file.")],
    as_json: options.Json = False,
) -> None:
    """Show a profile: the line, every value and setting with its place, what it cannot do, what is not sure."""
    from techtool.cli.profile_words import lines
    from techtool.serviceport.profiles.library import UnknownProfile, named
    from techtool.serviceport.profiles.problems import ProfileError
    from techtool.text import safe

    reply = Reply("profile show", as_json=as_json)
    try:
        entry = named(name)
    except UnknownProfile as error:
        reply.fail(Exit.USAGE, str(error), "no-profile")
    except ProfileError as error:
        _refuse(reply, [(problem.file, [problem]) for problem in error.problems])
    if as_json:
        from techtool.cli.profile_document import document

        reply.give(verdict="proved", value={**_facts(entry), **document(entry.profile)})
        return
    for line in lines(entry):
        output.say(safe(line))


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Profiles, as .toml files.")],
    as_json: options.Json = False,
) -> None:
    """Check profiles that you wrote: every problem as FILE:LINE: what is wrong and what to do.

    Exit code 0 if all of them can be used, 2 if not. docs/service-port-profiles.md explains every key.
    """
    from techtool.serviceport.profiles import load
    from techtool.text import safe

    reply = Reply("profile check", as_json=as_json)
    loaded = [(str(path), load(path)) for path in files]
    broken = [(file, list(one.problems)) for file, one in loaded if one.problems]
    if as_json:
        value = {"files": [_checked(file, one.profile, list(one.problems)) for file, one in loaded]}
        error = {"code": "profile", "text": _count(broken)} if broken else None
        reply.give(verdict="refused" if broken else "proved", value=value, error=error)
    else:
        for file, one in loaded:
            for problem in one.problems:
                output.say(safe(problem))
            if one.profile is not None:
                output.say(safe(f"{file}: fine. {_sum(one.profile)}"))
    if broken:
        output.note(_count(broken))
        raise typer.Exit(Exit.USAGE)


def _refuse(reply: Reply, broken: list[tuple[str, list[Any]]]) -> None:
    """A profile that was asked for cannot be used: all that is wrong with it, and exit code 2."""
    from techtool.text import safe

    problems = [problem for _, some in broken for problem in some]
    if reply.as_json:
        value = {"problems": [problem._asdict() for problem in problems]}
        error = {"code": "profile", "text": str(problems[0])}
        reply.give(verdict="refused", value=value, error=error)
    for problem in problems:
        output.note(safe(problem))
    raise typer.Exit(Exit.USAGE)


def _count(broken: list[tuple[str, list[Any]]]) -> str:
    problems = sum(len(some) for _, some in broken)
    files = "1 file" if len(broken) == 1 else f"{len(broken)} files"
    return f"{problems} problem{'s' if problems > 1 else ''} in {files}."


def _checked(file: str, profile: Profile | None, problems: list[Any]) -> dict[str, Any]:
    return {
        "file": file,
        "id": profile.id if profile is not None else None,
        "problems": [{"line": one.line, "text": one.text} for one in problems],
    }


def _sum(profile: Profile) -> str:
    from techtool.serviceport.profiles.library import shipped

    unsure = sum(not basis.verified for _, basis in profile.bases)
    words = [f"{profile.id}, {profile.transport}: {', '.join(profile.abilities) or 'raw only'}."]
    words += [f"{unsure} not verified."] if unsure else []
    if any(one.profile.id == profile.id for one in shipped()):
        words.append("In your folder it is used instead of the one of this id that comes with techtool.")
    return " ".join(words)


def _facts(entry: Entry) -> dict[str, Any]:
    profile = entry.profile
    return {
        "id": profile.id,
        "name": profile.name,
        "transport": profile.transport.value,
        "origin": entry.origin.value,
        "file": entry.file,
        "note": entry.note,
        "source": profile.source,
        "abilities": [one.value for one in profile.abilities],
        "cannot": {one.value: reason for one, reason in profile.cannot.items()},
        "unverified": [place for place, basis in profile.bases if not basis.verified],
    }
