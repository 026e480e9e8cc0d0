"""A charger's controller with MCUmgr: an SMP server of its own, with two slots for images.

``server.Server`` answers, ``flash.Flash`` is what it keeps, ``device.SmpDevice`` what can be done to it; none
needs a clock or a terminal. It shares no line with techtool's own SMP: PyPI smp frames, and cbor2 makes the maps.
"""
