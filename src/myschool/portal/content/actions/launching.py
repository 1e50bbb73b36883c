"""One click: a launch begins here, the platform asks, gets a code, redeems it, and may ask again for what it got.

Each step judges the entitlement anew, so what ended a second ago opens nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from myschool.kit import agenda, journal
from myschool.kit.db import Tx
from myschool.kit.ids import new_id
from myschool.kit.vault import Vault
from myschool.oidc.authentication import authenticate
from myschool.oidc.authorization import AuthorizationRequest, answer_url
from myschool.oidc.codes import AuthorizationCode, new_code, seal_code
from myschool.oidc.errors import InvalidGrant, InvalidToken
from myschool.oidc.exchange import judge_code_exchange, read_token_request
from myschool.oidc.initiation import initiation_url
from myschool.oidc.pairwise import pairwise_subject
from myschool.oidc.parameters import Pairs
from myschool.oidc.tokens import (
    ACCESS_TOKEN_LIFETIME,
    Issuer,
    TokenResponse,
    issue_tokens,
    userinfo_claims,
    verify_own_access_token,
)
from myschool.portal.content.actions import catalogue, entitling
from myschool.portal.content.keys import Parsed
from myschool.portal.content.model import (
    CLAIM_NAMES,
    LAUNCH_WITHIN,
    LAUNCHING,
    Channel,
    Claim,
    Entitlement,
    EntitlementState,
    Launch,
    LaunchDue,
    LearningPlatform,
    LedgerEntry,
    NotActive,
    PairwiseSubject,
    Pupil,
    Redemption,
)
from myschool.portal.content.store import catalogue as catalogue_store
from myschool.portal.content.store import codes
from myschool.portal.content.store import entitlements as store
from myschool.portal.people import actions as people
from myschool.portal.schools import actions as schools

ROLE = "learner"
USERINFO = "/oidc/userinfo"
TOKEN = "/oidc/token"  # noqa: S105 - a path


@dataclass(frozen=True)
class Provider:
    """The portal as platforms know it."""

    origin: str
    keys: Parsed

    @property
    def resource(self) -> str:
        return self.origin + USERINFO

    @property
    def issuer(self) -> Issuer:
        return Issuer(self.origin, self.keys.signing, self.resource)


# -- at the portal -----------------------------------------------------------------------------------------------------


async def begin_launch(
    tx: Tx, vault: Vault, person_id: UUID, platform: LearningPlatform, origin: str, now: datetime
) -> str:
    """The address at the platform that begins sign-in there (OIDC Core §4). Raises NotActive."""
    await _entitled(tx, await entitling.pupil(tx, vault, person_id, now), platform, now)
    assert platform.client is not None
    assert platform.client.initiate_login_uri is not None
    begun = Launch(new_id(), person_id, platform.id, now)
    await store.add_launch(tx, begun)
    await agenda.put(tx, LaunchDue(launch_id=begun.id), due_at=now + LAUNCH_WITHIN)
    chain = f"person:{person_id}"
    await journal.write(tx, chain, "launch:begun", actor=chain, facts={"platform": platform.slug})
    return initiation_url(platform.client.initiate_login_uri, origin)


async def answer(
    tx: Tx,
    vault: Vault,
    provider: Provider,
    request: AuthorizationRequest,
    platform: LearningPlatform,
    person_id: UUID,
    signed_in_at: datetime,
    now: datetime,
) -> str:
    """The address at the platform that carries the code. Raises NotActive.

    The moment of the sign-in is told only where `max_age` asks for it (then the page has demanded a sign-in for this
    very request): one moment told to two platforms would match their pupils.
    """
    await _entitled(tx, await entitling.pupil(tx, vault, person_id, now), platform, now)
    told = None if request.max_age is None else signed_in_at
    code = new_code(request, str(person_id), told, now)
    return answer_url(request, seal_code(code, provider.keys.sealing(now)[0]), provider.origin)


async def on_launch_due(tx: Tx, due: LaunchDue, now: datetime) -> None:
    """A launch that did not arrive is the platform's error, until the next one does."""
    begun = await store.load_launch(tx, due.launch_id)
    if begun is None or begun.arrived_at is not None:
        return
    held = await store.hold_for_update(tx, begun.person_id, begun.platform_id, now)
    if held.state is EntitlementState.ACTIVE:
        failed = held.moved(EntitlementState.PLATFORM_ERROR, until=held.until)
        await store.save_entitlement(tx, failed, now)


async def _entitled(tx: Tx, pupil: Pupil, platform: LearningPlatform, now: datetime) -> Entitlement:
    found = (await entitling.offer(tx, pupil, platform, now)).entitlement
    if found.state not in LAUNCHING:
        raise NotActive(found)
    return found


# -- at the token endpoint ---------------------------------------------------------------------------------------------


async def redeem(
    tx: Tx, vault: Vault, provider: Provider, form: Pairs, authorization: str | None, now: datetime
) -> TokenResponse:
    """The one exchange of a code. A second one takes back what the first one got (RFC 6749 §4.1.2).

    Raises a ProtocolError; the transaction is to be committed all the same.
    """
    request = read_token_request(form, authorization)
    platform = await catalogue.find_by_client(tx, request.claim.client_id)
    client = authenticate(request.claim, platform.client if platform else None, {provider.origin + TOKEN}, now)
    code = judge_code_exchange(request, client, provider.keys.sealing(now), now)
    assert platform is not None
    person_id = UUID(code.subject)
    ends = datetime.fromtimestamp(code.expires_at, UTC) + ACCESS_TOKEN_LIFETIME
    if not await codes.redeem(tx, Redemption(code.jti, person_id, platform.id, now, ends)):
        await codes.mark_reused(tx, code.jti, now)
        raise InvalidGrant("the code is not valid", f"code {code.jti} was used before")
    return await _issued(tx, vault, provider, platform, code, person_id, now)


async def _issued(
    tx: Tx,
    vault: Vault,
    provider: Provider,
    platform: LearningPlatform,
    code: AuthorizationCode,
    person_id: UUID,
    now: datetime,
) -> TokenResponse:
    pupil = await entitling.pupil(tx, vault, person_id, now)
    try:
        held = await _entitled(tx, pupil, platform, now)
    except NotActive as error:
        raise InvalidGrant("the code is not valid", f"the entitlement is {error.entitlement.state}") from error
    sent = _declared(platform, held, code.scopes)
    known = await _known(tx, vault, pupil, sent)
    await _arrived(tx, held, now)
    await _record(tx, platform, person_id, Channel.SIGN_IN, sent, now)
    return issue_tokens(provider.issuer, code, _pseudonym(provider, platform, person_id), now, known)


async def _arrived(tx: Tx, held: Entitlement, now: datetime) -> None:
    await store.arrive(tx, held.person_id, held.platform_id, now)
    if held.state is EntitlementState.PLATFORM_ERROR:
        was = await store.hold_for_update(tx, held.person_id, held.platform_id, now)
        if was.state is EntitlementState.PLATFORM_ERROR:
            await store.save_entitlement(tx, was.moved(EntitlementState.ACTIVE, until=was.until), now)


# -- at the userinfo endpoint ------------------------------------------------------------------------------------------


async def userinfo(tx: Tx, vault: Vault, provider: Provider, token: str, now: datetime) -> dict[str, Any]:
    """What the token still opens. Raises InvalidToken."""
    grant = verify_own_access_token(token, provider.keys.verifying, provider.origin, provider.resource, now)
    redeemed = await codes.redemption(tx, grant.jti)
    if redeemed is None or redeemed.reused_at is not None:
        raise InvalidToken("the access token is not valid", "its code was used twice, or never here")
    platform = await catalogue_store.by_id(tx, redeemed.platform_id)
    if platform is None or platform.client is None or platform.client.client_id != grant.client_id:
        raise InvalidToken("the access token is not valid", "the platform is gone")
    pupil = await entitling.pupil(tx, vault, redeemed.person_id, now)
    try:
        held = await _entitled(tx, pupil, platform, now)
    except NotActive as error:
        raise InvalidToken("the access token is not valid", f"entitlement {error.entitlement.state}") from error
    sent = _declared(platform, held, grant.scopes)
    if await codes.tell(tx, grant.jti, now):
        await _record(tx, platform, redeemed.person_id, Channel.USERINFO, sent, now)
    return userinfo_claims(grant, await _known(tx, vault, pupil, sent), CLAIM_NAMES)


# -- what is sent ------------------------------------------------------------------------------------------------------


def _pseudonym(provider: Provider, platform: LearningPlatform, person_id: UUID) -> PairwiseSubject:
    assert platform.client is not None
    return PairwiseSubject(pairwise_subject(platform.client.sector, str(person_id), provider.keys.salt))


def _declared(platform: LearningPlatform, held: Entitlement, asked: frozenset[str]) -> frozenset[Claim]:
    """Declared by the platform, agreed by the family, and asked this time."""
    return frozenset(claim for claim in platform.claims & held.agreed if claim in asked)


async def _known(tx: Tx, vault: Vault, pupil: Pupil, wanted: frozenset[Claim]) -> dict[str, Any]:
    membership = pupil.membership
    assert membership is not None
    known: dict[str, Any] = {}
    if Claim.ROLE in wanted:
        known["role"] = ROLE
    if Claim.GRADE in wanted:
        known["grade"] = membership.school_class.grade
    if Claim.SCHOOL in wanted:
        school = await schools.look_at(tx, membership.school.digits)
        known |= {"school_name": school.shown_name, "school_ogrn": school.ogrn.digits}
    if Claim.NAME in wanted:
        name = (await people.person(tx, vault, pupil.person_id)).name
        known |= {"given_name": name.given_name, "family_name": name.family_name}
    return known


async def _record(
    tx: Tx, platform: LearningPlatform, person_id: UUID, channel: Channel, sent: frozenset[Claim], now: datetime
) -> None:
    """In the family's ledger and in the journal, in the transaction that sends."""
    await store.add_entry(tx, LedgerEntry(new_id(), person_id, platform.id, now, channel, sent))
    facts = {"platform": platform.slug, "sent": " ".join(sorted(sent))}
    actor = f"platform:{platform.slug}"
    await journal.write(tx, f"person:{person_id}", "platform:received", actor=actor, facts=facts)


async def ledger(tx: Tx, person_id: UUID, *, page: int, size: int) -> Sequence[LedgerEntry]:
    """Newest first; one more than `size` when there is a further page."""
    return await store.entries_of(tx, person_id, limit=size + 1, offset=(page - 1) * size)


async def purge(tx: Tx, now: datetime) -> None:
    """Forgets codes whose tokens are out of time."""
    await codes.purge(tx, now)
