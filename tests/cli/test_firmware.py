"""``techtool firmware push``, in another process; a boot loader is at the other end."""

from __future__ import annotations

from pathlib import Path

from tests.cli.ports import journal_at, run_at
from tests.cli.running import techtool
from tests.cli.started import started
from tests.serviceport.console.loaders import loader, profile_at
from tests.serviceport.ptys import cable, needs_terminals

IMAGE = bytes(range(256)) * 30


def image_in(folder: Path, data: bytes = IMAGE) -> str:
    file = folder / "fw.bin"
    file.write_bytes(data)
    return str(file)


@needs_terminals
async def test_an_image_is_sent_and_the_loaders_word_is_proof(tmp_path: Path) -> None:
    with cable(tmp_path) as wire:
        async with loader(wire) as there:
            words = ("firmware", "push", image_in(tmp_path))
            ran = await run_at(wire.device, *words, "--profile", profile_at(tmp_path), "--json")
            assert (ran.code, ran.json["verdict"]) == (0, "proved"), ran.err
            assert ran.json["result"]["sent"] == len(IMAGE) and there.took == {"fw.bin": IMAGE}
            assert "7,680 bytes" in ran.err
            assert f"fw.bin: {len(IMAGE):,} bytes. By YMODEM, every block acknowledged" in ran.err
            there.took = {}
            ran = await run_at(wire.device, *words, "--protocol", "console", "--type", "loady")
            assert ran.code == 5 and "look at its version" in ran.err and there.took == {"fw.bin": IMAGE}
            there.cancels_at = 2
            ran = await run_at(wire.device, *words, "--profile", profile_at(tmp_path))
            assert ran.code == 1 and "The receiver cancelled" in ran.err


@needs_terminals
async def test_ctrl_c_tells_the_loader_to_give_up(tmp_path: Path) -> None:
    with cable(tmp_path) as wire:
        async with loader(wire) as there:
            where = ("--serial", str(wire.device), "--journal", str(journal_at(wire.device)))
            image = image_in(tmp_path, bytes(2_000_000))
            async with started("firmware", "push", image, *where, "--profile", profile_at(tmp_path)) as push:
                await push.words_with("left")
                push.interrupt()
                ran = await push.ended()
            assert ran.code == 130 and there.took == {}
            assert b"\x18\x18" in there.heard[-40:]


def test_a_file_that_cannot_be_sent_is_wrong_usage(tmp_path: Path) -> None:
    ran = techtool("firmware", "push", str(tmp_path / "none.bin"), "--serial", "x", "--json")
    assert ran.code == 2 and "cannot be read" in ran.json["error"]["text"]
    ran = techtool("firmware", "push", image_in(tmp_path, b""), "--serial", "x")
    assert ran.code == 2 and "is empty" in ran.err


def test_over_ocpp_it_says_what_does_it(tmp_path: Path) -> None:
    words = ("firmware", "push", image_in(tmp_path), "--demo", "1.6", "--wait", "20", "--json")
    ran = techtool(*words, journal=tmp_path / "j.sqlite3")
    assert ran.code == 6 and "UpdateFirmware" in ran.json["error"]["text"]
