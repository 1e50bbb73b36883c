"""Writes what build/bench.jsonl holds into the tables of docs/figures.md, between two comments.

    python -m bench.figures

A figure that was not measured says so. Words around the tables are written by people and stay as they are.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.targets import TARGETS, Target

FOLDER = Path(__file__).parent
RESULTS = Path("build/bench.jsonl")
PAGE = Path("docs/figures.md")
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
MISSING = "not measured"
OURS = "myschool"
PEERS_SHOW = ("ops_per_cpu_s", "p50_ms", "p99_ms", "rss_mb", "r1", "r5")

Line = dict[str, Any]


class MarkersMissing(Exception):
    """The page has no place for the tables."""


@dataclass(frozen=True)
class Named:
    """What a scenario's figure is called, in which unit, and which benchmark prints it."""

    words: str
    unit: str
    file: str


FIGURES = {
    ("start.cold", "wall_s"): Named("cold `make run` from an empty cache until the first page", "s", ""),
    ("start.warm", "wall_s"): Named("warm start until the first page", "s", "startup"),
    ("stack.idle", "pss_mb"): Named("memory of the idle stack, shared pages once", "MB", "startup"),
    ("page.portal_main", "p95_ms"): Named("main page of the portal, server time p95", "ms", "pages"),
    ("page.login", "p95_ms"): Named("sign-in page, server time p95", "ms", "pages"),
    ("page.cabinet", "p95_ms"): Named("«Личный кабинет», server time p95", "ms", "pages"),
    ("page.school_search", "p95_ms"): Named("school search page, server time p95", "ms", "pages"),
    ("page.queue", "p95_ms"): Named("queue of a school, server time p95", "ms", "pages"),
    ("signin.password", "ops_per_cpu_s"): Named("sign-in with password", "per CPU-s", "signin"),
    ("signin.session", "ops_per_cpu_s"): Named("sign-in without password over the wire", "per CPU-s", "esia_signin"),
    ("operating.page", "p99_ms"): Named("«Проверки и очередь» over a million checks, p99", "ms", "operating"),
    ("operating.metrics", "p99_ms"): Named("the numbers for monitoring over a million checks, p99", "ms", "operating"),
    ("agenda.steps", "ops_per_cpu_s"): Named("agenda steps", "per CPU-s", "agenda"),
    ("birthdays.year", "duplicates"): Named(
        "birthdays of a year's 100 000 children: letters sent twice", "", "birthdays"
    ),
    ("birthdays.year", "missed"): Named("birthdays of a year's 100 000 children: letters never sent", "", "birthdays"),
    ("birthdays.idle", "cpu_s_a_day"): Named("looking for birthdays all day, nobody due", "CPU-s", "birthdays"),
    ("checks.decisions", "ops_per_cpu_s"): Named(
        "decisions on checks, per CPU-second of the worker", "per CPU-s", "checks"
    ),
    ("checks.waiting", "cpu_percent"): Named("a million waiting checks: CPU of the idle worker", "%", "checks"),
    ("checks.waiting", "worker_mb_more"): Named("a million waiting checks: memory the worker grew by", "MB", "checks"),
    ("checks.waiting", "p99_ms"): Named("a million waiting checks: from due to done, p99", "ms", "checks"),
    ("schools.search", "p50_ms"): Named("school search, half of the queries within", "ms", "school_search"),
    ("schools.search", "p99_ms"): Named("school search, 99 of 100 within", "ms", "school_search"),
    ("schools.quality", "r1"): Named("school search: the right school is first", "", "school_search"),
    ("schools.quality", "r5"): Named("school search: it is among the first five", "", "school_search"),
    ("matching.development", "precision"): Named("matching, development half: precision", "", "matching"),
    ("matching.development", "recall"): Named("matching, development half: recall", "", "matching"),
    ("matching.held_back", "precision"): Named("matching, held-back half: precision", "", "matching"),
    ("matching.held_back", "recall"): Named("matching, held-back half: recall", "", "matching"),
}


def number(value: float) -> str:
    """Four figures are enough for a machine that others use too."""
    if 0.999 < value < 1:
        return f"{value:.6g}"  # a share near 1 is never rounded up to it
    return f"{value:.4g}" if value < 1000 else f"{value:,.0f}".replace(",", " ")


def told(value: float, named: Named) -> str:
    return f"{number(value)} {named.unit}".rstrip()


def command(named: Named) -> str:
    if not named.file:
        return "`make run` in a fresh clone"
    there = (FOLDER / f"{named.file}.py").exists()
    return f"`python -m bench {named.file}`" if there else "no benchmark yet"


def row(target: Target, lines: Sequence[Line]) -> str:
    named = FIGURES[target.scenario, target.figure]
    wanted = f"{target.sign} {told(target.value, named)}"
    found = [line for line in lines if line["scenario"] == target.scenario and line["subject"] == OURS]
    if not found or found[-1].get(target.figure) is None:
        return f"| {named.words} | {wanted} | {MISSING} | | {command(named)} | | |"
    line = found[-1]
    verdict = "met" if target.met(line[target.figure]) else "**missed**"
    value = told(line[target.figure], named)
    return f"| {named.words} | {wanted} | {value} | {verdict} | {command(named)} | {line['date']} | {line['machine']} |"


def peers(lines: Sequence[Line]) -> list[str]:
    """Every line of a scenario in which others were measured, ours too; a dash where a figure has no meaning."""
    compared = {line["scenario"] for line in lines if line["subject"] != OURS}
    rows = []
    for line in lines:
        if line["scenario"] not in compared:
            continue
        begin = f"| {line['scenario']} | {line['subject']} |"
        if reason := line.get("missing"):
            rows.append(f"{begin} {MISSING}: {reason} |{' |' * (len(PEERS_SHOW) - 1)} {line['date']} |")
            continue
        shown = [number(line[name]) if line.get(name) else "–" for name in PEERS_SHOW]
        rows.append(f"{begin} {' | '.join(shown)} | {line['date']} |")
    return rows


def tables(lines: Sequence[Line]) -> str:
    head = ["| figure | target | measured | | command | date | machine |", "|---|---|---|---|---|---|---|"]
    ours = [row(target, lines) for target in TARGETS]
    beside = peers(lines)
    names = " | ".join(PEERS_SHOW)
    others = ["", "Beside others, in the same runs:", "", f"| scenario | subject | {names} | date |"]
    others += [f"|---|---|{'---|' * len(PEERS_SHOW)}---|", *beside]
    return "\n".join([*head, *ours, *(others if beside else ["", f"Beside others: {MISSING}."])])


def rendered(page: str, lines: Sequence[Line]) -> str:
    """The page with new tables. Raises MarkersMissing."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise MarkersMissing
    return f"{before}{BEGIN}\n\n{tables(lines)}\n\n{END}{after}"


def main() -> int:
    lines = [json.loads(line) for line in RESULTS.read_text().splitlines()] if RESULTS.exists() else []
    PAGE.write_text(rendered(PAGE.read_text(), lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
