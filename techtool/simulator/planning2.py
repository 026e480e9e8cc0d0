"""What a 2.x charger answers about charging profiles and reservations."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from techtool.simulator.clock import instant
from techtool.simulator.common2 import id_token, reply
from techtool.simulator.model import Reservation
from techtool.simulator.outbox import Payload
from techtool.simulator.payload import Answer, need, take
from techtool.simulator.profiles import PURPOSES, TX, Profile, read
from techtool.simulator.schedules import LONGEST_S
from techtool.simulator.schedules import composite as schedule_periods

if TYPE_CHECKING:
    from techtool.simulator.v2 import Charger201


def set_profile(charger: Charger201, payload: Payload) -> Answer:
    """SetChargingProfile: does it fit, and the current is limited at once."""
    number = need(payload, "evseId", int)
    profile = read(need(payload, "chargingProfile", dict), number, "id")
    if number and number not in charger.connectors:
        return reply("Rejected", reason="UnknownEvse")
    reason = objection(charger, number, profile)
    if reason is not None:
        return reply("Rejected", reason=reason)
    if "ignores-profiles" not in charger.quirks:
        charger.settle()
        charger.profiles.install(profile)
    return reply("Accepted")


def objection(charger: Charger201, number: int, profile: Profile) -> str | None:
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


def clear_profile(charger: Charger201, payload: Payload) -> Answer:
    """ClearChargingProfile by id or criteria."""
    criteria = take(payload, "chargingProfileCriteria", dict) or {}
    found = charger.profiles.find(
        take(payload, "chargingProfileId", int),
        take(criteria, "evseId", int),
        take(criteria, "chargingProfilePurpose", str),
        take(criteria, "stackLevel", int),
    )
    charger.settle()
    charger.profiles.remove(found)
    return reply("Accepted" if found else "Unknown")


def get_profiles(charger: Charger201, payload: Payload) -> Answer:
    """GetChargingProfiles, and the ReportChargingProfiles that follow."""
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
        return reply("NoProfiles")

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

    return reply("Accepted", report)


def composite(charger: Charger201, payload: Payload) -> Answer:
    """GetCompositeSchedule of a connector or, for 0, the whole charger."""
    number, duration = need(payload, "evseId", int), need(payload, "duration", int)
    unit = take(payload, "chargingRateUnit", str) or "A"
    if (number and number not in charger.connectors) or not 1 <= duration <= LONGEST_S or unit not in ("A", "W"):
        return reply("Rejected", reason="InvalidValue")
    schedule = {
        "chargingSchedulePeriod": schedule_periods(charger, number, float(duration), unit),
        "evseId": number,
        "duration": duration,
        "scheduleStart": charger.stamp(),
        "chargingRateUnit": unit,
    }
    return Answer({"status": "Accepted", "schedule": schedule})


def reserve(charger: Charger201, payload: Payload) -> Answer:
    """ReserveNow; the place is kept once this is answered."""
    id, until = need(payload, "id", int), instant(need(payload, "expiryDateTime", str))
    need(payload, "idToken", dict)
    token = id_token(payload, "idToken") or ("", "")
    group = id_token(payload, "groupIdToken")
    number = take(payload, "evseId", int)
    if until is None or (number is not None and number not in charger.connectors):
        return reply("Rejected", reason="InvalidValue")
    chosen = list(charger.connectors.values()) if number is None else [charger.connectors[number]]
    states = [charger.status(one) for one in chosen]
    if "Available" not in states:
        return reply(states[0] if states[0] in ("Faulted", "Unavailable") else "Occupied")
    connector = chosen[states.index("Available")]
    reservation = Reservation(id, token[0], group[0] if group else None, until - charger.clock_offset)
    return reply("Accepted", lambda: charger.reserve(connector, reservation))


def cancel_reservation(charger: Charger201, payload: Payload) -> Answer:
    """CancelReservation by its id."""
    id = need(payload, "reservationId", int)
    for connector in charger.connectors.values():
        if connector.reservation is not None and connector.reservation.id == id:
            connector.reservation = None
            return reply("Accepted", partial(charger.refresh, connector))
    return reply("Rejected")
