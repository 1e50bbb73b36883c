"""Large XML files, one record at a time, with the line each record begins on.

Expat is driven directly: it tells lines, and no more than one record is ever held. Documents with a DTD are refused, so
no entity can be defined, expanded or fetched.
"""

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.parsers import expat

from myschool.portal.schools.importing import Damage, FileDamaged

_CHUNK = 256 * 1024
# A record larger than this is no record: a tag was never closed.
_LARGEST_RECORD = 8 * 1024 * 1024
_TRUNCATED = frozenset(
    (
        expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS],
        expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN],
        expat.errors.codes[expat.errors.XML_ERROR_PARTIAL_CHAR],
        expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION],
    )
)


@dataclass(slots=True)
class Node:
    """An element. `line` is where it begins, from 1."""

    tag: str
    attributes: dict[str, str]
    line: int
    text: str = ""
    children: list["Node"] = field(default_factory=list)

    def first(self, *path: str) -> "Node | None":
        """The first element on this path of tags."""
        node: Node | None = self
        for tag in path:
            node = next((child for child in node.children if child.tag == tag), None) if node else None
        return node

    def all(self, tag: str) -> list["Node"]:
        return [child for child in self.children if child.tag == tag]

    def text_of(self, *path: str) -> str:
        """Text of the first element there, spaces made single; empty when there is none."""
        node = self.first(*path)
        return " ".join(node.text.split()) if node else ""

    def attribute(self, name: str, *path: str) -> str:
        node = self.first(*path)
        return " ".join(node.attributes.get(name, "").split()) if node else ""


class _Reader:
    """Collects the elements of one tag, wherever they stand."""

    def __init__(self, record: str) -> None:
        self.record = record
        self.done: list[Node] = []
        self._open: list[Node] = []
        self._begins = 0
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._refuse

    @property
    def line(self) -> int:
        return self.parser.CurrentLineNumber

    def feed(self, chunk: bytes) -> list[Node]:
        """The records that ended in this chunk; an empty chunk is the end. Raises FileDamaged."""
        try:
            self.parser.Parse(chunk, not chunk)
        except expat.ExpatError as error:
            damage = Damage.BROKEN_OFF if error.code in _TRUNCATED else Damage.NOT_XML
            raise FileDamaged(damage, error.lineno, expat.ErrorString(error.code)) from error
        if self._open and self.parser.CurrentByteIndex - self._begins > _LARGEST_RECORD:
            raise FileDamaged(Damage.NOT_XML, self._open[0].line, "a record without an end")
        done, self.done = self.done, []
        return done

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if not self._open:
            if tag != self.record:
                return
            self._begins = self.parser.CurrentByteIndex
        node = Node(tag, attributes, self.line)
        if self._open:
            self._open[-1].children.append(node)
        self._open.append(node)

    def _end(self, _tag: str) -> None:
        if self._open:
            node = self._open.pop()
            if not self._open:
                self.done.append(node)

    def _text(self, text: str) -> None:
        if self._open:
            self._open[-1].text += text

    def _refuse(self, *_declared: object) -> None:
        raise FileDamaged(Damage.HAS_DTD, self.line)


def records(stream: BinaryIO, tag: str) -> Iterator[Node]:
    """Every element of this tag, in order. Raises FileDamaged, at the latest at the end of the file."""
    reader = _Reader(tag)
    seen = False
    while chunk := _read(stream, reader.line):
        seen = True
        yield from reader.feed(chunk)
    if not seen:
        raise FileDamaged(Damage.EMPTY, 0)
    yield from reader.feed(b"")


def _read(stream: BinaryIO, line: int) -> bytes:
    try:
        return stream.read(_CHUNK)
    except (EOFError, OSError, zlib.error, zipfile.BadZipFile) as error:
        raise FileDamaged(Damage.BROKEN_ARCHIVE, line, str(error)) from error
