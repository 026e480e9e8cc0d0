"""An OpenEVSE that speaks RAPI, on a pseudo terminal: its firmware, the street around it, and a bad line.

``charger.Charger`` is all of it and needs neither clock nor terminal.

Source: what OpenEVSE/open_evse 8.2.3.EU was seen to do (tests/frames/openevse-rapi.txt) and, where nobody
looked, what firmware/open_evse/rapi_proc.h and J1772EvseController.h say.
"""
