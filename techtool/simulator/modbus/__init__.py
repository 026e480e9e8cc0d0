"""A box with the registers of a profile. pymodbus's server side reads and writes the frames.

``box.Box`` is the box, ``device.ModbusDevice`` what can be done to it; neither needs a clock or a terminal.
"""
