"""The settings of a charger at a service port, changed by keys."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.screens.test_serial import pages, until
from tests.serviceport.ptys import cable
from tests.simulator.openevse.bench import Bench

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo terminals")
