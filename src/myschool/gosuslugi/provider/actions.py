"""What the provider does for a system: answers its authorization, redeems its code, opens data to its token."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import structlog

from myschool.esia import tokens
from myschool.esia.authorize import AuthorizeRequest, Refused, answer_url, denial
from myschool.esia.claims import CodeClaims, Subject
from myschool.esia.codes import issue_code
from myschool.esia.errors import EsiaRefusal
from myschool.esia.jws import UnverifiedToken
from myschool.esia.levels import may_enter
from myschool.esia.token_request import CodeGrant, judge_code, spent_code
from myschool.esia.token_request import Refused as TokenRefusal
from myschool.esia.tokens import ACCESS_LIFETIME, TokenResponse, VerifiedAccess
from myschool.gosuslugi.grants import actions as grants
from myschool.gosuslugi.grants.model import Answer, InformationSystem, UnknownSystem
from myschool.gosuslugi.people import actions as people
from myschool.gosuslugi.people.model import Person
from myschool.gosuslugi.provider import store
from myschool.gosuslugi.provider.keys import Parsed
from myschool.gosuslugi.provider.model import (
    REQUEST_LIFE,
    AccessDenied,
    Endpoint,
    NoSuchRequest,
    Organisation,
    Redemption,
    RefusalNote,
    account_level,
)
from myschool.kit import ids, journal
from myschool.kit.db import Tx
from myschool.kit.vault import Vault
from myschool.oidc.errors import TokenRefused

log = structlog.get_logger("esia")


async def find_system(tx: Tx, mnemonic: str | None) -> InformationSystem | None:
    try:
        return await grants.system(tx, mnemonic) if mnemonic else None
    except UnknownSystem:
        return None


async def note(
    tx: Tx, system: InformationSystem | None, endpoint: Endpoint, refusal: EsiaRefusal, trace: str, now: datetime
) -> None:
    """The reason stands in the log, and where a registered system erred, in its developer's list."""
    mnemonic = system.mnemonic if system else ""
    log.info("esia_refused", endpoint=endpoint, system=mnemonic, number=refusal.number, reason=refusal.developer_reason)
    if system is not None:
        reason = refusal.developer_reason
        await store.save_refusal(tx, RefusalNote(mnemonic, endpoint, refusal.number, reason, trace, now))


# -- authorization -----------------------------------------------------------------------------------------------------


async def keep_request(tx: Tx, request: AuthorizeRequest, now: datetime) -> str:
    """The key under which the judged request waits for sign-in and consent."""
    await store.forget_some(tx, now)
    key = ids.token()
    await store.save_request(tx, key, request, now + REQUEST_LIFE)
    return key


async def kept_request(tx: Tx, key: str, now: datetime) -> AuthorizeRequest:
    """Raises NoSuchRequest."""
    found = await store.load_request(tx, key, now)
    if found is None:
        raise NoSuchRequest
    return found


async def answer(
    tx: Tx,
    vault: Vault,
    person: Person,
    request: AuthorizeRequest,
    keys: Parsed,
    *,
    session: str,
    signed_in_at: datetime,
    asked_for: str | None,
    now: datetime,
) -> str | Refused | None:
    """The URL that carries the code back; a refusal; or None when the person must be asked first.

    `asked_for` is the key of a request that waited: its question may have been answered with «Отказать».
    """
    level = account_level(person)
    if not may_enter(request.person_filter, level):
        return denial(request, "007055", f"person_filter lets no {level.name} account in")
    grant = await grants.live_grant(tx, vault, person.id, request.mnemonic, now)
    scopes = grants.granted(person, grant, request.scopes, now)
    if scopes is None:
        said = await grants.answer_to(tx, asked_for, person.id) if asked_for else None
        return denial(request, "007004", "the person refused") if said is Answer.REFUSED else None
    subject = Subject(person.oid, level, signed_in_at, session)
    return answer_url(request, issue_code(keys.provider, request, scopes, subject, now))


# -- tokens ------------------------------------------------------------------------------------------------------------


async def redeem(tx: Tx, vault: Vault, grant: CodeGrant, keys: Parsed, now: datetime) -> TokenResponse | TokenRefusal:
    """The one exchange of a code. A second one takes back what the first one got (RFC 6749 §4.1.2)."""
    claims = judge_code(grant, keys.provider.issuer, keys.verifiers, now)
    if isinstance(claims, TokenRefusal):
        return claims
    subject = tokens.subject_of(claims)
    expires_at = datetime.fromtimestamp(claims.exp, tz=now.tzinfo)
    if not await store.redeem(tx, Redemption(claims.jti, grant.mnemonic, claims.sid, now, expires_at)):
        await store.mark_reused(tx, claims.jti, now)
        return spent_code(grant)
    try:
        person = await _standing(tx, vault, claims.sbj.oid, grant.mnemonic, claims.iat, now)
    except AccessDenied:
        return spent_code(grant)
    if not await store.session_stands(tx, claims.sid):
        return spent_code(grant)
    chain = people.chain_of(person.id)
    await journal.write(tx, chain, "system:entered", actor=chain, facts={"system": grant.mnemonic})
    return tokens.issue_tokens(keys.provider, grant.mnemonic, _scopes(claims), subject, grant.state, now)


def _scopes(claims: CodeClaims) -> Sequence[str]:
    return [word.partition("?")[0] for word in claims.scope.split()]


# -- data --------------------------------------------------------------------------------------------------------------


async def open_access(
    tx: Tx, vault: Vault, token: str, oid: str | None, keys: Parsed, now: datetime
) -> tuple[VerifiedAccess, Person]:
    """What the token opens of this person (None: of whomever it is about), as things stand now. Raises AccessDenied.

    A withdrawn grant, an ended session or a code used twice close it at once, though the token itself is still good.
    """
    try:
        access = tokens.verify_own_access_token(UnverifiedToken(token), keys.verifiers, keys.provider.issuer, now)
    except TokenRefused as error:
        raise AccessDenied(401, "invalid_token", error.reason) from error
    issued_at = access.expires_at - int(ACCESS_LIFETIME.total_seconds())
    person = await _standing(tx, vault, access.oid, access.mnemonic, issued_at, now)
    if not await store.token_stands(tx, access.session, access.mnemonic, issued_at):
        raise AccessDenied(401, "invalid_token", "session_ended")
    if oid is not None and str(access.oid) != oid:
        raise AccessDenied(403, "insufficient_scope", "other_person")
    return access, person


async def _standing(tx: Tx, vault: Vault, oid: int, mnemonic: str, issued_at: int, now: datetime) -> Person:
    """Whom a code or token is about, while the grant behind it stands."""
    person = await people.by_oid(tx, vault, oid)
    if person is None:
        raise AccessDenied(401, "invalid_token", "no_such_person")
    grant = await grants.live_grant(tx, vault, person.id, mnemonic, now)
    if grant is None or issued_at < int(grant.begun_at.timestamp()):
        raise AccessDenied(401, "invalid_token", "withdrawn")
    return person


# -- organisations -----------------------------------------------------------------------------------------------------


async def appoint(tx: Tx, role: Organisation) -> None:
    """Writes down what a person is in a legal entity."""
    await store.save_organisation(tx, role)


async def organisations_of(tx: Tx, person_id: UUID) -> list[Organisation]:
    return await store.organisations_of(tx, person_id)
