"""``bin/bench``: fill throwaway databases of several sizes, measure, print one table.

    bin/bench                           10,000 and 100,000 issues
    bin/bench --issues 10000,1000000

Each row stands beside its floors, measured in the same run: a view that answers ``ok`` on the same server, and the same
rows read by bare psycopg2. Ratios are worth more than times: the machine may be busy with other things.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys

from common.ops.place import ROOT, say
from common.ops.testrun import throwaway

HEAD = (
    "work", "issues", "p50 ms", "p95 ms", "per s", "queries", "SQL ms", "floor ms", "÷ floor", "goal", "peak MB",
)  # fmt: skip


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bin/bench")
    parser.add_argument("--issues", default="10000,100000", help="sizes, with commas between them")
    parser.add_argument("--seconds", type=float, default=4.0, help="how long each row is measured")
    options = parser.parse_args(arguments)
    rows = []
    for size in options.issues.split(","):
        say(f"{size} issues")
        with throwaway() as environment:
            child = subprocess.run(
                [sys.executable, "-m", "benchmarks.measure", size, str(options.seconds)],
                cwd=ROOT,
                env=environment | {"DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONUNBUFFERED": "1"},
                stdout=subprocess.PIPE,
                text=True,
            )
        if child.returncode:
            return child.returncode
        rows += [json.loads(line) for line in child.stdout.splitlines() if line.startswith("[")]
    widths = [max(len(str(row[n])) for row in [list(HEAD), *rows]) for n in range(len(HEAD))]
    for row in [list(HEAD), *sorted(rows, key=lambda row: row[0])]:
        print("  ".join(str(cell).rjust(width) for cell, width in zip(row, widths, strict=True)))
    print(f"{os.cpu_count()} cores; load {os.getloadavg()[0]:.1f} while this ended")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
