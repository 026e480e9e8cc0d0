"""What is in the tree is in the wheel: setuptools lists packages and data by hand."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SUFFIXES = {".py", ".tcss", ".csv", ".typed", ".toml", ".sql", ".j2"}


def shipped(folder: Path, name: str) -> set[str]:
    return {
        f"{name}/{path.relative_to(folder).as_posix()}"
        for path in folder.rglob("*")
        if path.suffix in SUFFIXES and path.is_file() and "__pycache__" not in path.parts
    }


@pytest.mark.timeout(180)
def test_the_wheel_holds_every_module_stylesheet_and_data_file(tmp_path: Path) -> None:
    shutil.rmtree(ROOT / "build", ignore_errors=True)  # setuptools would pack what lies there from before
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if name.startswith("techtool/")}
    wanted = shipped(ROOT / "techtool", "techtool") | shipped(ROOT / "screens", "techtool/screens")
    assert held == wanted
