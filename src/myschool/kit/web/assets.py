"""Compiled styles, scripts, font and pictures under names that carry the hash of their content."""

import gzip
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

FOLDER = Path(__file__).parent / "assets"
MOUNT = "/assets"
FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Asset:
    """`packed` is the same, compressed once and for all; None where that saves nothing."""

    content: bytes
    packed: bytes | None
    kind: str


@cache
def manifest() -> dict[str, str]:
    """Plain name → name with hash, written by the build."""
    return msgspec.json.decode((FOLDER / "manifest.json").read_bytes(), type=dict[str, str])


def asset_url(name: str) -> str:
    """Raises KeyError for a name the build did not make."""
    return f"{MOUNT}/{manifest()[name]}"


@cache
def _assets() -> dict[str, Asset]:
    """All there is, by name with hash: under 200 kB, so it stays in memory."""
    return {path.name: _read(path) for path in FOLDER.iterdir() if path.is_file() and path.name != "manifest.json"}


def _read(path: Path) -> Asset:
    content = path.read_bytes()
    packed = gzip.compress(content, 9, mtime=0)
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Asset(content, packed if len(packed) < 0.9 * len(content) else None, kind)


async def serve(request: Request) -> Response:
    """Names carry the hash of the content, so a browser never asks twice."""
    asset = _assets().get(request.path_params["name"])
    if asset is None:
        raise HTTPException(404)
    headers = {"Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
    if asset.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(asset.packed, headers=headers | {"Content-Encoding": "gzip"}, media_type=asset.kind)
    return Response(asset.content, headers=headers, media_type=asset.kind)
