"""Choosing a file: a path is typed, and a list shows what it may mean; Enter takes the marked one."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar, NamedTuple

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.events import Key as KeyEvent
from textual.widgets import Input

from techtool.text import safe

from .folders import Item, completed, fitting, items, split
from .widgets.bars import Bar, Key, Keys
from .widgets.lines import cut, fit, size
from .widgets.look import Look
from .widgets.modal import Modal
from .widgets.sheet import Line, Sheet, line

SHOWN = 200
"""Rows of a folder; whoever has more types a part of the name."""


class FileAt(NamedTuple):
    """The cursor is on a file."""

    path: Path


class FolderAt(NamedTuple):
    """The cursor is on a folder; what is typed when it is opened."""

    typed: str


class Files(Modal[Path | None]):
    """Gives the file that was chosen, or None. ``last`` reads where the file before was, if there was one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Close", show=False, system=True),
        Binding("tab", "complete", "Complete the name", show=False, system=True, priority=True),
        Binding("down", "into", "Into the list", show=False, system=True),
        Binding("up", "into(-1)", "Into the list", show=False, system=True),
    ]

    def __init__(self, title: str, look: Look, base: Path, last: Callable[[], Path | None]) -> None:
        super().__init__(classes="-big")
        self._title, self._look = title, look
        self._base, self._find_last = base, last
        self._last: Path | None = None
        self._read: dict[Path, list[Item] | str] = {}
        """What lies in a folder, or why it cannot be read."""

    def compose(self) -> ComposeResult:
        """A line to type into, and the list."""
        with Vertical(id="box"):
            yield Bar(id="box-title")
            yield Input(id="files-input", placeholder="type a path, or a part of the name", compact=True)
            yield Sheet(id="box-sheet", marks_always=True)
            yield Keys(id="box-keys")

    def on_mount(self) -> None:
        """What lies here."""
        self.query_one("#box-title", Bar).show(Text(self._title, style="bold", end=""))
        keys = [Key("enter", "choose", "Enter"), Key("tab", "complete", "Tab"), Key("escape", "close", "Esc")]
        self.query_one(Keys).show_keys(keys)
        self._box.focus()
        self._fill()
        self.run_worker(self._look_for_last(), group="last", exit_on_error=False)

    async def _look_for_last(self) -> None:
        last = await asyncio.to_thread(self._find_last)
        if last != self._base:
            self._last = last
            self._fill()

    @property
    def _box(self) -> Input:
        return self.query_one(Input)

    @property
    def _sheet(self) -> Sheet:
        return self.query_one(Sheet)

    # --- what is shown -----------------------------------------------------------------------------------

    def _fill(self) -> None:
        folder, name = split(self._box.value, self._base)
        folders = [folder] if self._box.value or self._last is None else [folder, self._last]
        missing = [one for one in folders if one not in self._read]
        if missing:
            self.run_worker(self._look_into(missing), group="files", exclusive=True, exit_on_error=False)
        lines = [part for one in folders for part in self._part(one, name, several=len(folders) > 1)]
        self._sheet.show(lines)

    async def _look_into(self, folders: Sequence[Path]) -> None:
        for one in folders:
            try:
                self._read[one] = await asyncio.to_thread(items, one)
            except OSError as error:
                self._read[one] = error.strerror or str(error)
            except ValueError as error:
                self._read[one] = str(error)
        self._fill()

    def _part(self, folder: Path, name: str, *, several: bool) -> list[Line]:
        width = max(40, self._sheet.room - 2)
        head = [line(cut(f" {safe(str(folder))}", width))]
        found = self._read.get(folder)
        if found is None:
            return [*head, line(" ..  is read")]
        if isinstance(found, str):
            return [*head, line(cut(f" !!  cannot be read: {safe(found)}", width))]
        fits = fitting(found, name)
        shown = fits[: SHOWN // 2 if several else SHOWN]
        lines = head + [self._row(folder, one, width) for one in shown]
        if len(shown) < len(fits):
            lines.append(line(f"   and {len(fits) - len(shown):,} more: type a part of the name"))
        elif not fits:
            lines.append(line(" Nothing here is called that." if found else " Nothing lies here."))
        if not name and folder.parent != folder and not several:
            lines.append(line("   ..", FolderAt(_typed(folder.parent)), start=2, end=width))
        return [*lines, line("")]

    def _row(self, folder: Path, one: Item, width: int) -> Line:
        name = fit(safe(one.name) + (os.sep if one.folder else ""), width - 34)
        if one.folder:
            return line(f"   {name}", FolderAt(_typed(folder / one.name)), start=2, end=width)
        when = one.modified.astimezone(self._look.zone)
        text = f"   {name} {size(one.size):>9}   {when:%Y-%m-%d %H:%M}"
        return line(text, FileAt(folder / one.name), start=2, end=width)

    def on_resize(self) -> None:
        """The rows are as wide as the box."""
        self.call_after_refresh(self._fill)

    # --- keys --------------------------------------------------------------------------------------------

    @on(Input.Changed)
    def _changed(self, message: Input.Changed) -> None:
        message.stop()
        self._fill()

    @on(Input.Submitted)
    def _entered(self, message: Input.Submitted) -> None:
        message.stop()
        key = self._sheet.key
        folder, name = split(self._box.value, self._base)
        found = self._read.get(folder)
        exact = isinstance(found, list) and any(one.name == name and not one.folder for one in found)
        if name and (exact or key is None):
            self.dismiss(folder / name)  # exactly this one, whatever else begins so; or one that is not listed
        else:
            self._take(key)

    @on(Sheet.Chosen)
    def _chosen(self, message: Sheet.Chosen) -> None:
        message.stop()
        self._take(message.key)

    def _take(self, key: object) -> None:
        match key:
            case FileAt(path):
                self.dismiss(path)
            case FolderAt(typed):
                self._type(typed)

    def _type(self, text: str) -> None:
        self._box.value = text
        self._box.cursor_position = len(text)
        self._box.focus()

    def on_key(self, event: KeyEvent) -> None:
        """What is typed on the list is part of the path, too."""
        if event.is_printable and event.character is not None and not self._box.has_focus:
            event.stop()
            self._box.focus()
            self._box.insert_text_at_cursor(event.character)

    def action_complete(self) -> None:
        """As far as it is the same for all that begin so; into a folder where it is the only one."""
        folder, name = split(self._box.value, self._base)
        found = self._read.get(folder)
        if not isinstance(found, list) or not name:
            return
        more = completed(found, name)
        only = [one for one in found if one.name.startswith(more)]
        head = self._box.value.removesuffix(name)
        self._type(head + more + (os.sep if len(only) == 1 and only[0].folder else ""))

    def action_into(self, step: int = 1) -> None:
        """From the line into the list."""
        self._sheet.focus()
        self._sheet.action_move(step)

    def action_close(self) -> None:
        """Nothing was chosen."""
        self.dismiss(None)


def _typed(folder: Path) -> str:
    """As it is typed to be inside it."""
    text = str(folder)
    return text if text.endswith(os.sep) else text + os.sep
