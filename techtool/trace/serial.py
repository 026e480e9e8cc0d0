"""Frames of service ports in the words of the trace. Pure."""

from __future__ import annotations

from typing import NamedTuple

from techtool.serviceport.rapi.frames import Frame
from techtool.serviceport.rapi.states import state_of

ANSWERS = ("OK", "NK")
_QUESTIONS = {
    "GV": "which firmware?",
    "GE": "which settings?",
    "GS": "which state?",
    "GG": "how many ampere and volt?",
    "GC": "which limits?",
    "GU": "how much energy?",
    "GP": "how warm?",
    "GF": "how many faults so far?",
    "GT": "what time is it?",
}
_STATED = {"AT": (0, 3), "ST": (0, 3), "GS": (0, 3)}
"""Where state and flags stand in what is told."""


class Words(NamedTuple):
    """A frame for people."""

    action: str
    what: str
    refused: bool = False


def words(frame: Frame, asked: Frame | None) -> Words:
    """What a frame says; ``asked`` is the command that it answers."""
    told = " ".join(frame.arguments)
    if frame.name in ANSWERS:
        name = asked.name if asked is not None else ""
        state = _state(name, frame)
        what = f"{state}   {told}" if state else told
        refused = frame.name == "NK"
        return Words(
            f"${name}" if name else f"${frame.name}", f"$NK {what}".rstrip() if refused else what, refused
        )
    state = _state(frame.name, frame)
    return Words(f"${frame.name}", f"{state}   {told}" if state else told or _QUESTIONS.get(frame.name, ""))


def _state(name: str, frame: Frame) -> str:
    places = _STATED.get(name)
    if places is None:
        return ""
    try:
        code, flags = (int(frame.arguments[place], 16) for place in places)
    except (ValueError, IndexError):
        return ""
    state = state_of(code, flags)
    return f"{state.status}: {state.words}" if state.words else state.status
