import json
import random
import uuid

from techtool.csms.frames import Call, CallError, CallResult
from techtool.simulator.effects import Close, Effect, Report, Transmit
from techtool.simulator.wire import Wire, joined


def wire(*quirks: str) -> Wire:
    return Wire(frozenset(quirks), random.Random(1))


def test_by_the_book() -> None:
    pen = wire()
    ids = [str(pen.next_id()) for _ in range(100)]
    assert len(set(ids)) == 100
    assert all(uuid.UUID(id).version == 4 for id in ids)
    assert pen.write(Call("1", "Heartbeat", {})).data == b'[2,"1","Heartbeat",{}]'
    assert pen.write(CallError("1", "GenericError", "", {})).data == b'[4,"1","GenericError","",{}]'


def test_numbers_and_text_change_places() -> None:
    payload = {"connectorId": 1, "flag": True, "key": [{"value": "16.5"}, {"value": "false"}, {"value": "x"}]}
    text = json.loads(wire("strings-for-numbers").write(CallResult("1", payload)).data)[2]
    assert text["connectorId"] == "1"
    assert text["flag"] is True
    values = json.loads(wire("numbers-for-strings").write(CallResult("1", payload)).data)[2]
    assert [one["value"] for one in values["key"]] == [16.5, False, "x"]


def test_ids_of_quirks() -> None:
    assert [wire("integer-ids").next_id(), wire("reused-ids").next_id()] == [1, "1"]
    pen = wire("reused-ids")
    pen.next_id()
    pen.opened()
    assert pen.next_id() == "1"


def test_only_sampled_values_are_bare_and_any_payload_can_be_sent() -> None:
    reading = {"value": "1", "measurand": "Voltage", "unit": "V"}
    payload = {"unit": "s", "meterValue": [{"sampledValue": [reading, 5]}, {"sampledValue": "x"}, 7]}
    sent = json.loads(wire("bare-values").write(Call("1", "MeterValues", payload)).data)[3]
    assert sent["unit"] == "s"
    assert sent["meterValue"][0]["sampledValue"] == [{"value": "1", "measurand": "Voltage"}, 5]


def test_only_what_goes_out_in_one_breath_is_joined() -> None:
    told = Report("sent", "b")
    effects: list[Effect] = [Transmit(b"a"), told, Transmit(b"b"), Close(), Transmit(b"c")]
    assert joined(effects) == [Transmit(b"ab"), told, Close(), Transmit(b"c")]
