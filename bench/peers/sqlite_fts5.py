"""SQLite FTS5 with its trigram tokenizer, ranked by bm25: trigrams are its way with misspelt words."""

import re
import sqlite3
from collections.abc import Sequence

from bench.peers import Peer, Row

_WORD = re.compile(r"\w+")
_SHORTEST = 3


def build(rows: Sequence[Row]) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE school USING fts5(ogrn UNINDEXED, text, tokenize='trigram')")
    connection.executemany("INSERT INTO school VALUES (?, ?)", ((row.ogrn, row.text) for row in rows))
    return connection


def find(connection: sqlite3.Connection, query: str, most: int) -> list[str]:
    words = _WORD.findall(query.lower().replace("ё", "е"))
    pieces = {word[at : at + _SHORTEST] for word in words for at in range(max(1, len(word) - _SHORTEST + 1))}
    asked = " OR ".join(f'"{piece}"' for piece in sorted(pieces) if len(piece) == _SHORTEST)
    if not asked:
        return []
    sql = "SELECT ogrn FROM school WHERE text MATCH ? ORDER BY bm25(school) LIMIT ?"
    return [ogrn for (ogrn,) in connection.execute(sql, (asked, most))]


PEER = Peer("SQLite FTS5 (trigram, bm25)", build, find)
