"""Which systems know each other: the portal is one of ESIA's systems, and each has the other's certificate."""

from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from myschool.esia import systems
from myschool.esia.certificates import read_certificate
from myschool.gosuslugi.grants import actions as grants
from myschool.gosuslugi.grants.model import InformationSystem, Reason
from myschool.gosuslugi.provider import keys as provider_keys
from myschool.kit.db import Database, Tx
from myschool.kit.settings import Settings
from myschool.kit.vault import Vault
from myschool.portal.signin import keys as client_keys
from myschool.portal.signin.attempts import CALLBACK
from myschool.portal.signin.model import SCOPES
from myschool.portal.signin.pages import SIGNED_OUT

SCHOOL_SEES = "Администратор школы, в которую вы отправите заявку"
ONLY_PORTAL = "Никто, кроме самого сервиса"
REASONS = {
    "fullname": Reason("Чтобы школа узнала вас в своём списке", SCHOOL_SEES),
    "birthdate": Reason("Чтобы отличить вас от однофамильцев", SCHOOL_SEES),
    "gender": Reason("Чтобы обращаться к вам правильно", ONLY_PORTAL),
    "snils": Reason("Чтобы связать вас с вашей семьёй и не принять за другого", ONLY_PORTAL),
    "email": Reason("Чтобы сообщить, что ответила школа", ONLY_PORTAL),
    "kid_fullname": Reason("Чтобы показать вам ваших детей", ONLY_PORTAL),
    "kid_birthdate": Reason("Чтобы показать вам ваших детей", ONLY_PORTAL),
    "kid_gender": Reason("Чтобы обращаться к детям правильно", ONLY_PORTAL),
    "kid_snils": Reason("Чтобы узнать ребёнка, когда он войдёт сам", ONLY_PORTAL),
}


async def introduce(settings: Settings, vault: Vault, gosuslugi: Database, portal: Database, now: datetime) -> None:
    """In life certificates are handed over by hand; here each house leaves its own in a file and reads the other's."""
    await portal.run(lambda tx: client_keys.publish(tx, vault, settings))
    if settings.esia_url != settings.gosuslugi_url:
        return
    certificates = client_keys.provider_certificate_file(settings)
    await gosuslugi.run(lambda tx: provider_keys.publish(tx, vault, certificates))

    async def register(tx: Tx) -> None:
        await grants.register(tx, _portal(settings), now)

    await gosuslugi.run(register)


def _portal(settings: Settings) -> InformationSystem:
    """«Моя школа» as ESIA has it in its register of information systems."""
    pem = client_keys.client_certificate_file(settings).read_bytes()
    ders = [one.public_bytes(Encoding.DER) for one in x509.load_pem_x509_certificates(pem)]
    return InformationSystem(
        name="Моя школа",
        operator="Оператор сервиса «Моя школа»",
        home_url=settings.portal_url,
        wire=systems.InformationSystem(
            mnemonic=settings.esia_client_id,
            redirect_uris=frozenset({settings.portal_url + CALLBACK}),
            scopes=frozenset(SCOPES),
            certificates=tuple(read_certificate(der) for der in ders),
        ),
        reasons=REASONS,
        logout_urls=frozenset({settings.portal_url + SIGNED_OUT}),
        for_children=True,
    )
