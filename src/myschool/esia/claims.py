"""The claims of code, access_token and id_token, letter by letter, and the subject that stands behind them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from myschool.esia.certificates import KeyPair
from myschool.esia.levels import AccountLevel, SignInMethod


@dataclass(frozen=True, slots=True)
class Provider:
    """`issuer` as ESIA writes it: see `issuer_of`. `keys` signs for systems that take this algorithm."""

    issuer: str
    keys: KeyPair


def issuer_of(host: str) -> str:
    """`http://HOST/`: http and a trailing slash, although the site is https. `host` may carry a port."""
    return f"http://{host}/"


@dataclass(frozen=True, slots=True)
class Subject:
    """The person as signed in: `oid` is the number of the account, `session` 64 hex digits that tell nothing."""

    oid: int
    level: AccountLevel
    authenticated_at: datetime
    session: str = field(repr=False)
    method: SignInMethod = SignInMethod.PASSWORD


def scopes_with_oid(scopes: Iterable[str], oid: int) -> str:
    """`fullname?oid=1000299654 … openid`: every scope names whose data, `openid` alone does not."""
    return " ".join(scope if scope == "openid" else f"{scope}?oid={oid}" for scope in scopes)


def scopes_for_oid(text: str, oid: int) -> frozenset[str]:
    """The scopes in `text` that are about this account; those of another are passed over."""
    named = (word.partition("?oid=") for word in text.split())
    return frozenset(scope for scope, _, whose in named if whose == str(oid) or (scope == "openid" and not whose))


class SubjectClaim(msgspec.Struct, frozen=True, omit_defaults=True):
    """`urn:esia:sbj`. `is_tru` is absent, not false, when the account is not confirmed."""

    oid: int = msgspec.field(name="urn:esia:sbj:oid")
    typ: str = msgspec.field(name="urn:esia:sbj:typ")
    nam: str | None = msgspec.field(name="urn:esia:sbj:nam", default=None)
    is_tru: bool | None = msgspec.field(name="urn:esia:sbj:is_tru", default=None)
    lvl: AccountLevel | None = msgspec.field(name="urn:esia:sbj:lvl", default=None)


def subject_claim(subject: Subject) -> SubjectClaim:
    confirmed = True if subject.level is AccountLevel.CONFIRMED else None
    return SubjectClaim(oid=subject.oid, typ="P", nam=f"OID.{subject.oid}", is_tru=confirmed, lvl=subject.level)


class CodeClaims(msgspec.Struct, frozen=True, omit_defaults=True):
    """The code's own claims: which ones ESIA writes is unknown; these are ours, in ESIA's manner."""

    nbf: int
    scope: str
    auth_time: int
    iss: str
    sid: str = msgspec.field(name="urn:esia:sid")
    sbj: SubjectClaim = msgspec.field(name="urn:esia:sbj")
    amd: SignInMethod = msgspec.field(name="urn:esia:amd")
    client_id: str
    redirect_uri: str
    access_type: str
    exp: int
    iat: int
    jti: str
    scope_org: str = ""
    code_challenge: str | None = None

    def __repr__(self) -> str:
        return f"CodeClaims(jti={self.jti!r}, client_id={self.client_id!r})"


class AccessClaims(msgspec.Struct, frozen=True):
    nbf: int
    scope: str
    iss: str
    sid: str = msgspec.field(name="urn:esia:sid")
    sbj_id: int = msgspec.field(name="urn:esia:sbj_id")
    exp: int
    iat: int
    client_id: str

    def __repr__(self) -> str:
        return f"AccessClaims(client_id={self.client_id!r})"


class IdentityClaims(msgspec.Struct, frozen=True):
    aud: str | list[str]
    sub: int
    nbf: int
    amr: SignInMethod
    auth_time: int
    exp: int
    iat: int
    iss: str
    sid: str = msgspec.field(name="urn:esia:sid")
    amd: SignInMethod = msgspec.field(name="urn:esia:amd")
    sbj: SubjectClaim = msgspec.field(name="urn:esia:sbj")

    def __repr__(self) -> str:
        return f"IdentityClaims(aud={self.aud!r})"
