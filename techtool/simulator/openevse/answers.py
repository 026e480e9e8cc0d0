"""What each RAPI command does to the board, and what is answered.

What is not in the table was not compiled into this firmware (8.2.3.EU): auth lock, boot lock, voltmeter,
automatic service level.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from techtool.simulator.openevse.bits import FAULTS, Flag, Setting, State
from techtool.simulator.openevse.board import Board, Pilot
from techtool.simulator.openevse.receiver import Command, number

VERSION = "8.2.3.EU"
RAPI = "5.2.1"
MCU_ID = " \xf8\x01\x0c\x94\xf8\x010C94F801"
"""Six raw bytes and four in hex, with the blank that the firmware puts before them."""
NO_CLOCK = "165 165 165 165 165 85"
"""The time where no clock chip is fitted."""
NO_SENSOR = -2560
ACKNOWLEDGED = 165


class Answer(NamedTuple):
    """What is said."""

    ok: bool
    text: str = ""


Words = tuple[str, ...]
OK, NO = Answer(True), Answer(False)


def answer(board: Board, command: Command) -> Answer:
    """Do it. What is not known is refused."""
    act = _COMMANDS.get(command.name)
    return act(board, command.words) if act is not None else NO


def _byte(word: str) -> int:
    return number(word) & 0xFF


def _said(text: str) -> Answer:
    return Answer(True, text)


# --- F: functions ------------------------------------------------------------------------------------------


def _button(board: Board, words: Words) -> Answer:
    if board.state not in FAULTS:
        if board.state in (State.DISABLED, State.SLEEPING):
            board.enable()
        else:
            board.sleep()
    return OK


def _does(act: Callable[[Board], None]) -> Callable[[Board, Words], Answer]:
    def do(board: Board, words: Words) -> Answer:
        act(board)
        return OK

    return do


_FEATURES = {
    "B": Setting.BUTTON_OFF, "D": Setting.DIODE_OFF, "F": Setting.GFI_TEST_OFF, "G": Setting.GROUND_OFF,
    "R": Setting.RELAY_OFF, "T": Setting.HEAT_OFF, "V": Setting.VENT_OFF,
}  # fmt: skip


def _feature(board: Board, words: Words) -> Answer:
    if len(words) != 2 or words[1][:1] not in ("0", "1"):
        return NO
    if words[0][:1] == "E":
        board.echo = True  # whatever was asked: only a reset ends it
    elif words[0][:1] in _FEATURES:
        board.memory.switch(_FEATURES[words[0][:1]], words[1][:1] == "0")
    else:
        return NO
    return OK


def _print(board: Board, words: Words) -> Answer:
    return Answer(len(words) >= 3 and Flag.HARD_FAULT not in board.flags)


def _taken(count: int) -> Callable[[Board, Words], Answer]:
    """Nothing that can be seen here comes of it."""
    return lambda board, words: Answer(len(words) == count)


# --- S: settings -------------------------------------------------------------------------------------------


def _lcd(board: Board, words: Words) -> Answer:
    if len(words) == 1:
        board.memory.switch(Setting.MONO_LCD, words[0][:1] == "0")
    return Answer(len(words) == 1)


def _time_limit(board: Board, words: Words) -> Answer:
    if len(words) != 1 or not board.limits_allowed:
        return NO
    board.set_time_limit(_byte(words[0]))
    return OK


def _energy_limit(board: Board, words: Words) -> Answer:
    if len(words) != 1 or not board.limits_allowed:
        return NO
    board.set_energy_limit(_byte(words[0]))
    return OK


def _lock(board: Board, words: Words) -> Answer:
    if len(words) != 1 or words[0][:1] not in ("0", "1", "A", "M"):
        return NO
    if words[0][0] in "AM":
        manual = words[0][0] == "M"
        board.flags = board.flags | Flag.LOCK_MANUAL if manual else board.flags & ~Flag.LOCK_MANUAL
    else:
        board.locked = words[0][0] == "1"
    return OK


def _ammeter(board: Board, words: Words) -> Answer:
    if len(words) != 2:
        return NO
    board.memory.scale, board.memory.offset = number(words[0]) & 0x7FFF, number(words[1]) & 0x7FFF
    return OK


def _amps(board: Board, words: Words) -> Answer:
    """Clamped and done, and only then refused."""
    if not 1 <= len(words) <= 2:
        return NO
    amps = _byte(words[0])
    if len(words) == 2 and words[1][:1] == "M":
        return Answer(board.current.set_most(amps), str(board.memory.most or 32))
    done = False
    if not (board.current.lowered_for_heat and amps > board.current.amps):
        done = board.current.offer(amps, keep=len(words) == 1)
    return Answer(done, str(board.current.amps))


def _energy(board: Board, words: Words) -> Answer:
    board.memory.watt_hours = number(words[0]) if words else 0
    return OK


def _level(board: Board, words: Words) -> Answer:
    if len(words) != 1 or words[0][:1] not in ("1", "2"):
        return NO
    board.set_level(int(words[0][0]))
    return OK


def _timer(board: Board, words: Words) -> Answer:
    """Kept and shown. It does nothing: there is no clock."""
    if len(words) != 4:
        return NO
    one, two, three, four = (_byte(word) for word in words)
    board.memory.timer = (one, two, three, four) if any((one, two, three, four)) else None
    board.flags = board.flags | Flag.TIMER if board.memory.timer else board.flags & ~Flag.TIMER
    return OK


def _voltage(board: Board, words: Words) -> Answer:
    if len(words) != 1:
        return NO
    board.millivolts = number(words[0])
    return OK


def _heartbeat(board: Board, words: Words) -> Answer:
    match words:
        case ():
            good = board.current.beat(board.now)
        case (cookie,):
            good = _byte(cookie) == ACKNOWLEDGED and board.current.acknowledge()
        case (seconds, amps):
            good = board.current.set_heartbeat(number(seconds) & 0xFFFF, _byte(amps), board.now)
        case _:
            good = False
    return Answer(good, _heartbeats(board, ()).text)


# --- G: questions ------------------------------------------------------------------------------------------


def _heartbeats(board: Board, words: Words) -> Answer:
    seconds, amps = board.memory.heartbeat
    return _said(f"{seconds} {amps} {board.current.missed}")


def _car(board: Board, words: Words) -> Answer:
    return _said("2" if board.pilot is Pilot.OFF else str(int(board.connected)))


def _lock_told(board: Board, words: Words) -> Answer:
    return _said(f"{int(board.locked)} {'M' if Flag.LOCK_MANUAL in board.flags else 'A'}")


def _currents(board: Board, words: Words) -> Answer:
    memory = board.memory
    return _said(f"6 {memory.hardware_amps} {board.current.amps} {memory.most_amps}")


def _timer_told(board: Board, words: Words) -> Answer:
    return _said(" ".join(str(one) for one in board.memory.timer or (0, 0, 0, 0)))


def _trips(board: Board, words: Words) -> Answer:
    memory = board.memory
    return _said(f"{memory.gfi_trips:x} {memory.ground_trips:x} {memory.relay_trips:x}")


def _temperatures(board: Board, words: Words) -> Answer:
    """Of the three sensors the second may be fitted."""
    celsius = board.street.celsius
    return _said(f"{NO_SENSOR} {NO_SENSOR if celsius is None else round(celsius * 10)} {NO_SENSOR}")


def _state(board: Board, words: Words) -> Answer:
    return _said(f"{board.state:02x} {board.elapsed} {board.pilot_state:02x} {board.flags:04x}")


def _tells(tell: Callable[[Board], str]) -> Callable[[Board, Words], Answer]:
    return lambda board, words: _said(tell(board))


_COMMANDS: dict[str, Callable[[Board, Words], Answer]] = {
    "F0": _taken(1),
    "F1": _button,
    "FB": _taken(1),
    "FD": _does(Board.disable),
    "FE": _does(Board.enable),
    "FF": _feature,
    "FP": _print,
    "FS": _does(Board.sleep),
    "S0": _lcd,
    "S1": _taken(6),
    "S3": _time_limit,
    "S5": _lock,
    "SA": _ammeter,
    "SC": _amps,
    "SH": _energy_limit,
    "SK": _energy,
    "SL": _level,
    "ST": _timer,
    "SV": _voltage,
    "SY": _heartbeat,
    "G0": _car,
    "G3": _tells(lambda board: str(board.time_limit)),
    "G5": _lock_told,
    "GA": _tells(lambda board: f"{board.memory.scale} {board.memory.offset}"),
    "GC": _currents,
    "GD": _timer_told,
    "GE": _tells(lambda board: f"{board.current.amps} {board.memory.flags:04x}"),
    "GF": _trips,
    "GG": _tells(lambda board: f"{board.meter.milliamps} {board.millivolts}"),
    "GH": _tells(lambda board: str(board.energy_limit)),
    "GI": _tells(lambda board: MCU_ID),
    "GP": _temperatures,
    "GS": _state,
    "GT": _tells(lambda board: NO_CLOCK),
    "GU": _tells(lambda board: f"{board.meter.watt_seconds} {board.memory.watt_hours}"),
    "GV": _tells(lambda board: f"{VERSION} {RAPI}"),
    "GY": _heartbeats,
}
"""``FR`` is not here: it is the firmware's own end."""
