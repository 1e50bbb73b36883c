"""ESIA as the portal meets it: where to send the browser, what its answer is worth.

The provider of the sandbox and the real ESIA differ in settings only: `esia_url`, `esia_client_id`, and the files of
the certificates. Does not log what was told, only what went wrong.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urlsplit

import httpx
import structlog
from msgspec import UNSET, UnsetType

from myschool.esia import client as wire
from myschool.esia.claims import issuer_of
from myschool.esia.client import EsiaRefused, ReceivedTokens, ScopeMissing, TokenNotAccepted
from myschool.esia.jws import UnverifiedToken
from myschool.esia.records import ChildRecord, ContactRecord, PersonRecord
from myschool.esia.requests import Client, SignInAttempt, authorization_request, logout_url, token_request
from myschool.esia.timestamps import read_date
from myschool.esia.tokens import Expectation, VerifiedSignIn, verify_sign_in
from myschool.kit.settings import Settings
from myschool.oidc.client import Request
from myschool.oidc.errors import AnswerRefused, TokenRefused
from myschool.papers.names import FullName
from myschool.papers.numbers import Email, Snils
from myschool.portal.people.model import Level, Sex, ToldChild, ToldPerson
from myschool.portal.signin.keys import ProviderCertificates, provider_certificate_file
from myschool.portal.signin.model import Failure, FamilyAccess, TokenLapsed, Told, Why, failure_of, level_of

log = structlog.get_logger("signin")

TIMEOUT = httpx.Timeout(10, connect=3)
LONGEST_ANSWER = 1 << 20


class Esia(Protocol):
    def sign_in_url(self, client: Client, attempt: SignInAttempt, now: datetime) -> str: ...

    def sign_out_url(self, back_to: str) -> str: ...

    async def ask(self, client: Client, attempt: SignInAttempt, code: str, now: datetime) -> Told | Failure: ...

    async def children(self, access: FamilyAccess) -> tuple[ToldChild, ...] | TokenLapsed | None: ...


@dataclass
class HttpEsia:
    """`issuer` as ESIA writes it in tokens; `certificates` verify them."""

    base_url: str
    mnemonic: str
    issuer: str
    certificates: ProviderCertificates
    http: httpx.AsyncClient | None = field(default=None, repr=False)

    def sign_in_url(self, client: Client, attempt: SignInAttempt, now: datetime) -> str:
        return authorization_request(self.base_url, client, attempt, now)

    def sign_out_url(self, back_to: str) -> str:
        return logout_url(self.base_url, self.mnemonic, back_to)

    async def ask(self, client: Client, attempt: SignInAttempt, code: str, now: datetime) -> Told | Failure:
        """Code → tokens → data. Never raises for what ESIA does; a Failure says what the person is told."""
        try:
            return await self._told(client, attempt, code, now)
        except EsiaRefused as refused:
            log.warning("esia_refused", number=refused.number)
            return failure_of(refused.number)
        except TokenRefused as refused:
            log.error("esia_token_refused", reason=refused.reason)
            return Failure(Why.NOT_BELIEVED, refused.reason)
        except AnswerRefused as refused:
            log.error("esia_answer_refused", reason=refused.reason)
            return Failure(Why.UNAVAILABLE, refused.reason)
        except (httpx.HTTPError, OSError) as error:
            log.error("esia_unreachable", kind=type(error).__name__)
            return Failure(Why.UNAVAILABLE, "unreachable")

    async def _told(self, client: Client, attempt: SignInAttempt, code: str, now: datetime) -> Told:
        form = token_request(client, attempt, code, now)
        received = wire.read_token_response(*await self._send(wire.token_http_request(self.base_url, form)), form)
        signed_in = self._believed(received, now)
        token = received.access_token.compact
        oid = signed_in.identity.oid
        record = wire.read_person_response(*await self._send(wire.person_request(self.base_url, oid, token)))
        person = _person(signed_in, record, await self._email(signed_in, token))
        access = FamilyAccess(oid, token, now + timedelta(seconds=received.expires_in))
        if "kid_fullname" not in signed_in.access.scopes:
            # A child has no children; the token tells whether its session at ESIA still stands.
            return Told(person, (), access if person.level is Level.CHILD else None)
        return Told(person, await self._children(oid, token), access)

    async def children(self, access: FamilyAccess) -> tuple[ToldChild, ...] | TokenLapsed | None:
        """Whom the person may see at this moment. Never raises for what ESIA does; None: no answer to believe."""
        try:
            return await self._children(access.oid, access.token)
        except TokenNotAccepted:
            return TokenLapsed()
        except AnswerRefused as refused:
            log.error("esia_answer_refused", reason=refused.reason)
        except (httpx.HTTPError, OSError) as error:
            log.error("esia_unreachable", kind=type(error).__name__)
        return None

    def _believed(self, received: ReceivedTokens, now: datetime) -> VerifiedSignIn:
        identity = received.id_token or UnverifiedToken("")
        expected = Expectation(self.issuer, self.mnemonic)
        return verify_sign_in(received.access_token, identity, self.certificates.verifiers(), expected, now)

    async def _email(self, signed_in: VerifiedSignIn, token: str) -> Email | None:
        """The address ESIA has verified; None when the person has none or the scope was not granted."""
        if "email" not in signed_in.access.scopes:
            return None
        request = wire.contacts_request(self.base_url, signed_in.identity.oid, token)
        try:
            records = wire.read_contacts_response(*await self._send(request))
        except ScopeMissing:
            return None
        return next((_mailbox(one.value) for one in records if _is_verified_email(one)), None)

    async def _children(self, oid: int, token: str) -> tuple[ToldChild, ...]:
        request = wire.kids_request(self.base_url, oid, token)
        try:
            records = wire.read_kids_response(*await self._send(request))
        except ScopeMissing:
            return ()
        return tuple(_child(record) for record in records)

    async def _send(self, request: Request) -> tuple[int, bytes]:
        """No redirect is followed: the token would travel on with it."""
        if self.http is None:
            self.http = httpx.AsyncClient(timeout=TIMEOUT, follow_redirects=False)
        answer = await self.http.request(
            request.method, request.url, headers=dict(request.headers), content=request.body
        )
        if len(answer.content) > LONGEST_ANSWER:
            raise AnswerRefused("too_long")
        return answer.status_code, answer.content


def connect(settings: Settings) -> HttpEsia:
    """ESIA as the settings name it. Opens nothing yet."""
    certificates = ProviderCertificates(provider_certificate_file(settings))
    issuer = issuer_of(urlsplit(settings.esia_url).netloc)
    return HttpEsia(settings.esia_url, settings.esia_client_id, issuer, certificates)


def _person(signed_in: VerifiedSignIn, record: PersonRecord, email: Email | None) -> ToldPerson:
    snils = _snils(record.snils)
    return ToldPerson(
        oid=signed_in.identity.oid,
        name=_name(record),
        level=level_of(signed_in.identity.level, has_snils=snils is not None),
        birth_date=read_date(record.birth_date) if record.birth_date else None,
        sex=_sex(record.gender),
        snils=snils,
        email=email,
        awaits_until=read_date(record.verifying_until) if record.verifying_until else None,
    )


def _child(record: ChildRecord) -> ToldChild:
    return ToldChild(
        esia_id=str(record.id),
        name=_name(record),
        birth_date=read_date(record.birth_date) if record.birth_date else None,
        sex=_sex(record.gender),
        snils=_snils(record.snils),
        only_read=record.only_reads is True,
    )


def _name(record: PersonRecord | ChildRecord) -> FullName:
    """Taken as ESIA has it: a foreign name may break our own rules for typing."""
    if not record.first_name or not record.last_name:
        raise AnswerRefused("no_name")
    return FullName(record.last_name, record.first_name, record.middle_name or None)


def _sex(letter: str | UnsetType) -> Sex | None:
    return Sex(letter) if letter is not UNSET and letter in set(Sex) else None


def _snils(text: str | UnsetType) -> Snils | None:
    if not text:
        return None
    try:
        return Snils.parse(text, sandbox=True)
    except ValueError:
        log.warning("esia_snils_unreadable")
        return None


def _is_verified_email(record: ContactRecord) -> bool:
    return record.type == "EML" and record.vrf_stu == "VERIFIED"


def _mailbox(text: str) -> Email | None:
    try:
        return Email.parse(text)
    except ValueError:
        log.warning("esia_email_unreadable")
        return None
