"""Which line drives a service port. The one place that knows all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # reading profiles takes a tenth of a second, which an OpenEVSE need not wait for
    from techtool.serviceport.chosen import Choice
    from techtool.serviceport.house import House
    from techtool.serviceport.link import ServiceLine
    from techtool.serviceport.port import Settings


def line_for(house: House, settings: Settings, chosen: Choice | None, identity: str | None = None) -> ServiceLine:
    """The line for a profile, or for a protocol that needs none; without a choice, an OpenEVSE's."""
    if chosen is None:
        from techtool.serviceport.rapi.line import RapiLine

        return RapiLine(house, settings, identity)
    from techtool.serviceport.chosen import Bare

    if isinstance(chosen, Bare):
        from techtool.serviceport.smp.line import SmpLine

        return SmpLine(house, settings, identity)
    from techtool.serviceport.profiles.console import ConsoleProfile

    if isinstance(chosen.entry.profile, ConsoleProfile):
        from techtool.serviceport.console.line import ConsoleLine

        return ConsoleLine(house, settings, chosen, identity)
    from techtool.serviceport.modbus.line import ModbusLine

    return ModbusLine(house, settings, chosen, identity)
