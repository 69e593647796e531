"""
How what people type is read and weighed; pure. Accents, case and signs do not matter, typing errors are forgiven, long words come apart, and
some words mean the same. What is searched is made by the same functions, so both sides are read alike.

A *key* is what is compared: the stem of a word, `+` and the stem of a part of a compound, or `~` and the number of a group of words that mean the same.
"""

import math
import re
import unicodedata
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

import msgspec

_WORD = re.compile(r"\w+")
# "doesn't", "won’t", "cannot": what is said is the "not"
_NOT = re.compile(
    r"\b(?:can|could|do|does|did|is|are|was|were|has|have|had|wo|would|should|ai)n?(?:['’]t|t\b(?<=nt))|\bcannot\b"
)
LONGEST_QUESTION = 500
MOST_WORDS = 40
LONGEST_COMMENT = 1000
# of what is counted when nothing was found
LONGEST_WORDS = 120
_LONG_NUMBER = 4
_CODE = 6
# how much a match counts that is no equal word: by meaning, by a part of a compound, by the beginning of a word
SYNONYM, PART, BEGINNING = 0.8, 0.6, 0.8
# what a word counts that every sentence has, and one that says little
STOP, LITTLE, NEGATION, ABROAD = 0.3, 0.45, 0.5, 0.5
# as rare is a word that no article has though it means the same as one that some have
ELSEWHERE = 3.0
SHORTEST_PART = 4
LONG_WORD = 8
PIECE = 4
_JOINTS = ("", "s", "n", "en", "es", "e", "er")


def folded(text: str) -> str:
    """The text without accents and case: "Perché" is "perche", "Straße" is "strasse"."""
    parts = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("\x00", "").lower())
    return "".join(each for each in parts if not unicodedata.combining(each))


def words_of(text: str) -> list[str]:
    """The words of a text, folded, in order; "doesn't" is "not"."""
    return _WORD.findall(_NOT.sub(" not ", folded(text)))


def without_e(word: str) -> str:
    """A German word whose umlauts are spelled out, as the others are folded: "loeschen" is "loschen"."""
    return re.sub(r"(?<![aeq])([aou])e", r"\1", word)


def number_of(key: str) -> int:
    """A number for a key. Two keys may share one: it only spares a look at what has no key of the question."""
    return zlib.crc32(key.encode()) & 0x7FFFFFFF


def rarity(articles: int, of: int) -> float:
    """How much a word says that stands in so many articles of so many: none has the most."""
    return math.log(1 + (of - articles + 0.5) / (articles + 0.5))


def parts_of(word: str, known: Collection[str]) -> tuple[str, ...]:
    """The known words that a long one is made of: "fahrzeugortung" is "fahrzeug" and "ortung". Empty: it is not made of any."""
    if len(word) < LONG_WORD:
        return ()
    best: tuple[float, tuple[str, ...]] = (0, ())
    for end in range(len(word) - SHORTEST_PART, SHORTEST_PART - 1, -1):
        first, rest = word[:end], word[end:]
        if first not in known:
            continue
        for joint in _JOINTS:
            left = rest.removeprefix(joint)
            if len(left) + len(joint) != len(rest) or len(left) < SHORTEST_PART:
                continue
            more = (left,) if left in known else parts_of(left, known)
            # few and long parts are the likely ones
            if more and (fits := (len(word) - len(joint)) / (1 + len(more))) > best[0]:
                best = (fits, (first, *more))
    return best[1] or _longest_part(word, known)


def _longest_part(word: str, known: Collection[str]) -> tuple[str, ...]:
    """The longest known word that a long one begins or ends with, though the rest is none: "parkkartenverlust" is about "parkkarten"."""
    for length in range(len(word) - 3, LONG_WORD - 3, -1):
        for part in (word[:length], word[-length:]):
            if part in known:
                return (part,)
    return ()


def teaching(words: Iterable[str]) -> set[str]:
    """
    What is learned of words: each of them, and its pieces of a few letters, which see through endings, typing errors, dialect and compounds.
    A piece knows whether the word begins or ends with it: "#^par", "#ken$".
    """
    found = {*words}
    for framed in [f"^{word}$" for word in found]:
        if len(framed) > PIECE:
            found.update(f"#{framed[at : at + PIECE]}" for at in range(len(framed) - PIECE + 1))
    return found


def pieces_of(word: str) -> Iterator[str]:
    """Everything in a long word that might be a word of its own."""
    for start in range(len(word) - SHORTEST_PART + 1):
        for end in range(start + SHORTEST_PART, len(word) + 1):
            yield word[start:end]


def distance(one: str, other: str) -> int:
    """How many letters are wrong, missing, too many or in the wrong order."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        now = [i]
        for j, its in enumerate(other, 1):
            cost = min(last[j] + 1, now[j - 1] + 1, last[j - 1] + (letter != its))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == its:
                cost = min(cost, before[j - 2] + 1)
            now.append(cost)
        before, last = last, now
    return last[-1]


_SOUNDS = (
    (re.compile(r"sch|sc(?=[ei])"), "s"),
    (re.compile(r"ck|ch|[cq]|gh|kk"), "k"),
    (re.compile(r"ph|v|w"), "f"),
    (re.compile(r"tz|[zx]"), "s"),
    (re.compile(r"d|th|dt"), "t"),
    (re.compile(r"b"), "p"),
    (re.compile(r"g"), "k"),
    (re.compile(r"(?<=.)[aeiouyjh]"), ""),
)


def sound(word: str) -> str:
    """How a word sounds, roughly: "verchauft" and "verkauft" are alike, "machina" and "macchina" too."""
    for spelled, heard in _SOUNDS:
        word = spelled.sub(heard, word)
    return re.sub(r"(.)\1+", r"\1", word)


def likeness(typed: str, known: str) -> float:
    """How likely it is that a known word was meant, from 0 (not at all) to 1."""
    wrong = distance(typed, known)
    allowed = 1 if len(typed) <= 6 else 2 if len(typed) <= 10 else 3
    if wrong <= allowed and (typed[0] == known[0] or (wrong == 1 and len(typed) > 6)):
        return 1 - wrong / (len(typed) + 1) - 0.1
    if len(typed) >= 5 and sound(typed) == sound(known) and wrong <= allowed + 1:
        return 0.6
    return 0.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Lexicon:
    """What is known of a language beside the articles: stems, words that every sentence has, that say little, and that mean the same."""

    stems: Mapping[str, str]
    stops: Collection[str]
    little: Collection[str]
    negations: Collection[str]
    # by the first stem of a name: all of its stems, and the number of the group
    groups: Mapping[str, tuple[tuple[tuple[str, ...], int], ...]]
    # every stem that stands in a group
    meant: Collection[str]

    def importance(self, word: str) -> float:
        """How much a word counts, whatever the articles."""
        if word in self.negations:
            return NEGATION
        return STOP if word in self.stops else LITTLE if word in self.little else 1.0


def grouped(
    names: Iterable[Sequence[str]], stems: Mapping[str, str]
) -> dict[str, tuple[tuple[tuple[str, ...], int], ...]]:
    """Groups of names that mean the same, to be found by the first stem of each name."""
    found: dict[str, list[tuple[tuple[str, ...], int]]] = {}
    for number, group in enumerate(names):
        for name in group:
            line = tuple(stems[word] for word in words_of(name))
            if line:
                found.setdefault(line[0], []).append((line, number))
    return {first: tuple(lines) for first, lines in found.items()}


def meanings(stems: Sequence[str], lexicon: Lexicon) -> list[set[int]]:
    """For each word of a line the groups that it belongs to, alone or with its neighbours ("key card")."""
    found: list[set[int]] = [set() for _ in stems]
    for place, stem in enumerate(stems):
        for line, number in lexicon.groups.get(stem, ()):
            if tuple(stems[place : place + len(line)]) == line:
                for each in found[place : place + len(line)]:
                    each.add(number)
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


@dataclass(frozen=True, kw_only=True)
class Named:
    """A country or a car that a question names: its code (empty where the name may mean several), and which of the words say it."""

    kind: Literal["country", "car"]
    code: str
    places: range


def named_in(
    words: Sequence[str], names: Mapping[tuple[str, ...], tuple[Literal["country", "car"], str]]
) -> list[Named]:
    """The countries and cars that are named, the longest name first: "in den Vereinigten Staaten" is one."""
    found: list[Named] = []
    longest = max((len(name) for name in names), default=0)
    place = 0
    while place < len(words):
        for length in range(min(longest, len(words) - place), 0, -1):
            known = names.get(tuple(words[place : place + length]))
            if known is not None:
                found.append(Named(kind=known[0], code=known[1], places=range(place, place + length)))
                place += length
                break
        else:
            place += 1
    return found


def without_names(words: Sequence[str], named: Sequence[Named], abroad: str) -> list[tuple[str, float]]:
    """The words with how much each counts: what a car is called says little of what is meant, and a country is a country."""
    by_place = {each.places.start: each for each in named}
    inside = {place for each in named for place in each.places}
    found: list[tuple[str, float]] = []
    for place, word in enumerate(words):
        if place in by_place and by_place[place].kind == "country":
            found += [(abroad, ABROAD)] if abroad else []
        elif place in inside and place not in by_place and _is_country(place, named):
            continue
        else:
            found.append((word, LITTLE if place in inside else 1.0))
    return found


def _is_country(place: int, named: Sequence[Named]) -> bool:
    return any(place in each.places and each.kind == "country" for each in named)


@dataclass
class Place:
    """One typed word: how much it says, and the keys that it may be found by with how much each counts."""

    weight: float
    keys: dict[str, float] = field(default_factory=dict)

    def add(self, key: str, counts: float) -> None:
        """A key, or a better reason for one."""
        self.keys[key] = max(counts, self.keys.get(key, 0.0))


class Token(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """A word of a name: how much it says, and its keys. A search reads thousands, so the garbage collector does not follow them."""

    weight: float
    keys: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """
    An article that has some of the words: how much of what they weigh its text has, the words of each of its names that has one of them, and how
    much was learned to speak for it.
    """

    id: str
    evidence: float
    names: Sequence[Sequence[Token]]
    learned: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Fitting:
    """
    An article and how well it fits: by its words alone, with what was learned, which is nothing for the one that was learned best, and how much
    its nearest name is what was typed, word for word: 1 or more is the same.
    """

    id: str
    of_words: float
    of_name: float
    score: float
    learned: float


# how much what was learned counts beside the words; found with tests/help_center/questions.toml
LEARNED = 0.16


def ranked(places: Sequence[Place], candidates: Sequence[Candidate]) -> list[Fitting]:
    """The articles, the one that fits best first."""
    by_key: dict[str, list[tuple[int, float]]] = {}
    for number, place in enumerate(places):
        for key, counts in place.keys.items():
            by_key.setdefault(key, []).append((number, counts))
    typed = sum(place.weight for place in places) or 1.0
    most = max((each.learned for each in candidates), default=0.0)
    fitting = []
    for each in candidates:
        near = sorted((closeness(places, by_key, name) / typed**OF_QUESTION for name in each.names), reverse=True)
        of_names = sum(counts * nearness for counts, nearness in zip(BEST_NAMES, near, strict=False))
        of_words = float(TEXT * each.evidence / typed + of_names)
        fitting.append(
            Fitting(
                id=each.id,
                of_words=of_words,
                of_name=near[0] if near else 0.0,
                score=of_words + LEARNED * (each.learned - most),
                learned=each.learned,
            )
        )
    return sorted(fitting, key=lambda each: (-each.score, each.id))


# Below this nothing answers a question: its best score, more for a long story, which has many words that no article has, and how much more was
# learned to speak for the best article than for none of them. Found with tests/help_center/questions.toml.
ANSWERS, OF_LENGTH, OF_LEARNED = 1.8, 0.5, 0.3
# what stands for that difference as long as nothing has been learned
UNLEARNED = 0.5
# from here on what was typed is a known way to ask, however little its words say: "where is my car"
SAME = 0.95


def answers(fitting: Sequence[Fitting], *, words: int, for_none: float | None) -> bool:
    """
    Whether the best of these articles answers a question of so many words. `for_none`: what its words were learned to speak for no article; None:
    nothing has been learned yet.
    """
    if not fitting:
        return False
    if max(each.of_name for each in fitting) >= SAME:
        return True
    of_words, learned = max(each.of_words for each in fitting), max(each.learned for each in fitting)
    difference = UNLEARNED if for_none is None else learned - for_none
    return of_words + OF_LENGTH * math.log(words) + OF_LEARNED * difference >= ANSWERS


# What the text, the best names and the order of words count; found with tests/help_center/questions.toml
TEXT, BEST_NAMES, ORDER = 1.0, (0.4, 0.3, 0.25), 0.12
OF_NAME, OF_QUESTION = 0.75, 0.5


def closeness(
    places: Sequence[Place], by_key: Mapping[str, Sequence[tuple[int, float]]], name: Sequence[Token]
) -> float:
    """
    How near a name is to what was typed: how much of each the other has, and whether the words follow each other alike. What was typed counts
    as it is weighed, so whoever compares questions divides by that.
    """
    matched = of_question = all_of_name = 0.0
    found: dict[int, float] = {}
    order = []
    for token in name:
        all_of_name += token.weight
        counted, at = 0.0, -1
        for key in token.keys:
            for number, counts in by_key.get(key, ()):
                if counts > (before := found.get(number, 0.0)):
                    found[number] = counts
                    of_question += places[number].weight * (counts - before)
                if counts > counted:
                    counted, at = counts, number
        matched += token.weight * counted
        order.append(at)
    if not matched:
        return 0.0
    of_name = matched / all_of_name
    close = sum(1 for one, other in pairwise(order) if one >= 0 and other == one + 1) / max(len(order) - 1, 1)
    return float(of_name**OF_NAME * of_question**OF_QUESTION * (1 + ORDER * close))
