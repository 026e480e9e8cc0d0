"""``python -m tests.bench [NAME …]``: measure, and print the table as Markdown."""

from __future__ import annotations

import platform
import sys
from datetime import UTC, datetime

from tests.bench import blocking, flood, rapi, roundtrips, starts, visits, ymodem
from tests.bench.table import markdown

PARTS = {
    "roundtrips": roundtrips.rows,
    "blocking": blocking.rows,
    "starts": starts.rows,
    "flood": flood.rows,
    "visits": visits.rows,
    "rapi": rapi.rows,
    "ymodem": ymodem.rows,
}


def main() -> None:
    names = sys.argv[1:] or list(PARTS)
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        sys.exit(f"no such benchmark: {', '.join(unknown)}. There are: {', '.join(PARTS)}")
    machine = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    print(f"{datetime.now(UTC):%Y-%m-%d}, {machine}\n")
    for line in markdown(row for name in names for row in PARTS[name]()):
        print(line, flush=True)


if __name__ == "__main__":
    main()
