"""Pictures of the help pages: a phone's screen, sharp and small."""

import io
from pathlib import Path

from PIL import Image

COLOURS = 64
LARGEST = 60_000
"""Bytes of one picture; a guide has ten."""


def save_small(screenshot: bytes, path: Path) -> None:
    """With as many colours as an interface needs; fewer when the page is busy."""
    picture = Image.open(io.BytesIO(screenshot)).convert("RGB")
    for colours in (COLOURS, 32, 16):
        small = io.BytesIO()
        picture.quantize(colours, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
        if small.tell() <= LARGEST:
            break
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(small.getvalue())
