"""What a charger is, on any wire. Pure: imports nothing else of techtool and does no I/O."""
