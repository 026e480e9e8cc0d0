from __future__ import annotations

import base64
import binascii

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.serviceport.traits import garbled, traits
from tests.serviceport.chargers import line


def smp(payload: bytes = b"\x03\x00\x00\x00\x00\x00\x01\x00") -> bytes:
    packet = payload + binascii.crc_hqx(payload, 0).to_bytes(2, "big")
    return b"\x06\x09" + base64.b64encode(len(packet).to_bytes(2, "big") + packet) + b"\n"


@pytest.mark.parametrize(
    ("heard", "protocol", "name", "sure", "quiet"),
    [
        (line("$AT 01 01 32 0200"), "openevse", "OpenEVSE", 100, False),
        (b"\xff\x80" + line("$OK 8.2.3.EU 5.2.1 :01") + b"junk", "openevse", "OpenEVSE", 100, False),
        (smp(), "smp", "SMP (MCUmgr)", 100, False),
        (b"\r\n\x1b[1;32muart:~$ \x1b[m", "console", "Zephyr shell", 90, False),
        (b"*** Booting Zephyr OS build v4.4.0 ***\r\n", "console", "Zephyr", 80, False),
        (b"ets Jul 29 2019\r\nrst:0x1 (POWERON_RESET),boot:0x13\r\n", "console", "ESP32", 80, False),
        (b"U-Boot 2023.04 (Apr 03)\r\nHit any key to stop autoboot:  2", "console", "U-Boot", 90, True),
        (b"\r\nDebian GNU/Linux 12\r\n\r\ncharger login: ", "console", "Linux login", 90, True),
        (b"uart:~$ login\r\nPassword: ", "console", "password prompt", 90, True),
        (b"Erase all settings? [y/N] ", "console", "question", 90, True),
        (b"Format (yes/no)?", "console", "question", 90, True),
        (b"SMART EVSE v2.08 for instructions\r\n>", "console", "SmartEVSE v2 menu", 90, False),
        (b"hello\r\n> ", "console", "some console", 50, False),
        (b"\r\n$", "console", "some console", 50, False),
        (b"root@box:~# ", "console", "some console", 50, False),
    ],
)
def test_what_is_recognized(heard: bytes, protocol: str, name: str, sure: int, quiet: bool) -> None:
    (found,) = traits(heard)
    assert (found.protocol, found.name, found.sure, found.quiet) == (protocol, name, sure, quiet)


@pytest.mark.parametrize(
    "heard",
    [
        b"",
        b"$OK 8.2.3.EU 5.2.1^00\r",
        b"$GV :01^2E\r",
        smp().replace(b"A", b"B", 1),
        b"\x06\x09AAAAAAAAAAAAA\n",
        smp(b"\x02\x00\x00\x00\x00\x00\x01\x00"),
        b"please login: now\r\n",
        b"temperature 31\r\n",
        b"Password: wrong\r\n",
        b"relay test [y/n] y\r\n",
        b"$",
        b"#",
        b"> ",
        b"\xff$",
    ],
)
def test_what_is_no_evidence(heard: bytes) -> None:
    assert traits(heard) == []


def test_the_surest_comes_first_and_a_device_may_be_two_things() -> None:
    found = traits(b"rst:0x1 (POWERON_RESET)\r\n" + line("$AT 01 01 32 0200"))
    assert [(one.protocol, one.sure) for one in found] == [("openevse", 100), ("console", 80)]


def test_evidence_is_safe_to_show() -> None:
    (found,) = traits(b"SMART EVSE \x07\xff[red]\r\n")
    assert found.evidence == 'it says "SMART EVSE \\x07\\xff[red]"'


@pytest.mark.parametrize(
    ("heard", "wanted"),
    [
        (b"\x80\xfe\x00\x80\xfe\x00\x80\xfe", True),
        (b"state C, 16 A\r\n", False),
        (b"\x1b[1;32mprompt\x1b[m", False),
        (b"\x80\x80", False),
    ],
)
def test_a_wrong_speed_is_suspected_from_bytes_that_are_no_text(heard: bytes, wanted: bool) -> None:
    assert garbled(heard) is wanted


@given(st.binary())
def test_any_bytes_may_come(heard: bytes) -> None:
    assert all(1 <= one.sure <= 100 and one.evidence.isprintable() for one in traits(heard))
    assert garbled(heard) in (True, False)
