"""The simulated MCUmgr server, asked by PyPI smp."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smp import enumeration_management as enumeration
from smp import image_management as image
from smp import os_management as system
from smp import settings_management as setting
from smp import shell_management as shell
from smp import statistics_management as statistics
from smp.error import MGMT_ERR
from smp.header import Version

from techtool.simulator.smp.server import Server
from tests.simulator.smp.asking import asked, told


@pytest.fixture
def server() -> Server:
    return Server()


def test_it_tells_of_itself(server: Server) -> None:
    assert told(server, system.EchoWriteRequest(d="hi"), system.EchoWriteResponse).r == "hi"
    parameters = told(server, system.MCUMgrParametersReadRequest(), system.MCUMgrParametersReadResponse)
    assert (parameters.buf_size, parameters.buf_count) == (384, 4)
    for format, output in (("i", "charger_controller/nrf52840"), ("os", "Zephyr Zephyr"), (None, "Zephyr")):
        request = system.OSApplicationInfoReadRequest(format=format) if format else None
        answer = told(
            server, request or system.OSApplicationInfoReadRequest(), system.OSApplicationInfoReadResponse
        )
        assert answer.output == output
    boot = told(server, system.BootloaderInformationReadRequest(), system.BootloaderInformationReadResponse)
    assert boot.bootloader == "MCUboot"
    assert asked(server, system.BootloaderInformationReadRequest(query="mode")) == {"mode": 3}


def test_errors_are_those_of_their_group(server: Server) -> None:
    bad = told(server, system.OSApplicationInfoReadRequest(format="x"), system.OSManagementErrorV2)
    assert bad.err.rc is system.OS_MGMT_RET_RC.INVALID_FORMAT
    missing = told(server, statistics.GroupDataRequest(name="x"), statistics.StatisticsManagementErrorV2)
    assert missing.err.rc is statistics.STAT_MGMT_ERR.ERR_INVALID_GROUP
    absent = told(server, enumeration.GroupCountRequest(), enumeration.EnumManagementErrorV1)
    assert absent.rc is MGMT_ERR.ENOTSUP
    server.lacks.add(1)
    assert told(server, image.ImageStatesReadRequest(), image.ImageManagementErrorV1).rc is MGMT_ERR.ENOTSUP


def test_clients_and_firmware_of_smp_1_have_common_codes(server: Server) -> None:
    request = setting.ReadSettingRequest(name="charger/x", version=Version.V1)
    assert told(server, request, setting.SettingsManagementErrorV1).rc is MGMT_ERR.ENOENT
    server.old = True
    said = server.answer(bytes(setting.ReadSettingRequest(name="charger/x")))
    assert setting.SettingsManagementErrorV1.loads(said).rc is MGMT_ERR.ENOENT
    said = server.answer(bytes(system.EchoWriteRequest(d="hi", version=Version.V1)))
    assert said.endswith(b"brc\x00"), "rc 0 with what went well"


def test_statistics_and_the_shell(server: Server) -> None:
    groups = told(server, statistics.ListOfGroupsRequest(), statistics.ListOfGroupsResponse)
    assert groups.stat_list == ("charger", "smp")
    counted = told(server, statistics.GroupDataRequest(name="smp"), statistics.GroupDataResponse)
    assert counted.fields == {"requests": 2}
    said = told(server, shell.ExecuteRequest(argv=["kernel", "version"]), shell.ExecuteResponse)
    assert (said.ret, said.o) == (0, "Zephyr version 4.4.0\r\n")
    said = told(server, shell.ExecuteRequest(argv=["x"]), shell.ExecuteResponse)
    assert said.ret < 0 and "command not found" in said.o


def test_settings_live_until_the_next_start_unless_they_are_saved(server: Server) -> None:
    def value(name: str) -> bytes:
        return told(server, setting.ReadSettingRequest(name=name), setting.ReadSettingResponse).val

    assert value("charger/name") == b"Garage"
    told(server, setting.WriteSettingRequest(name="charger/name", val=b"Hof"), setting.WriteSettingResponse)
    assert value("charger/name") == b"Hof"
    server.start()
    assert value("charger/name") == b"Garage"
    told(server, setting.WriteSettingRequest(name="charger/name", val=b"Hof"), setting.WriteSettingResponse)
    told(server, setting.SaveSettingsRequest(), setting.SaveSettingsResponse)
    told(server, setting.DeleteSettingRequest(name="charger/name"), setting.DeleteSettingResponse)
    told(server, setting.CommitSettingsRequest(), setting.CommitSettingsResponse)
    gone = told(server, setting.ReadSettingRequest(name="charger/name"), setting.SettingsManagementErrorV2)
    assert gone.err.rc is setting.SETTINGS_MGMT_ERR.KEY_NOT_FOUND
    told(server, setting.LoadSettingsRequest(), setting.LoadSettingsResponse)
    assert value("charger/name") == b"Hof"
    fixed = setting.WriteSettingRequest(name="charger/serial", val=b"x")
    error = told(server, fixed, setting.SettingsManagementErrorV2)
    assert error.err.rc is setting.SETTINGS_MGMT_ERR.WRITE_NOT_SUPPORTED
    error = told(server, setting.ReadSettingRequest(name="bt/name"), setting.SettingsManagementErrorV2)
    assert error.err.rc is setting.SETTINGS_MGMT_ERR.ROOT_KEY_NOT_FOUND


def test_a_reset_is_answered_first(server: Server) -> None:
    told(server, system.ResetWriteRequest(), system.ResetWriteResponse)
    assert server.resets
    server.start()
    assert not server.resets


def test_what_is_longer_than_its_buffer_or_no_request_gets_no_answer() -> None:
    server = Server(buffer=100)
    whole = bytes(system.EchoWriteRequest(d="x" * 83))
    assert len(whole) == 96 and server.answer(whole)
    assert server.answer(bytes(system.EchoWriteRequest(d="x" * 84))) == b""
    assert server.answer(bytes(system.EchoWriteResponse(r="x"))) == b"" and server.answer(b"\x02\0") == b""


@given(st.binary(max_size=60), st.sampled_from([0, 2]), st.integers(0, 10), st.integers(0, 8))
def test_any_request_is_answered_and_breaks_nothing(body: bytes, op: int, group: int, command: int) -> None:
    server = Server()
    packet = bytes((op | 8, 0, 0, len(body), 0, group, 1, command)) + body
    assert server.answer(packet)[:1] in (b"\x09", b"\x0b")
    assert asked(server, system.EchoWriteRequest(d="x")) == {"r": "x"}
