"""Zephyr's shell. Pure.

Source: what the shell of Zephyr 4.4 on a UART was seen to say, and docs.zephyrproject.org, services/shell.
"""

from __future__ import annotations

from techtool.simulator.console.console import Console

PROMPT = "\x1b[1;32muart:~$ \x1b[m"
WIPE = "\x1b[8D\x1b[J"
"""Back over the prompt, and away with it."""
RED, PLAIN = "\x1b[1;31m", "\x1b[m"
COMMANDS = {
    "kernel version": "Zephyr version 4.4.0\r\n",
    "kernel uptime": "Uptime: 4242 ms\r\n",
    "device list": "devices:\r\n- uart@40002000 (READY)\r\n  DT node labels: uart0\r\n",
    "help": "Please press the <Tab> button to see all available commands.\r\n"
    "Available commands:\r\n  device  : Device commands\r\n  kernel  : Kernel commands\r\n",
    "": "",
}


class Shell(Console):
    """A device with Zephyr's shell."""

    chatters = (
        "[00:00:01.250,000] \x1b[0m<inf> charger: pilot state B\x1b[0m",
        "[00:00:02.500,000] \x1b[1;33m<wrn> charger: no heartbeat\x1b[0m",
        "[00:00:03.750,000] \x1b[0m<inf> littlefs: LittleFS version 2.10\x1b[0m",
    )

    def __init__(self) -> None:
        super().__init__()
        self.restarts = True
        """It was built with a reboot."""

    def started(self) -> bytes:
        """As after power came."""
        return (
            "*** Booting Zephyr OS build v4.4.0 ***\r\n"
            f"[00:00:00.000,000] \x1b[0m<inf> charger: starting\x1b[0m\r\n\r\n{PROMPT}"
        ).encode()

    def unasked(self, text: str) -> bytes:
        """A line of the log wipes the prompt away, and it is shown again."""
        return f"{WIPE}{text}\r\n{PROMPT}".encode()

    def echo(self, byte: int) -> bytes:
        """Enter is a whole end of line."""
        return b"\r\n" if byte in (0x0D, 0x0A) else bytes((byte,))

    def entered(self, line: str) -> bytes:
        """The answer, and the prompt again."""
        command = line.strip()
        if command.startswith("kernel reboot"):
            return self.started() if self.restarts else f"Please specify a subcommand.\r\n{PROMPT}".encode()
        if command in ("kernel", "device"):
            return f"Please specify a subcommand.\r\n{PROMPT}".encode()
        known = COMMANDS.get(command)
        name = command.partition(" ")[0]
        said = known if known is not None else f"{RED}{name}: command not found{PLAIN}\r\n"
        return f"{said}{PROMPT}".encode("latin-1", "replace")
