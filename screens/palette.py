"""The command palette: the same commands as ``?``, and the themes by name."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from .help import Command
from .themes import ORDER

if TYPE_CHECKING:
    from .app import TechtoolApp
    from .main_screen import MainScreen


class Commands(Provider):
    """What can be done on the screen behind the palette."""

    @property
    def _pages(self) -> MainScreen | None:
        return cast("TechtoolApp", self.app).pages

    def _found(self) -> list[Command]:
        return self._pages.commands() if self._pages is not None else []

    async def discover(self) -> Hits:
        """All of them, before anything is typed."""
        for one in self._found():
            yield DiscoveryHit(Content(self._named(one)), partial(self._run, one))
        for name in ORDER:
            yield DiscoveryHit(f"{name} theme", partial(self._theme, name))

    async def search(self, query: str) -> Hits:
        """Those whose names match."""
        matcher = self.matcher(query)
        for one in self._found():
            name = self._named(one)
            if (score := matcher.match(name)) > 0:
                yield Hit(score, matcher.highlight(name), partial(self._run, one))
        for name in ORDER:
            if (score := matcher.match(f"{name} theme")) > 0:
                yield Hit(score, matcher.highlight(f"{name} theme"), partial(self._theme, name))

    def _named(self, one: Command) -> str:
        return f"{one.name}  (not now: {one.reason})" if one.reason else f"{one.name}  ({one.shown_keys})"

    async def _run(self, one: Command) -> None:
        assert self._pages is not None
        await self._pages.run_command(one)

    def _theme(self, name: str) -> None:
        self.app.theme = name
