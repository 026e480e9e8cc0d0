"""Consoles of chargers on a pseudo terminal: SmartEVSE's menu and Zephyr's shell.

``menu.Menu`` and ``shell.Shell`` need neither clock nor terminal; ``runner.run`` puts one of them on one.
"""
