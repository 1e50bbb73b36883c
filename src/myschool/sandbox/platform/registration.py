"""How «Числарий» is known at the portal. Both sides read the secret from one file of the sandbox's home."""

from dataclasses import dataclass, field

from myschool.kit import shared_key
from myschool.kit.settings import Settings

KEY_FILE = "platform/client.key"
CLIENT_ID = "chislary"
SLUG = "chislary"
NAME = "Числарий"
ABOUT = "Короткие уроки математики: одна задача на экране, подсказка и проверка ответа. Платформа песочницы."
SUBJECTS = ("Математика",)
GRADES = (1, 11)
CLAIMS = ("role", "grade")
CONTACT = "служба заботы «Числария», help@chislary.example"
INITIATE, CALLBACK = "/login/initiate", "/login/callback"


@dataclass(frozen=True)
class Registration:
    client_id: str
    secret: str = field(repr=False)
    redirect_uri: str
    initiate_login_uri: str


def registration(settings: Settings) -> Registration:
    """The secret is made at the first call of whoever comes first."""
    secret = shared_key.load(settings.home / KEY_FILE).secret.hex()
    return Registration(CLIENT_ID, secret, settings.platform_url + CALLBACK, settings.platform_url + INITIATE)
