"""The options that lead to a charger, for every command that wants one."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Set
from typing import Any

import typer

from techtool.cli import options
from techtool.cli.linking import WAIT_S

_OPTIONS: dict[str, tuple[Any, Any]] = {
    "listen": (options.Listen, options.DEFAULT_LISTEN),
    "demo": (options.Demo, None),
    "serial": (options.Serial, None),
    "baud": (options.LineBaud, None),
    "protocol": (options.Protocol, options.AUTO),
    "profile": (options.Profile, None),
    "unit": (options.Unit, None),
    "identity": (options.Identity, None),
    "ocpp": (options.Ocpp, None),
    "password": (options.Password, None),
    "boot": (options.Boot, None),
    "strict": (options.Strict, False),
    "wait": (options.Wait, WAIT_S),
    "journal": (options.JournalPath, None),
}
"""Each with what it is if it is left out."""
_OCPP_ONLY = frozenset({"demo", "ocpp", "password", "boot", "strict"})
_PORT_ONLY = frozenset({"baud", "protocol", "profile", "unit"})
_PLACE, _CONTEXT = "wanted", "context"


def for_a_charger(*, waits: bool = True) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Put the options in the place of a command's parameter ``wanted``, which is given what they mean together.

    Where another command follows, the decorated one is not called. ``waits`` is False for one that waits for ever.
    """
    shared = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        for name, (annotation, default) in _OPTIONS.items()
        if waits or name != "wait"
    ]

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        signature = inspect.signature(command, eval_str=True)
        parameters = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in signature.parameters.values()]
        at = next(place for place, one in enumerate(parameters) if one.name == _PLACE)
        parameters[at : at + 1] = shared
        parameters.insert(0, inspect.Parameter(_CONTEXT, inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context))

        @functools.wraps(command)
        def run(**given: Any) -> None:
            context: typer.Context = given.pop(_CONTEXT)
            if context.invoked_subcommand is not None:
                _refuse_before(context)
                return
            said = {one.name: given.pop(one.name) for one in shared}
            command(**{_PLACE: options.linking(**_one_way(said, _typed(context)))}, **given)

        vars(run)["__signature__"] = signature.replace(parameters=parameters)
        run.__annotations__ = {one.name: one.annotation for one in parameters}
        return run

    return decorate


def _refuse_before(context: typer.Context) -> None:
    """Options belong behind the command; before it they would be lost. Raises typer.BadParameter."""
    typed = _typed(context)
    for parameter in context.command.params:
        if parameter.name in typed:
            name = max(parameter.opts, key=len)
            text = f"Options are given after the command: techtool {context.invoked_subcommand} {name} ..."
            raise typer.BadParameter(text, param_hint=name)


def _typed(context: typer.Context) -> frozenset[str]:
    """The options that stand on the command line."""
    sources = ((name, context.get_parameter_source(name)) for name in context.params)
    return frozenset(name for name, source in sources if source is not None and source.name == "COMMANDLINE")


def _one_way(said: dict[str, Any], typed: Set[str]) -> dict[str, Any]:
    """A charger is on the network or at a port: what is typed decides; variables for the other one are lost."""
    serial = said["serial"] is not None and ("serial" in typed or not typed & (_OCPP_ONLY | {"listen"}))
    other = _OCPP_ONLY if serial else _PORT_ONLY | {"serial"}
    return {name: value for name, value in said.items() if name in typed or name not in other}
