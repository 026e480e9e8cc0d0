"""``python -m tests.bench.bystander``: a program that only waits, and how long the machine kept it from going on.

What the slowest of many measurements says of a program, it says of the machine, too. It prints the longest delay
in seconds when its standard input is closed.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from types import TracebackType

NAP_S = 0.001


class Bystander:
    """One that stands beside what is measured; :attr:`kept_s` is there when it has gone."""

    def __init__(self) -> None:
        self.kept_s = 0.0

    def __enter__(self) -> Bystander:
        command = [sys.executable, "-m", __name__]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        said, _ = self._process.communicate()
        self.kept_s = float(said)


def main() -> None:
    waits = threading.Thread(target=sys.stdin.read, daemon=True)
    waits.start()
    kept = 0.0
    while waits.is_alive():
        began = time.perf_counter()
        time.sleep(NAP_S)
        kept = max(kept, time.perf_counter() - began - NAP_S)
    print(kept)


if __name__ == "__main__":
    main()
