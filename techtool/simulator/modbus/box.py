"""A box with registers, its car and its line: what is typed and heard in, what is said out. Pure.

The frames are read and written by pymodbus's server side, not by what techtool asks with.
"""

from __future__ import annotations

from collections.abc import Coroutine
from decimal import Decimal
from typing import Any, cast

from pymodbus.constants import ExcCodes
from pymodbus.datastore import ModbusServerContext
from pymodbus.framer import FramerAscii, FramerRTU
from pymodbus.pdu import DecodePDU, ModbusPDU

from techtool.serviceport.profiles.codec import decode, encode
from techtool.serviceport.profiles.common import Transport
from techtool.serviceport.profiles.model import ModbusProfile, Release, Value
from techtool.serviceport.profiles.names import STATE
from techtool.serviceport.profiles.registers import Space, Type
from techtool.serviceport.profiles.settings import words_of_order, words_of_release
from techtool.simulator.modbus.memory import Memory, filled

VOLTS = 230.0
_SPACES = {1: Space.COIL, 5: Space.COIL, 15: Space.COIL, 2: Space.DISCRETE, 4: Space.INPUT}
"""By Modbus's function; all others are of holding registers."""
_READS = frozenset({1, 2, 3, 4})
_NO_CAR, _CAR, _FAULT = "no car", "car", "fault"
_WORDS = {
    "box_state": {"B": "car connected", "C": "charging", "D": "charging", _NO_CAR: "idle", _FAULT: "error"},
    "downgrade": {_NO_CAR: "no car", _CAR: "not active"},
    "car": {_NO_CAR: "no", _CAR: "yes"},
    "plug_lock": {_NO_CAR: "unlocked", _CAR: "locked"},
}
"""What boxes say of their car beside its letter, by the names that the profiles give it."""


class Box:
    """One box on its line."""

    def __init__(self, profile: ModbusProfile, unit: int | None = None) -> None:
        self.memory: Memory = filled(profile)
        self.car, self.amps = "A", 10.0
        """The car's letter as IEC 61851 has it, and what it draws."""
        self.faulty = self.silent = self.echo = False
        self.restarts = 0
        """How often it was told to start anew."""
        self._profile = profile
        self._unit = unit or profile.bus.unit
        self._abl = profile.transport is Transport.ABL_ASCII
        decoder = DecodePDU(is_server=True)
        self._framer = FramerAscii(decoder) if self._abl else FramerRTU(decoder)
        self._decoder = decoder
        self._held = b""
        self.measure()

    def measure(self) -> None:
        """Have the registers say what car and amperes are now."""
        drawn = self.amps if self.car in ("C", "D") and not self.faulty and not self.denied else 0.0
        for value in self._profile.status:
            match value.name:
                case "iec_state":
                    continue  # last: others may look at its register, too
                case "current_a":
                    self.memory.measure(value, drawn)
                case "voltage_v":
                    self.memory.measure(value, VOLTS)
                case "power_w" | "power_va":
                    self.memory.measure(value, drawn * VOLTS * 3)
                case "energy_wh" | "energy_vah":
                    self.memory.measure(value, 123_000.0)
                case "temp_c":
                    self.memory.measure(value, 25.0)
                case "limit_a":
                    self.memory.measure(value, 16.0)
                case "error":
                    self.memory.code(value.register, value.mask, int(self.faulty))
                case name if name in _WORDS:
                    self._say(value, _WORDS[name])
        for value in self._profile.status:
            if value.name == STATE:
                self._state(value)
        for release in self._profile.releases:
            self._show_release(release)

    @property
    def denied(self) -> bool:
        """It is kept from charging: one of its releases has the number that denies."""
        return any(
            self.memory.get(one.register.space, one.register.address, one.register.size)
            == list(words_of_release(one, grant=False))
            for one in self._profile.releases
        )

    def received(self, data: bytes) -> bytes:
        """Bytes came from the laptop: what goes out."""
        said = data if self.echo else b""
        self._held += data
        while self._held:
            used, unit, _, pdu = self._framer.decode(self._held)
            if not used:
                break
            self._held = self._held[used:]
            if pdu and unit == self._unit and not self.silent:
                said += self._answer(pdu)
        self._held = self._held[-FramerRTU.MAX_SIZE :]
        return said

    # --- what pymodbus asks for ----------------------------------------------------------------------------

    async def async_getValues(  # noqa: N802
        self, unit: int, function: int, address: int, count: int
    ) -> list[int] | ExcCodes:
        """The words of a request."""
        found = self.memory.get(_SPACES.get(function, Space.HOLDING), address, count)
        return ExcCodes.ILLEGAL_ADDRESS if found is None else found

    async def async_setValues(  # noqa: N802
        self, unit: int, function: int, address: int, values: list[int]
    ) -> ExcCodes | None:
        """Write the words of a request."""
        space = _SPACES.get(function, Space.HOLDING)
        if not self.memory.write(space, address, [int(one) for one in values]):
            return ExcCodes.ILLEGAL_ADDRESS
        self._show(space, address)
        order = self._profile.reboot
        if order is not None and (order.register.space, order.register.address) == (space, address):
            self.restarts += tuple(map(int, values)) == words_of_order(order)
            self.memory.put(space, address, [0] * len(values))
        if any((one.register.space, one.register.address) == (space, address) for one in self._profile.releases):
            self.measure()
        return None

    def _answer(self, pdu: bytes) -> bytes:
        request = self._decoder.decode(pdu)
        if request is None:
            return b""
        answer = _at_once(request.datastore_update(cast(ModbusServerContext, self), self._unit))
        body = answer.function_code.to_bytes(1, "big") + answer.encode()
        if self._abl:
            if answer.function_code in _READS:  # the low byte of the address comes back in the first one
                body = body[:2] + bytes((request.address & 0xFF,)) + body[3:]
            return b">" + self._framer.encode(body, self._unit, 0)[1:]
        return self._framer.encode(body, self._unit, 0)

    def _say(self, value: Value, words: dict[str, str]) -> None:
        """The most exact of the words that fits the car, where this box has it."""
        car = _NO_CAR if self.car == "A" else _CAR
        fitting = [words.get(one) for one in ((_FAULT,) if self.faulty else ()) + (self.car, car)]
        word = next((one for one in fitting if one is not None), None)
        number = next((code for code, text in value.texts.items() if isinstance(code, int) and text == word), None)
        if number is not None:
            self.memory.code(value.register, value.mask, number)

    def _state(self, value: Value) -> None:
        wanted, pulses = ("F", "E") if self.faulty else (self.car,), "1" if self.denied else "2"
        if value.register.type is Type.ASCII:
            text = f"{wanted[0]}0" if self.faulty else f"{self.car}{pulses}"
            self.memory.put(value.register.space, value.register.address, encode(value.register, [text]))
            return
        fitting = [
            (text, number)
            for letter in wanted
            for number, text in value.texts.items()
            if isinstance(number, int) and text[0] == letter
        ]
        if fitting:  # a box may not know every state
            right = [number for text, number in fitting if text.endswith(pulses)]
            self.memory.code(value.register, value.mask, right[0] if right else fitting[0][1])

    def _show_release(self, release: Release) -> None:
        """Boxes that show it elsewhere do so in the number that was written, or in its low byte."""
        shown = next((value for value in self._profile.status if value.name == release.shown_by), None)
        number = (release.deny if self.denied else release.grant) & 0xFF
        if shown is None or number not in shown.texts:
            return
        state = next((value for value in self._profile.status if value.name == STATE), None)
        if self.denied or state is None or state.register != shown.register:  # else the car shows there, too
            self.memory.code(shown.register, shown.mask, number)

    def _show(self, space: Space, address: int) -> None:
        """What was set shows where the profile says that it does."""
        for one in self._profile.settings:
            register = one.register
            shown = next((value for value in self._profile.status if value.name == one.shown_by), None)
            if shown is None or (register.space, register.address) != (space, address) or one.choices:
                continue
            words = self.memory.get(space, address, register.size)
            told = decode(register, words)[0] if words is not None else None
            if isinstance(told, int | float | Decimal) and shown.mask is None:
                self.memory.measure(shown, float(told))


def _at_once(update: Coroutine[Any, Any, ModbusPDU]) -> ModbusPDU:
    """The result of what pymodbus declares as waiting; nothing here waits."""
    try:
        update.send(None)
    except StopIteration as done:
        answer: ModbusPDU = done.value
        return answer
    raise AssertionError("a memory never waits")
