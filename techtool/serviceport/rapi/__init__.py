"""OpenEVSE's RAPI: lines of ASCII with a checksum."""
