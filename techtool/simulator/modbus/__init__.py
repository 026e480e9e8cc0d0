"""A box with the registers of a profile, on a pseudo terminal. pymodbus's server side reads and writes the frames.

``box.Box`` is all of it and needs neither clock nor terminal; ``runner.run`` puts it on one.
"""
