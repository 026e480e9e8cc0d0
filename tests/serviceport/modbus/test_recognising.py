"""A box that is not the one of the profile is not written to."""

from __future__ import annotations

import pytest

from techtool.serviceport.modbus.configuration import Registers
from techtool.serviceport.modbus.release import RegisterRelease
from techtool.station.outcomes import CallRefusedError, Verdict
from tests.serviceport.modbus.boxes import HEIDELBERG, profile_of
from tests.serviceport.modbus.direct import Wire

ANOTHER = r"not as Heidelberg .* does .*is it another box\?"


class Taken(Wire):
    """Another box, which does not know the register that tells; that of a Heidelberg gives 77 there."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        if name == HEIDELBERG:
            detect = self.profile.detect
            assert detect is not None
            self.box.memory.write(detect.register.space, detect.register.address, [77])


@pytest.mark.parametrize("name", ["mennekes-compact", HEIDELBERG])
async def test_it_is_not_written_to_whoever_insists(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    wire, profile = Taken(name), profile_of(HEIDELBERG)
    monkeypatch.setattr(wire.box, "measure", lambda: None)
    for force in (False, True):
        with pytest.raises(CallRefusedError, match=ANOTHER):
            await Registers(wire, profile).write("max_current" if force else "watchdog_ms", "10", force=force)
        with pytest.raises(CallRefusedError, match=ANOTHER):
            await RegisterRelease(wire, profile).test(force=force)
    assert not any(one.writes for one in wire.asked)


async def test_silence_is_left_to_the_write() -> None:
    wire = Wire()
    detect = wire.profile.detect
    assert detect is not None
    wire.lost.add((detect.register.space, detect.register.address))
    assert (await Registers(wire, wire.profile).write("watchdog_ms", "7000")).verdict is Verdict.PROVED
