"""Chargers to train and test with, over real sockets, with faults on demand.

``options`` says what can be chosen, ``quirks`` how it can misbehave, ``script`` what can be done to it;
``build.charger`` gives the charger itself, which needs neither clock nor socket, and ``runner.run`` puts
it on a real WebSocket. Only ``runner`` imports websockets, so that ``--help`` needs not.
"""

from techtool.simulator.options import SimulatorOptions
from techtool.simulator.quirks import QUIRKS

__all__ = ["QUIRKS", "SimulatorOptions"]
