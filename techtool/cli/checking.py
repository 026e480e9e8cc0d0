"""What the options for a charger mean together, and what is wrong with them. Without Typer: the UI cannot wait."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from techtool.cli.linking import ACCEPTED, BAUD, OPENEVSE, WAIT_S, BootAnswer, Linking, for_demo

DEFAULT_LISTEN = "0.0.0.0:9000"
AUTO = "auto"


if TYPE_CHECKING:
    from techtool.serviceport.chosen import Bare, Choice, Chosen


class OptionError(ValueError):
    """An option that cannot be used; the text says why."""

    def __init__(self, text: str, option: str) -> None:
        super().__init__(text)
        self.option = option


SMP = "smp"
SPOKEN = (AUTO, "openevse", "modbus", "console", SMP)
"""What may be spoken at a service port."""
ANY_CONSOLE = "generic-console"
"""The profile of a console where none is named: a terminal that types nothing by itself."""
MOST_UNIT = 247
PROTOCOLS = {
    "1.6": "ocpp1.6",
    "1.6j": "ocpp1.6",
    "16": "ocpp1.6",
    "2.0.1": "ocpp2.0.1",
    "201": "ocpp2.0.1",
    "2.1": "ocpp2.1",
    "21": "ocpp2.1",
}


def linking(
    *,
    listen: str = DEFAULT_LISTEN,
    demo: str | None = None,
    identity: str | None = None,
    ocpp: str | None = None,
    password: str | None = None,
    wait: float = WAIT_S,
    journal: Path | None = None,
    serial: str | None = None,
    baud: int | None = None,
    protocol: str = AUTO,
    profile: str | None = None,
    unit: int | None = None,
    boot: str | None = None,
    strict: bool = False,
) -> Linking:
    """Check the options together. Raises OptionError."""
    host, port = where(listen)
    if identity == "":
        raise OptionError("The identity is empty.", "--id")
    if serial is not None:
        if (why := named_port(serial)) is not None:
            raise OptionError(why, "--serial")
        ocpp_only = (("--demo", demo), ("--ocpp", ocpp), ("--password", password), ("--boot", boot))
        for option, value in (*ocpp_only, ("--strict", strict or None)):
            if value is not None:
                raise OptionError("A service port has none: it is not OCPP.", option)
        found = Linking(serial=serial, baud=baud or BAUD, identity=identity, wait=wait, journal=journal)
        chosen = spoken(protocol, profile, unit)
        if chosen is None:
            return found
        from techtool.serviceport.choosing import speed_of

        speed = speed_of(serial, chosen, baud)
        return replace(found, baud=speed.baud, format=speed.format, chosen=chosen)
    port_only = (
        ("--baud", baud is not None),
        ("--protocol", protocol != AUTO),
        ("--profile", profile is not None),
        ("--unit", unit is not None),
    )
    for option, given in port_only:
        if given:
            raise OptionError("This is for a service port: say with --serial which one.", option)
    answer = boot_answer(boot)
    if demo is not None:
        demo = demonstrated(demo, "--demo")
        if ocpp is not None and version(ocpp, "--ocpp") != demo:
            raise OptionError("The demo and --ocpp want different things.", "--demo")
        if demo == OPENEVSE and (boot is not None or strict):
            raise OptionError("An OpenEVSE speaks no OCPP.", "--boot" if boot is not None else "--strict")
        if password is not None:
            raise OptionError("The demo's charger sends no password.", "--password")
        found = for_demo(demo, port if listen != DEFAULT_LISTEN else 0, identity)
        return replace(found, wait=wait, journal=journal, boot=answer, strict=strict)
    return Linking(
        host,
        port,
        None,
        identity,
        version(ocpp, "--ocpp") if ocpp is not None else None,
        password.encode() if password is not None else None,
        wait,
        journal,
        boot=answer,
        strict=strict,
    )


def named_port(name: str) -> str | None:
    """Why no port can have this name; None where one may."""
    from techtool.serviceport.naming import never

    return never(name)


def spoken(protocol: str, profile: str | None, unit: int | None) -> Choice | None:
    """What is at a service port; None for an OpenEVSE. Raises OptionError."""
    name = protocol.strip().lower()
    if name not in SPOKEN:
        raise OptionError(f"{protocol!r} is none of {', '.join(SPOKEN)}.", "--protocol")
    if name == "openevse" and profile is not None:
        raise OptionError("An OpenEVSE has no profile; leave --protocol or --profile out.", "--profile")
    if name == SMP:
        return bare(SMP, profile, unit)
    if name == "console":
        profile = profile or ANY_CONSOLE
    if profile is None:
        if name == "modbus":
            text = "Every Modbus box has registers of its own: say with --profile which box it is."
            raise OptionError(f"{text} `techtool profile list` has those that techtool knows.", "--protocol")
        if unit is not None:
            raise OptionError("Only Modbus has units: say with --profile which box it is.", "--unit")
        return None
    if unit is not None and not 1 <= unit <= MOST_UNIT:
        raise OptionError(f"{unit} is no unit of Modbus: they go from 1 to {MOST_UNIT}.", "--unit")
    found = chosen(profile, unit)
    spoken_there = found.entry.profile.protocol
    if name not in (AUTO, spoken_there):
        text = f"{found.entry.profile.id} is no {name} profile: leave --protocol out, or say {spoken_there}."
        raise OptionError(text, "--protocol")
    if unit is not None and spoken_there != "modbus":
        raise OptionError(f"Only Modbus has units, and {found.entry.profile.id} is none of it.", "--unit")
    return found


def bare(protocol: str, profile: str | None, unit: int | None) -> Bare:
    """A protocol that needs no profile. Raises OptionError where there is more than that."""
    from techtool.serviceport.chosen import Bare

    if profile is not None:
        raise OptionError(f"{protocol.upper()} has no profiles: its devices say what they are.", "--profile")
    if unit is not None:
        raise OptionError("Only Modbus has units.", "--unit")
    return Bare(protocol)


def chosen(profile: str, unit: int | None) -> Chosen:
    """A profile by its name or file. Raises OptionError."""
    from techtool.serviceport.chosen import Chosen
    from techtool.serviceport.profiles import ProfileError, UnknownProfile, named

    try:
        entry = named(profile)
    except UnknownProfile as error:
        raise OptionError(str(error), "--profile") from error
    except ProfileError as error:
        raise OptionError("; ".join(map(str, error.problems)), "--profile") from error
    return Chosen(entry, unit)


def boot_answer(wanted: str | None) -> BootAnswer:
    """``ANSWER[:SECONDS]``, like ``pending:60``. Raises OptionError."""
    if wanted is None:
        return ACCEPTED
    from techtool.csms.policy import BOOT_ANSWERS, MOST_INTERVAL_S, interval

    name, colon, typed = wanted.partition(":")
    status = name.strip().capitalize()
    if status not in BOOT_ANSWERS:
        raise OptionError(f"{name!r} is none of accepted, pending and rejected.", "--boot")
    seconds = interval(typed)
    if colon and seconds is None:
        text = f"{typed!r} is no interval: whole seconds from 1 to {MOST_INTERVAL_S}, like {name}:60."
        raise OptionError(text, "--boot")
    return BootAnswer(status, seconds)


def where(listen: str) -> tuple[str, int]:
    """Host and port of ``[HOST:]PORT``; IPv6 addresses in brackets."""
    host, _, port = listen.rpartition(":")
    if ":" in host and not (host.startswith("[") and host.endswith("]")):
        raise OptionError(f"An IPv6 address stands in brackets: [{listen}]:9000.", "--listen")
    host = host.strip("[]") or "0.0.0.0"
    if not (port.isascii() and port.isdecimal()) or not 0 <= int(port) <= 65_535:
        raise OptionError(f"{listen!r} is no [HOST:]PORT, like 9000 or 192.168.1.50:9000.", "--listen")
    return host, int(port)


def demonstrated(name: str, option: str) -> str:
    """What a demo shows: the subprotocol of a version's name, or an OpenEVSE. Raises OptionError."""
    if name.lower() == OPENEVSE:
        return OPENEVSE
    try:
        return version(name, option)
    except OptionError:
        raise OptionError(f"{name!r} is none of 1.6, 2.0.1, 2.1 and {OPENEVSE}.", option) from None


def version(name: str, option: str) -> str:
    """The subprotocol of a version's name."""
    found = PROTOCOLS.get(name.lower().removeprefix("ocpp"))
    if found is None:
        raise OptionError(f"{name!r} is none of 1.6, 2.0.1 and 2.1.", option)
    return found
