from __future__ import annotations

from pathlib import Path

import pytest

from techtool.serviceport.naming import never
from techtool.serviceport.port import OpenError, Port, Settings
from tests.serviceport.ptys import cable, needs_terminals

NETWORKED = "write socket://HOST:PORT, like socket://192.168.1.20:4001."


@pytest.mark.parametrize(
    ("device", "said"),
    [
        ("", "The name of the port is empty: `techtool ports` lists"),
        (" ", "The name of the port is empty"),
        ("http://127.0.0.1/", "http://127.0.0.1/ is no serial port, and no socket://HOST:PORT of a serial server"),
        ("socket://", f"socket:// names no host: {NETWORKED}"),
        ("socket://:4001", f"socket://:4001 names no host: {NETWORKED}"),
        ("socket://127.0.0.1", f"socket://127.0.0.1 names no port number: {NETWORKED}"),
        ("SOCKET://127.0.0.1:0", "The port number of SOCKET://127.0.0.1:0 is none from 1 to 65,535"),
        ("socket://h:99999", f"The port number of socket://h:99999 is none from 1 to 65,535: {NETWORKED}"),
        ("socket://h:abc", "The port number of socket://h:abc is none"),
        ("rfc2217://h", "rfc2217://h names no port number: write rfc2217://HOST:PORT"),
        (__file__, f"{__file__} is an ordinary file, no serial port: `techtool ports` lists those"),
        (str(Path(__file__).parent), f"{Path(__file__).parent} is a directory, no serial port"),
    ],
)
async def test_what_can_never_be_a_port_is_said_with_what_to_write(device: str, said: str) -> None:
    why = never(device)
    assert why is not None and why.startswith(said)
    with pytest.raises(OpenError) as refused:
        await Port.open(Settings(device))
    assert str(refused.value) == why


@pytest.mark.parametrize(
    "device",
    ["COM3", "/dev/ttyUSB7", "socket://h:1", "socket://[::1]:4001", "loop://", "hwgrep://0403", "a\0b"],
)
def test_what_may_come_is_waited_for(device: str) -> None:
    assert never(device) is None


@needs_terminals
def test_a_port_that_is_there_may_be_one(tmp_path: Path) -> None:
    with cable(tmp_path) as wire:
        assert never(str(wire.device)) is None


@pytest.mark.parametrize(
    ("device", "said"),
    [
        ("hwgrep://zzz", "There is no port hwgrep://zzz now: plug the cable in, or name it."),
        ("hwgrep://(", "There is no port hwgrep://( now"),
        pytest.param("/dev/null", "/dev/null is no serial port: `techtool ports` lists", marks=needs_terminals),
    ],
)
async def test_what_turns_out_to_be_none_is_explained(device: str, said: str) -> None:
    with pytest.raises(OpenError) as refused:
        await Port.open(Settings(device))
    assert str(refused.value).startswith(said)
