"""Each quirk really misbehaves, and the same charger without it does not."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from techtool.simulator import QUIRKS
from techtool.simulator.carrying import Moved
from techtool.simulator.effects import Abandon, Abort, Close, Fetch, Transmit
from techtool.simulator.handshake import handshake
from tests.simulator.bench import VERSIONS, Bench

SHOWN: dict[str, Callable[[str, bool], bool]] = {}
"""By quirk: does a charger (version, with the quirk or not) show it?"""
ONLY: dict[str, tuple[str, ...]] = {}


def shows(quirk: str, *versions: str) -> Callable[[Callable[[Bench], bool]], Callable[[Bench], bool]]:
    def add(check: Callable[[Bench], bool]) -> Callable[[Bench], bool]:
        ONLY[quirk] = versions or VERSIONS

        def run(version: str, with_it: bool) -> bool:
            bench = Bench(version, *([quirk] if with_it else []), plug_in=False)
            return check(bench)

        SHOWN[quirk] = run
        return check

    return add


def begin(bench: Bench) -> Bench:
    bench.take(bench.core.start(bench.now))
    return bench


def charge(bench: Bench, seconds: float = 15) -> Bench:
    begin(bench).line("plug 1", "tap 04A1B2C3 1")
    bench.wait(seconds)
    return bench


def shaken(quirk: str, look: Callable[[Any], Any]) -> None:
    @shows(quirk)
    def check(bench: Bench) -> bool:
        options = bench.core.options
        plain = Bench(bench.version, plug_in=False).core.options
        return bool(look(handshake(options, None)) != look(handshake(plain, None)))


# test_handshake.py looks at these more closely.
for _name in ("identity-url", "extra-path", "tls-on-plain", "double-slash", "percent-identity", "no-identity"):
    shaken(_name, lambda found: found.url)
shaken("no-subprotocol", lambda found: found.subprotocols)
shaken("origin-header", lambda found: (found.origin, found.headers))
shaken("no-pong", lambda found: found.answers_pings)
shaken("compression", lambda found: found.compress)


@shows("basic-hex", "2.0.1", "2.1")
def basic_hex(bench: Bench) -> bool:
    plain = Bench(bench.version, plug_in=False).core.options
    return handshake(bench.core.options, "ab" * 16) != handshake(plain, "ab" * 16)


@shows("basic-text", "1.6")
def basic_text(bench: Bench) -> bool:
    plain = Bench(bench.version, plug_in=False).core.options
    return handshake(bench.core.options, "ab" * 16) != handshake(plain, "ab" * 16)


@shows("probe-connection", "2.0.1", "2.1")
def probe(bench: Bench) -> bool:
    begin(bench)
    if bench.heard:
        return False
    bench.wait(4)
    return [one.subprotocols[0] for one in bench.handshakes] == ["ocpp1.6", f"ocpp{bench.version}"] and bool(
        bench.heard
    )


@shows("half-open")
def half_open(bench: Bench) -> bool:
    begin(bench).line("offline 5")
    return Abandon() in bench.effects and Abort() not in bench.effects


@shows("no-close-frame")
def no_close_frame(bench: Bench) -> bool:
    begin(bench).line("reboot")
    return Abort() in bench.effects and Close() not in bench.effects


@shows("boot-missing")
def boot_missing(bench: Bench) -> bool:
    begin(bench).wait(10)
    assert "StatusNotification" in bench.actions()
    return "BootNotification" not in bench.actions()


@shows("boot-always")
def boot_always(bench: Bench) -> bool:
    begin(bench).cut()
    bench.wait(5)
    return bench.actions().count("BootNotification") == 2


@shows("boot-loop")
def boot_loop(bench: Bench) -> bool:
    begin(bench).wait(60)
    return bench.actions().count("BootNotification") >= 4


@shows("early-status")
def early_status(bench: Bench) -> bool:
    return begin(bench).actions()[0] == "StatusNotification"


@shows("security-event-early")
def security_event_early(bench: Bench) -> bool:
    return begin(bench).actions()[:2] == ["SecurityEventNotification", "BootNotification"]


@shows("boots-when-asked-early")
def boots_when_asked_early(bench: Bench) -> bool:
    begin(bench).wait(2)
    early = bench.call("ClearCache")
    bench.wait(20)
    assert bench.call("ClearCache") == {"status": "Accepted"}, "it is over once nobody asks early"
    return early is None and bench.actions().count("BootNotification") == 2


@shows("heartbeat-flood")
def heartbeat_flood(bench: Bench) -> bool:
    bench.budget = 1000
    return begin(bench).actions().count("Heartbeat") > 900


@shows("reboot-on-trigger")
def reboot_on_trigger(bench: Bench) -> bool:
    begin(bench).call("TriggerMessage", {"requestedMessage": "BootNotification"})
    return Close() in bench.effects


@shows("bad-json")
def bad_json(bench: Bench) -> bool:
    charge(bench, 60)
    return any(not is_json(data) for data in bench.sent)


def is_json(data: bytes) -> bool:
    try:
        json.loads(data)
    except ValueError:
        return False
    return True


@shows("cut-frames")
def cut_frames(bench: Bench) -> bool:
    charge(bench)
    return [is_json(data) for data in bench.sent[:5]] == [True] * 4 + [False]


@shows("two-in-one")
def two_in_one(bench: Bench) -> bool:
    begin(bench).call("TriggerMessage", {"requestedMessage": "Heartbeat"})
    return bench.sent[-1].startswith(b"[3,") and bench.sent[-1].endswith(b',"Heartbeat",{}]')


@shows("nul-bytes")
def nul_bytes(bench: Bench) -> bool:
    return all(data.endswith(b"\x00") for data in begin(bench).sent)


@shows("unclosed-reply")
def unclosed_reply(bench: Bench) -> bool:
    begin(bench).ask("ClearCache")
    assert bench.sent[0].endswith(b"]")
    return not bench.sent[-1].endswith(b"]")


@shows("spaced-json")
def spaced_json(bench: Bench) -> bool:
    return begin(bench).sent[0].startswith(b'[2, "')


@shows("integer-ids")
def integer_ids(bench: Bench) -> bool:
    return [one.id for one in begin(bench).heard[:2]] == [1, 2]


@shows("reused-ids")
def reused_ids(bench: Bench) -> bool:
    begin(bench).cut()
    bench.line("plug 1")
    bench.wait(5)
    return [one.id for one in bench.heard].count("1") == 2


@shows("four-element-error")
def four_elements(bench: Bench) -> bool:
    begin(bench).ask("Frobnicate")
    return len(json.loads(bench.sent[-1])) == 4


@shows("binary-frames")
def binary_frames(bench: Bench) -> bool:
    return all(not one.text for one in begin(bench).effects if isinstance(one, Transmit))


@shows("wordy-error")
def wordy_error(bench: Bench) -> bool:
    begin(bench).ask("Frobnicate")
    _, _, _, description, details = json.loads(bench.sent[-1])
    return len(description) > 255 and "\n" in description and bool(details)


@shows("formation-violation", "2.0.1", "2.1")
def formation_violation(bench: Bench) -> bool:
    begin(bench).receive([2, "x", "ClearCache", "no object"])
    return bool(bench.answer_to("x", "ClearCache")[0] == "FormationViolation")


@shows("null-payload")
def null_payload(bench: Bench) -> bool:
    begin(bench).call("TriggerMessage", {"requestedMessage": "Heartbeat"})
    return bool(json.loads(bench.sent[-1])[2:] == ["Heartbeat", None])


@shows("empty-strings")
def empty_strings(bench: Bench) -> bool:
    boot = begin(bench).all("BootNotification")[0]
    return bool(boot.get("chargingStation", {}).get("modem", boot).get("iccid") == "")


@shows("long-decimals")
def long_decimals(bench: Bench) -> bool:
    return any(len(str(v["value"])) > 15 for v in sampled(charge(bench)))


@shows("error-code-enum")
def error_code_enum(bench: Bench) -> bool:
    begin(bench).line("fault 1 GroundFailure")
    last = bench.all("StatusNotification")[-1]
    return "Error" in (last.get("errorCode"), last["connectorStatus"] if bench.version != "1.6" else "")


def sampled(bench: Bench) -> list[dict[str, Any]]:
    action = "MeterValues" if bench.version == "1.6" else "TransactionEvent"
    return [v for one in bench.all(action) for m in one.get("meterValue", []) for v in m["sampledValue"]]


@shows("unit-hz")
def unit_hz(bench: Bench) -> bool:
    return any("Hz" in (v.get("unit"), v.get("unitOfMeasure", {}).get("unit")) for v in sampled(charge(bench)))


@shows("kwh-energy")
def kwh_energy(bench: Bench) -> bool:
    found = [float(v["value"]) for v in sampled(charge(bench)) if v["measurand"].startswith("Energy")]
    return max(found) < 1000


@shows("kwh-in-events", "2.0.1", "2.1")
def kwh_in_events(bench: Bench) -> bool:
    charge(bench).call("TriggerMessage", {"requestedMessage": "MeterValues"})
    loose = [v for m in bench.all("MeterValues")[0]["meterValue"] for v in m["sampledValue"]]
    assert {v["value"] > 10_000 for v in energies(loose)} == {True}
    assert {v["unitOfMeasure"]["unit"] for v in energies(loose)} == {"Wh"}
    found = energies(sampled(bench))
    return {(v["unitOfMeasure"]["unit"], v["value"] < 1000) for v in found} == {("kWh", True)}


def energies(values: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [v for v in values if v["measurand"] == "Energy.Active.Import.Register"]


@shows("export-register")
def export_register(bench: Bench) -> bool:
    measurands = {v["measurand"] for v in sampled(charge(bench))}
    return "Energy.Active.Export.Register" in measurands and "Energy.Active.Import.Register" not in measurands


@shows("bare-values")
def bare_values(bench: Bench) -> bool:
    found = sampled(charge(bench))
    bare = [v for v in found if "measurand" not in v]
    assert any(v.get("measurand") == "Power.Active.Import" for v in found), "nobody could guess that"
    return bool(bare) and not any("unit" in v or "unitOfMeasure" in v for v in found)


@shows("uid-crc")
def uid_crc(bench: Bench) -> bool:
    begin(bench).line("tap 04656B82EB2C80")
    asked = bench.all("Authorize")[0]
    card = asked["idTag"] if bench.version == "1.6" else asked["idToken"]["idToken"]
    return bool(card == "04656B82EB2CDD")


@shows("own-whitelist")
def own_whitelist(bench: Bench) -> bool:
    charge(bench)
    asked = bench.all("Authorize")
    bench.line("unplug 1", "plug 2", "tap 04C0FFEE 2")
    assert len(bench.all("Authorize")) == len(asked) + 1, "any other card is asked for"
    return not asked and any(one.transaction for one in bench.core.connectors.values())


@shows("numbers-for-strings", "1.6")
def numbers_for_strings(bench: Bench) -> bool:
    values = sampled(charge(bench))
    rows = bench.call("GetConfiguration")["configurationKey"]
    return all(isinstance(v["value"], int | float) for v in values) and any(
        row.get("value") is True for row in rows
    )


@shows("strings-for-numbers")
def strings_for_numbers(bench: Bench) -> bool:
    status = begin(bench).all("StatusNotification")[0]
    return isinstance(status["connectorId"], str)


def stamped(quirk: str, look: Callable[[str], bool]) -> None:
    @shows(quirk)
    def check(bench: Bench) -> bool:
        return all(look(one["timestamp"]) for one in begin(bench).all("StatusNotification"))


stamped("local-time", lambda text: text == "2025-11-24T17:00:00")
stamped("offset-time", lambda text: text.endswith("+02:00"))
stamped("long-fraction", lambda text: text == "2025-11-24T16:00:00.0000000Z")
stamped("clock-wrong", lambda text: text == "2025-11-24T17:00:00.000Z")


@shows("connector-zero")
def connector_zero(bench: Bench) -> bool:
    charge(bench)
    if bench.version == "1.6":
        return bool(bench.all("StartTransaction")[0]["connectorId"] == 0)
    places = {(one["evseId"], one["connectorId"]) for one in bench.all("StatusNotification")}
    return places == {(0, 0), (1, 0), (2, 0)} and bench.events()[0]["evse"]["connectorId"] == 0


@shows("seqno-from-1", "2.0.1", "2.1")
def seqno_from_1(bench: Bench) -> bool:
    charge(bench).call("GetBaseReport", {"requestId": 1, "reportBase": "FullInventory"})
    return (bench.events()[0]["seqNo"], bench.all("NotifyReport")[0]["seqNo"]) == (1, 1)


@shows("seqno-zero", "2.0.1", "2.1")
def seqno_zero(bench: Bench) -> bool:
    return {one["seqNo"] for one in charge(bench, 60).events()} == {0}


@shows("empty-report", "2.0.1", "2.1")
def empty_report(bench: Bench) -> bool:
    begin(bench).call("GetBaseReport", {"requestId": 1, "reportBase": "FullInventory"})
    pages = bench.all("NotifyReport")
    return [(one["seqNo"], one["reportData"]) for one in pages] == [(1, [])]


@shows("empty-meter")
def empty_meter(bench: Bench) -> bool:
    charge(bench).line("meter")
    return all(one["meterValue"] == [] for one in bench.all("MeterValues"))


@shows("deaf")
def deaf(bench: Bench) -> bool:
    return begin(bench).call("ClearCache") is None


@shows("deaf-after-idle")
def deaf_after_idle(bench: Bench) -> bool:
    begin(bench).wait(59)
    assert bench.call("ClearCache") is not None
    bench.wait(61)
    idle = bench.call("ClearCache")
    bench.cut()
    bench.wait(5)
    assert bench.call("ClearCache") is not None
    return idle is None


@shows("dies-on-unknown")
def dies_on_unknown(bench: Bench) -> bool:
    begin(bench)
    assert bench.call("ClearCache") is not None
    answer = bench.call("Frobnicate")
    bench.wait(5)
    assert bench.call("ClearCache") is not None, "it comes back"
    return answer is None and Abort() in bench.effects


@shows("strict-time")
def strict_time(bench: Bench) -> bool:
    begin(bench)
    for text in ("2025-11-24T16:00:00Z", "2025-11-24T16:00:00.123Z"):
        bench.answers["Heartbeat"] = {"currentTime": text}
        bench.call("TriggerMessage", {"requestedMessage": "Heartbeat"})
    assert Abort() not in bench.effects
    lost = []
    for text in ("2025-11-24T16:00:00+00:00", "2025-11-24T16:00:00", "2025-11-24T16:00:00.1234Z"):
        bench.forget()
        bench.answers["Heartbeat"] = {"currentTime": text}
        bench.call("TriggerMessage", {"requestedMessage": "Heartbeat"})
        lost.append(Abort() in bench.effects)
        bench.wait(5)
    return all(lost)


@shows("reserve-authorizes-first", "1.6")
def reserve_authorizes_first(bench: Bench) -> bool:
    begin(bench).silent = {"Authorize"}
    asked = {"connectorId": 1, "expiryDate": "2025-11-24T18:00:00Z", "idTag": "A", "reservationId": 1}
    id = bench.ask("ReserveNow", asked)
    before = bench.answer_to(id, "ReserveNow")
    for one in bench.heard:
        if one.action == "Authorize":
            bench.receive([3, one.id, {"idTagInfo": {"status": "Accepted"}}])
    assert bench.answer_to(id, "ReserveNow") == {"status": "Accepted"}
    return before is None


def delayed(quirk: str, seconds: float) -> None:
    @shows(quirk)
    def check(bench: Bench) -> bool:
        id = begin(bench).ask("ClearCache")
        bench.wait(seconds - 0.1)
        before = bench.answer_to(id, "ClearCache")
        bench.wait(0.1)
        return before is None and bench.answer_to(id, "ClearCache") is not None


delayed("slow-answers", 8)
delayed("late-answers", 40)


@shows("effect-before-answer")
def effect_before_answer(bench: Bench) -> bool:
    begin(bench).call("TriggerMessage", {"requestedMessage": "Heartbeat"})
    return bool([json.loads(data)[0] for data in bench.sent[-2:]] == [2, 3])


@shows("reset-unanswered")
def reset_unanswered(bench: Bench) -> bool:
    kind = "Soft" if bench.version == "1.6" else "Immediate"
    answer = begin(bench).call("Reset", {"type": kind})
    assert Close() in bench.effects
    return answer is None


@shows("keeps-socket")
def keeps_socket(bench: Bench) -> bool:
    begin(bench).line("reboot")
    bench.wait(10)
    assert bench.actions().count("BootNotification") == 2
    return Close() not in bench.effects and len(bench.handshakes) == 1


@shows("custom-operation")
def custom_operation(bench: Bench) -> bool:
    answer = begin(bench).call("TriggerMessage", {"requestedMessage": "SignV2GCertificate"})
    return bool(answer == {"status": "Accepted"}) and bench.all("CustomOperation") == [{}]


@shows("lying-features")
def lying_features(bench: Bench) -> bool:
    answer = update(begin(bench))
    return isinstance(answer, list) and answer[0] == "NotImplemented"


def update(
    bench: Bench,
    location: str = "http://10.0.0.1/x.bin",
    date: str = "2025-11-24T16:00:00Z",
    **more: Any,
) -> Any:
    if bench.version == "1.6":
        return bench.call("UpdateFirmware", {"location": location, "retrieveDate": date} | more)
    firmware = {"location": location, "retrieveDateTime": date}
    return bench.call("UpdateFirmware", {"requestId": 1, "firmware": firmware} | more)


def fetch_log(bench: Bench, location: str = "http://10.0.0.1/in/", **more: Any) -> Any:
    asked = {"requestId": 1, "logType": "DiagnosticsLog", "log": {"remoteLocation": location}}
    return bench.call("GetLog", asked | more)


def told(bench: Bench, action: str) -> list[str]:
    return [one["status"] for one in bench.all(action)]


@shows("download-not-fetched")
def download_not_fetched(bench: Bench) -> bool:
    bench.moves = Moved(why="no such server")
    update(begin(bench), "/tmp/x.bin")
    fetch_log(bench, "/tmp/")
    bench.wait(30)
    firmware, log = told(bench, "FirmwareStatusNotification"), told(bench, "LogStatusNotification")
    assert (firmware[0], log[0]) == ("Downloading", "Uploading")
    return firmware[1:] == ["Downloaded", "Installing", "Installed"] and log[1:] == ["Uploaded"]


@shows("error-page-downloaded")
def error_page_downloaded(bench: Bench) -> bool:
    update(begin(bench), "http://10.0.0.1/x.bin")
    bench.wait(30)
    return next(one for one in bench.effects if isinstance(one, Fetch)).any_answer


@shows("ftp-ascii")
def ftp_ascii(bench: Bench) -> bool:
    update(begin(bench), "ftp://10.0.0.1/x.bin")
    bench.wait(30)
    fetched = [one for one in bench.effects if isinstance(one, Fetch)]
    assert [one.url for one in fetched] == ["ftp://10.0.0.1/x.bin"]
    return fetched[0].ascii


@shows("only-ftp")
def only_ftp(bench: Bench) -> bool:
    return takes(bench) == ["ftp://10.0.0.1/x.bin"]


@shows("only-http")
def only_http(bench: Bench) -> bool:
    return takes(bench) == ["http://10.0.0.1/x.bin"]


def takes(bench: Bench) -> list[str]:
    """The addresses that it fetches from."""
    begin(bench)
    for scheme in ("http", "https", "ftp"):
        bench.call("ClearCache")
        update(bench, f"{scheme}://10.0.0.1/x.bin")
        bench.wait(60)
    return [one.url for one in bench.effects if isinstance(one, Fetch)]


@shows("firmware-status-missing")
def firmware_status_missing(bench: Bench) -> bool:
    return not updated(bench)


@shows("firmware-status-flood")
def firmware_status_flood(bench: Bench) -> bool:
    said = updated(bench)
    return said.count("Downloading") == said.count("Installed") == 100


def updated(bench: Bench) -> list[str]:
    """What a whole update says."""
    update(begin(bench), "http://10.0.0.1/x-9.9.9.bin")
    bench.wait(60)
    assert bench.all("BootNotification")[-1] != bench.all("BootNotification")[0], "it runs the new firmware"
    return told(bench, "FirmwareStatusNotification")


@shows("stop-without-reason")
def stop_without_reason(bench: Bench) -> bool:
    charge(bench).line("unplug 1")
    bench.wait(10)
    ends = bench.all("StopTransaction") or [
        one["transactionInfo"] for one in bench.events() if one["eventType"] == "Ended"
    ]
    assert len(ends) == 1
    return not {"reason", "stoppedReason"} & ends[0].keys()


@shows("unavailable-before-update")
def unavailable_before_update(bench: Bench) -> bool:
    begin(bench).forget()
    bench.moves = Moved(why="no such server")
    update(bench, "/tmp/x.bin")
    bench.wait(5)
    place = 0 if bench.version == "1.6" else 1
    assert told(bench, "FirmwareStatusNotification") == ["Downloading", "DownloadFailed"]
    first = bench.actions()[0]
    return first == "StatusNotification" and bench.statuses(place) == ["Unavailable", "Available"]


@shows("signed-update-only")
def signed_update_only(bench: Bench) -> bool:
    plain = update(begin(bench))
    firmware = {
        "location": "http://10.0.0.1/x_9.9.bin",
        "retrieveDateTime": "2025-11-24T16:00:00Z",
        "signingCertificate": "x",
        "signature": "y",
    }
    signed = "SignedUpdateFirmware" if bench.version == "1.6" else "UpdateFirmware"
    answer = bench.call(signed, {"requestId": 2, "firmware": firmware})
    bench.wait(30)
    boot = bench.all("BootNotification")[-1]
    installed = boot.get("chargingStation", boot)["firmwareVersion"] == "9.9"
    refused = isinstance(plain, list) and plain[0] == "NotSupported"
    return refused and installed and bool(answer == {"status": "Accepted"})


@shows("picky-retrieve-date")
def picky_retrieve_date(bench: Bench) -> bool:
    begin(bench).wait(30)
    assert not isinstance(update(bench, date="2025-11-24T16:00:31Z"), list)
    return isinstance(update(bench, date="2025-11-24T16:00:29Z"), list)


@shows("zero-retries-never")
def zero_retries_never(bench: Bench) -> bool:
    def tried(retries: int) -> list[str]:
        bench.forget()
        update(bench, "/tmp/x", retries=retries)
        fetch_log(bench, retries=retries)
        bench.wait(10)
        return bench.actions()

    begin(bench)
    bench.moves = Moved(why="no such server")
    never, once = tried(0), tried(1)
    assert once.count("FirmwareStatusNotification") == once.count("LogStatusNotification") == 2
    return never == []


@shows("no-diagnostics")
def no_diagnostics(bench: Bench) -> bool:
    answers = [fetch_log(begin(bench))]
    if bench.version == "1.6":
        answers.append(bench.call("GetDiagnostics", {"location": "http://10.0.0.1/in/"}))
    return all(isinstance(one, list) and one[0] == "NotImplemented" for one in answers)


def read_all(bench: Bench) -> Any:
    if bench.version == "1.6":
        return bench.call("GetConfiguration")
    return bench.call("GetBaseReport", {"requestId": 1, "reportBase": "FullInventory"})


def write(bench: Bench, value: str) -> str:
    if bench.version == "1.6":
        return str(bench.call("ChangeConfiguration", {"key": "HeartbeatInterval", "value": value})["status"])
    item = {
        "component": {"name": "OCPPCommCtrlr"},
        "variable": {"name": "HeartbeatInterval"},
        "attributeValue": value,
    }
    return str(bench.call("SetVariables", {"setVariableData": [item]})["setVariableResult"][0]["attributeStatus"])


@shows("getconfig-silent")
def getconfig_silent(bench: Bench) -> bool:
    return read_all(begin(bench)) is None


@shows("getconfig-maxkeys")
def getconfig_maxkeys(bench: Bench) -> bool:
    begin(bench)
    if bench.version == "1.6":
        names = ["HeartbeatInterval", "Nonsense", "BlinkRepeat", "CpoName", "ResetRetries", "Other"]
        answer = bench.call("GetConfiguration", {"key": names})
        return len(answer["configurationKey"]) + len(answer["unknownKey"]) == 4
    item = {"component": {"name": "TxCtrlr"}, "variable": {"name": "TxStartPoint"}}
    return len(bench.call("GetVariables", {"getVariableData": [item] * 6})["getVariableResult"]) == 4


@shows("getconfig-ignores-keys", "1.6")
def getconfig_ignores_keys(bench: Bench) -> bool:
    begin(bench)
    return len(bench.call("GetConfiguration", {"key": ["CpoName"]})["configurationKey"]) > 40


@shows("hidden-keys")
def hidden_keys(bench: Bench) -> bool:
    read_all(begin(bench))
    if bench.version == "1.6":
        asked = {"key": ["VendorLimitAmps"]}
        assert bench.call("GetConfiguration", asked)["configurationKey"][0]["value"] == "16"
        return b"VendorLimitAmps" not in bench.sent[-2]
    told = {row["variable"]["name"] for page in bench.all("NotifyReport") for row in page["reportData"]}
    place: Any = {"component": {"name": "SecurityCtrlr"}, "variable": {"name": "OrganizationName"}}
    (found,) = bench.call("GetVariables", {"getVariableData": [place]})["getVariableResult"]
    assert found["attributeStatus"] == "Accepted"
    bench.call("GetReport", {"requestId": 2, "componentVariable": [place]})
    assert bench.all("NotifyReport")[-1]["reportData"][0]["variable"]["name"] == "OrganizationName"
    return "OrganizationName" not in told


@shows("no-available-variable", "2.0.1", "2.1")
def no_available_variable(bench: Bench) -> bool:
    read_all(begin(bench))
    told = {row["variable"]["name"] for page in bench.all("NotifyReport") for row in page["reportData"]}
    assert "Enabled" in told
    return "Available" not in told


@shows("lower-case-only", "1.6")
def lower_case_only(bench: Bench) -> bool:
    asked = {"key": "LocalPreAuthorize", "value": "true"}
    assert begin(bench).call("ChangeConfiguration", asked)["status"] == "Accepted"
    return bool(bench.call("ChangeConfiguration", asked | {"value": "True"})["status"] == "Rejected")


@shows("stores-junk")
def stores_junk(bench: Bench) -> bool:
    begin(bench)
    if bench.version == "1.6":
        asked: Any = {"key": "LocalAuthorizeOffline", "value": "yes"}
        status = bench.call("ChangeConfiguration", asked)["status"]
    else:
        place = {"component": {"name": "AuthCtrlr"}, "variable": {"name": "LocalAuthorizeOffline"}}
        asked = {"setVariableData": [place | {"attributeValue": "yes"}]}
        status = bench.call("SetVariables", asked)["setVariableResult"][0]["attributeStatus"]
    return status == "Accepted" and bench.core.setting("local_offline") == "false"


@shows("measurand-boot-loop", "1.6")
def measurand_boot_loop(bench: Bench) -> bool:
    key = "MeterValuesSampledData"
    status = begin(bench).call("ChangeConfiguration", {"key": key, "value": "Voltage,RPM"})["status"]
    for _ in range(2):
        assert bench.call("GetConfiguration", {"key": ["CpoName"]}) is not None
        bench.call("GetConfiguration", {"key": [key]})
        bench.wait(5)
    bench.call("ChangeConfiguration", {"key": key, "value": "Voltage"})
    assert bench.call("GetConfiguration", {"key": [key]}) is not None
    return status == "Accepted" and bench.effects.count(Abort()) == 2


@shows("local-list-disabled")
def local_list_disabled(bench: Bench) -> bool:
    before = send_list(begin(bench), "04A1B2")
    if bench.version == "1.6":
        bench.call("ChangeConfiguration", {"key": "LocalAuthListEnabled", "value": "true"})
        listed = bench.call("GetConfiguration", {"key": ["SupportedFeatureProfiles"]})["configurationKey"]
        assert "LocalAuthListManagement" in listed[0]["value"]
    else:
        place = {"component": {"name": "LocalAuthListCtrlr"}, "variable": {"name": "Enabled"}}
        bench.call("SetVariables", {"setVariableData": [place | {"attributeValue": "true"}]})
    assert send_list(bench, "04A1B2") == "Accepted"
    return before == "Failed"


@shows("accepts-everything")
def accepts_everything(bench: Bench) -> bool:
    status = write(begin(bench), "abc")
    return status == "Accepted" and bench.core.setting("heartbeat") == "abc"


@shows("ignores-writes")
def ignores_writes(bench: Bench) -> bool:
    assert write(begin(bench), "60") == "Accepted"
    return bench.core.setting("heartbeat") == "300"


@shows("replays-doubled")
def replays_doubled(bench: Bench) -> bool:
    ids = ids_of_end(charge(bench))
    return len(ids) == 2 and len(set(ids)) == 1


@shows("replays-new-ids")
def replays_new_ids(bench: Bench) -> bool:
    ids = ids_of_end(charge(bench))
    return len(ids) == 2 and len(set(ids)) == 2


def ids_of_end(bench: Bench) -> list[Any]:
    """The message ids under which the end of a transaction comes after an offline spell."""
    bench.line("offline", "unplug 1", "online")
    ends = [
        one for one in bench.heard if one.action == "StopTransaction" or one.payload.get("eventType") == "Ended"
    ]
    return [one.id for one in ends]


@shows("stop-without-start")
def stop_without_start(bench: Bench) -> bool:
    begin(bench).line("offline", "plug 1", "tap 04A1B2C3 1")
    bench.wait(15)
    bench.line("unplug 1", "online")
    if bench.version == "1.6":
        assert len(bench.all("StopTransaction")) == 1
        return "StartTransaction" not in bench.actions()
    kinds = [one["eventType"] for one in bench.events()]
    assert kinds[-1] == "Ended"
    return "Started" not in kinds and bench.events()[0]["seqNo"] == 1


@shows("profile-lost")
def profile_lost(bench: Bench) -> bool:
    begin(bench)
    assert limit(bench, 0) == "Accepted"
    assert amps(bench) == 8
    bench.cut()
    bench.wait(5)
    return amps(bench) == 16


def amps(bench: Bench) -> float:
    """What connector 1 may draw now, as the charger says."""
    if bench.version == "1.6":
        schedule = bench.call("GetCompositeSchedule", {"connectorId": 1, "duration": 60})["chargingSchedule"]
    else:
        schedule = bench.call("GetCompositeSchedule", {"evseId": 1, "duration": 60})["schedule"]
    return float(schedule["chargingSchedulePeriod"][0]["limit"])


@shows("negative-transaction-id", "1.6")
def negative_transaction_id(bench: Bench) -> bool:
    charge(bench).line("stop 1")
    return bool(bench.all("StopTransaction")[0]["transactionId"] == -1)


@shows("status-flood")
def status_flood(bench: Bench) -> bool:
    return len(begin(bench).all("StatusNotification")) >= 200


@shows("status-missing")
def status_missing(bench: Bench) -> bool:
    missing = "StatusNotification" not in charge(bench).actions()
    bench.call("TriggerMessage", {"requestedMessage": "StatusNotification"})
    assert "StatusNotification" in bench.actions()
    return missing


@shows("hides-faults")
def hides_faults(bench: Bench) -> bool:
    charge(bench).line("fault 1 GroundFailure")
    return "Faulted" not in bench.statuses(1) and "NotifyEvent" not in bench.actions()


@shows("remote-needs-connector")
def remote_needs_connector(bench: Bench) -> bool:
    begin(bench)
    if bench.version == "1.6":
        return bool(bench.call("RemoteStartTransaction", {"idTag": "A"})["status"] == "Rejected")
    asked = {"remoteStartId": 1, "idToken": {"idToken": "A", "type": "Central"}}
    return bool(bench.call("RequestStartTransaction", asked)["status"] == "Rejected")


@shows("hex-only-tags")
def hex_only_tags(bench: Bench) -> bool:
    begin(bench)
    assert remote_start(bench, "04A1B2") == send_list(bench, "04A1B2") == "Accepted"
    refused = send_list(bench, "CARD-1") == "Failed"
    return remote_start(bench, "CARD-1") == "Rejected" and refused


def remote_start(bench: Bench, card: str) -> str:
    if bench.version == "1.6":
        return str(bench.call("RemoteStartTransaction", {"idTag": card, "connectorId": 1})["status"])
    asked = {"remoteStartId": 1, "evseId": 1, "idToken": {"idToken": card, "type": "Central"}}
    return str(bench.call("RequestStartTransaction", asked)["status"])


def send_list(bench: Bench, card: str) -> str:
    if bench.version == "1.6":
        entry: Any = {"idTag": card, "idTagInfo": {"status": "Accepted"}}
        asked = {"listVersion": 1, "updateType": "Full", "localAuthorizationList": [entry]}
    else:
        entry = {"idToken": {"idToken": card, "type": "ISO14443"}, "idTokenInfo": {"status": "Accepted"}}
        asked = {"versionNumber": 1, "updateType": "Full", "localAuthorizationList": [entry]}
    return str(bench.call("SendLocalList", asked)["status"])


def limit(bench: Bench, stack: int) -> str:
    schedule: Any = {"chargingRateUnit": "A", "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 8}]}
    wanted = {"stackLevel": stack, "chargingProfilePurpose": "TxDefaultProfile", "chargingProfileKind": "Relative"}
    if bench.version == "1.6":
        whole = wanted | {"chargingProfileId": 1, "chargingSchedule": schedule}
        return str(bench.call("SetChargingProfile", {"connectorId": 1, "csChargingProfiles": whole})["status"])
    whole = wanted | {"id": 1, "chargingSchedule": [schedule | {"id": 1}]}
    return str(bench.call("SetChargingProfile", {"evseId": 1, "chargingProfile": whole})["status"])


@shows("ignores-profiles")
def ignores_profiles(bench: Bench) -> bool:
    begin(bench)
    assert limit(bench, 0) == "Accepted"
    bench.line("plug 1", "tap 04A1 1")
    bench.wait(15)
    found = [float(v["value"]) for v in sampled(bench) if v["measurand"] == "Current.Import"]
    return max(found) > 14


@shows("stack-zero-only")
def stack_zero_only(bench: Bench) -> bool:
    begin(bench)
    assert limit(bench, 0) == "Accepted"
    return limit(bench, 1) == "Rejected"


CASES = [(quirk, version) for quirk in SHOWN for version in ONLY[quirk]]


@pytest.mark.parametrize(("quirk", "version"), CASES)
def test_it_misbehaves_and_only_with_the_quirk(quirk: str, version: str) -> None:
    assert SHOWN[quirk](version, True)
    assert not SHOWN[quirk](version, False)


def test_every_quirk_is_shown() -> None:
    assert SHOWN.keys() == QUIRKS.keys()


@pytest.mark.parametrize("version", VERSIONS)
def test_all_quirks_at_once_break_nothing_of_ours(version: str) -> None:
    # Without those that never end, never speak, or cannot be read by the back office of the bench.
    left_out = {"heartbeat-flood", "deaf", "nul-bytes", "bad-json", "cut-frames", "two-in-one"}
    bench = Bench(version, *(QUIRKS.keys() - left_out), autoplay=True)
    bench.wait(300)
    bench.ask("GetConfiguration" if version == "1.6" else "GetVariables")
    bench.wait(60)
    assert bench.heard[-1].at > bench.now - 60, "it lives on"
    assert len({one.action for one in bench.heard}) >= 4


def test_a_nonsense_interval_floods() -> None:
    bench = Bench("1.6", "accepts-everything")
    bench.call("ChangeConfiguration", {"key": "HeartbeatInterval", "value": "abc"})
    bench.wait(10)
    assert len(bench.all("Heartbeat")) > 900
