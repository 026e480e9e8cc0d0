"""What a 1.6 charger answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from techtool.simulator.cards import Standing
from techtool.simulator.common16 import named_connectors, reply
from techtool.simulator.model import Permit
from techtool.simulator.outbox import Payload
from techtool.simulator.payload import Answer, RefusalError, choice, need, objects, take
from techtool.simulator.planning16 import cancel_reservation, clear_profile, composite, reserve, set_profile
from techtool.simulator.profiles import TX, read
from techtool.simulator.settings import KEYS_16
from techtool.simulator.transfers16 import (
    get_diagnostics,
    get_log,
    signed_update_firmware,
    update_firmware,
)

if TYPE_CHECKING:
    from techtool.simulator.v16 import Charger16

_NAMES = {key.lower(): name for name, key in KEYS_16.items()}


def _get_configuration(charger: Charger16, payload: Payload) -> Answer:
    names: list[Any] = take(payload, "key", list) or []
    if not all(isinstance(name, str) for name in names):
        raise RefusalError("TypeConstraintViolation", "key holds something that is no text")
    if not names and "getconfig-silent" in charger.quirks:
        return Answer(None)
    answer = charger.configuration.report(names)
    if "measurand-boot-loop" in charger.quirks and charger.configuration.unreadable(answer):
        return Answer(None, charger.crash)
    return Answer(answer)


def _change_configuration(charger: Charger16, payload: Payload) -> Answer:
    key, value = need(payload, "key", str), need(payload, "value", str)
    status = charger.configuration.change(key, value)
    if status != "Accepted" or "ignores-writes" in charger.quirks:
        return reply(status)
    if key.lower() == "authorizationkey":

        def rejoin() -> None:
            charger.password = value
            charger.reconnect()

        return reply(status, rejoin)
    return reply(status, lambda: charger.changed(_NAMES.get(key.lower(), "")))


def _change_availability(charger: Charger16, payload: Payload) -> Answer:
    operative = choice(payload, "type", ("Operative", "Inoperative")) == "Operative"
    need(payload, "connectorId", int)
    wanted = named_connectors(charger, payload)
    answers = {charger.set_available(one, operative) for one in wanted}

    def show() -> None:
        for one in wanted:
            charger.refresh(one)
        if len(wanted) > 1 or payload["connectorId"] == 0:
            charger.send_station()

    return reply("Scheduled" if "Scheduled" in answers else "Accepted", show)


def _clear_cache(charger: Charger16, payload: Payload) -> Answer:
    if not charger.flag("cache_enabled"):
        return reply("Rejected")
    charger.cards.cache.clear()
    return reply("Accepted")


def _data_transfer(charger: Charger16, payload: Payload) -> Answer:
    vendor = need(payload, "vendorId", str)
    return reply("UnknownMessageId" if vendor == "Techtool" else "UnknownVendorId")


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
        return reply("Failed" if "local-list-disabled" in charger.quirks else "NotSupported")
    if not all(charger.takes(token) for token, _ in entries):
        return reply("Failed")
    return reply(charger.cards.update(version, full, entries, charger.whole("list_capacity", 500)))


def _remote_start(charger: Charger16, payload: Payload) -> Answer:
    token = need(payload, "idTag", str)
    profile = take(payload, "chargingProfile", dict)
    connector = charger.remote_start(take(payload, "connectorId", int), token, "", None, None)
    if connector is None:
        return reply("Rejected")
    if profile is not None:
        read_profile = read(profile, connector.id, "chargingProfileId")
        if read_profile.purpose != TX:
            return reply("Rejected")
        if "ignores-profiles" not in charger.quirks:
            charger.profiles.install(read_profile)
    return reply("Accepted", lambda: charger.remote_begin(connector, Permit(token, "")))


def _remote_stop(charger: Charger16, payload: Payload) -> Answer:
    number = need(payload, "transactionId", int)
    for connector in charger.connectors.values():
        if connector.transaction is not None and connector.transaction.number == number:
            return reply("Accepted", partial(charger.end, connector, "Remote"))
    return reply("Rejected")


def _reset(charger: Charger16, payload: Payload) -> Answer:
    kind = choice(payload, "type", ("Hard", "Soft"))

    def reset() -> None:
        charger.reset("RemoteReset", f"{kind}Reset", 0.0 if kind == "Hard" else 5.0)

    return Answer(None if "reset-unanswered" in charger.quirks else {"status": "Accepted"}, reset)


def _unlock(charger: Charger16, payload: Payload) -> Answer:
    need(payload, "connectorId", int)
    connector = charger.connectors.get(payload["connectorId"])
    if connector is None:
        return reply("NotSupported")
    # 1.6 5.18: a running transaction ends.
    return reply("Unlocked", lambda: charger.end(connector, "UnlockCommand"))


def _trigger(charger: Charger16, payload: Payload) -> Answer:
    wanted = need(payload, "requestedMessage", str)
    chosen = named_connectors(charger, payload)
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
        return reply("Accepted", table[wanted])
    if "custom-operation" in charger.quirks:
        return reply("Accepted", lambda: charger.send("CustomOperation", {}, early=True))
    return reply("NotImplemented")


ANSWERS: Mapping[str, Callable[[Any, Payload], Answer]] = {
    "CancelReservation": cancel_reservation,
    "ChangeAvailability": _change_availability,
    "ChangeConfiguration": _change_configuration,
    "ClearCache": _clear_cache,
    "ClearChargingProfile": clear_profile,
    "DataTransfer": _data_transfer,
    "ExtendedTriggerMessage": _trigger,
    "GetCompositeSchedule": composite,
    "GetConfiguration": _get_configuration,
    "GetDiagnostics": get_diagnostics,
    "GetLocalListVersion": _list_version,
    "GetLog": get_log,
    "RemoteStartTransaction": _remote_start,
    "RemoteStopTransaction": _remote_stop,
    "ReserveNow": reserve,
    "Reset": _reset,
    "SendLocalList": _send_list,
    "SetChargingProfile": set_profile,
    "SignedUpdateFirmware": signed_update_firmware,
    "TriggerMessage": _trigger,
    "UnlockConnector": _unlock,
    "UpdateFirmware": update_firmware,
}
"""By action."""
