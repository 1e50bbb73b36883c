"""Sign-in through «Моя школа», by Authlib: a witness that reads the standard with other eyes than our provider.

The attempt lies in the browser's session until the provider sends the person back; it is good for one answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import Any

import httpx
import structlog
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.starlette_client import OAuth
from authlib.oidc.core import CodeIDToken
from joserfc.errors import JoseError

from myschool.kit import clock
from myschool.kit.settings import Settings
from myschool.sandbox.platform.registration import CALLBACK, CLAIMS, Registration, registration

log = structlog.get_logger("platform")

TIMEOUT = httpx.Timeout(10, connect=3)
WELL_KNOWN = "/.well-known/openid-configuration"


class NotSignedIn(Exception):
    """`reason` is `unavailable`, `refused` or `not_believed`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Attempt:
    """What the browser's session keeps while the person is at the provider."""

    url: str = field(repr=False)
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    code_verifier: str = field(repr=False)

    def kept(self) -> dict[str, str]:
        return {"state": self.state, "nonce": self.nonce, "code_verifier": self.code_verifier}


@dataclass(frozen=True)
class Told:
    """What the provider told: a pseudonym, and what this platform declared to need."""

    subject: str
    role: str
    grade: int | None


class _ByTheClock(CodeIDToken):  # type: ignore[misc]
    """Judges times by the sandbox's clock, which the demo moves."""

    def validate(self, now: float | None = None, leeway: int = 0) -> None:
        super().validate(now=int(clock.now().timestamp()), leeway=leeway)


class RelyingParty:
    """`http` are arguments of the HTTP client, for tests."""

    def __init__(self, settings: Settings, http: Mapping[str, Any] | None = None) -> None:
        self.issuer = settings.portal_url
        self.redirect_uri = settings.platform_url + CALLBACK
        self._settings = settings
        self._http = dict(http or {"timeout": TIMEOUT})
        self._client: Any = None

    def _known(self) -> Any:
        """Made when first needed: the secret may be younger than this process."""
        if self._client is None:
            own: Registration = registration(self._settings)
            self._client = OAuth().register(
                "portal",
                client_id=own.client_id,
                client_secret=own.secret,
                server_metadata_url=self.issuer + WELL_KNOWN,
                client_kwargs={
                    "scope": " ".join(("openid", *CLAIMS)),
                    "code_challenge_method": "S256",
                    "token_endpoint_auth_method": "client_secret_basic",
                    **self._http,
                },
            )
        return self._client

    async def begin(self) -> Attempt:
        """Raises NotSignedIn."""
        try:
            begun = await self._known().create_authorization_url(self.redirect_uri)
        except (httpx.HTTPError, OSError) as error:
            log.warning("provider_unreachable", kind=type(error).__name__)
            raise NotSignedIn("unavailable") from error
        return Attempt(begun["url"], begun["state"], begun["nonce"], begun["code_verifier"])

    def read_answer(self, query: Mapping[str, str], kept: Mapping[str, str] | None) -> str:
        """The code of an answer to this browser's attempt, from this issuer (RFC 9207). Raises NotSignedIn."""
        if kept is None or not compare_digest(query.get("state", "").encode(), kept["state"].encode()):
            raise NotSignedIn("not_believed")
        if query.get("iss") != self.issuer:
            raise NotSignedIn("not_believed")
        code = query.get("code")
        if "error" in query or not code:
            raise NotSignedIn("refused")
        return code

    async def redeem(self, code: str, kept: Mapping[str, str]) -> Told:
        """Raises NotSignedIn."""
        client = self._known()
        try:
            tokens = await client.fetch_access_token(
                redirect_uri=self.redirect_uri, code=code, code_verifier=kept["code_verifier"]
            )

            def believed(claims: Any, header: Any, options: Any, params: dict[str, Any]) -> _ByTheClock:
                return _ByTheClock(claims, header, options, {**params, "access_token": tokens["access_token"]})

            identity = await client.parse_id_token(tokens, nonce=kept["nonce"], claims_cls=believed)
        except (httpx.HTTPError, OSError) as error:
            log.warning("provider_unreachable", kind=type(error).__name__)
            raise NotSignedIn("unavailable") from error
        except (AuthlibBaseError, JoseError, KeyError, ValueError) as error:
            log.warning("answer_not_believed", kind=type(error).__name__)
            raise NotSignedIn("not_believed") from error
        grade = identity.get("grade")
        return Told(str(identity["sub"]), str(identity.get("role", "")), grade if isinstance(grade, int) else None)
