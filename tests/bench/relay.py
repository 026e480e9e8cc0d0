"""``python -m tests.bench.relay FD FD BYTES_PER_S``: a wire between two ends; 0 is no limit to its speed.

A program of its own, so that it takes no time of those that are measured.
"""

from __future__ import annotations

import os
import select
import sys
import threading
import time


def carry(source: int, sink: int, bytes_per_s: int) -> None:
    free = 0.0
    try:
        while True:
            waited = not select.select([source], [], [], 0)[0]
            data = os.read(source, 4096)
            if not data:
                return
            if bytes_per_s:
                # what waited for the line follows without a gap, however late it was looked at
                begins = time.perf_counter() if waited else max(free, time.perf_counter() - 0.002)
                free = begins + len(data) / bytes_per_s
                time.sleep(max(0.0, free - time.perf_counter()))
            os.write(sink, data)
    except OSError:  # an end was closed
        return


def main() -> None:
    one, other, bytes_per_s = map(int, sys.argv[1:])
    there = threading.Thread(target=carry, args=(one, other, bytes_per_s), daemon=True)
    back = threading.Thread(target=carry, args=(other, one, bytes_per_s), daemon=True)
    there.start()
    back.start()
    back.join()  # the receiver has ended


if __name__ == "__main__":
    main()
