"""School search: how often the right school is found, how fast, how it grows, and how others do on the same schools.

    python -m bench.school_search [--table FILE …] [--queries FILE …] [--sample 60] [--no-peers] [--no-growth]

`schools.quality` and `schools.search` are taken over all queries; the time of a query is its shortest of three. Peers
answer a sample of the queries (its size stands in each line), since the slowest take seconds for one. `cpu_p99_ms` is
processor time of the thread, which a busy machine does not change; `p50_ms` and `p99_ms` are time on the wall. With
`schools_generated.csv.gz` beside the shipped register nothing is invented; alone it is enlarged to `--size`.
"""

import argparse
import asyncio
import os
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.measure import Measured, percentile, report
from bench.peers import Peer, Row, fuzzy, pg_trgm, row_of, sqlite_fts5, tantivy_fuzzy
from bench.peers.distractors import enlarged
from myschool.portal.schools.commands import schools_of
from myschool.portal.schools.data import SHIPPED
from myschool.portal.schools.model import School
from myschool.portal.schools.search.build import build
from myschool.portal.schools.search.evaluate import ALL, DEPTH, Quality, Query, evaluate, read_queries
from myschool.portal.schools.search.find import find
from myschool.portal.schools.search.index import Index

SECOND = Path("tests/portal/schools/queries/second.jsonl")
SEED = 7
GROWTH = (10_000, 100_000, 300_000)
SMALLEST = GROWTH[0]
PEERS = (tantivy_fuzzy.PEER, sqlite_fts5.PEER, fuzzy.PEER)


def ours(schools: Sequence[School], queries: Sequence[Query]) -> Index:
    with Measured([os.getpid()], with_children=False) as built:
        index = build(schools)
    size = round(len(index.to_bytes()) / 1e6, 1)
    report("schools.build", "myschool", ops=len(schools), measured=built, index_mb=size, schools=len(schools))
    with Measured([os.getpid()], with_children=False) as measured:
        result = evaluate(index, queries)
        spent = [_processor_ms(lambda query=query: find(query.query, index)) for query in queries]
    measured.latencies = [one / 1000 for one in result.milliseconds]
    more = {"cpu_p50_ms": round(percentile(spent, 0.5), 3), "cpu_p99_ms": round(percentile(spent, 0.99), 3)}
    report("schools.search", "myschool", ops=6 * len(queries), measured=measured, schools=index.size, **more)
    kinds = {kind: _shares(quality)["r5"] for kind, quality in result.kinds.items() if kind != ALL}
    shares = _shares(result.kinds[ALL]) | {"worst_kind_r5": min(kinds.values()), "kinds_r5": kinds}
    report("schools.quality", "myschool", ops=len(queries), measured=Measured([]), **shares)
    return index


def _processor_ms(work: Callable[[], object]) -> float:
    begun = time.thread_time()
    work()
    return 1000 * (time.thread_time() - begun)


def _shares(quality: Quality) -> dict[str, float]:
    shares = quality.shares()
    return {"r1": shares["R@1"], "r5": shares["R@5"], "r10": shares["R@10"], "mrr": shares["MRR"]}


def peer(one: Peer, rows: Sequence[Row], queries: Sequence[Query]) -> None:
    begun = time.perf_counter()
    built = one.build(rows)
    seconds = round(time.perf_counter() - begun, 1)
    quality = Quality()
    with Measured([os.getpid()], with_children=False) as measured:
        for query in queries:
            with measured.timed():
                found = one.find(built, query.query, DEPTH)
            _judge(quality, query, found)
    shares = _shares(quality)
    report(
        "schools.peers", one.name, ops=len(queries), measured=measured, sample=len(queries), built_s=seconds, **shares
    )


def _found(index: Index, query: str, most: int) -> list[str]:
    return [hit.ogrn for hit in find(query, index, most=most)]


def _judge(quality: Quality, query: Query, found: Sequence[str]) -> None:
    quality.add(next((place for place, ogrn in enumerate(found, 1) if ogrn in query.expected), None))


async def trigrams(rows: Sequence[Row], queries: Sequence[Query]) -> None:
    try:
        server = pg_trgm.Server()
    except pg_trgm.NotHere:
        report("schools.peers", pg_trgm.NAME, ops=0, measured=Measured([]), missing="no PostgreSQL with pg_trgm here")
        return
    try:
        connection = await server.connect()
        begun = time.perf_counter()
        await pg_trgm.fill(connection, rows)
        seconds = round(time.perf_counter() - begun, 1)
        pid = int((server.home / "data" / "postmaster.pid").read_text().split()[0])
        quality = Quality()
        with Measured([pid]) as measured:
            for query in queries:
                with measured.timed():
                    found = await pg_trgm.ask(connection, query.query, DEPTH)
                _judge(quality, query, found)
        await connection.close()
        more = {"sample": len(queries), "built_s": seconds, **_shares(quality)}
        report("schools.peers", pg_trgm.NAME, ops=len(queries), measured=measured, **more)
    finally:
        server.close()


def growth(schools: Sequence[School], queries: Sequence[Query]) -> None:
    for size in GROWTH:
        _grown(list(schools), size, queries)


def _grown(schools: Sequence[School], size: int, queries: Sequence[Query]) -> None:
    with Measured([os.getpid()], with_children=False) as measured:
        begun = time.process_time()
        index = build(enlarged(schools, size))
        built = round(time.process_time() - begun, 1)
        spent = [_processor_ms(lambda query=query: find(query.query, index)) for query in [*queries, *queries]]
    measured.latencies = [one / 1000 for one in spent[len(queries) :]]
    more = {"schools": index.size, "built_cpu_s": built, "index_mb": round(len(index.to_bytes()) / 1e6, 1)}
    report("schools.growth", "myschool", ops=len(queries), measured=measured, **more)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--table", type=Path, nargs="+", default=[SHIPPED])
    parser.add_argument("--size", type=int, default=102_389, help="invented schools are added up to this many")
    parser.add_argument("--queries", type=Path, nargs="+", default=[SECOND])
    parser.add_argument("--sample", type=int, default=60, help="queries a peer answers")
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--no-growth", action="store_true")
    arguments = parser.parse_args()
    real = list(schools_of(arguments.table))
    schools = list(enlarged(real, arguments.size))
    queries = [query for path in arguments.queries for query in read_queries(path)]
    index = ours(schools, queries)
    sample = random.Random(SEED).sample(queries, min(arguments.sample, len(queries)))
    if not arguments.no_peers:
        same = Peer(
            "myschool", lambda _: index, lambda built, query, most: [h.ogrn for h in find(query, built, most=most)]
        )
        rows = [row_of(school) for school in schools]
        for one in (same, *PEERS):
            peer(one, rows, sample)
        asyncio.run(trigrams(rows, sample))
    if not arguments.no_growth:
        growth(real[:SMALLEST], sample)


if __name__ == "__main__":
    main()
