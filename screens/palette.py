"""The command palette: the same commands as ``?``, and the themes by name."""

from __future__ import annotations

from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from .help import Command
from .themes import ORDER


class Commands(Provider):
    """What can be done on the screen behind the palette."""

    def _found(self) -> list[Command]:
        from .app import TechtoolApp

        app = self.app
        return app.commands() if isinstance(app, TechtoolApp) else []

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
        from .app import TechtoolApp

        assert isinstance(self.app, TechtoolApp)
        await self.app.run_command(one)

    def _theme(self, name: str) -> None:
        self.app.theme = name
