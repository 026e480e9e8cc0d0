"""Consoles: menus and shells that profiles describe, and a terminal for those that none does."""
