"""What a technician does, over abilities."""
