"""ESIA's catalogue of refusals: number, OAuth word, text, and who hears of it.

EsiaRefusal       number · error · description (on the wire, as ESIA says it) · developer_reason (console only)
AnswerRefused     what a client does not believe of an answer (from `oidc.errors`)

Texts with `A` stand so in production; of the others only the meaning is known, and the text is RFC 6749's or plain
English after the same pattern (marked `C`; see `docs/esia-dialect.md`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Flag, auto
from types import MappingProxyType


class Heard(Flag):
    """Where a refusal may arise: by redirect from the authorization, or as HTTP 400 JSON from the token endpoint."""

    REDIRECT = auto()
    TOKEN = auto()
    BOTH = REDIRECT | TOKEN


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    number: str
    error: str
    text: str
    heard: Heard
    confidence: str = "C"


_ENTRIES = (
    CatalogueEntry(
        "007002",
        "invalid_client",
        "The certificate does not match the client mnemonic or is not registered.",
        Heard.REDIRECT,
    ),
    CatalogueEntry(
        "007003",
        "invalid_request",
        "The request is missing a required parameter, includes an invalid parameter value, "
        "includes a parameter more than once, or is otherwise malformed.",
        Heard.BOTH,
    ),
    CatalogueEntry(
        "007004", "access_denied", "The resource owner or authorization server denied the request.", Heard.BOTH
    ),
    CatalogueEntry(
        "007005",
        "unauthorized_client",
        "The client is not authorized to request an access token using this method.",
        Heard.BOTH,
        "A",
    ),
    CatalogueEntry("007006", "invalid_scope", "The requested scope is invalid, unknown, or malformed.", Heard.BOTH),
    CatalogueEntry(
        "007007",
        "server_error",
        "The authorization server encountered an unexpected condition that prevented it from fulfilling the request.",
        Heard.BOTH,
    ),
    CatalogueEntry(
        "007008",
        "temporarily_unavailable",
        "The authorization server is currently unable to handle the request "
        "due to a temporary overloading or maintenance of the server.",
        Heard.BOTH,
    ),
    CatalogueEntry(
        "007009",
        "unsupported_response_type",
        "The authorization server does not support obtaining an access token using this method.",
        Heard.BOTH,
    ),
    CatalogueEntry(
        "007011",
        "invalid_grant",
        "The provided authorization grant or refresh token is invalid, expired, revoked, does not match "
        "the redirection URI used in the authorization request, or was issued to another client.",
        Heard.TOKEN,
    ),
    CatalogueEntry(
        "007012",
        "unsupported_grant_type",
        "The authorization grant type is not supported by the authorization server.",
        Heard.TOKEN,
    ),
    CatalogueEntry("007013", "invalid_scope", "The request does not specify the scope.", Heard.BOTH),
    CatalogueEntry("007014", "invalid_request", "The request doesn`t contain the mandatory parameter", Heard.BOTH, "A"),
    CatalogueEntry("007015", "invalid_request", "The request time is wrong.", Heard.BOTH),
    CatalogueEntry("007019", "invalid_scope", "OAuthErrorEnum.noGrants", Heard.BOTH, "A"),
    CatalogueEntry(
        "007023", "invalid_request", "The redirect_uri is not among those allowed for the system.", Heard.BOTH
    ),
    CatalogueEntry("007038", "invalid_request", "The parameters of the request cannot be read.", Heard.TOKEN),
    CatalogueEntry(
        "007039", "invalid_request", "The code_challenge was not given in the request to /v2/ac.", Heard.BOTH
    ),
    CatalogueEntry("007040", "invalid_grant", "The code_verifier does not match the code_challenge.", Heard.TOKEN),
    CatalogueEntry("007046", "access_denied", "A one-time code is demanded but not available to the user.", Heard.BOTH),
    CatalogueEntry("007053", "access_denied", "OAuthErrorEnum.clientSecretWrong", Heard.BOTH, "A"),
    CatalogueEntry("007055", "access_denied", "The user account is not confirmed.", Heard.REDIRECT),
    CatalogueEntry("007060", "invalid_request", "The value of the parameter roles is wrong.", Heard.REDIRECT),
    CatalogueEntry("007061", "invalid_request", "The value of the parameter obj_type is wrong.", Heard.REDIRECT),
    CatalogueEntry("007062", "invalid_request", "The type or role of the user is wrong.", Heard.REDIRECT),
    CatalogueEntry(
        "007194", "invalid_scope", "The scope of an organisation the user does not belong to.", Heard.REDIRECT
    ),
    CatalogueEntry("008010", "invalid_client", "The client could not be authenticated.", Heard.BOTH),
)

CATALOGUE: Mapping[str, CatalogueEntry] = MappingProxyType({entry.number: entry for entry in _ENTRIES})


@dataclass(frozen=True, slots=True)
class EsiaRefusal:
    """One refusal. `parameter` names the missing one of 007014. `developer_reason` never leaves the console."""

    entry: CatalogueEntry
    parameter: str | None = None
    developer_reason: str = ""

    @property
    def number(self) -> str:
        return self.entry.number

    @property
    def error(self) -> str:
        return self.entry.error

    @property
    def description(self) -> str:
        """`ESIA-007053: OAuthErrorEnum.clientSecretWrong`, `ESIA-007014: The request doesn`t … parameter [scope].`"""
        named = "" if self.parameter is None else f" [{self.parameter}]."
        return f"ESIA-{self.entry.number}: {self.entry.text}{named}"

    def as_parameters(self, state: str | None) -> dict[str, str]:
        """For the redirect or the JSON of HTTP 400."""
        echo = {} if state is None else {"state": state}
        return {"error": self.error, "error_description": self.description, **echo}


def refusal(number: str, developer_reason: str = "", parameter: str | None = None) -> EsiaRefusal:
    """Raises `KeyError` for a number that is not in the catalogue."""
    return EsiaRefusal(CATALOGUE[number], parameter, developer_reason)


def number_in(description: str) -> str | None:
    """`007053` out of `ESIA-007053: …`; None when the text is not of that form. Unknown numbers are kept."""
    head, _, rest = description.partition("-")
    number = rest[:6]
    return number if head == "ESIA" and len(number) == 6 and number.isascii() and number.isdigit() else None
