"""What may go wrong, with the standards' codes.

ProtocolError                     code · description (a stranger may read it) · reason (the log may read it)
├── InvalidRequest                invalid_request                RFC 6749 §4.1.2.1, §5.2
│   ├── UnknownClient             invalid_request                never by redirect: nobody to trust is behind it
│   └── UnregisteredRedirect      invalid_request                never by redirect: we would be an open redirector
├── InvalidClient                 invalid_client                 RFC 6749 §5.2 (401 when by Authorization header)
├── InvalidGrant                  invalid_grant                  RFC 6749 §5.2
├── UnauthorizedClient            unauthorized_client            RFC 6749 §5.2
├── UnsupportedGrantType          unsupported_grant_type         RFC 6749 §5.2
├── UnsupportedResponseType       unsupported_response_type      RFC 6749 §4.1.2.1
├── InvalidScope                  invalid_scope                  RFC 6749 §4.1.2.1
├── AccessDenied                  access_denied                  RFC 6749 §4.1.2.1
├── ServerError                   server_error                   RFC 6749 §4.1.2.1
├── TemporarilyUnavailable        temporarily_unavailable        RFC 6749 §4.1.2.1
├── LoginRequired                 login_required                 OIDC Core §3.1.2.6
├── ConsentRequired               consent_required               OIDC Core §3.1.2.6
├── InteractionRequired           interaction_required           OIDC Core §3.1.2.6
├── RequestNotSupported           request_not_supported          OIDC Core §3.1.2.6
├── RequestUriNotSupported        request_uri_not_supported      OIDC Core §3.1.2.6
├── RegistrationNotSupported      registration_not_supported     OIDC Core §3.1.2.6
└── InvalidToken                  invalid_token                  RFC 6750 §3.1
TokenRefused                      a token that we received and do not believe (client side; never goes on the wire)
AnswerRefused                     an answer that we received and do not believe (client side; never goes on the wire)
"""

from typing import ClassVar


class ProtocolError(Exception):
    """A refusal in the standard's words.

    `description` goes to the stranger: ASCII, no personal data, nothing about how we check.
    `reason` goes to the log only.
    """

    code: ClassVar[str] = "server_error"

    def __init__(self, description: str, reason: str | None = None) -> None:
        super().__init__(f"{self.code}: {reason or description}")
        self.description = description
        self.reason = reason or description

    def as_parameters(self) -> dict[str, str]:
        """`error` and `error_description`, for a redirect or a JSON body."""
        return {"error": self.code, "error_description": self.description}


class InvalidRequest(ProtocolError):
    code = "invalid_request"


class UnknownClient(InvalidRequest):
    """To be shown to the person: no redirect can be trusted."""


class UnregisteredRedirect(InvalidRequest):
    """To be shown to the person: following the redirect would make us an open redirector."""


class InvalidClient(ProtocolError):
    code = "invalid_client"


class InvalidGrant(ProtocolError):
    code = "invalid_grant"


class UnauthorizedClient(ProtocolError):
    code = "unauthorized_client"


class UnsupportedGrantType(ProtocolError):
    code = "unsupported_grant_type"


class UnsupportedResponseType(ProtocolError):
    code = "unsupported_response_type"


class InvalidScope(ProtocolError):
    code = "invalid_scope"


class AccessDenied(ProtocolError):
    code = "access_denied"


class ServerError(ProtocolError):
    code = "server_error"


class TemporarilyUnavailable(ProtocolError):
    code = "temporarily_unavailable"


class LoginRequired(ProtocolError):
    code = "login_required"


class ConsentRequired(ProtocolError):
    code = "consent_required"


class InteractionRequired(ProtocolError):
    code = "interaction_required"


class RequestNotSupported(ProtocolError):
    code = "request_not_supported"


class RequestUriNotSupported(ProtocolError):
    code = "request_uri_not_supported"


class RegistrationNotSupported(ProtocolError):
    code = "registration_not_supported"


class InvalidToken(ProtocolError):
    code = "invalid_token"


class TokenRefused(Exception):
    """A received token is not believed; `reason` is a short word for the log, `detail` the fact."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class AnswerRefused(Exception):
    """A received answer is not believed or is a refusal; `error` is the other side's code, empty when it gave none."""

    def __init__(self, reason: str, error: str = "", description: str = "") -> None:
        super().__init__(f"{reason}: {error} {description}".rstrip(": "))
        self.reason = reason
        self.error = error
        self.description = description
