"""Compiled styles, scripts, font and pictures under names that carry the hash of their content."""

from functools import cache
from pathlib import Path

import msgspec

FOLDER = Path(__file__).parent / "assets"
MOUNT = "/assets"


@cache
def manifest() -> dict[str, str]:
    """Plain name → name with hash, written by the build."""
    return msgspec.json.decode((FOLDER / "manifest.json").read_bytes(), type=dict[str, str])


def asset_url(name: str) -> str:
    """Raises KeyError for a name the build did not make."""
    return f"{MOUNT}/{manifest()[name]}"
