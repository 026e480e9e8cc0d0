"""A simulated controller with SMP in one process, commands in another."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest

from techtool.cli.checking import OptionError, linking
from techtool.cli.exits import Exit
from techtool.cli.probe import _tell
from techtool.cli.reply import Reply
from techtool.serviceport.chosen import Bare
from techtool.serviceport.port import Settings
from techtool.serviceport.probing import Probed
from techtool.serviceport.traits import traits
from techtool.simulator.smp.images import made
from tests.cli.forked import Ran
from tests.cli.ports import run_at
from tests.cli.started import started
from tests.serviceport.ptys import needs_terminals
from tests.serviceport.test_traits import smp


class Controller:
    """``techtool simulate smp``; commands at its device."""

    def __init__(self, device: Path) -> None:
        self.device = device

    async def run(self, *words: str) -> Ran:
        return await run_at(self.device, *words, "--protocol", "smp")


@asynccontextmanager
async def controller(folder: Path) -> AsyncIterator[Controller]:
    link = folder / "ttySMP"
    async with started("simulate", "smp", "--link", str(link), "--json") as there:
        assert json.loads(await there.line()) == {"device": str(link)}
        yield Controller(link)


@needs_terminals
async def test_it_is_written_to_updated_and_has_no_connectors(tmp_path: Path) -> None:
    file = tmp_path / "app.bin"
    file.write_bytes(made((2, 0, 0), 20_000))
    async with controller(tmp_path) as there:
        ran = await there.run("call", "set", '["charger/name", "Hof"]', "--force", "--json")
        assert (ran.code, ran.json["verdict"]) == (0, "proved"), ran.err
        assert ran.json["result"] == {"written": "Hof", "read": "Hof"}
        charger = ran.json["charger"]
        assert (charger["protocol"], charger["model"]) == ("smp", "charger_controller/nrf52840")
        ran = await there.run("firmware", "push", str(file), "--json")
        assert (ran.code, ran.json["verdict"], ran.json["result"]["version"]) == (0, "proved", "2.0.0"), ran.err
        ran = await there.run("status", "--settle", "0.1")
        assert ran.code == 6 and "SMP tells what software runs, and nothing of connectors or charging." in ran.err
        assert "firmware  1.0.0" in ran.out


def test_a_probe_says_how_to_go_on(capsys: pytest.CaptureFixture[str]) -> None:
    found = Probed(tuple(traits(smp())), (), 20, None)
    assert _tell(found, Settings("/dev/ttyUSB0", 9600), Reply("probe", as_json=False)) is Exit.DONE
    assert "Go on with: techtool --serial /dev/ttyUSB0 --baud 9600 --protocol smp\n" in capsys.readouterr().out


wanted = partial(linking, serial="/dev/ttyUSB0")


def test_smp_needs_no_profile() -> None:
    found = wanted(protocol="SMP")
    assert (found.chosen, found.baud, found.format) == (Bare("smp"), 115_200, "8N1")
    assert wanted(protocol="smp", baud=1_000_000).baud == 1_000_000
    with pytest.raises(OptionError, match="SMP has no profiles") as caught:
        wanted(protocol="smp", profile="zephyr-shell")
    assert caught.value.option == "--profile"
    with pytest.raises(OptionError, match="Only Modbus has units"):
        wanted(protocol="smp", unit=1)
    with pytest.raises(OptionError, match="say with --serial which one"):
        linking(protocol="smp")


def test_what_it_needs_is_loaded_only_for_such_a_device() -> None:
    code = (
        "import sys\n"
        "import techtool.cli.app, techtool.cli.checking, techtool.screens.app, techtool.session, techtool.trace\n"
        "techtool.cli.checking.linking(serial='x', protocol='smp')\n"
        "print([one for one in ('smp', 'smpclient', 'cbor2', 'pydantic', 'intelhex') if one in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"
