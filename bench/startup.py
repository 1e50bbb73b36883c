"""Start until the first page, cold and warm, and the memory of the idle stack.

    python -m bench.startup

Cold here means an empty home with everything installed; the install itself is timed by `tools/cold_start.sh`.
"""

import shutil
import sys
import tempfile
import time
from pathlib import Path

from bench.measure import Measured, report
from bench.stack import Stack

IDLE_SECONDS = 10


def main() -> None:
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
