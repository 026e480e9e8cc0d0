"""XMODEM and YMODEM: files into a bootloader behind a serial console. We only send."""
