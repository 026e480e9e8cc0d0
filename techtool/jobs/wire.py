"""What an operation needs of a charger that calls this laptop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from techtool.csms.dialogue import Ended
from techtool.station.model import Station
from techtool.station.records import Record


class Ocpp(Protocol):
    """One charger, on whatever link it hangs now."""

    @property
    def protocol(self) -> str:
        """``ocpp1.6``, ``ocpp2.0.1`` or ``ocpp2.1``. Raises NoLinkError where it is not connected."""

    @property
    def station(self) -> Station | None:
        """What is known of it."""

    @property
    def vendor(self) -> str | None:
        """As it told it."""

    async def ask(self, action: str, payload: Any, *, force: bool = False, within: float | None = None) -> Ended:
        """Send a message and wait for its end.

        Raises NoLinkError, and CallRefusedError for what may not go out unless ``force`` is set.
        """

    async def back(self, seconds: float) -> bool:
        """Wait until it is connected; False where that takes longer."""

    async def until(self, true: Callable[[Station], bool], seconds: float) -> bool:
        """Wait until something is true of it, on whatever link; False where that takes longer."""

    def mark(self) -> int:
        """The number of the last record."""

    def watch(self, told: Callable[[Record], None]) -> Callable[[], None]:
        """Have ``told`` called with each record of this charger; calling the result ends that."""
