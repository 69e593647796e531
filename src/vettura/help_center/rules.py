"""How what people type is read: accents, case and signs do not matter, and some words mean the same."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

_WORD = re.compile(r"\w+")
LONGEST_QUESTION = 500
MOST_WORDS = 40
SYNONYM = 0.8
LONGEST_COMMENT = 1000
# of what is counted when nothing was found
LONGEST_WORDS = 120
_LONG_NUMBER = 4
_CODE = 6


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


def countable(question: str) -> str:
    """The words of a question that nothing answered, without what could tell of a person: addresses, long numbers, plates and the like."""
    harmless = [each for each in question[:LONGEST_QUESTION].split() if not _may_tell(each)]
    return " ".join(words_of(" ".join(harmless))[:MOST_WORDS])[:LONGEST_WORDS].strip()


def _may_tell(word: str) -> bool:
    digits = sum(each.isdigit() for each in word)
    return "@" in word or digits >= _LONG_NUMBER or (digits > 0 and len(word) >= _CODE)


def one_text(text: str) -> str:
    """What somebody wrote, without margins and without signs that cannot be kept."""
    return text.replace("\x00", "").strip()
