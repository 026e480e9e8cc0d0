"""The profiles that there are: those that come with techtool, and the user's own. An edge: it reads files."""

from __future__ import annotations

import os
from enum import StrEnum
from functools import cache
from importlib import resources
from pathlib import Path
from typing import NamedTuple

import platformdirs

from techtool.serviceport.profiles.loading import Loaded, Profile, load, load_bytes
from techtool.serviceport.profiles.problems import Problem, ProfileError
from techtool.serviceport.profiles.tables import nearest
from techtool.text import safe


class Origin(StrEnum):
    """Whose profile it is."""

    SHIPPED = "shipped"
    OWN = "own"
    FILE = "file"


class Entry(NamedTuple):
    """One profile, with where it comes from."""

    profile: Profile
    origin: Origin
    file: str
    text: str = ""
    """The file as it was read."""
    note: str | None = None
    """That it takes the place of another one."""


class Library(NamedTuple):
    """Everything that a name may mean."""

    entries: tuple[Entry, ...]
    """By id; each id once."""
    problems: tuple[Problem, ...]
    """Of the user's own files: those that cannot be used, and two of the same id."""


class UnknownProfile(LookupError):  # noqa: N818  it is no fault of a file
    """No profile has this name; the text says which there are."""


def own_folder() -> Path:
    """Where the user's own profiles lie."""
    return platformdirs.user_config_path("techtool", appauthor=False) / "profiles"


@cache
def shipped() -> tuple[Entry, ...]:
    """The profiles that come with techtool, by id. Raises ProfileError if one is broken: a test sees to it."""
    made: list[Entry] = []
    folder = resources.files("techtool.serviceport.profiles").joinpath("data")
    for file in folder.iterdir():
        if file.name.endswith(".toml"):
            loaded = load_bytes(file.read_bytes(), file.name)
            made.append(Entry(_sound(loaded), Origin.SHIPPED, file.name, loaded.text))
    return tuple(sorted(made, key=lambda one: one.profile.id))


def all_profiles(folder: Path | None = None) -> Library:
    """Shipped and own profiles; an own one takes the place of a shipped one of its id, and its note says so."""
    entries = {one.profile.id: one for one in shipped()}
    problems: list[Problem] = []
    own: dict[str, Entry] = {}
    for path in _own_files(own_folder() if folder is None else folder):
        loaded = load(path)
        problems += loaded.problems
        if loaded.profile is None:
            continue
        id = loaded.profile.id
        if id in own:
            text = f'The id "{id}" is that of {own[id].file}, too; that one is used. Change one of them.'
            problems.append(Problem(str(path), 1, text))
            continue
        note = f"Your {path} is used instead of the {id} that comes with techtool." if id in entries else None
        own[id] = Entry(loaded.profile, Origin.OWN, str(path), loaded.text, note)
    entries |= own
    return Library(tuple(entries[id] for id in sorted(entries)), tuple(problems))


def named(name_or_path: str, folder: Path | None = None) -> Entry:
    """The profile of an id, or of a file: what ends with .toml or has a slash is a file.

    Raises ProfileError where the file is broken, and UnknownProfile where there is no such profile.
    """
    if name_or_path.endswith(".toml") or "/" in name_or_path or os.sep in name_or_path:
        loaded = load(Path(name_or_path))
        return Entry(_sound(loaded), Origin.FILE, name_or_path, loaded.text)
    all_ = all_profiles(folder)
    for entry in all_.entries:
        if entry.profile.id == name_or_path.casefold():
            return entry
    broken = tuple(one for one in all_.problems if Path(one.file).stem == name_or_path)
    if broken:
        raise ProfileError(broken)
    ids = [one.profile.id for one in all_.entries]
    near = nearest(name_or_path, ids) or f"; there are: {', '.join(ids)}."
    raise UnknownProfile(f"{safe(name_or_path, 60)} is no profile{near}")


def _own_files(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.suffix == ".toml")
    except OSError:
        return []  # there is none, or it may not be read: then nothing is there to be used


def _sound(loaded: Loaded) -> Profile:
    if loaded.profile is None:
        raise ProfileError(loaded.problems)
    return loaded.profile
