"""An open serial port: an edge. One thread reads it, one writes it; the loop never waits for it.

Source of what can go wrong: pyserial lets OSError and termios.error through beside its own SerialException.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import queue
import re
import sys
import threading
from typing import NamedTuple

import serial

from techtool.serviceport.naming import THERE, never
from techtool.serviceport.ports import DIALOUT, in_use, users_of

READ_S = 0.1
"""A reader looks so often whether it is still wanted."""
WRITE_S = 2.0
"""A port that takes no bytes for so long is lost."""
CHUNKS = 64
"""Pieces that may wait for the loop before the reader stops reading."""
CHUNK = 4096

if sys.platform == "win32":
    _ERRORS: tuple[type[Exception], ...] = (OSError,)  # serial.SerialException is one
else:
    import termios

    _ERRORS = (OSError, termios.error)

_GONE = (errno.EIO, errno.ENXIO, errno.ENODEV, errno.EBADF)


class Settings(NamedTuple):
    """Which port, and how."""

    device: str
    """``/dev/ttyUSB0``, ``COM3``, or ``socket://HOST:PORT`` for one that another machine gives out."""
    baud: int = 115_200
    format: str = "8N1"
    """Data bits, parity, stop bits."""


class OpenError(Exception):
    """The port cannot be opened; the text says why and what to do."""


class LinkLost(Exception):  # noqa: N818  the field's own word
    """The port is gone; the text says how."""


class Port:
    """Bytes in by :meth:`read`, out by :meth:`write`. Close it when it is lost, too."""

    def __init__(self, opened: serial.Serial, loop: asyncio.AbstractEventLoop) -> None:
        self._serial = opened
        self._loop = loop
        self._came: asyncio.Queue[bytes | LinkLost] = asyncio.Queue()
        self._room = threading.BoundedSemaphore(CHUNKS)
        self._out: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._stopped = threading.Event()
        self._threads = [
            threading.Thread(target=work, name=f"{name} {opened.port}", daemon=True)
            for name, work in (("reader of", self._read_on), ("writer of", self._write_on))
        ]
        for thread in self._threads:
            thread.start()

    @classmethod
    async def open(cls, settings: Settings) -> Port:
        """Open it for this program alone. Raises :class:`OpenError`."""
        opened = await asyncio.to_thread(_open, settings)
        return cls(opened, asyncio.get_running_loop())

    async def read(self) -> bytes:
        """The next bytes; none after :meth:`wake`. Raises :class:`LinkLost`."""
        await asyncio.sleep(0)  # in a flood there always is something: others want their turn, too
        came = await self._came.get()
        if isinstance(came, LinkLost):
            self._came.put_nowait(came)  # whoever asks again hears it again
            raise came
        if came:
            self._room.release()
        return came

    def at_hand(self) -> bytes:
        """What came since the last :meth:`read`, without waiting. A loss is told by the next one."""
        said = b""
        while not self._came.empty():
            came = self._came.get_nowait()
            if isinstance(came, LinkLost):
                self._came.put_nowait(came)
                break
            if came:
                self._room.release()
            said += came
        return said

    def wake(self) -> None:
        """Have :meth:`read` return: there is something to do."""
        self._came.put_nowait(b"")

    def write(self, data: bytes) -> None:
        """Send these bytes; that they cannot be sent is told by :meth:`read`."""
        self._out.put(data)

    async def close(self) -> None:
        """Stop both threads and let the port go; whoever still reads hears that it is lost."""
        self._stopped.set()
        self._came.put_nowait(LinkLost("it was closed"))
        self._out.put(None)
        await asyncio.to_thread(self._end)

    def _end(self) -> None:
        for name in ("cancel_read", "cancel_write"):  # a socket has neither: it looks up ten times a second
            with contextlib.suppress(*_ERRORS):
                getattr(self._serial, name, int)()
        for thread in self._threads:
            thread.join(WRITE_S)
        with contextlib.suppress(*_ERRORS):
            self._serial.close()

    # --- in the threads ------------------------------------------------------------------------------------

    def _read_on(self) -> None:
        try:
            while not self._stopped.is_set():
                data = self._serial.read(1)
                if data:
                    data += self._serial.read(min(self._serial.in_waiting, CHUNK))
                    self._tell(data)
        except _ERRORS as error:
            self._lose(error)

    def _write_on(self) -> None:
        try:
            while (data := self._out.get()) is not None:
                self._serial.write(data)
        except _ERRORS as error:
            self._lose(error)

    def _tell(self, data: bytes) -> None:
        while not self._room.acquire(timeout=READ_S):
            if self._stopped.is_set():
                return
        self._post(data)

    def _lose(self, error: Exception) -> None:
        if not self._stopped.is_set():
            self._post(LinkLost(_lost(error)))

    def _post(self, what: bytes | LinkLost) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody wants to know any more
            self._loop.call_soon_threadsafe(self._came.put_nowait, what)


def _open(settings: Settings) -> serial.Serial:
    if (why := never(settings.device)) is not None:
        raise OpenError(why)
    users = users_of([settings.device]).get(settings.device)
    if users and _is_terminal(settings.device):  # not all of them lock it
        raise OpenError(f"{settings.device} is {in_use(users)}.")
    try:
        port = serial.serial_for_url(settings.device, do_not_open=True)
    except (ValueError, re.error, *_ERRORS) as error:
        # a form that has pyserial look for a port looks at once
        raise OpenError(
            f"There is no port {settings.device} now: plug the cable in, or name it. {THERE}"
        ) from error
    port.baudrate = settings.baud
    port.bytesize, port.stopbits = int(settings.format[0]), int(settings.format[2])
    port.parity = settings.format[1]
    port.timeout, port.write_timeout = READ_S, WRITE_S
    port.dtr = port.rts = False  # before it opens: an ESP32 would reset
    port.exclusive = True
    try:
        port.open()
    except _ERRORS as error:
        raise OpenError(_why(error, settings.device)) from error
    return port


def _is_terminal(device: str) -> bool:
    """It is opened for that: not to be done to one that nobody has, where a charger may see it."""
    try:
        opened = os.open(device, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        return os.isatty(opened)
    finally:
        os.close(opened)


def _number(error: Exception) -> int | None:
    """termios.error has none but in its words."""
    first = error.args[0] if error.args else None
    return getattr(error, "errno", None) or (first if isinstance(first, int) else None)


def _why(error: Exception, device: str) -> str:
    number = _number(error)
    text = str(error)
    if "://" in device:
        return f"Nobody answers at {device}: is a serial server running there? ({text.rpartition(': ')[2]})"
    if number in (errno.EACCES, errno.EPERM) or "PermissionError" in text:
        if sys.platform == "win32":
            return f"{device} is in use by another program, or you may not open it."
        return f"{device} may not be opened by you. {DIALOUT}"
    if number in (errno.EBUSY, errno.EAGAIN) or "exclusively lock" in text:
        return f"{device} is {in_use(users_of([device]).get(device, ()))}."
    if number in (errno.ENOENT, errno.ENXIO, errno.ENODEV) or "FileNotFoundError" in text:
        return f"{device} is not there: plug the cable in."
    if number == errno.ENOTTY or "Inappropriate ioctl" in text:
        return f"{device} is no serial port: {THERE}"
    return f"{device} cannot be opened: {os.strerror(number) if number else text}."


def _lost(error: Exception) -> str:
    text = str(error)
    if isinstance(error, serial.SerialTimeoutException):
        return f"the port took no bytes for {WRITE_S:.0f} s"
    if "socket disconnected" in text:
        return "whoever gives the port out has hung up"
    if "readiness to read but returned no data" in text:
        return "the adapter was unplugged, or another program reads the same port"
    # pyserial keeps the number in its text alone
    gone = _number(error) in _GONE or any(f"[Errno {number}]" in text for number in _GONE)
    return "the adapter was unplugged" if gone else text
