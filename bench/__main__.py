"""Runs the benchmarks and ends with a table against the targets.

    python -m bench [SCENARIO …]      all of them, or those whose file names are given

Each file prints JSON lines; they are kept in build/bench.jsonl with day and machine, a scenario's newest instead of its
older ones. `python -m bench.figures` writes them into docs/figures.md.
"""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.targets import TARGETS

FOLDER = Path(__file__).parent
RESULTS = Path("build/bench.jsonl")
NOT_SCENARIOS = {"__main__", "__init__", "cohort", "figures", "measure", "stack", "targets", "visitor"}


def scenarios() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.py") if path.stem not in NOT_SCENARIOS)


def run(name: str) -> list[dict[str, Any]]:
    """The JSON lines a benchmark prints; they are shown as they come."""
    lines = []
    with subprocess.Popen([sys.executable, "-m", f"bench.{name}"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            if line.startswith("{"):
                lines.append(json.loads(line))
    if process.returncode:
        print(f"{name} ended with {process.returncode}", file=sys.stderr)
    return lines


def table(results: list[dict[str, Any]]) -> str:
    """One row a target: what was measured, what was wanted, met or missed. Then the peers, with ours in their run."""
    rows = [f"{'scenario':<28} {'figure':<16} {'target':>10} {'measured':>10}"]
    for target in TARGETS:
        found = [line for line in results if line["scenario"] == target.scenario and line["subject"] == "myschool"]
        if not found:
            continue
        value = found[-1][target.figure]
        verdict = "met" if target.met(value) else "MISSED"
        rows.append(f"{target.scenario:<28} {target.figure:<16} {target.sign}{target.value:>9} {value:>10} {verdict}")
    return "\n".join([*rows, *peers(results)])


def peers(results: list[dict[str, Any]]) -> list[str]:
    """One row a subject of each scenario in which somebody else took part, under a head of its own."""
    compared = {line["scenario"] for line in results if line["subject"] != "myschool"}
    shown = [line for line in results if line["scenario"] in compared and line.get("p50_ms") is not None]
    head = f"\n{'beside others':<20} {'subject':<40} {'per CPU-s':>10} {'p50 ms':>10} {'p99 ms':>10} {'first':>7}"
    rows = [
        f"{line['scenario']:<20} {line['subject']:<40} {line['ops_per_cpu_s']!s:>10} {line['p50_ms']:>10}"
        f" {line['p99_ms']:>10} {line.get('r1', ''):>7}"
        for line in shown
    ]
    return [head, *rows] if rows else []


def stamp() -> dict[str, str]:
    """When and where: the day, and what of the machine speed and memory depend on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    python = ".".join(map(str, sys.version_info[:2]))
    machine = f"{os.cpu_count()} cores, {memory:.0f} GB, Python {python}"
    return {"date": datetime.now(UTC).date().isoformat(), "machine": machine}


def kept(fresh: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What was measured before, unless it was measured anew, and then what is fresh."""
    before = [json.loads(line) for line in RESULTS.read_text().splitlines()] if RESULTS.exists() else []
    anew = {line["scenario"] for line in fresh}
    return [line for line in before if line["scenario"] not in anew] + fresh


def main() -> int:
    asked = sys.argv[1:] or scenarios()
    if unknown := set(asked) - set(scenarios()):
        print(f"unknown: {', '.join(sorted(unknown))}; there are: {', '.join(scenarios())}", file=sys.stderr)
        return 2
    results = []
    RESULTS.parent.mkdir(exist_ok=True)
    for name in asked:
        fresh = [line | stamp() for line in run(name)]
        results += fresh
        RESULTS.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in kept(fresh)))
    print(f"\n{table(results)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
