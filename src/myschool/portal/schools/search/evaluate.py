"""How good the search is on a file of queries: how often the right school is first, among five, among ten; and how
fast.

A line of the file is `{"query": …, "kind": …, "expected": [ogrn, …]}`; any of the expected is right.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from myschool.portal.schools.search.find import find
from myschool.portal.schools.search.index import Index

DEPTH = 10
ALL = "all"


class Query(msgspec.Struct, frozen=True):
    query: str
    kind: str
    expected: list[str]


class QueriesUnreadable(Exception):
    """A line is no query."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(f"line {line}: {why}")
        self.line = line
        self.why = why


@dataclass(slots=True)
class Quality:
    """Shares of queries; `mrr` is the mean of 1/rank, where a school beyond the tenth counts 0."""

    queries: int = 0
    first: float = 0.0
    among_five: float = 0.0
    among_ten: float = 0.0
    mrr: float = 0.0

    def add(self, rank: int | None) -> None:
        """`rank` from 1."""
        self.queries += 1
        if rank is not None:
            self.first += rank == 1
            self.among_five += rank <= 5
            self.among_ten += 1
            self.mrr += 1 / rank

    def shares(self) -> dict[str, float]:
        count = max(1, self.queries)
        return {
            "queries": self.queries,
            "R@1": round(self.first / count, 4),
            "R@5": round(self.among_five / count, 4),
            "R@10": round(self.among_ten / count, 4),
            "MRR": round(self.mrr / count, 4),
        }


@dataclass(frozen=True, slots=True)
class Miss:
    """A query whose school is not first; `rank` is None beyond the tenth."""

    query: str
    kind: str
    rank: int | None
    expected: tuple[str, ...]
    found: tuple[str, ...]


@dataclass(slots=True)
class Evaluation:
    kinds: dict[str, Quality] = field(default_factory=dict)
    misses: list[Miss] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        """Milliseconds that this share of the queries stays within."""
        ordered = sorted(self.milliseconds)
        return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 3) if ordered else 0.0

    def as_facts(self) -> dict[str, Any]:
        return {
            "quality": {kind: quality.shares() for kind, quality in self.kinds.items()},
            "ms": {name: self.percentile(share) for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))},
            "misses": [msgspec.to_builtins(miss) for miss in self.misses],
        }


def read_queries(path: Path) -> list[Query]:
    """Raises `QueriesUnreadable`."""
    return list(_queries(path))


def _queries(path: Path) -> Iterator[Query]:
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                try:
                    yield msgspec.json.decode(line, type=Query)
                except (msgspec.DecodeError, UnicodeDecodeError) as error:
                    raise QueriesUnreadable(number, str(error)) from error


TIMES = 3


def evaluate(index: Index, queries: Sequence[Query]) -> Evaluation:
    """One thread; every query once before, so that what is filled on first use is full when time is taken. The time of
    a query is its shortest of three: the longer ones hold the turns of other processes.
    """
    for query in queries:
        find(query.query, index)
    result = Evaluation(kinds={ALL: Quality()}, milliseconds=[float("inf")] * len(queries))
    for _ in range(TIMES):
        for place, query in enumerate(queries):
            begun = time.perf_counter()
            find(query.query, index, most=DEPTH)
            spent = 1000 * (time.perf_counter() - begun)
            result.milliseconds[place] = min(result.milliseconds[place], spent)
    for query in queries:
        _judge(result, query, index)
    result.kinds = {kind: result.kinds[kind] for kind in [ALL, *sorted(result.kinds.keys() - {ALL})]}
    return result


def _judge(result: Evaluation, query: Query, index: Index) -> None:
    found = tuple(hit.ogrn for hit in find(query.query, index, most=DEPTH))
    rank = next((place for place, ogrn in enumerate(found, 1) if ogrn in query.expected), None)
    result.kinds[ALL].add(rank)
    result.kinds.setdefault(query.kind, Quality()).add(rank)
    if rank != 1:
        result.misses.append(Miss(query.query, query.kind, rank, tuple(query.expected), found))
