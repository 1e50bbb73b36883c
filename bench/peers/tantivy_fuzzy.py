"""tantivy: each word exact, as a beginning and with one slip, then the best hundred reranked by rapidfuzz."""

import re
from collections.abc import Sequence
from typing import Any

import tantivy
from rapidfuzz import fuzz

from bench.peers import Peer, Row

_WORD = re.compile(r"\w+")
_RERANKED = 100
_SHORTEST_FUZZY = 4


def build(rows: Sequence[Row]) -> Any:
    schema = tantivy.SchemaBuilder()
    schema.add_text_field("text", stored=True, tokenizer_name="default")
    schema.add_text_field("ogrn", stored=True, tokenizer_name="raw")
    index = tantivy.Index(schema.build())
    writer = index.writer(64_000_000, 1)
    for row in rows:
        writer.add_document(tantivy.Document(text=row.text, ogrn=row.ogrn))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return index


def find(index: Any, query: str, most: int) -> list[str]:
    plain = query.lower().replace("ё", "е")
    parts = []
    for word in _WORD.findall(plain):
        term = tantivy.Query.term_query(index.schema, "text", word)
        parts.append((tantivy.Occur.Should, tantivy.Query.boost_query(term, 2.0)))
        if len(word) >= _SHORTEST_FUZZY and not word.isdecimal():
            near = tantivy.Query.fuzzy_term_query(index.schema, "text", word, 1, True, True)
            parts.append((tantivy.Occur.Should, near))
    if not parts:
        return []
    searcher = index.searcher()
    hits = searcher.search(tantivy.Query.boolean_query(parts), _RERANKED).hits
    found = [searcher.doc(address) for _, address in hits]
    found.sort(key=lambda one: -fuzz.token_set_ratio(plain, one.get_first("text")))
    return [one.get_first("ogrn") for one in found[:most]]


PEER = Peer("tantivy (fuzzy + rerank)", build, find)
