"""What `up` shows when everything answers: addresses and the cast, as a table and as JSON."""

from pathlib import Path
from typing import Any

import msgspec

from myschool.kit.settings import Settings


def addresses(settings: Settings) -> dict[str, str]:
    """Shown name → URL."""
    houses = {"«Моя школа»": settings.portal_url, "Госуслуги": settings.gosuslugi_url}
    world = {
        "Почта и SMS": settings.mailbox_url,
        "Реестр ЗАГС": settings.registry_url,
        "Платформа": settings.platform_url,
    }
    return houses | (world if settings.sandbox else {})


def billboard(settings: Settings) -> str:
    lines = ["", "  Всё работает. Ctrl-C остановит.", ""]
    lines += [f"  {name:<14} {url}" for name, url in addresses(settings).items()]
    return "\n".join([*lines, ""])


def ready_file(settings: Settings, path: Path) -> None:
    """Appears in one step, so whoever waits for it reads it whole."""
    content: dict[str, Any] = {
        "portal": settings.portal_url,
        "gosuslugi": settings.gosuslugi_url,
        "mailbox": settings.mailbox_url,
        "registry": settings.registry_url,
        "platform": settings.platform_url,
        "home": str(settings.home),
    }
    fresh = path.with_name(path.name + ".fresh")
    fresh.write_bytes(msgspec.json.format(msgspec.json.encode(content), indent=2))
    fresh.replace(path)
