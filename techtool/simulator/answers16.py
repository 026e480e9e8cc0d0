"""What a 1.6 charger answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from techtool.simulator.cards import Standing
from techtool.simulator.clock import instant
from techtool.simulator.jobs import update_firmware, upload_log
from techtool.simulator.model import Connector, Permit, Reservation
from techtool.simulator.outbox import Payload
from techtool.simulator.payload import Answer, RefusalError, choice, need, objects, take
from techtool.simulator.profiles import PURPOSES, TX, read
from techtool.simulator.schedules import composite
from techtool.simulator.settings import KEYS_16

if TYPE_CHECKING:
    from techtool.simulator.v16 import Charger16

_NAMES = {key.lower(): name for name, key in KEYS_16.items()}


def _status(status: str, then: Callable[[], None] | None = None) -> Answer:
    return Answer({"status": status}, then)


def _connectors(charger: Charger16, payload: Payload, key: str = "connectorId") -> list[Connector]:
    """The one that is named, or all for 0.

    Raises:
        RefusalError: there is no such connector.
    """
    number = take(payload, key, int) or 0
    if number == 0:
        return list(charger.connectors.values())
    if number not in charger.connectors:
        raise RefusalError("PropertyConstraintViolation", f"there is no connector {number}")
    return [charger.connectors[number]]


def _get_configuration(charger: Charger16, payload: Payload) -> Answer:
    names: list[Any] = take(payload, "key", list) or []
    if not all(isinstance(name, str) for name in names):
        raise RefusalError("TypeConstraintViolation", "key holds something that is no text")
    if not names and "getconfig-silent" in charger.quirks:
        return Answer(None)
    return Answer(charger.configuration.report(names))


def _change_configuration(charger: Charger16, payload: Payload) -> Answer:
    key, value = need(payload, "key", str), need(payload, "value", str)
    status = charger.configuration.change(key, value)
    if status != "Accepted" or "ignores-writes" in charger.quirks:
        return _status(status)
    if key.lower() == "authorizationkey":

        def rejoin() -> None:
            charger.password = value
            charger.reconnect()

        return _status(status, rejoin)
    return _status(status, lambda: charger.changed(_NAMES.get(key.lower(), "")))


def _change_availability(charger: Charger16, payload: Payload) -> Answer:
    operative = choice(payload, "type", ("Operative", "Inoperative")) == "Operative"
    need(payload, "connectorId", int)
    wanted = _connectors(charger, payload)
    answers = {charger.set_available(one, operative) for one in wanted}

    def show() -> None:
        for one in wanted:
            charger.refresh(one)
        if len(wanted) > 1 or payload["connectorId"] == 0:
            charger.send_station()

    return _status("Scheduled" if "Scheduled" in answers else "Accepted", show)


def _clear_cache(charger: Charger16, payload: Payload) -> Answer:
    if not charger.flag("cache_enabled"):
        return _status("Rejected")
    charger.cards.cache.clear()
    return _status("Accepted")


def _data_transfer(charger: Charger16, payload: Payload) -> Answer:
    vendor = need(payload, "vendorId", str)
    return _status("UnknownMessageId" if vendor == "Techtool" else "UnknownVendorId")


def _list_version(charger: Charger16, payload: Payload) -> Answer:
    return Answer({"listVersion": charger.cards.version if charger.flag("list_enabled") else -1})


def _send_list(charger: Charger16, payload: Payload) -> Answer:
    version = need(payload, "listVersion", int)
    full = choice(payload, "updateType", ("Full", "Differential")) == "Full"
    entries: list[tuple[str, Standing | None]] = []
    for entry in objects(payload, "localAuthorizationList"):
        info = take(entry, "idTagInfo", dict)
        known = None
        if info is not None:
            known = Standing(need(info, "status", str), take(info, "parentIdTag", str))
        entries.append((need(entry, "idTag", str), known))
    if not charger.flag("list_enabled"):
        return _status("NotSupported")
    return _status(charger.cards.update(version, full, entries, charger.whole("list_capacity", 500)))


def _remote_start(charger: Charger16, payload: Payload) -> Answer:
    token = need(payload, "idTag", str)
    profile = take(payload, "chargingProfile", dict)
    connector = charger.remote_start(take(payload, "connectorId", int), token, "", None, None)
    if connector is None:
        return _status("Rejected")
    if profile is not None:
        read_profile = read(profile, connector.id, "chargingProfileId")
        if read_profile.purpose != TX:
            return _status("Rejected")
        if "ignores-profiles" not in charger.quirks:
            charger.profiles.install(read_profile)
    return _status("Accepted", lambda: charger.remote_begin(connector, Permit(token, "")))


def _remote_stop(charger: Charger16, payload: Payload) -> Answer:
    number = need(payload, "transactionId", int)
    for connector in charger.connectors.values():
        if connector.transaction is not None and connector.transaction.number == number:
            return _status("Accepted", partial(charger.end, connector, "Remote"))
    return _status("Rejected")


def _reset(charger: Charger16, payload: Payload) -> Answer:
    kind = choice(payload, "type", ("Hard", "Soft"))

    def reset() -> None:
        charger.reset("RemoteReset", f"{kind}Reset", 0.0 if kind == "Hard" else 5.0)

    return Answer(None if "reset-unanswered" in charger.quirks else {"status": "Accepted"}, reset)


def _unlock(charger: Charger16, payload: Payload) -> Answer:
    need(payload, "connectorId", int)
    connector = charger.connectors.get(payload["connectorId"])
    if connector is None:
        return _status("NotSupported")
    # 1.6 5.18: a running transaction ends.
    return _status("Unlocked", lambda: charger.end(connector, "UnlockCommand"))


def _trigger(charger: Charger16, payload: Payload) -> Answer:
    wanted = need(payload, "requestedMessage", str)
    chosen = _connectors(charger, payload)
    named = take(payload, "connectorId", int)

    def status() -> None:
        if named is None or named == 0:
            charger.send_station()
        for one in chosen if named != 0 else []:
            charger.send_status(one)

    def meter() -> None:
        for one in chosen:
            charger.read_out(one, charger.setting("sampled"), "Trigger")

    def boot() -> None:
        if "reboot-on-trigger" in charger.quirks:
            charger.reset("Triggered", "Reboot", 0.0)
        else:
            charger.send_boot()

    table: dict[str, Callable[[], None]] = {
        "BootNotification": boot,
        "Heartbeat": charger.send_heartbeat,
        "StatusNotification": status,
        "MeterValues": meter,
        "FirmwareStatusNotification": lambda: charger.send(
            "FirmwareStatusNotification", {"status": charger.firmware_status}, early=True
        ),
        "DiagnosticsStatusNotification": lambda: charger.send(
            "DiagnosticsStatusNotification", {"status": charger.diagnostics_status}, early=True
        ),
        "LogStatusNotification": lambda: charger.send("LogStatusNotification", {"status": "Idle"}, early=True),
    }
    if wanted in table:
        return _status("Accepted", table[wanted])
    if "custom-operation" in charger.quirks:
        return _status("Accepted", lambda: charger.send("CustomOperation", {}, early=True))
    return _status("NotImplemented")


def _set_profile(charger: Charger16, payload: Payload) -> Answer:
    number = need(payload, "connectorId", int)
    profile = read(need(payload, "csChargingProfiles", dict), number, "chargingProfileId")
    _connectors(charger, payload)
    if profile.purpose not in PURPOSES or profile.stack > charger.whole("ChargeProfileMaxStackLevel", 10):
        return _status("Rejected")
    if "stack-zero-only" in charger.quirks and profile.stack > 0:
        return _status("Rejected")
    running = charger.connectors[number].transaction if number else None
    fits_tx = running is not None and profile.transaction in (None, str(running.number))
    if profile.purpose == TX and not fits_tx:
        return _status("Rejected")
    if profile.purpose == "ChargePointMaxProfile" and number != 0:
        return _status("Rejected")
    if "ignores-profiles" in charger.quirks:
        return _status("Accepted")
    charger.settle()
    charger.profiles.install(profile)
    return _status("Accepted")


def _clear_profile(charger: Charger16, payload: Payload) -> Answer:
    found = charger.profiles.find(
        take(payload, "id", int),
        take(payload, "connectorId", int),
        take(payload, "chargingProfilePurpose", str),
        take(payload, "stackLevel", int),
    )
    charger.settle()
    charger.profiles.remove(found)
    return _status("Accepted" if found else "Unknown")


def _composite(charger: Charger16, payload: Payload) -> Answer:
    number, duration = need(payload, "connectorId", int), need(payload, "duration", int)
    unit = take(payload, "chargingRateUnit", str) or "A"
    if (number and number not in charger.connectors) or duration < 1 or unit not in ("A", "W"):
        return _status("Rejected")
    periods = composite(charger, number, float(duration), unit)
    return Answer(
        {
            "status": "Accepted",
            "connectorId": number,
            "scheduleStart": charger.stamp(),
            "chargingSchedule": {
                "duration": duration,
                "chargingRateUnit": unit,
                "chargingSchedulePeriod": periods,
            },
        }
    )


def _update_firmware(charger: Charger16, payload: Payload) -> Answer:
    if "lying-features" in charger.quirks:
        raise RefusalError("NotImplemented", "UpdateFirmware is not done here")
    location = need(payload, "location", str)
    start = instant(need(payload, "retrieveDate", str))
    pause = max(0.5, (start or 0.0) - charger.now - charger.clock_offset)

    def tell(status: str) -> None:
        charger.firmware_status = "Idle" if status == "Installed" else status
        charger.send("FirmwareStatusNotification", {"status": status})

    return Answer({}, lambda: update_firmware(charger, location, pause, tell, lambda: charger.flash(location)))


def _get_diagnostics(charger: Charger16, payload: Payload) -> Answer:
    location = need(payload, "location", str)

    def tell(status: str) -> None:
        charger.diagnostics_status = "Idle" if status == "Uploaded" else status
        charger.send("DiagnosticsStatusNotification", {"status": status})

    name = f"diagnostics-{charger.serial}.log"
    return Answer({"fileName": name}, lambda: upload_log(charger, location, tell, "UploadFailed"))


def _get_log(charger: Charger16, payload: Payload) -> Answer:
    request = need(payload, "requestId", int)
    choice(payload, "logType", ("DiagnosticsLog", "SecurityLog"))
    location = need(need(payload, "log", dict), "remoteLocation", str)

    def tell(status: str) -> None:
        charger.send("LogStatusNotification", {"status": status, "requestId": request})

    answer = {"status": "Accepted", "filename": f"log-{request}-{charger.serial}.log"}
    return Answer(answer, lambda: upload_log(charger, location, tell, "UploadFailure"))


def _reserve(charger: Charger16, payload: Payload) -> Answer:
    number = need(payload, "connectorId", int)
    until = instant(need(payload, "expiryDate", str))
    id, token = need(payload, "reservationId", int), need(payload, "idTag", str)
    connector = charger.connectors.get(number)
    if connector is None or until is None:
        return _status("Rejected")
    kept = connector.reservation
    if kept is None or kept.id != id:
        state = charger.status(connector)
        words = {"Available": "", "Faulted": "Faulted", "Unavailable": "Unavailable"}
        if word := words.get(state, "Occupied"):
            return _status(word)
    parent = take(payload, "parentIdTag", str)
    reservation = Reservation(id, token, parent, until - charger.clock_offset)
    return _status("Accepted", lambda: charger.reserve(connector, reservation))


def _cancel_reservation(charger: Charger16, payload: Payload) -> Answer:
    id = need(payload, "reservationId", int)
    for connector in charger.connectors.values():
        if connector.reservation is not None and connector.reservation.id == id:
            connector.reservation = None
            return _status("Accepted", partial(charger.refresh, connector))
    return _status("Rejected")


ANSWERS: Mapping[str, Callable[[Any, Payload], Answer]] = {
    "CancelReservation": _cancel_reservation,
    "ChangeAvailability": _change_availability,
    "ChangeConfiguration": _change_configuration,
    "ClearCache": _clear_cache,
    "ClearChargingProfile": _clear_profile,
    "DataTransfer": _data_transfer,
    "ExtendedTriggerMessage": _trigger,
    "GetCompositeSchedule": _composite,
    "GetConfiguration": _get_configuration,
    "GetDiagnostics": _get_diagnostics,
    "GetLocalListVersion": _list_version,
    "GetLog": _get_log,
    "RemoteStartTransaction": _remote_start,
    "RemoteStopTransaction": _remote_stop,
    "ReserveNow": _reserve,
    "Reset": _reset,
    "SendLocalList": _send_list,
    "SetChargingProfile": _set_profile,
    "TriggerMessage": _trigger,
    "UnlockConnector": _unlock,
    "UpdateFirmware": _update_firmware,
}
"""By action."""
