"""SmartEVSE's menu. Pure.

Source: SmartEVSE/smartevse, version2/SmartEVSE2.X/EVSE.c, version 2.20: ``RS232cli``, ``write_settings``. What is
left out: calibration, the meters, the menu of a box that shares a fuse.
"""

from __future__ import annotations

from typing import NamedTuple

from techtool.simulator.console.console import Console

WARNING = (
    "WARNING - DO NOT SET CURRENT HIGHER THAN YOUR CIRCUIT BREAKER\nOR GREATER THAN THE RATED VALUE OF THE EVSE\n"
)


class Item(NamedTuple):
    """One key of the menu."""

    description: str
    before: str
    """What it says before it asks; ``{}`` is the value."""
    asks: str
    choices: dict[str, str]
    """What is typed, and how it is shown; empty for a number."""
    least: int = 0
    most: int = 0
    warns: bool = False


ITEMS: dict[str, Item] = {
    "CONFIG": Item(
        "Set to Fixed Cable or Type 2 Socket",
        "Configuration : {}",
        "Enter new Configuration (FIXED/SOCKET): ",
        {"SOCKET": "Socket", "FIXED": "Fixed"},
    ),
    "MODE": Item(
        "Set to Normal, Smart or Solar EVSE mode",
        "EVSE set to : {}",
        "Enter new EVSE Mode (NORMAL/SMART/SOLAR): ",
        {"NORMAL": "Normal", "SMART": "Smart", "SOLAR": "Solar"},
    ),
    "MAX": Item(
        "Set MAX Charge Current for this EVSE",
        "MAX Current set to: {}",
        "Enter new MAX Charge Current (6-80): ",
        {},
        6,
        80,
        True,
    ),
    "LOCK": Item(
        "Cable locking actuator type",
        "Cable lock set to : {}",
        "Enter new Cable lock mode (DISABLE/SOLENOID/MOTOR): ",
        {"DISABLE": "Disabled", "SOLENOID": "Solenoid", "MOTOR": "Motor"},
    ),
    "MIN": Item(
        "Set MIN Charge Current the EV will accept",
        "MIN Charge Current set to: {}",
        "Enter new MIN Charge Current (6-16): ",
        {},
        6,
        16,
    ),
    "RCMON": Item(
        "Residual Current Monitor on pin RCM",
        "Residual Current Monitor on pin RCM set to : {}",
        "Residual Current Monitor (DISABLE/ENABLE): ",
        {"DISABLE": "Disabled", "ENABLE": "Enabled"},
    ),
}
"""The order and the words are the firmware's."""
FIRST = {"CONFIG": "Socket", "MODE": "Normal", "MAX": "13", "LOCK": "Disabled", "MIN": "6", "RCMON": "Disabled"}


class Menu(Console):
    """A SmartEVSE."""

    chatters = ("STATE A->B", "Balance: 0 0 0 0 0 0 0 0", "No Current!!")
    most = 49

    def __init__(self) -> None:
        super().__init__()
        self.values = dict(FIRST)
        self.car, self.celsius = "A", 21
        """The car's letter: A, B, C or D."""
        self.saved = 0
        """How often it wrote its settings."""
        self.stubborn = False
        """It says that it has taken a value, and keeps the old one."""
        self._menu: str | None = None

    def started(self) -> bytes:
        """As after power came."""
        self._menu = None
        return b"\nSmart EVSE powerup.\n"

    def unasked(self, text: str) -> bytes:
        """It has one line for all."""
        return f"{text}\n".encode()

    def entered(self, line: str) -> bytes:
        """The menu, a question for a value, or what became of one."""
        said = "\n"
        if self._menu is None:
            if line == "STATE?":
                states = ",".join(
                    f"EVSE{n}:{self.car if not n else 'A'}({'16.0' if not n else '0.0'}A)" for n in range(8)
                )
                return f"{said}{states}\n".encode()  # and no prompt after it
            self._menu = line if line in ITEMS else None
        elif line:
            said += self._set(self._menu, line)
            self._menu = None
        else:
            self._menu = None
        if self._menu is None:
            return (said + self._shown()).encode()
        item = ITEMS[self._menu]
        warning = WARNING if item.warns else ""
        return f"{said}{warning}{item.before.format(self._value(self._menu))}\n{item.asks}".encode()

    def _set(self, key: str, line: str) -> str:
        item = ITEMS[key]
        if item.choices:
            if line not in item.choices:
                return ""  # and not a word of it
            self._keep(key, item.choices[line])
            return self._saved()
        digits = line.strip()
        number = int(digits) if digits.isascii() and digits.isdecimal() else 0
        good = item.least <= number <= item.most
        if good:
            self._keep(key, str(number))
        # also where the value was refused
        return self._saved() + ("" if good else "\nError! please check limits\n")

    def _keep(self, key: str, value: str) -> None:
        if not self.stubborn:
            self.values[key] = value

    def _saved(self) -> str:
        self.saved += 1
        return "\nsettings saved\n"

    def _value(self, key: str) -> str:
        return self.values[key] if ITEMS[key].choices else f"{self.values[key]} A"

    def _shown(self) -> str:
        head = (
            "\n----------------------------- SMART EVSE -----------------------------\n"
            " v2.20 for instructions, see www.smartevse.org\n"
            f" Internal Temperature: {self.celsius} C  SN: 001234\n"
            "----------------------------------------------------------------------\n"
        )
        rows = "".join(f"{key:<7} - {item.description:<50} - {self._value(key)}\n" for key, item in ITEMS.items())
        return f"{head}{rows}>"
