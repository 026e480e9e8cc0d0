"""smpclient, with its own serial transport, at the simulated controller's pseudo terminal."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from smp.image_management import ImageState
from smpclient import SMPClient
from smpclient.exceptions import SMPUploadError
from smpclient.generics import error, success
from smpclient.requests.image_management import ImageErase, ImageStatesRead, ImageStatesWrite
from smpclient.requests.os_management import EchoWrite, ResetWrite
from smpclient.requests.settings_management import ReadSetting, WriteSetting
from smpclient.requests.shell_management import Execute
from smpclient.transport.serial import SMPSerialTransport

from techtool.simulator.serviceport.runner import run
from techtool.simulator.serviceport.terminals import Terminal
from techtool.simulator.smp.device import SmpDevice
from techtool.simulator.smp.images import made, read
from tests.serviceport.ptys import needs_terminals

pytestmark = needs_terminals


@asynccontextmanager
async def client(folder: Path, device: SmpDevice) -> AsyncIterator[SMPClient]:
    link = folder / "ttySMP"
    there = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        running = group.create_task(run(device, Terminal(link), on_device=lambda name: there.set()))
        await there.wait()
        async with SMPClient(SMPSerialTransport(), str(link)) as made_client:
            yield made_client
        running.cancel()


async def running(there: SMPClient) -> ImageState | None:
    """The image that runs; None while nobody is at home."""
    try:
        states = await there.request(ImageStatesRead(), timeout_s=0.3)
    except TimeoutError:
        return None
    return states.images[0] if success(states) else None


async def test_it_asks_and_is_answered(tmp_path: Path) -> None:
    async with client(tmp_path, SmpDevice()) as there:
        echo = await there.request(EchoWrite(d="Hello"))
        assert success(echo) and echo.r == "Hello"
        images = await there.request(ImageStatesRead())
        assert success(images) and [one.version for one in images.images] == ["1.0.0"]
        said = await there.request(Execute(argv=["kernel", "uptime"]))
        assert success(said) and said.o.startswith("Uptime")
        assert success(await there.request(WriteSetting(name="charger/name", val=b"Hof")))
        value = await there.request(ReadSetting(name="charger/name"))
        assert success(value) and value.val == b"Hof"
        missing = await there.request(ReadSetting(name="charger/x"))
        assert error(missing)


async def test_it_updates_the_firmware(tmp_path: Path) -> None:
    file = made((2, 0, 0), 6000)
    image = read(file)
    assert image is not None
    async with client(tmp_path, SmpDevice(boot_s=0.1)) as there:
        offsets = [offset async for offset in there.upload(file)]
        assert offsets[-1] == len(file) and len(offsets) > 10
        marked = await there.request(ImageStatesWrite(hash=image.hash))
        assert success(marked) and marked.images[1].pending
        assert success(await there.request(ResetWrite()))
        async with asyncio.timeout(5):
            while (active := await running(there)) is None or active.version == "1.0.0":
                pass
        assert active.version == "2.0.0" and not active.confirmed
        assert error(await there.request(ImageErase()))


async def test_it_hears_why_an_upload_is_refused(tmp_path: Path) -> None:
    async with client(tmp_path, SmpDevice()) as there:
        with pytest.raises(SMPUploadError):
            async for _ in there.upload(bytes(600)):
                pass
