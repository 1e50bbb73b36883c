"""Start until the first page, cold and warm, and the memory of the idle stack.

    python -m bench.startup [--no-cold]

Scenarios: `start.cold` (a fresh clone with an empty package cache, by `tools/cold_start.sh`), `start.first` (an empty
home, everything installed), `start.warm` (the same home again), `stack.idle` (memory and CPU with nothing to do).
"""

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.measure import Measured, report
from bench.stack import Stack

IDLE_SECONDS = 10
COLD_START = Path(__file__).parents[1] / "tools" / "cold_start.sh"


def cold() -> None:
    """The script prints the JSON line itself."""
    subprocess.run([COLD_START, sys.executable], check=True)


def main() -> None:
    if "--no-cold" not in sys.argv[1:]:
        cold()
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    home = folder / "home"
    try:
        with Measured([]) as first, Stack.up(home) as stack:
            first.also(stack.process.pid)
            time.sleep(1)
        report("start.first", "myschool", ops=1, measured=first, started_s=round(stack.started_in, 2))
        with Measured([]) as warm, Stack.up(home) as stack:
            warm.also(stack.process.pid)
        warm.wall_s = stack.started_in
        report("start.warm", "myschool", ops=1, measured=warm)
        with Stack.up(home) as stack:
            time.sleep(3)
            with Measured(stack.pids()) as idle:
                time.sleep(IDLE_SECONDS)
            report("stack.idle", "myschool", ops=1, measured=idle, pss_mb=round(stack.pss_mb(), 1))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
