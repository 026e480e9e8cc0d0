"""Service ports: serial, from bytes to changes of the station."""
