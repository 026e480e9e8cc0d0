"""OCPP-J, from an HTTP upgrade to changes of the station. Pure, but for the listener."""
