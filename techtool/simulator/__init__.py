"""Chargers to train and test with, over real sockets, with faults on demand."""
