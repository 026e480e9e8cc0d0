"""What an OpenEVSE says by itself, as a line of its log. Pure.

Source: OpenEVSE/open_evse, firmware/open_evse/rapi_proc.h.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from techtool.serviceport.rapi.frames import Frame
from techtool.serviceport.rapi.states import POST, code_of, state_of
from techtool.text import safe

LONGEST = 4_000
"""Characters of one line."""
_PRESSES = {0: "its button was pressed", 1: "its button was held down"}
_NETWORKS = {0: "access point", 1: "client", 2: "access point with its defaults"}


def told(frame: Frame) -> str | None:
    """The frame and what it means; None where it is no news."""
    meaning = _MEANINGS.get(frame.name)
    if meaning is None:
        return None
    said = " ".join((f"${frame.name}", *frame.arguments))
    try:
        return safe(f"{said}   {meaning(frame.arguments)}", LONGEST)
    except (ValueError, IndexError):  # odd news are news
        return safe(said, LONGEST)


def chatter(data: bytes) -> str | None:
    """Text between the frames; None for an empty line."""
    return safe(data.decode("latin-1").strip(), LONGEST) or None


def _state(words: Sequence[str]) -> str:
    state = state_of(code_of(words[0]), int(words[3], 16) if len(words) > 3 else 0)
    return f"{state.status}: {state.words}" if state.words else state.status


def _boot(words: Sequence[str]) -> str:
    post, firmware = int(words[0], 16), words[1]
    what = "its self-test is good" if not post else f"its self-test failed: {POST.get(post, f'code {post:02X}')}"
    return f"it has started, firmware {firmware}, {what}"


def _press(words: Sequence[str]) -> str:
    return _PRESSES.get(int(words[0]), "its button")


def _network(words: Sequence[str]) -> str:
    return f"wants its WiFi to be {_NETWORKS.get(int(words[0]), 'something else')}"


_MEANINGS: dict[str, Callable[[Sequence[str]], str]] = {
    "AT": _state,
    "ST": _state,
    "AB": _boot,
    "AN": _press,
    "WF": _network,
}
