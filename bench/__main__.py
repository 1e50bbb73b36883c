"""Runs the benchmarks and ends with a table against the targets.

    python -m bench [SCENARIO …]      all of them, or those whose file names are given

Each file prints JSON lines; they are kept in build/bench.jsonl.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench.targets import TARGETS

FOLDER = Path(__file__).parent
RESULTS = Path("build/bench.jsonl")
NOT_SCENARIOS = {"__main__", "__init__", "measure", "stack", "targets"}


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
    """One row a target: what was measured, what was wanted, met or missed."""
    rows = [f"{'scenario':<28} {'figure':<16} {'target':>10} {'measured':>10}"]
    for target in TARGETS:
        found = [line for line in results if line["scenario"] == target.scenario and line["subject"] == "myschool"]
        if not found:
            continue
        value = found[-1][target.figure]
        verdict = "met" if target.met(value) else "MISSED"
        rows.append(f"{target.scenario:<28} {target.figure:<16} {target.sign}{target.value:>9} {value:>10} {verdict}")
    return "\n".join(rows)


def main() -> int:
    asked = sys.argv[1:] or scenarios()
    if unknown := set(asked) - set(scenarios()):
        print(f"unknown: {', '.join(sorted(unknown))}; there are: {', '.join(scenarios())}", file=sys.stderr)
        return 2
    results = [line for name in asked for line in run(name)]
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in results))
    print(f"\n{table(results)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
