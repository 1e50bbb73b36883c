"""Before the curtain: the provider's certificate is handed out, and «Моя школа» is written down as a system.

In life both are letters between two institutions; here the certificates lie in `home/esia/`.
"""

from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_pem_x509_certificates

from myschool.esia.certificates import Certificate, read_certificate
from myschool.esia.systems import InformationSystem as Wire
from myschool.gosuslugi.grants import actions as grants
from myschool.gosuslugi.grants.model import InformationSystem, Reason
from myschool.gosuslugi.provider import keys
from myschool.kit.db import Tx
from myschool.kit.settings import Settings
from myschool.kit.vault import Vault

_SCHOOL = "Вы и администратор школы, которую вы выберете"
_FAMILY = "Вы и администратор школы ребёнка"
REASONS = {
    "fullname": Reason("Чтобы найти вас в списках школы", _SCHOOL),
    "birthdate": Reason("Чтобы отличить вас от тёзки и открыть нужный профиль", _SCHOOL),
    "gender": Reason("Чтобы правильно к вам обращаться", "Только вы"),
    "snils": Reason("Чтобы точно сверить вас со списком школы", "Никто из людей: сверяет программа"),
    "kid_fullname": Reason("Чтобы показать ваших детей и найти их в списках школы", _FAMILY),
    "kid_birthdate": Reason("Чтобы отличить ребёнка от тёзки", _FAMILY),
    "kid_gender": Reason("Чтобы правильно обращаться к ребёнку", "Только вы"),
    "kid_snils": Reason("Чтобы точно сверить ребёнка со списком школы", "Никто из людей: сверяет программа"),
}


def folder(settings: Settings) -> Path:
    return settings.home / "esia"


async def prepare(tx: Tx, vault: Vault, settings: Settings, now: datetime) -> None:
    """Does only what is missing. The portal's certificate must lie in its file; a new one replaces what was known."""
    await keys.publish(tx, vault, folder(settings) / "provider.pem")
    await grants.register(tx, portal(settings, read_certificates(certificate_file(settings))), now)


def certificate_file(settings: Settings) -> Path:
    return folder(settings) / f"{settings.esia_client_id}.pem"


def read_certificates(path: Path) -> tuple[Certificate, ...]:
    """Raises OSError, or UnusableCertificate."""
    found = load_pem_x509_certificates(path.read_bytes())
    return tuple(read_certificate(one.public_bytes(Encoding.DER)) for one in found)


def portal(settings: Settings, certificates: tuple[Certificate, ...]) -> InformationSystem:
    return InformationSystem(
        name="Моя школа",
        operator="портал для семей и школ",
        home_url=settings.portal_url,
        wire=Wire(
            mnemonic=settings.esia_client_id,
            redirect_uris=frozenset({f"{settings.portal_url}/esia/callback"}),
            scopes=frozenset({"openid", *REASONS}),
            certificates=certificates,
        ),
        reasons=REASONS,
        logout_urls=frozenset({f"{settings.portal_url}/signed-out"}),
        for_children=True,
    )
