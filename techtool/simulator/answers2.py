"""What a 2.0.1 or 2.1 charging station answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from techtool.simulator.cards import Standing
from techtool.simulator.common2 import id_token, named_evse, reply
from techtool.simulator.model import Connector, Permit
from techtool.simulator.outbox import Payload
from techtool.simulator.payload import Answer, choice, need, objects, take
from techtool.simulator.planning2 import (
    cancel_reservation,
    clear_profile,
    composite,
    get_profiles,
    reserve,
    set_profile,
)
from techtool.simulator.profiles import TX, read
from techtool.simulator.reports import get_base_report, get_report, get_variables, set_variables
from techtool.simulator.transfers2 import get_log, update_firmware

if TYPE_CHECKING:
    from techtool.simulator.v2 import Charger201

_OPERATIONS = ("Operative", "Inoperative")


def _request_start(charger: Charger201, payload: Payload) -> Answer:
    remote_id = need(payload, "remoteStartId", int)
    need(payload, "idToken", dict)
    token = id_token(payload, "idToken") or ("", "")
    group = id_token(payload, "groupIdToken")
    profile = take(payload, "chargingProfile", dict)
    number = take(payload, "evseId", int)
    connector = charger.remote_start(number, token[0], token[1], group[0] if group else None, remote_id)
    if connector is None:
        return reply("Rejected", reason="NotAvailable")
    if profile is not None:
        wanted = read(profile, connector.id, "id")
        if wanted.purpose != TX:
            return reply("Rejected", reason="InvalidProfile")
        if "ignores-profiles" not in charger.quirks:
            charger.profiles.install(wanted)
    permit = Permit(*token, group=group[0] if group else None, remote_start_id=remote_id)
    return reply("Accepted", lambda: charger.remote_begin(connector, permit))


def _running(charger: Charger201, uid: str) -> Connector | None:
    for connector in charger.connectors.values():
        if connector.transaction is not None and connector.transaction.uid == uid:
            return connector
    return None


def _request_stop(charger: Charger201, payload: Payload) -> Answer:
    connector = _running(charger, need(payload, "transactionId", str))
    if connector is None:
        return reply("Rejected", reason="TxNotFound")
    return reply("Accepted", lambda: charger.end(connector, "Remote"))


def _transaction_status(charger: Charger201, payload: Payload) -> Answer:
    uid = take(payload, "transactionId", str)
    answer: Payload = {} if uid is None else {"ongoingIndicator": _running(charger, uid) is not None}
    return Answer(answer | {"messagesInQueue": charger.outbox.has_kept()})


def _reset(charger: Charger201, payload: Payload) -> Answer:
    kinds = ("Immediate", "OnIdle") + (("ImmediateAndResume",) if charger.options.version == "2.1" else ())
    kind = choice(payload, "type", kinds)
    if take(payload, "evseId", int) is not None:
        return reply("Rejected", reason="UnsupportedRequest")
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
    one = named_evse(charger, payload)
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
        return reply("Rejected", reason="TxNotFound")
    if wanted in table:
        return reply("Accepted", table[wanted])
    if "custom-operation" in charger.quirks:
        return reply("Accepted", lambda: charger.send("CustomOperation", {}, early=True))
    return reply("NotImplemented")


def _unlock(charger: Charger201, payload: Payload) -> Answer:
    number, plug = need(payload, "evseId", int), need(payload, "connectorId", int)
    connector = charger.connectors.get(number)
    if connector is None or plug != 1:
        return reply("UnknownConnector")
    return reply("OngoingAuthorizedTransaction" if connector.transaction is not None else "Unlocked")


def _change_availability(charger: Charger201, payload: Payload) -> Answer:
    operative = choice(payload, "operationalStatus", _OPERATIONS) == "Operative"
    one = named_evse(charger, payload)
    chosen = [one] if one is not None else list(charger.connectors.values())
    answers = {charger.set_available(each, operative) for each in chosen}

    def show() -> None:
        for each in chosen:
            charger.refresh(each)

    return reply("Scheduled" if "Scheduled" in answers else "Accepted", show)


def _clear_cache(charger: Charger201, payload: Payload) -> Answer:
    if not charger.flag("cache_enabled"):
        return reply("Rejected", reason="NotEnabled")
    charger.cards.cache.clear()
    return reply("Accepted")


def _data_transfer(charger: Charger201, payload: Payload) -> Answer:
    vendor = need(payload, "vendorId", str)
    return reply("UnknownMessageId" if vendor == "Techtool" else "UnknownVendorId")


def _list_version(charger: Charger201, payload: Payload) -> Answer:
    return Answer({"versionNumber": charger.cards.version if charger.flag("list_enabled") else 0})


def _send_list(charger: Charger201, payload: Payload) -> Answer:
    version = need(payload, "versionNumber", int)
    full = choice(payload, "updateType", ("Full", "Differential")) == "Full"
    entries: list[tuple[str, Standing | None]] = []
    for entry in objects(payload, "localAuthorizationList"):
        need(entry, "idToken", dict)
        token = id_token(entry, "idToken") or ("", "")
        info = take(entry, "idTokenInfo", dict)
        group = id_token(info, "groupIdToken") if info is not None else None
        known = Standing(need(info, "status", str), group[0] if group else None) if info is not None else None
        entries.append((token[0], known))
    if not charger.flag("list_enabled"):
        return reply("Failed", reason="NotEnabled")
    if not all(charger.takes(token) for token, _ in entries):
        return reply("Failed", reason="InvalidIdToken")
    status = charger.cards.update(version, full, entries, charger.whole("list_capacity", 500))
    charger.device.put("LocalAuthListCtrlr", "Entries", str(len(charger.cards.local)))
    return reply(status)


ANSWERS: Mapping[str, Callable[[Any, Payload], Answer]] = {
    "CancelReservation": cancel_reservation,
    "ChangeAvailability": _change_availability,
    "ClearCache": _clear_cache,
    "ClearChargingProfile": clear_profile,
    "DataTransfer": _data_transfer,
    "GetBaseReport": get_base_report,
    "GetChargingProfiles": get_profiles,
    "GetCompositeSchedule": composite,
    "GetLocalListVersion": _list_version,
    "GetLog": get_log,
    "GetReport": get_report,
    "GetTransactionStatus": _transaction_status,
    "GetVariables": get_variables,
    "RequestStartTransaction": _request_start,
    "RequestStopTransaction": _request_stop,
    "ReserveNow": reserve,
    "Reset": _reset,
    "SendLocalList": _send_list,
    "SetChargingProfile": set_profile,
    "SetVariables": set_variables,
    "TriggerMessage": _trigger,
    "UnlockConnector": _unlock,
    "UpdateFirmware": update_firmware,
}
"""By action."""
