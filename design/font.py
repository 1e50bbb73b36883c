"""Golos Text in one file: Latin and Cyrillic, digits and punctuation, weights 400 to 700.

The published web font is cut into alphabets, each a variable font of its own with its own kerning. Variable fonts
cannot be merged, static ones can: so each alphabet is frozen at both ends of the weight axis, the halves are merged,
and the two whole fonts become the masters of a new variable font.

    python -m venv .fontenv && .fontenv/bin/pip install "fonttools[woff]"
    .fontenv/bin/python design/font.py
"""

import io
from pathlib import Path

from fontTools import subset
from fontTools.designspaceLib import AxisDescriptor, DesignSpaceDocument, SourceDescriptor
from fontTools.merge import Merger
from fontTools.ttLib import TTFont
from fontTools.varLib import build
from fontTools.varLib.instancer import instantiateVariableFont

HERE = Path(__file__).parent
SOURCE = HERE / "node_modules/@fontsource-variable/golos-text"
TARGET = HERE / "font/golos-text.woff2"
WEIGHTS = (400, 700)
LATIN = [*range(0x20, 0x7F), *range(0xA0, 0x100), *(ord(sign) for sign in "–—‘’‚“”„•…‹›€™↑↓−\u2009")]
CYRILLIC = [*range(0x400, 0x460), 0x490, 0x491, ord("№")]
ALPHABETS = (("latin", LATIN), ("cyrillic", CYRILLIC), ("latin-ext", [ord("₽")]))
# Signs the family lacks and Russian typography needs: no-break hyphen, narrow no-break space.
STAND_INS = {0x2011: ord("-"), 0x202F: 0x2009}
MUST_HAVE = [ord(sign) for sign in "0123456789АЯЁаяё«»№₽—–…\u00a0\u2011\u202f"]
DROPPED_TABLES = ("VVAR", "vhea", "vmtx", "DSIG")


def frozen_alphabet(name: str, letters: list[int], weight: int) -> TTFont:
    """One alphabet as a static font that holds only the letters asked for."""
    font = TTFont(SOURCE / f"files/golos-text-{name}-wght-normal.woff2")
    for table in DROPPED_TABLES:
        if table in font:
            del font[table]
    options = subset.Options(layout_features=["kern", "mark", "mkmk", "locl", "ccmp", "calt", "tnum", "pnum"])
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=letters)
    cutter.subset(font)
    return instantiateVariableFont(font, {"wght": weight})


def whole_master(weight: int, folder: Path) -> TTFont:
    """All alphabets at one weight, merged."""
    paths = []
    for name, letters in ALPHABETS:
        font = frozen_alphabet(name, letters, weight)
        font.flavor = None
        paths.append(str(folder / f"{name}-{weight}.ttf"))
        font.save(paths[-1])
    merged = Merger().merge(paths)
    buffer = io.BytesIO()
    merged.save(buffer)
    buffer.seek(0)
    return TTFont(buffer)


def main() -> None:
    TARGET.parent.mkdir(exist_ok=True)
    scratch = HERE / "node_modules/.font"
    scratch.mkdir(exist_ok=True)
    light, bold = WEIGHTS
    design = DesignSpaceDocument()
    design.addAxis(AxisDescriptor(tag="wght", name="Weight", minimum=light, default=light, maximum=bold))
    for weight in WEIGHTS:
        design.addSource(SourceDescriptor(font=whole_master(weight, scratch), location={"Weight": weight}))
    font, _, _ = build(design)
    for table in font["cmap"].tables:
        for sign, stand_in in STAND_INS.items():
            if stand_in in table.cmap:
                table.cmap[sign] = table.cmap[stand_in]
    missing = [hex(sign) for sign in MUST_HAVE if sign not in font.getBestCmap()]
    if missing:
        raise SystemExit(f"the font lost {missing}")
    # The same input makes the same bytes.
    font.recalcTimestamp = False
    font["head"].created = font["head"].modified = 0
    font.flavor = "woff2"
    font.save(TARGET)
    (TARGET.parent / "LICENSE").write_text((SOURCE / "LICENSE").read_text())
    print(f"{TARGET.name}: {TARGET.stat().st_size} bytes, {len(font.getBestCmap())} signs")


main()
