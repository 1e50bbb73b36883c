"""Letters as people type them, made one: case, ё, quotes, №, look-alike letters, keyboard layout, transliteration."""

import re
import unicodedata

# Letters of Tatar, Bashkir, Chuvash, Ukrainian and Kazakh keyboards, brought to the nearest letter of Russian.
_NEIGHBOURS = {
    "ә": "а",
    "ө": "о",
    "ү": "у",
    "ұ": "у",
    "җ": "ж",
    "ң": "н",
    "һ": "х",
    "ҙ": "з",
    "ҫ": "с",
    "ғ": "г",
    "ҡ": "к",
    "қ": "к",
    "ӑ": "а",
    "ӗ": "е",
    "ӳ": "у",
    "і": "и",
    "ї": "и",
    "є": "е",
    "ґ": "г",
    "š": "sh",
    "ž": "zh",
    "č": "ch",
    "ŝ": "sch",
    "ʹ": "'",
    "’": "'",
    "`": "'",
    "ʼ": "'",
}
_DASHES = dict.fromkeys("‐‑‒–—―−⁃﹘﹣－", "-")
_TABLE = str.maketrans({**_NEIGHBOURS, **_DASHES, "№": "#", "\u00ad": "", "\ufeff": ""})
# Rare, and looking for them is ten times faster than translating every text letter by letter.
_TO_TRANSLATE = re.compile("[" + re.escape("".join(map(chr, _TABLE))) + "]")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u206f]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


def tidy(text: str) -> str:
    """Lower case, ё as е, one kind of dash, № as `#`, nothing invisible. Length may change by a little."""
    plain = text.replace("№", "#")
    if not plain.isascii():
        plain = unicodedata.normalize("NFKC", plain)
        plain = _INVISIBLE.sub("", plain)
    plain = plain.lower().replace("ё", "е")
    if _TO_TRANSLATE.search(plain):
        plain = plain.translate(_TABLE)
    return _CONTROL.sub(" ", plain)


# -- Latin letters that look like Cyrillic ones ---------------------------------------------------------------------

# Lower-case forms stand here too, because a look-alike capital was lowered before (B → b, H → h, M → m, T → t, K → k).
_LOOKALIKES = str.maketrans("aceopxykmthb", "асеорхукмтнв")
_LOOKALIKE_LETTERS = frozenset("aceopxykmthb")
_LATIN = re.compile(r"[a-z]")
_CYRILLIC = re.compile(r"[а-я]")


def has_latin(text: str) -> bool:
    return _LATIN.search(text) is not None


def is_mixed(word: str) -> bool:
    return _LATIN.search(word) is not None and _CYRILLIC.search(word) is not None


def looks_cyrillic(word: str) -> bool:
    """True when each Latin letter of the word has a Cyrillic twin."""
    return all(letter in _LOOKALIKE_LETTERS for letter in word if "a" <= letter <= "z")


def from_lookalikes(word: str) -> str:
    return word.translate(_LOOKALIKES)


# -- Keyboard layout ------------------------------------------------------------------------------------------------

_LATIN_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`{}:\"<>~"
_CYRILLIC_KEYS = "йцукенгшщзхъфывапролджэячсмитьбюехъжэбюе"
_TO_CYRILLIC = str.maketrans(_LATIN_KEYS, _CYRILLIC_KEYS)
_TO_LATIN = str.maketrans("йцукенгшщзхъфывапролджэячсмитьбю", "qwertyuiop[]asdfghjkl;'zxcvbnm,.")


def typed_on_latin_keys(text: str) -> str:
    """«ir 590 vjcrdf» → «шк 590 москва»."""
    return text.translate(_TO_CYRILLIC)


def typed_on_cyrillic_keys(text: str) -> str:
    """«ысрщщд» → «school»."""
    return text.translate(_TO_LATIN)


# -- Transliteration ------------------------------------------------------------------------------------------------

_SYLLABLES = {
    "shch": "щ",
    "sch": "щ",
    "sh": "ш",
    "ch": "ч",
    "zh": "ж",
    "kh": "х",
    "ts": "ц",
    "tz": "ц",
    "ya": "я",
    "ja": "я",
    "ia": "ия",
    "yu": "ю",
    "ju": "ю",
    "yo": "е",
    "jo": "е",
    "ye": "е",
    "je": "е",
    "iya": "ия",
    "ija": "ия",
    "iy": "ий",
    "ij": "ий",
    "yy": "ый",
    "yj": "ый",
    "ph": "ф",
    "ck": "к",
    "a": "а",
    "b": "б",
    "c": "ц",
    "d": "д",
    "e": "е",
    "f": "ф",
    "g": "г",
    "h": "х",
    "i": "и",
    "j": "й",
    "k": "к",
    "l": "л",
    "m": "м",
    "n": "н",
    "o": "о",
    "p": "п",
    "q": "к",
    "r": "р",
    "s": "с",
    "t": "т",
    "u": "у",
    "v": "в",
    "w": "в",
    "x": "кс",
    "y": "ы",
    "z": "з",
    "'": "ь",
    '"': "ъ",
}
_SYLLABLE = re.compile("|".join(sorted(map(re.escape, _SYLLABLES), key=len, reverse=True)))
_Y_AFTER_VOWEL = re.compile(r"(?<=[aeiou])y(?![aoue])")
# «rayon», «rajon»: й and о; anywhere else «yo» is ё.
_YO_AFTER_VOWEL = re.compile(r"(?<=[aeiou])[yj]o")
_SOFT = re.compile(r"[ьъ']")
_ALIKE = str.maketrans({"й": "и", "ы": "и", "щ": "ш", "э": "е", "х": "к", "ц": "с"})


def from_transliteration(word: str) -> str:
    """«gimnaziya» → «гимназия», by the usual schemes at once; «y» is й after a vowel and ы after a consonant."""
    prepared = _YO_AFTER_VOWEL.sub("йо", _Y_AFTER_VOWEL.sub("j", word))
    return _SYLLABLE.sub(lambda found: _SYLLABLES[found[0]], prepared)


def sound(word: str) -> str:
    """What two spellings of one word have in common after a journey through Latin letters: «ульяновск», «уляновск»."""
    return _SOFT.sub("", word).translate(_ALIKE)
