"""All configuration, read once from the environment, frozen.

Every field can be set by `MYSCHOOL_<FIELD>`; databases by `DATABASE_URL` and `DATABASE_URL_<HOUSE>`.
"""

import os
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec

HouseKey = Literal["portal", "gosuslugi", "registry", "sandbox"]
Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]
Several = Annotated[int, msgspec.Meta(ge=1, le=1000)]

ADDRESSES = ("portal_url", "gosuslugi_url", "mailbox_url", "registry_url", "platform_url", "esia_url")
OUR_ADDRESSES = ADDRESSES[:-1]
DEFAULT_PORTS = {"http": 80, "https": 443}


class WrongSettings(Exception):
    """The configuration contradicts itself or a rule that no setting may switch off."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    mode: Literal["sandbox", "production"] = "sandbox"
    """`sandbox`: a world of its own with a cast, for one machine. `production`: neither cast nor sandbox."""
    home: Path = Path(".myschool")
    """Where the embedded database, keys and logs live."""

    bind: str = "127.0.0.1"
    """The address that all parts listen on."""
    allow_outside: bool = False
    """Sandbox mode listens beyond loopback only when this is set."""

    portal_port: Port = 8000
    """«Моя школа»."""
    gosuslugi_port: Port = 8001
    """The house `gosuslugi`."""
    mailbox_port: Port = 8002
    """Letters and SMS of the sandbox."""
    registry_port: Port = 8003
    """The state's registers of the sandbox."""
    platform_port: Port = 8004
    """The learning platform of the sandbox."""
    smtp_port: Port = 8025
    """Where the mailbox takes letters."""

    # The origins people and letters use: scheme, host and port, nothing after them.
    portal_url: str = ""
    """What people type. Empty: `http://localhost` and the port; the same holds for the four that follow."""
    gosuslugi_url: str = ""
    """What people type for the house `gosuslugi`."""
    mailbox_url: str = ""
    """What people type for the mailbox."""
    registry_url: str = ""
    """Where the house `gosuslugi` asks the registers."""
    platform_url: str = ""
    """What people type for the learning platform."""
    registry_adapter: str = "myschool.gosuslugi.checks.http_registry"
    """The module that speaks to the registers: see «Another register»."""

    esia_url: str = ""
    """The identity provider the portal speaks to; the house `gosuslugi` unless told otherwise."""
    esia_client_id: str = "MYSCHOOL"
    """The portal's mnemonic in ESIA's register of information systems."""
    esia_certificate: str = ""
    """PEM file with the provider's certificates. Empty: the one that the house `gosuslugi` leaves in `home/esia`."""
    esia_client_key: str = ""
    """PEM file with the portal's private key for ESIA. Empty: a key of its own, made at first start, sealed."""
    esia_client_certificate: str = ""
    """PEM file with the certificate of `esia_client_key`."""
    smtp_url: str = ""
    """`smtp://[user:password@]host[:port]`, or `smtps://` for TLS from the first byte. Empty: the mailbox."""
    sms_url: str = ""
    """Takes POST of JSON `{"to", "text"}` with an Idempotency-Key. Empty: the mailbox."""

    database_url: str = ""
    """`postgresql://user:password@host:port/name` for all houses. Empty: the embedded PostgreSQL."""
    database_url_portal: str = ""
    """The portal's own database."""
    database_url_gosuslugi: str = ""
    """The own database of the house `gosuslugi`."""
    database_url_sandbox: str = ""
    """The sandbox's own database."""
    database_url_registry: str = ""
    """The own database of the sandbox's registers. Empty: the sandbox's."""
    pool_size: Several = 8
    """Connections of one web process to its database."""

    vault_keys: str = ""
    """`id:base64,id:base64`, newest first. Empty: a key file in `home`, made at first start."""
    child_account_under: Annotated[int, msgspec.Meta(ge=14, le=18)] = 14
    """Age from which nobody gets a child's account any more: 14, or 18 by the newer practice."""
    metrics_token: str = ""
    """Opens `/operator/metrics` of the house `gosuslugi` to monitoring. Empty: the address is closed."""
    web_workers: Several = 1
    """Web processes of one house."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """What is logged; a line of every request is `info`."""

    def __repr__(self) -> str:
        """Without the rest: keys and the passwords of databases stand there."""
        return f"Settings(mode={self.mode!r}, home={str(self.home)!r})"

    @property
    def sandbox(self) -> bool:
        return self.mode == "sandbox"

    @property
    def clock_file(self) -> Path:
        return self.home / "clock"

    def database_of(self, house: HouseKey) -> str:
        """The house's own URL, else the common one, else empty: the embedded database."""
        own = {
            "portal": self.database_url_portal,
            "gosuslugi": self.database_url_gosuslugi,
            "sandbox": self.database_url_sandbox,
            "registry": self.database_url_registry or self.database_url_sandbox,
        }
        return own[house] or self.database_url


def read(environment: Mapping[str, str] | None = None) -> Settings:
    """Raises WrongSettings with the reason in words. A variable that is set to nothing counts as not set."""
    environment = os.environ if environment is None else environment
    named = {name: value for name, value in environment.items() if name.startswith(("MYSCHOOL_", "DATABASE_URL"))}
    given = {name.removeprefix("MYSCHOOL_").lower(): value for name, value in named.items() if value}
    unknown = [name for name in named if name.removeprefix("MYSCHOOL_").lower() not in Settings.__struct_fields__]
    if unknown:
        raise WrongSettings(f"unknown settings: {', '.join(sorted(unknown))}")
    try:
        settings = msgspec.convert(given, Settings, strict=False, dec_hook=lambda kind, value: kind(value))
    except msgspec.ValidationError as error:
        raise WrongSettings(str(error)) from error
    return _judged(_with_addresses(settings))


def _with_addresses(settings: Settings) -> Settings:
    """Fills every address that was not given: each part is its own origin on this machine."""

    def local(port: int) -> str:
        return f"http://localhost:{port}"

    settings = msgspec.structs.replace(
        settings,
        home=settings.home.absolute(),
        portal_url=settings.portal_url or local(settings.portal_port),
        gosuslugi_url=settings.gosuslugi_url or local(settings.gosuslugi_port),
        mailbox_url=settings.mailbox_url or local(settings.mailbox_port),
        registry_url=settings.registry_url or local(settings.registry_port),
        platform_url=settings.platform_url or local(settings.platform_port),
        smtp_url=settings.smtp_url or f"smtp://localhost:{settings.smtp_port}",
    )
    settings = msgspec.structs.replace(settings, esia_url=settings.esia_url or settings.gosuslugi_url)
    settings = msgspec.structs.replace(settings, **{name: _origin(name, getattr(settings, name)) for name in ADDRESSES})
    return msgspec.structs.replace(settings, sms_url=settings.sms_url or f"{settings.mailbox_url}/sms")


def _origin(name: str, url: str) -> str:
    """As a browser writes it in `Origin`: lower case, no slash at the end, no port that goes without saying."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise WrongSettings(f"{name}: {url} is no address") from None
    if parts.scheme not in DEFAULT_PORTS or not host or "@" in parts.netloc or parts.path.strip("/") or parts.query:
        raise WrongSettings(f"{name}: {url} should be https://HOST or http://HOST:PORT and nothing more")
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + (f":{port}" if port not in (None, DEFAULT_PORTS[parts.scheme]) else "")


def _judged(settings: Settings) -> Settings:
    """Sandbox mode can not be mistaken for the state's portal nor serve strangers by accident."""
    if not settings.sandbox:
        return settings
    for name in OUR_ADDRESSES:
        host = (urlsplit(getattr(settings, name)).hostname or "").rstrip(".")
        if host == "gosuslugi.ru" or host.endswith(".gosuslugi.ru"):
            raise WrongSettings(f"a sandbox never answers under {host}: it must not be taken for the state's portal")
    if not settings.allow_outside and not _loopback(settings.bind):
        raise WrongSettings(
            f"a sandbox listens on loopback only; {settings.bind} needs MYSCHOOL_ALLOW_OUTSIDE=true, said explicitly"
        )
    return settings


def _loopback(address: str) -> bool:
    if address == "localhost":
        return True
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
