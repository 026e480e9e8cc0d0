"""SIGTERM and SIGHUP (the terminal was closed) end a command as Ctrl-C does: a charger is put back first."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable

_NAMES = ("SIGTERM", "SIGHUP")


def _stops() -> list[signal.Signals]:
    """Those that the system has, and that nobody wants to be ignored, as nohup does."""
    found = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    return [one for one in found if signal.getsignal(one) is not signal.SIG_IGN]


def ask_like_ctrl_c() -> None:
    """From the first moment on, also before there is a loop."""
    for one in _stops():
        signal.signal(one, signal.default_int_handler)


def when_asked_to_stop(stop: Callable[[], object]) -> None:
    """Have ``stop`` called in the running loop.

    Windows has no such handlers; there :func:`ask_like_ctrl_c` must do.
    """
    import asyncio  # `--version` needs none

    loop = asyncio.get_running_loop()
    for one in _stops():
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(one, stop)
