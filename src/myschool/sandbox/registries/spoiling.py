"""Copies of an answer as a bad day sends them."""

from collections.abc import Callable, Mapping
from uuid import UUID

import msgspec

from myschool.kit.ids import new_id
from myschool.sandbox.registries.model import Manner
from myschool.sandbox.registries.wire import Answered, NoRecord

Spoil = Callable[[Answered, UUID | None], bytes]


def body(answered: Answered, manner: Manner, another: UUID | None = None) -> bytes:
    """The copy's bytes; `another` is the number of some other question."""
    return _SPOILT[manner](answered, another)


def _plain(answered: Answered, _another: UUID | None) -> bytes:
    return msgspec.json.encode(answered)


def _half(answered: Answered, another: UUID | None) -> bytes:
    whole = _plain(answered, another)
    return whole[: len(whole) // 2]


def _wrong_field(answered: Answered, another: UUID | None) -> bytes:
    said = msgspec.json.decode(_plain(answered, another))
    said["evidence"] = {"type": "compared", "findings": [{"field": "shoe_size", "how": "equal"}]}
    return msgspec.json.encode(said)


def _wrong_reference(answered: Answered, another: UUID | None) -> bytes:
    return _plain(msgspec.structs.replace(answered, id=new_id()), another)


def _other_child(answered: Answered, another: UUID | None) -> bytes:
    return _plain(msgspec.structs.replace(answered, request_id=another or new_id()), another)


def _contrary(answered: Answered, another: UUID | None) -> bytes:
    return _plain(msgspec.structs.replace(answered, evidence=NoRecord()), another)


_SPOILT: Mapping[Manner, Spoil] = {
    Manner.PLAIN: _plain,
    Manner.HALF: _half,
    Manner.WRONG_FIELD: _wrong_field,
    Manner.WRONG_REFERENCE: _wrong_reference,
    Manner.OTHER_CHILD: _other_child,
    Manner.CONTRARY: _contrary,
}
