"""What a 2.0.1 or 2.1 charging station answers."""

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
from techtool.simulator.profiles import PURPOSES, TX, Profile, read
from techtool.simulator.reports import get_base_report, get_report, get_variables, set_variables
from techtool.simulator.schedules import composite

if TYPE_CHECKING:
    from techtool.simulator.v2 import Charger201

_OPERATIONS = ("Operative", "Inoperative")


def _status(status: str, then: Callable[[], None] | None = None, reason: str | None = None) -> Answer:
    payload: Payload = {"status": status}
    if reason is not None:
        payload["statusInfo"] = {"reasonCode": reason}
    return Answer(payload, then)


def _evse(charger: Charger201, payload: Payload) -> Connector | None:
    """The connector of the EVSE that ``evse`` names, None if it names none.

    Raises:
        RefusalError: there is no such EVSE or connector.
    """
    evse = take(payload, "evse", dict)
    if evse is None:
        return None
    number, plug = need(evse, "id", int), take(evse, "connectorId", int)
    if number not in charger.connectors or plug not in (None, 1):
        raise RefusalError("PropertyConstraintViolation", f"there is no EVSE {number} with connector {plug or 1}")
    return charger.connectors[number]


def _token(payload: Payload, key: str) -> tuple[str, str] | None:
    """Text and type of an IdToken."""
    token = take(payload, key, dict)
    return None if token is None else (need(token, "idToken", str), need(token, "type", str))


def _request_start(charger: Charger201, payload: Payload) -> Answer:
    remote_id = need(payload, "remoteStartId", int)
    need(payload, "idToken", dict)
    token = _token(payload, "idToken") or ("", "")
    group = _token(payload, "groupIdToken")
    profile = take(payload, "chargingProfile", dict)
    number = take(payload, "evseId", int)
    connector = charger.remote_start(number, token[0], token[1], group[0] if group else None, remote_id)
    if connector is None:
        return _status("Rejected", reason="NotAvailable")
    if profile is not None:
        wanted = read(profile, connector.id, "id")
        if wanted.purpose != TX:
            return _status("Rejected", reason="InvalidProfile")
        if "ignores-profiles" not in charger.quirks:
            charger.profiles.install(wanted)
    permit = Permit(*token, group=group[0] if group else None, remote_start_id=remote_id)
    return _status("Accepted", lambda: charger.remote_begin(connector, permit))


def _running(charger: Charger201, uid: str) -> Connector | None:
    for connector in charger.connectors.values():
        if connector.transaction is not None and connector.transaction.uid == uid:
            return connector
    return None


def _request_stop(charger: Charger201, payload: Payload) -> Answer:
    connector = _running(charger, need(payload, "transactionId", str))
    if connector is None:
        return _status("Rejected", reason="TxNotFound")
    return _status("Accepted", lambda: charger.end(connector, "Remote"))


def _transaction_status(charger: Charger201, payload: Payload) -> Answer:
    uid = take(payload, "transactionId", str)
    answer: Payload = {} if uid is None else {"ongoingIndicator": _running(charger, uid) is not None}
    return Answer(answer | {"messagesInQueue": charger.outbox.has_kept()})


def _reset(charger: Charger201, payload: Payload) -> Answer:
    kinds = ("Immediate", "OnIdle") + (("ImmediateAndResume",) if charger.options.version == "2.1" else ())
    kind = choice(payload, "type", kinds)
    if take(payload, "evseId", int) is not None:
        return _status("Rejected", reason="UnsupportedRequest")
    busy = [one for one in charger.connectors.values() if one.transaction is not None]
    silent = "reset-unanswered" in charger.quirks
    if kind == "OnIdle" and busy:
        charger.when_idle = "ScheduledReset"
        return Answer(None if silent else {"status": "Scheduled"})

    def reset() -> None:
        if kind == "ImmediateAndResume":
            charger.carried = [(one, one.transaction) for one in busy if one.transaction is not None]
            charger.restart("RemoteReset", 0.0)
        else:
            charger.reset("RemoteReset", "HardReset", 5.0)

    return Answer(None if silent else {"status": "Accepted"}, reset)


def _trigger(charger: Charger201, payload: Payload) -> Answer:
    wanted = need(payload, "requestedMessage", str)
    one = _evse(charger, payload)
    chosen = [one] if one is not None else list(charger.connectors.values())
    running = [each for each in chosen if each.transaction is not None]

    def status() -> None:
        for each in chosen:
            charger.send_status(each)

    def meter() -> None:
        for each in chosen:
            charger.loose_sample(each, charger.setting("sampled"), "Trigger")

    def transactions() -> None:
        for each in running:
            charger.read_out(each, charger.setting("sampled"), "Trigger")

    def boot() -> None:
        if "reboot-on-trigger" in charger.quirks:
            charger.reset("Triggered", "Reboot", 0.0)
        else:
            charger.boot_reason = "Triggered"
            charger.send_boot()

    def firmware() -> None:
        status, request = charger.firmware_status
        known = {} if request is None or status == "Idle" else {"requestId": request}
        charger.send("FirmwareStatusNotification", {"status": status, **known}, early=True)

    table: dict[str, Callable[[], None]] = {
        "BootNotification": boot,
        "Heartbeat": charger.send_heartbeat,
        "StatusNotification": status,
        "MeterValues": meter,
        "TransactionEvent": transactions,
        "FirmwareStatusNotification": firmware,
        "LogStatusNotification": lambda: charger.send("LogStatusNotification", {"status": "Idle"}, early=True),
    }
    if wanted == "TransactionEvent" and not running:
        return _status("Rejected", reason="TxNotFound")
    if wanted in table:
        return _status("Accepted", table[wanted])
    if "custom-operation" in charger.quirks:
        return _status("Accepted", lambda: charger.send("CustomOperation", {}, early=True))
    return _status("NotImplemented")


def _unlock(charger: Charger201, payload: Payload) -> Answer:
    number, plug = need(payload, "evseId", int), need(payload, "connectorId", int)
    connector = charger.connectors.get(number)
    if connector is None or plug != 1:
        return _status("UnknownConnector")
    return _status("OngoingAuthorizedTransaction" if connector.transaction is not None else "Unlocked")


def _change_availability(charger: Charger201, payload: Payload) -> Answer:
    operative = choice(payload, "operationalStatus", _OPERATIONS) == "Operative"
    one = _evse(charger, payload)
    chosen = [one] if one is not None else list(charger.connectors.values())
    answers = {charger.set_available(each, operative) for each in chosen}

    def show() -> None:
        for each in chosen:
            charger.refresh(each)

    return _status("Scheduled" if "Scheduled" in answers else "Accepted", show)


def _clear_cache(charger: Charger201, payload: Payload) -> Answer:
    if not charger.flag("cache_enabled"):
        return _status("Rejected", reason="NotEnabled")
    charger.cards.cache.clear()
    return _status("Accepted")


def _data_transfer(charger: Charger201, payload: Payload) -> Answer:
    vendor = need(payload, "vendorId", str)
    return _status("UnknownMessageId" if vendor == "Techtool" else "UnknownVendorId")


def _list_version(charger: Charger201, payload: Payload) -> Answer:
    return Answer({"versionNumber": charger.cards.version if charger.flag("list_enabled") else 0})


def _send_list(charger: Charger201, payload: Payload) -> Answer:
    version = need(payload, "versionNumber", int)
    full = choice(payload, "updateType", ("Full", "Differential")) == "Full"
    entries: list[tuple[str, Standing | None]] = []
    for entry in objects(payload, "localAuthorizationList"):
        need(entry, "idToken", dict)
        token = _token(entry, "idToken") or ("", "")
        info = take(entry, "idTokenInfo", dict)
        group = _token(info, "groupIdToken") if info is not None else None
        known = Standing(need(info, "status", str), group[0] if group else None) if info is not None else None
        entries.append((token[0], known))
    if not charger.flag("list_enabled"):
        return _status("Failed", reason="NotEnabled")
    status = charger.cards.update(version, full, entries, charger.whole("list_capacity", 500))
    charger.device.put("LocalAuthListCtrlr", "Entries", str(len(charger.cards.local)))
    return _status(status)


def _set_profile(charger: Charger201, payload: Payload) -> Answer:
    number = need(payload, "evseId", int)
    profile = read(need(payload, "chargingProfile", dict), number, "id")
    if number and number not in charger.connectors:
        return _status("Rejected", reason="UnknownEvse")
    reason = _objection(charger, number, profile)
    if reason is not None:
        return _status("Rejected", reason=reason)
    if "ignores-profiles" not in charger.quirks:
        charger.settle()
        charger.profiles.install(profile)
    return _status("Accepted")


def _objection(charger: Charger201, number: int, profile: Profile) -> str | None:
    """Why a profile cannot be taken, as a reasonCode."""
    if profile.purpose not in PURPOSES:
        return "UnsupportedPurpose"
    if profile.stack > 10 or ("stack-zero-only" in charger.quirks and profile.stack > 0):
        return "InvalidStackLevel"
    if profile.purpose == "ChargingStationMaxProfile" and number != 0:
        return "InvalidProfile"
    if profile.purpose == TX:
        running = charger.connectors[number].transaction if number else None
        if running is None or running.uid != profile.transaction:
            return "TxNotFound"
    return None


def _clear_profile(charger: Charger201, payload: Payload) -> Answer:
    criteria = take(payload, "chargingProfileCriteria", dict) or {}
    found = charger.profiles.find(
        take(payload, "chargingProfileId", int),
        take(criteria, "evseId", int),
        take(criteria, "chargingProfilePurpose", str),
        take(criteria, "stackLevel", int),
    )
    charger.settle()
    charger.profiles.remove(found)
    return _status("Accepted" if found else "Unknown")


def _get_profiles(charger: Charger201, payload: Payload) -> Answer:
    request = need(payload, "requestId", int)
    criteria = need(payload, "chargingProfile", dict)
    ids: list[Any] = take(criteria, "chargingProfileId", list) or []
    sources: list[Any] = take(criteria, "chargingLimitSource", list) or ["CSO"]
    found = charger.profiles.find(
        None,
        take(payload, "evseId", int),
        take(criteria, "chargingProfilePurpose", str),
        take(criteria, "stackLevel", int),
    )
    found = [one for one in found if (not ids or one.id in ids) and "CSO" in sources]
    if not found:
        return _status("NoProfiles")

    def report() -> None:
        places = sorted({one.connector for one in found})
        for place in places:
            charger.send(
                "ReportChargingProfiles",
                {
                    "requestId": request,
                    "chargingLimitSource": "CSO",
                    "chargingProfile": [one.source for one in found if one.connector == place],
                    "tbc": place != places[-1],
                    "evseId": place,
                },
                early=True,
            )

    return _status("Accepted", report)


def _composite(charger: Charger201, payload: Payload) -> Answer:
    number, duration = need(payload, "evseId", int), need(payload, "duration", int)
    unit = take(payload, "chargingRateUnit", str) or "A"
    if (number and number not in charger.connectors) or duration < 1 or unit not in ("A", "W"):
        return _status("Rejected", reason="InvalidValue")
    schedule = {
        "chargingSchedulePeriod": composite(charger, number, float(duration), unit),
        "evseId": number,
        "duration": duration,
        "scheduleStart": charger.stamp(),
        "chargingRateUnit": unit,
    }
    return Answer({"status": "Accepted", "schedule": schedule})


def _update_firmware(charger: Charger201, payload: Payload) -> Answer:
    if "lying-features" in charger.quirks:
        raise RefusalError("NotImplemented", "UpdateFirmware is not done here")
    request = need(payload, "requestId", int)
    firmware = need(payload, "firmware", dict)
    location = need(firmware, "location", str)
    start = instant(need(firmware, "retrieveDateTime", str))
    pause = max(0.5, (start or 0.0) - charger.now - charger.clock_offset)

    def tell(status: str) -> None:
        charger.firmware_status = ("Idle" if status == "Installed" else status, request)
        charger.send("FirmwareStatusNotification", {"status": status, "requestId": request})

    return _status(
        "Accepted", lambda: update_firmware(charger, location, pause, tell, lambda: charger.flash(location))
    )


def _get_log(charger: Charger201, payload: Payload) -> Answer:
    request = need(payload, "requestId", int)
    choice(payload, "logType", ("DiagnosticsLog", "SecurityLog", "DataCollectorLog"))
    location = need(need(payload, "log", dict), "remoteLocation", str)

    def tell(status: str) -> None:
        charger.send("LogStatusNotification", {"status": status, "requestId": request})

    answer = {"status": "Accepted", "filename": f"log-{request}-{charger.serial}.log"}
    return Answer(answer, lambda: upload_log(charger, location, tell, "UploadFailure"))


def _reserve(charger: Charger201, payload: Payload) -> Answer:
    id, until = need(payload, "id", int), instant(need(payload, "expiryDateTime", str))
    need(payload, "idToken", dict)
    token = _token(payload, "idToken") or ("", "")
    group = _token(payload, "groupIdToken")
    number = take(payload, "evseId", int)
    if until is None or (number is not None and number not in charger.connectors):
        return _status("Rejected", reason="InvalidValue")
    chosen = list(charger.connectors.values()) if number is None else [charger.connectors[number]]
    states = [charger.status(one) for one in chosen]
    if "Available" not in states:
        return _status(states[0] if states[0] in ("Faulted", "Unavailable") else "Occupied")
    connector = chosen[states.index("Available")]
    reservation = Reservation(id, token[0], group[0] if group else None, until - charger.clock_offset)
    return _status("Accepted", lambda: charger.reserve(connector, reservation))


def _cancel_reservation(charger: Charger201, payload: Payload) -> Answer:
    id = need(payload, "reservationId", int)
    for connector in charger.connectors.values():
        if connector.reservation is not None and connector.reservation.id == id:
            connector.reservation = None
            return _status("Accepted", partial(charger.refresh, connector))
    return _status("Rejected")


ANSWERS: Mapping[str, Callable[[Any, Payload], Answer]] = {
    "CancelReservation": _cancel_reservation,
    "ChangeAvailability": _change_availability,
    "ClearCache": _clear_cache,
    "ClearChargingProfile": _clear_profile,
    "DataTransfer": _data_transfer,
    "GetBaseReport": get_base_report,
    "GetChargingProfiles": _get_profiles,
    "GetCompositeSchedule": _composite,
    "GetLocalListVersion": _list_version,
    "GetLog": _get_log,
    "GetReport": get_report,
    "GetTransactionStatus": _transaction_status,
    "GetVariables": get_variables,
    "RequestStartTransaction": _request_start,
    "RequestStopTransaction": _request_stop,
    "ReserveNow": _reserve,
    "Reset": _reset,
    "SendLocalList": _send_list,
    "SetChargingProfile": _set_profile,
    "SetVariables": set_variables,
    "TriggerMessage": _trigger,
    "UnlockConnector": _unlock,
    "UpdateFirmware": _update_firmware,
}
"""By action."""
