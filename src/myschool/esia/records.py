"""The records of the data API as they stand on the wire. Absent is `UNSET`, never null; dates are `dd.MM.yyyy`.

Structs are the wire's own shape, in both directions: the provider writes what `visible_…` leaves of them, the client
reads them with `read_record`. Unknown fields are passed over, since ESIA adds some every year.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Generic, TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from myschool.esia.jws import escaped_json
from myschool.esia.scopes import (
    ADDRESS_SCOPES,
    CHILD_DOCUMENT_TYPES,
    CHILD_FIELDS,
    CONTACT_TYPES,
    DOCUMENT_TYPES,
    PERSON_FIELDS,
    opened_by,
)

T = TypeVar("T")


class Verified(StrEnum):
    """`vrfStu`."""

    VERIFIED = "VERIFIED"
    NOT_VERIFIED = "NOT_VERIFIED"


class Record(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True, kw_only=True):
    """What every record shares. `repr` shows no field: they are personal data."""

    state_facts: list[str] | UnsetType = UNSET
    e_tag: str | UnsetType = UNSET

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"


class Collection(msgspec.Struct, Generic[T], frozen=True, rename="camel", omit_defaults=True):
    """`elements` are URLs, or the records themselves where `embed` asked for them."""

    state_facts: list[str]
    size: int
    elements: list[T]
    e_tag: str | UnsetType = UNSET

    def __repr__(self) -> str:
        return f"Collection(size={self.size})"


class ContactRecord(Record, frozen=True, kw_only=True):
    """`type`: EML, MBT (mobile), PHN. Phones as `+7(NNN)NNNNNNN`. `verifyingValue` waits for its code."""

    id: int
    type: str
    vrf_stu: Verified
    value: str
    vrf_val_stu: str | UnsetType = UNSET
    verifying_value: str | UnsetType = UNSET
    is_cfm_code_expired: bool | UnsetType = UNSET


class AddressRecord(Record, frozen=True, kw_only=True):
    """`type`: PLV where the person lives, PRG where he is registered."""

    id: int | UnsetType = UNSET
    type: str
    address_str: str | UnsetType = UNSET
    region: str | UnsetType = UNSET
    city: str | UnsetType = UNSET
    district: str | UnsetType = UNSET
    settlement: str | UnsetType = UNSET
    street: str | UnsetType = UNSET
    house: str | UnsetType = UNSET
    frame: str | UnsetType = UNSET
    building: str | UnsetType = UNSET
    flat: str | UnsetType = UNSET
    zip_code: str | UnsetType = UNSET
    country_id: str | UnsetType = UNSET
    fias_code: str | UnsetType = UNSET


class DocumentRecord(Record, frozen=True, kw_only=True):
    """`type`: RF_PASSPORT, RF_BRTH_CERT, FID_BRTH_CERT, OLD_BRTH_CERT …; `actNo`, `actDate`: the birth record."""

    id: int
    type: str
    vrf_stu: Verified
    series: str | UnsetType = UNSET
    number: str | UnsetType = UNSET
    issue_date: str | UnsetType = UNSET
    issue_id: str | UnsetType = UNSET
    issued_by: str | UnsetType = UNSET
    act_no: str | UnsetType = UNSET
    act_date: str | UnsetType = UNSET


class ChildRecord(Record, frozen=True, kw_only=True):
    """`gender`: M or F. Documents stand inline.

    `onlyReads` is ours, ESIA has no such word: the adult sees the child and may not act for it.
    """

    id: int
    first_name: str | UnsetType = UNSET
    middle_name: str | UnsetType = UNSET
    last_name: str | UnsetType = UNSET
    birth_date: str | UnsetType = UNSET
    gender: str | UnsetType = UNSET
    snils: str | UnsetType = UNSET
    inn: str | UnsetType = UNSET
    documents: Collection[DocumentRecord] | UnsetType = UNSET
    only_reads: bool | UnsetType = UNSET


class OrganisationRecord(Record, frozen=True, kw_only=True):
    """`chief`: the person heads the legal entity."""

    oid: int
    prn_oid: int | UnsetType = UNSET
    full_name: str | UnsetType = UNSET
    short_name: str | UnsetType = UNSET
    ogrn: str | UnsetType = UNSET
    type: str | UnsetType = UNSET
    chief: bool | UnsetType = UNSET
    admin: bool | UnsetType = UNSET
    phone: str | UnsetType = UNSET
    email: str | UnsetType = UNSET
    active: bool | UnsetType = UNSET


class PersonRecord(Record, frozen=True, kw_only=True):
    """`/rs/prns/{oid}`. `trusted`: a confirmed account; `updatedOn`: epoch seconds; `rIdDoc`: its id in `/docs`.

    `verifying`: the data are being checked. `verifyingUntil` is ours, ESIA has no such word: the last day of a child's
    provisional account.
    """

    first_name: str | UnsetType = UNSET
    last_name: str | UnsetType = UNSET
    middle_name: str | UnsetType = UNSET
    birth_date: str | UnsetType = UNSET
    birth_place: str | UnsetType = UNSET
    gender: str | UnsetType = UNSET
    trusted: bool | UnsetType = UNSET
    citizenship: str | UnsetType = UNSET
    snils: str | UnsetType = UNSET
    inn: str | UnsetType = UNSET
    updated_on: int | UnsetType = UNSET
    status: str | UnsetType = UNSET
    verifying: bool | UnsetType = UNSET
    verifying_until: str | UnsetType = UNSET
    r_id_doc: int | UnsetType = UNSET
    contains_up_cfm_code: bool | UnsetType = UNSET
    kid_acc_created_by_parent: bool | UnsetType = UNSET
    contacts: Collection[ContactRecord] | UnsetType = UNSET
    addresses: Collection[AddressRecord] | UnsetType = UNSET
    documents: Collection[DocumentRecord] | UnsetType = UNSET
    kids: Collection[ChildRecord] | UnsetType = UNSET
    organizations: Collection[OrganisationRecord] | UnsetType = UNSET


_GATED_PERSON_FIELDS = frozenset[str]().union(*PERSON_FIELDS.values())
_GATED_CHILD_FIELDS = frozenset[str]().union(*CHILD_FIELDS.values())
_EMBEDDED = ("contacts", "addresses", "documents", "kids", "organizations")

R = TypeVar("R", bound=Record)


def _without(record: R, hidden: Iterable[str]) -> R:
    return msgspec.structs.replace(record, **dict.fromkeys(hidden, UNSET))


def visible_person(record: PersonRecord, scopes: frozenset[str]) -> PersonRecord:
    """Without every field whose scope was not granted. Collections are taken out: put the visible ones in yourself."""
    return _without(record, (_GATED_PERSON_FIELDS - opened_by(PERSON_FIELDS, scopes)).union(_EMBEDDED))


def visible_contacts(records: Sequence[ContactRecord], scopes: frozenset[str]) -> list[ContactRecord] | None:
    """None: no granted scope is about contacts, answer 403."""
    types = opened_by(CONTACT_TYPES, scopes)
    return [record for record in records if record.type in types] if types else None


def visible_addresses(records: Sequence[AddressRecord], scopes: frozenset[str]) -> list[AddressRecord] | None:
    """None: answer 403."""
    return list(records) if scopes & ADDRESS_SCOPES else None


def visible_documents(records: Sequence[DocumentRecord], scopes: frozenset[str]) -> list[DocumentRecord] | None:
    """None: no granted scope is about documents, answer 403."""
    types = opened_by(DOCUMENT_TYPES, scopes)
    return [record for record in records if record.type in types] if types else None


def visible_children(records: Sequence[ChildRecord], scopes: frozenset[str]) -> list[ChildRecord] | None:
    """None: no granted scope is about children, answer 403."""
    fields, types = opened_by(CHILD_FIELDS, scopes), opened_by(CHILD_DOCUMENT_TYPES, scopes)
    if not fields and not types:
        return None
    return [_visible_child(record, fields, types) for record in records]


def _visible_child(record: ChildRecord, fields: frozenset[str], types: frozenset[str]) -> ChildRecord:
    shown = _without(record, _GATED_CHILD_FIELDS - fields)
    if not types or isinstance(record.documents, UnsetType):
        return _without(shown, ("documents",))
    documents = [document for document in record.documents.elements if document.type in types]
    return msgspec.structs.replace(shown, documents=collection(documents))


def visible_organisations(
    records: Sequence[OrganisationRecord], scopes: frozenset[str]
) -> list[OrganisationRecord] | None:
    """None: answer 403."""
    return list(records) if "usr_org" in scopes else None


def collection(elements: Sequence[T]) -> Collection[T]:
    """Of records (embedded) or of URLs, with an eTag over what is in it."""
    return Collection(["hasSize"], len(elements), list(elements), etag_of(elements))


def etag_of(value: object) -> str:
    """40 upper-case hex digits that change with the content; how ESIA makes its own is unknown."""
    return hashlib.sha256(msgspec.json.encode(value)).hexdigest()[:40].upper()


_EMBED = re.compile(r"\(([A-Za-z0-9.,_-]*)\)\Z")


def read_embed(text: str | None) -> frozenset[str]:
    """`(contacts.elements,kids.elements-1)` → contacts, kids; `(elements)` → elements; nonsense → nothing."""
    found = _EMBED.match(text or "")
    words = found.group(1).split(",") if found else []
    return frozenset(word.partition("-")[0].removesuffix(".elements") for word in words if word)


def write_record(record: Record | Collection[T]) -> bytes:
    """JSON as ESIA writes it, slashes escaped."""
    return escaped_json(record)


def read_record(body: bytes, shape: type[T]) -> T:
    """Raises `ValueError` (`msgspec.DecodeError`) when the body is not of that shape."""
    return msgspec.json.decode(body, type=shape)
