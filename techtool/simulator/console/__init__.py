"""Consoles of chargers: SmartEVSE's menu and Zephyr's shell.

``menu.Menu`` and ``shell.Shell`` are what they say, ``device.ConsoleDevice`` is what can be done to one; none
needs a clock or a terminal.
"""
