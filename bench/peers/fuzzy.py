"""rapidfuzz alone: the query against every school, token by token, in C."""

from collections.abc import Sequence

from rapidfuzz import fuzz, process

from bench.peers import Peer, Row


def build(rows: Sequence[Row]) -> tuple[list[str], list[str]]:
    return [row.text for row in rows], [row.ogrn for row in rows]


def find(built: tuple[list[str], list[str]], query: str, most: int) -> list[str]:
    texts, ogrns = built
    found = process.extract(query.lower().replace("ё", "е"), texts, scorer=fuzz.token_set_ratio, limit=most)
    return [ogrns[place] for _, _, place in found]


PEER = Peer("rapidfuzz (token_set_ratio over all)", build, find)
