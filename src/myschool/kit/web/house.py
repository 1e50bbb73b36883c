"""A house as its pages need it: its name and look, its database and vault, its templates."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined

from myschool.kit.db import Database
from myschool.kit.settings import Settings
from myschool.kit.vault import Vault
from myschool.kit.web.assets import asset_url

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class NavItem:
    href: str
    text: str
    active: bool = False


def no_nav(_visit: Any) -> list[NavItem]:
    return []


@dataclass
class House:
    """One origin with its own name, look, cookie and data."""

    key: str
    name: str
    band: str
    """The sandbox's band, shown on every page; empty outside the sandbox."""
    origin: str
    settings: Settings
    db: Database
    vault: Vault
    folder: Path
    """The house's package; each `*/templates` below it is a slice's."""
    sign_in_path: str = "/login"
    nav: Callable[[Any], list[NavItem]] = no_nav
    """Takes the `Visit`, which knows the house, so the house does not name it."""
    filters: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    more_templates: Mapping[str, Path] = field(default_factory=dict)
    """Templates from outside the house, by the prefix of their names."""
    session_minutes: int = 30
    templates: Environment = field(init=False)

    def __post_init__(self) -> None:
        self.templates = _environment(self.folder, self.more_templates)
        self.templates.filters.update(self.filters)

    @property
    def cookie(self) -> str:
        """Ports of one machine share cookies, so each house names its own."""
        return f"__Host-{self.key}"


def _environment(folder: Path, more: Mapping[str, Path]) -> Environment:
    slices = {found.parent.name: FileSystemLoader(found) for found in sorted(folder.glob("*/templates"))}
    slices |= {prefix: FileSystemLoader(path) for prefix, path in more.items()}
    environment = Environment(
        loader=ChoiceLoader([FileSystemLoader(TEMPLATES), PrefixLoader(slices)]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals["asset"] = asset_url
    return environment
