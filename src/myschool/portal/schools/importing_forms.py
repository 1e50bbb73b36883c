"""Which register a file is, by its beginning: the shared CSV, Rosobrnadzor's XML or ЕГРЮЛ's XML."""

import zlib
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path

from myschool.portal.schools.importing import Damage, FileDamaged, Line, Refusal, Source, opened, read_csv
from myschool.portal.schools.importing_accreditation import read_accreditation
from myschool.portal.schools.importing_egrul import read_egrul

Reader = Callable[[Source], Iterator[Line | Refusal]]
_BEGINNING = 4_096


class Form(StrEnum):
    CSV = "csv"
    ACCREDITATION = "accreditation"
    EGRUL = "egrul"


READERS: dict[Form, Reader] = {
    Form.CSV: read_csv,
    Form.ACCREDITATION: read_accreditation,
    Form.EGRUL: read_egrul,
}
_ROOTS = {b"<OpenData": Form.ACCREDITATION, b"<EGRUL": Form.EGRUL}
_FILE = ("<Файл".encode(), "<Файл".encode("cp1251"))


def form_of(path: Path) -> Form:
    """Raises FileDamaged: no such file, a broken archive, or XML of another kind."""
    with opened(path) as source:
        stream = next(source.streams(), None)
        if stream is None:
            raise FileDamaged(Damage.EMPTY, 0)
        try:
            beginning = stream.read(_BEGINNING)
        except (EOFError, OSError, zlib.error) as error:
            raise FileDamaged(Damage.BROKEN_ARCHIVE, 0, str(error)) from error
    if found := next((form for root, form in _ROOTS.items() if root in beginning), None):
        return found
    if any(root in beginning for root in _FILE):
        return Form.EGRUL
    if beginning.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        raise FileDamaged(Damage.UNKNOWN_FORM, 1)
    return Form.CSV


def reader_of(path: Path) -> Reader:
    """Raises FileDamaged."""
    return READERS[form_of(path)]
