"""Invitation of a class: a link that fills in school and class, so that nobody has to search. Nothing is stored.

The link is signed and ends by itself. It opens nothing that is closed: whoever follows it still signs in and sends a
request, and the school still decides.
"""

import base64
import binascii
import hmac
import re
from dataclasses import dataclass
from datetime import date, timedelta

from myschool.kit.vault import Vault
from myschool.papers.errors import PaperRefused
from myschool.papers.numbers import Ogrn
from myschool.portal.roll.model import NoSuchClass, SchoolClass

PLACE = "invitation"
VALID_FOR = timedelta(days=90)
_SEAL_BYTES = 16
_SHAPE = re.compile(r"(?P<ogrn>\d{13})-(?P<grade>\d{1,2})(?P<letter>[А-ЯЁ]?)-(?P<until>\d{4}-\d\d-\d\d)")
_LONGEST_TOKEN = 120


class InvitationInvalid(Exception):
    """Not made here, or damaged on its way."""


class InvitationEnded(Exception):
    """`until` is past."""

    def __init__(self, until: date) -> None:
        super().__init__(until.isoformat())
        self.until = until


@dataclass(frozen=True)
class Invitation:
    """«Приглашение класса». `until`: the last day on which it opens."""

    school: Ogrn
    school_class: SchoolClass
    until: date


def new_invitation(school: Ogrn, school_class: SchoolClass, today: date) -> Invitation:
    return Invitation(school, school_class, today + VALID_FOR)


def token_of(invitation: Invitation, vault: Vault) -> str:
    """For an address: base64url without padding."""
    said = f"{invitation.school.digits}-{invitation.school_class}-{invitation.until.isoformat()}"
    return _as_text(vault.index(said, place=PLACE) + said.encode())


def _as_text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def read_token(token: str, vault: Vault, today: date) -> Invitation:
    """Raises InvitationInvalid, InvitationEnded."""
    seal, said = _parts(token)
    if not any(hmac.compare_digest(seal, own) for own in vault.indexes(said, place=PLACE)):
        raise InvitationInvalid
    found = _SHAPE.fullmatch(said)
    if found is None:
        raise InvitationInvalid
    try:
        school_class = SchoolClass(int(found["grade"]), found["letter"])
        invitation = Invitation(Ogrn.parse(found["ogrn"]), school_class, date.fromisoformat(found["until"]))
    except (PaperRefused, NoSuchClass, ValueError) as error:
        raise InvitationInvalid from error
    if invitation.until < today:
        raise InvitationEnded(invitation.until)
    return invitation


def _parts(token: str) -> tuple[bytes, str]:
    if len(token) > _LONGEST_TOKEN or not token.isascii():
        raise InvitationInvalid
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        said = raw[_SEAL_BYTES:].decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise InvitationInvalid from error
    # The decoder passes over foreign characters and spare bits in silence: one invitation, one text.
    if _as_text(raw) != token:
        raise InvitationInvalid
    return raw[:_SEAL_BYTES], said
