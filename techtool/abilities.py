"""What the charger of a visit is able to do by the link that it hangs on, and why not where it is not."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol, TypeVar

from techtool.jobs import calling
from techtool.station.firmware import Firmware, Image, Step, Way
from techtool.station.outcomes import NoLinkError, Outcome
from techtool.station.reboot import Reboot
from techtool.station.release import Release, Report
from techtool.station.settings import Configuration, Listed

if TYPE_CHECKING:  # pyserial takes time, in which nobody listens
    from techtool.serviceport.link import ServiceLine

T = TypeVar("T")


class Called(Protocol):
    """What a charger that calls this laptop is able to do."""

    @property
    def configuration(self) -> Configuration:
        """Its settings."""

    @property
    def reboot(self) -> Reboot:
        """Starting anew."""


class UnableError(Exception):
    """This link is not able to do that; the text says why."""


class Abilities:
    """Of the charger at the service port, where one is used; without an identity it is meant, too."""

    def __init__(self, port: Callable[[], ServiceLine | None], called: Callable[[str | None], Called]) -> None:
        """``port`` is asked each time: it comes and goes. ``called`` gives what a charger can do over OCPP."""
        self._find_port = port
        self._called = called

    @property
    def _port(self) -> ServiceLine | None:
        return self._find_port()

    def cannot(self, ability: str, identity: str | None = None) -> str | None:
        """Why the link to a charger is not able to do this; None where it is.

        Without an identity it is about the service port, where there is one.
        """
        if self._port is None or self._is_called(identity):
            return calling.NOT_OVER_OCPP.get(ability)
        return self._port.cannot.get(ability)

    def offers(self, ability: str) -> bool:
        """Whether there is a link here of the kind that may have this ability; :meth:`cannot` says if it has."""
        return self._port is not None or ability not in calling.NOT_OVER_OCPP

    async def read_settings(self, names: Sequence[str] = (), *, identity: str | None = None) -> Listed:
        """These settings of the charger, or all of them.

        Raises :class:`UnableError`, :class:`NoLinkError`, and
        :class:`techtool.station.settings.UnknownSettingError`.
        """
        with self.link_needed():
            return await self._configuration(identity).read(names)

    def check_setting(self, name: str, value: str, *, identity: str | None = None) -> None:
        """Whether this may be written, by all that is known on this side; nothing goes out.

        Raises :class:`UnableError`, and :class:`techtool.station.outcomes.CallRefusedError` for what may not go
        out; of these :class:`techtool.station.outcomes.DangerousError` for what ``force`` lets through.
        """
        self._configuration(identity).check(name, value)

    async def write_setting(
        self, name: str, value: str, *, identity: str | None = None, force: bool = False
    ) -> Outcome:
        """Write one setting and look at it; ``result`` is ``{"written", "read"}``.

        Raises :class:`UnableError`, :class:`NoLinkError`, and
        :class:`techtool.station.outcomes.CallRefusedError` for what may not go out.
        """
        with self.link_needed():
            return await self._configuration(identity).write(name, value, force=force)

    def firmware(self, identity: str | None = None) -> Firmware:
        """How the charger gets a new firmware. Raises :class:`UnableError`."""
        return self._at_port(lambda port: port.firmware, "firmware", identity)

    async def push_firmware(
        self,
        image: Image,
        way: Way = Way(),  # noqa: B008  a value
        *,
        identity: str | None = None,
        told: Callable[[Step], None] = lambda step: None,
    ) -> Outcome:
        """Give the charger a new firmware. Raises UnableError, NoLinkError and CallRefusedError."""
        firmware = self.firmware(identity)
        with self.link_needed():
            return await firmware.push(image, way, told)

    def release(self, identity: str | None = None) -> Release:
        """How the charger is released and blocked. Raises :class:`UnableError`."""
        return self._at_port(lambda port: port.release, "auth", identity)

    async def test_release(
        self,
        names: Sequence[str] = (),
        *,
        identity: str | None = None,
        force: bool = False,
        told: Callable[[Report], None] = lambda report: None,
    ) -> Report:
        """Block and release charging, look each time, and put back what was found; no card is tested.

        ``names`` are the ways to do it, all if left out. What was found is put back also where this is cancelled,
        which may take some seconds. Raises UnableError, NoLinkError, CallRefusedError, and of these DangerousError
        for a session that goes on unless ``force`` is set.
        """
        release = self.release(identity)
        with self.link_needed():
            return await release.test(names, force=force, told=told)

    async def reboot(self, *, identity: str | None = None, force: bool = False) -> Outcome:
        """Have the charger start anew, and look whether it did.

        Raises UnableError, NoLinkError, and DangerousError while a car charges unless ``force`` is set.
        """
        able = self._reboot(identity)
        with self.link_needed():
            return await able.reboot(force=force)

    def _reboot(self, identity: str | None) -> Reboot:
        if self._is_called(identity):
            return self._called(identity).reboot
        return self._at_port(lambda port: port.reboot, "reboot", identity)

    def _configuration(self, identity: str | None) -> Configuration:
        if self._is_called(identity):
            return self._called(identity).configuration
        return self._at_port(lambda port: port.configuration, "config", identity)

    def _is_called(self, identity: str | None) -> bool:
        """It is no charger at the service port."""
        return self._port is None or identity not in (None, self._port.identity)

    def _at_port(self, has: Callable[[ServiceLine], T | None], ability: str, identity: str | None) -> T:
        """An ability of the service port. Raises :class:`UnableError` with the reason where it lacks."""
        if self._port is None or self._is_called(identity):
            raise UnableError(calling.NOT_OVER_OCPP[ability])
        if (able := has(self._port)) is None:
            raise UnableError(self._port.cannot[ability])
        return able

    @contextlib.contextmanager
    def link_needed(self) -> Iterator[None]:
        """A port that is lost meanwhile is a :class:`NoLinkError`."""
        from techtool.serviceport.port import LinkLost

        try:
            yield
        except LinkLost as lost:
            raise NoLinkError(f"{lost}.") from lost
