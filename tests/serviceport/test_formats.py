from __future__ import annotations

from pathlib import Path

from techtool.serviceport.formats import format_there
from tests.serviceport.ptys import cable, needs_terminals


@needs_terminals
def test_a_pseudo_terminal_knows_no_parity(tmp_path: Path) -> None:
    assert format_there("/dev/ttyUSB0", "8E1") == "8E1"
    with cable(tmp_path) as wire:
        assert format_there(str(wire.device), "8E1") == "8N1"
        assert format_there(str(wire.device), "8E1", "8N2") == "8N2"
