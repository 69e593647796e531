"""How what people type is read: accents, case and signs do not matter, and some words mean the same."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

_WORD = re.compile(r"\w+")
LONGEST_QUESTION = 500
MOST_WORDS = 40
SYNONYM = 0.8


def folded(text: str) -> str:
    """The text without accents and case: "Perché" is "perche", "Straße" is "strasse"."""
    parts = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("\x00", "").lower())
    return "".join(each for each in parts if not unicodedata.combining(each))


def words_of(text: str) -> list[str]:
    """The words of a text, folded, in order."""
    return _WORD.findall(folded(text))


def expanded(typed: Sequence[str], synonyms: Iterable[Sequence[str]]) -> list[tuple[int, str, float]]:
    """
    What to look for: (which of the typed words, a word, how much it counts). Beside each typed word stand those that mean the same; several
    words that stand for one thing ("key card") are found as they follow each other.
    """
    found = [(place, word, 1.0) for place, word in enumerate(typed)]
    line = f" {' '.join(typed)} "
    for group in synonyms:
        names = [" ".join(words_of(name)) for name in group]
        for name in names:
            if f" {name} " not in line:
                continue
            place = typed.index(name.split()[0])
            found += [(place, word, SYNONYM) for other in names if other != name for word in other.split()]
    return found
