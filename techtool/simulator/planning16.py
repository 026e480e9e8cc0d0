"""What a 1.6 charger answers about charging profiles and reservations."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from techtool.simulator.cards import Standing
from techtool.simulator.clock import instant
from techtool.simulator.common16 import named_connectors, reply
from techtool.simulator.model import Reservation
from techtool.simulator.outbox import Payload
from techtool.simulator.payload import Answer, need, take
from techtool.simulator.profiles import PURPOSES, TX, read
from techtool.simulator.schedules import LONGEST_S
from techtool.simulator.schedules import composite as schedule_periods

if TYPE_CHECKING:
    from techtool.simulator.v16 import Charger16


def set_profile(charger: Charger16, payload: Payload) -> Answer:
    """SetChargingProfile: does it fit, and the current is limited at once."""
    number = need(payload, "connectorId", int)
    profile = read(need(payload, "csChargingProfiles", dict), number, "chargingProfileId")
    named_connectors(charger, payload)
    if profile.purpose not in PURPOSES or profile.stack > charger.whole("ChargeProfileMaxStackLevel", 10):
        return reply("Rejected")
    if "stack-zero-only" in charger.quirks and profile.stack > 0:
        return reply("Rejected")
    running = charger.connectors[number].transaction if number else None
    fits_tx = running is not None and profile.transaction in (None, str(running.number))
    if profile.purpose == TX and not fits_tx:
        return reply("Rejected")
    if profile.purpose == "ChargePointMaxProfile" and number != 0:
        return reply("Rejected")
    if "ignores-profiles" in charger.quirks:
        return reply("Accepted")
    charger.settle()
    charger.profiles.install(profile)
    return reply("Accepted")


def clear_profile(charger: Charger16, payload: Payload) -> Answer:
    """ClearChargingProfile by id or criteria."""
    found = charger.profiles.find(
        take(payload, "id", int),
        take(payload, "connectorId", int),
        take(payload, "chargingProfilePurpose", str),
        take(payload, "stackLevel", int),
    )
    charger.settle()
    charger.profiles.remove(found)
    return reply("Accepted" if found else "Unknown")


def composite(charger: Charger16, payload: Payload) -> Answer:
    """GetCompositeSchedule of a connector or, for 0, the whole charger."""
    number, duration = need(payload, "connectorId", int), need(payload, "duration", int)
    unit = take(payload, "chargingRateUnit", str) or "A"
    if (number and number not in charger.connectors) or not 1 <= duration <= LONGEST_S or unit not in ("A", "W"):
        return reply("Rejected")
    periods = schedule_periods(charger, number, float(duration), unit)
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


def reserve(charger: Charger16, payload: Payload) -> Answer:
    """ReserveNow; the place is kept once this is answered."""
    number = need(payload, "connectorId", int)
    until = instant(need(payload, "expiryDate", str))
    id, token = need(payload, "reservationId", int), need(payload, "idTag", str)
    connector = charger.connectors.get(number)
    if connector is None or until is None:
        return reply("Rejected")
    kept = connector.reservation
    if kept is None or kept.id != id:
        state = charger.status(connector)
        words = {"Available": "", "Faulted": "Faulted", "Unavailable": "Unavailable"}
        if word := words.get(state, "Occupied"):
            return reply(word)
    parent = take(payload, "parentIdTag", str)
    reservation = Reservation(id, token, parent, until - charger.clock_offset)
    answer = reply("Accepted", lambda: charger.reserve(connector, reservation))
    if "reserve-authorizes-first" not in charger.quirks:
        return answer

    def ask(respond: Callable[[Answer], None]) -> None:
        def judged(standing: Standing) -> None:
            respond(answer if standing.status == "Accepted" else reply("Rejected"))

        charger.authorize(token, judged, lambda why: respond(reply("Rejected")))

    return Answer(None, later=ask)


def cancel_reservation(charger: Charger16, payload: Payload) -> Answer:
    """CancelReservation by its id."""
    id = need(payload, "reservationId", int)
    for connector in charger.connectors.values():
        if connector.reservation is not None and connector.reservation.id == id:
            connector.reservation = None
            return reply("Accepted", partial(charger.refresh, connector))
    return reply("Rejected")
