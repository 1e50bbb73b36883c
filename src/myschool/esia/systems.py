"""What ESIA knows of an information system before it says a word."""

from dataclasses import dataclass, field
from datetime import timedelta

from myschool.esia.certificates import Certificate
from myschool.esia.timestamps import TOLERANCE


@dataclass(frozen=True, slots=True)
class InformationSystem:
    """«Информационная система», known by its «мнемоника», with the switches that are hers alone.

    `demands_pkce`: off only for a client that cannot; then a challenge may be absent, never plain.
    `takes_refresh_string_with_token`: whether variant b of the signed refresh string is taken beside a.
    """

    mnemonic: str
    redirect_uris: frozenset[str]
    scopes: frozenset[str]
    certificates: tuple[Certificate, ...] = field(repr=False)
    org_scopes: frozenset[str] = frozenset()
    may_go_offline: bool = False
    demands_pkce: bool = True
    takes_refresh_string_with_token: bool = False
    clock_tolerance: timedelta = TOLERANCE

    def certificate(self, hash_text: str) -> Certificate | None:
        return next((known for known in self.certificates if known.hash == hash_text), None)
