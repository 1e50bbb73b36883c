"""The two questions that a card is: its certificate, asked of ЗАГС, and the child's СНИЛС, asked of the Social Fund.

A card is confirmed only when both are. Of the СНИЛС nothing is told that could lead to its owner: a number that nobody
has and a number that belongs to somebody else are answered in the same words, and a single field is named only where
all the others agree.
"""

from dataclasses import dataclass

from myschool.gosuslugi.checks.model import CheckKind, CheckState, RegistryCheck
from myschool.papers.matching import Field

CERTIFICATE = CheckKind.BIRTH_CERTIFICATE
SNILS = CheckKind.SNILS
KINDS = (CERTIFICATE, SNILS)
DENIED = frozenset({CheckState.CONTRADICTED, CheckState.NOT_FOUND})


@dataclass(frozen=True)
class Questions:
    """The newest check of each kind; None: never asked. Cards of before the СНИЛС was asked about have no second."""

    certificate: RegistryCheck | None
    snils: RegistryCheck | None

    def of(self, kind: CheckKind) -> RegistryCheck | None:
        return self.certificate if kind is CERTIFICATE else self.snils

    @property
    def all(self) -> tuple[RegistryCheck | None, ...]:
        return self.certificate, self.snils

    @property
    def in_front(self) -> RegistryCheck | None:
        """The one of whose waiting the parent is told: the certificate until it is confirmed, then the СНИЛС."""
        return self.snils if is_confirmed(self.certificate) else self.certificate


def is_confirmed(check: RegistryCheck | None) -> bool:
    return check is not None and check.state is CheckState.CONFIRMED


def is_denied(check: RegistryCheck | None) -> bool:
    return check is not None and check.state in DENIED


def snils_field(check: RegistryCheck | None) -> Field:
    """What a parent is told to look at: the one field that differs, or the number itself when it is any more."""
    return check.differing[0] if check is not None and len(check.differing) == 1 else Field.SNILS
