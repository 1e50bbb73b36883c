"""Parameters as they came: in order, doubled ones noticed, empty ones treated as absent (RFC 6749 §3.1)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from urllib.parse import urlencode

Pairs = Iterable[tuple[str, str]]

LONGEST_VALUE = 8192
"""Characters. An `id_token_hint` or ESIA's `permissions` are the longest honest values, about 2 000."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """A request's parameters. A doubled or unreadable name has no value here, so nobody uses one of two by accident."""

    values: Mapping[str, str] = field(repr=False)
    doubled: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()

    def get(self, name: str) -> str | None:
        return self.values.get(name)

    def __contains__(self, name: object) -> bool:
        return name in self.values


def read_parameters(pairs: Pairs) -> Parameters:
    """Doubled means: the name occurred twice, even with one value. Unreadable: a control character or too long."""
    listed = list(pairs)
    counts = Counter(name for name, _ in listed)
    doubled = tuple(sorted(name for name, count in counts.items() if count > 1))
    unreadable = tuple(sorted({name for name, value in listed if not _readable(value)}))
    dropped = {*doubled, *unreadable}
    values = {name: value for name, value in listed if value and name not in dropped}
    return Parameters(MappingProxyType(values), doubled, unreadable)


def _readable(value: str) -> bool:
    if len(value) > LONGEST_VALUE or "\ufffd" in value:  # U+FFFD is what a lenient decoder leaves of broken UTF-8
        return False
    return not any(ord(c) < 0x20 or ord(c) == 0x7F for c in value)


def with_parameters(uri: str, parameters: Mapping[str, str]) -> str:
    """Adds parameters to a registered URI without touching a byte of what stands there (RFC 6749 §3.1.2)."""
    if not parameters:
        return uri
    separator = "" if uri.endswith(("?", "&")) else "&" if "?" in uri else "?"
    return f"{uri}{separator}{urlencode(parameters)}"
