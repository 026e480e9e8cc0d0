"""Modbus on a serial line, driven by profiles. pymodbus makes and reads what stands inside the frames."""
