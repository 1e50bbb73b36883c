"""The part of a Russian word that stays when it is declined: «школа, школы, школе» → «школ».

Rough on purpose. The same cut is made in the directory and in the query, so a strange stem harms nothing; what counts
is that the forms of one word meet («Москвы», «Москва») and different words do not.
"""

import re

_ADJECTIVE = re.compile(r"(?:ого|его|ому|ему|ыми|ими|ых|их)$")
# «в Покровском», «с Советским»: these endings are cut only from adjectives, since names end so too («Кадом», «Крым»).
_ADJECTIVE_AFTER_SK = re.compile(r"(?<=ск)(?:ом|им|ым)$")
_PLURAL = re.compile(r"(?:ами|ями|ах|ях)$")
_SHORTEST_WITH_ENDING = 5
_VOWELS = "аеиоуыэюяйь"


def stem(word: str) -> str:
    """At least two letters; a word without a vowel at its end comes back as it is."""
    length = len(word)
    if length < 3:
        return word
    cut = word
    if length >= _SHORTEST_WITH_ENDING:
        cut = _ADJECTIVE.sub("", cut)
        if len(cut) == length:
            cut = _ADJECTIVE_AFTER_SK.sub("", cut)
        if len(cut) == length:
            cut = _PLURAL.sub("", cut)
        if len(cut) < 3:
            cut = word
    end = len(cut)
    while end > 2 and cut[end - 1] in _VOWELS:
        end -= 1
    return _without_fleeting_vowel(cut[:end])


def _without_fleeting_vowel(cut: str) -> str:
    """«Череповец, Череповца»; «городок, городка»; «Елец, Ельца»."""
    if len(cut) < 4:
        return cut
    if cut.endswith("ец"):
        return cut[:-2] + "ц"
    if cut.endswith("ьц"):
        return cut[:-2] + "ц"
    if cut.endswith("ок"):
        return cut[:-2] + "к"
    return cut
