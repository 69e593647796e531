"""
How articles are found, by PostgreSQL: it knows which article has which stem how well, which known words are near to one that was mistyped, and
which one begins like an unfinished one. What comes back is weighed by `rules`.
"""

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import msgspec
import numpy as np
from django.db import connection

from vettura.help_center import rules
from vettura.help_center.models import Learned
from vettura.help_center.rules import Candidate, Lexicon, Place, Token
from vettura_pack.help import Help

# PostgreSQL's stemmer per language of the pages
STEMMER = {"en": "english_stem", "it": "italian_stem", "de": "german_stem"}
# where words say more than this, no article is found by one that says less
MEANS_SOMETHING = 0.3
# of a long story so many words find articles, and so many find names of theirs: those that say the most. So many articles are weighed:
# those that have most of the words, and those that the words were learned to speak for.
FINDING, NAMING, CANDIDATES, LEARNED_CANDIDATES = 16, 10, 16, 8
# a learned weight is kept in a byte: so many units are 1, and this one is nothing
UNIT, ZERO = 10, 128
# below this no article is shown for what is being typed, which may still become a question
MAY_FIT = 0.35

_NAMES = msgspec.json.Decoder(list[list[Token]])


@dataclass(frozen=True, kw_only=True)
class Found:
    """An article and how well it fits."""

    id: str
    score: float


def stems_of(words: Iterable[str], language: str) -> tuple[dict[str, str], set[str]]:
    """The stem of each word, and which of them every sentence has; the stem of such a word is the word itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word, ts_lexize(%s, word) FROM unnest(%s::text[]) AS t(word)",
            [STEMMER[language], sorted({*words})],
        )
        found = cursor.fetchall()
    return {word: (stems[0] if stems else word) for word, stems in found}, {word for word, stems in found if not stems}


def lexicon_of(help_: Help, language: str) -> Lexicon:
    """What is known of a language beside the articles."""
    return _lexicon(
        language,
        help_.synonyms.get(language, ()),
        help_.little.get(language, ()),
        help_.negations.get(language, ()),
    )


@lru_cache(maxsize=16)
def _lexicon(
    language: str, synonyms: tuple[tuple[str, ...], ...], little: tuple[str, ...], negations: tuple[str, ...]
) -> Lexicon:
    words = {word for group in synonyms for name in group for word in rules.words_of(name)}
    stems, _ = stems_of(words, language)
    return Lexicon(
        stems=stems,
        stops=frozenset(),
        little=frozenset(word for each in little for word in rules.words_of(each)),
        negations=frozenset(word for each in negations for word in rules.words_of(each)),
        groups=rules.grouped(synonyms, stems),
        meant=frozenset(stems.values()),
    )


def find(*, words: Sequence[tuple[str, float]], language: str, help_: Help, is_typing: bool, limit: int) -> list[Found]:
    """The articles that fit these words, each with how much it counts, best first. `is_typing`: the last word may be unfinished."""
    places, meant = _read(words, language, lexicon_of(help_, language), is_typing)
    telling = [(number, place) for number, place in enumerate(places) if place.keys and place.weight > MEANS_SOMETHING]
    known = telling or [(number, place) for number, place in enumerate(places) if place.keys]
    if not known:
        return []
    speaks = _learned(meant, language)
    fitting = rules.ranked(places, _candidates(known, speaks.for_articles, language))
    if not telling:
        # words that say little find nothing but what is asked in the same words
        fitting = [each for each in fitting if each.of_name >= rules.SAME]
    elif is_typing:
        fitting = [each for each in fitting if each.of_words >= MAY_FIT]
    elif not rules.answers(fitting, words=len(words), for_none=speaks.for_none):
        return []
    return [Found(id=each.id, score=each.score) for each in fitting[:limit]]


class _Word(NamedTuple):
    """What is known of a typed word: its stem, whether every sentence has it, how rare it is (None: no article has it), and words like it."""

    stem: str
    is_stop: bool
    rarity: float | None
    articles: int
    # word, stem and how rare: what it may be mistyped from, and what it may become
    near: list[tuple[str, str, float]]
    begun: list[tuple[str, str, float]]


def _read(
    typed: Sequence[tuple[str, float]], language: str, lexicon: Lexicon, is_typing: bool
) -> tuple[list[Place], list[str]]:
    """What each word may have meant, and the words as they are known: the likeliest one for one that is mistyped."""
    words = [word for word, _ in typed]
    rows = _known(words, language, len(words) - 1 if is_typing else -1)
    pieces = _pieces(words, language)
    places: list[Place] = []
    stems: list[str] = []
    meant: list[str] = []
    for (word, counts), known in zip(typed, rows, strict=True):
        place = Place(weight=0.0)
        found = _as_it_stands(place, known, [pieces[part] for part in rules.parts_of(word, pieces.keys())])
        stem, rarity = known.stem, max(found, default=None)
        meant.append(word)
        if not place.keys and known.stem in lexicon.meant:
            rarity = rules.ELSEWHERE
        elif not place.keys and not known.is_stop:
            meant[-1], stem, rarity = _as_mistyped(place, word, known, language)
        # a word that nobody wrote: something else is meant
        rarity = rules.rarity(0, known.articles) if rarity is None else rarity
        is_stop = known.is_stop and word not in lexicon.negations
        place.weight = counts * rarity * (rules.STOP if is_stop else lexicon.importance(word))
        places.append(place)
        stems.append(stem)
    for place, groups in zip(places, rules.meanings(stems, lexicon), strict=True):
        for group in groups:
            place.add(f"~{group}", rules.SYNONYM)
    return places, meant


def _as_it_stands(place: Place, known: _Word, parts: Sequence[tuple[str, float]]) -> list[float]:
    """The keys of a word that is written right, whole, unfinished or made of others; how rare each is."""
    found = []
    if known.rarity is not None:
        place.add(known.stem, 1.0)
        place.add(f"+{known.stem}", rules.PART)
        found.append(known.rarity)
    for _word, stem, rarity in known.begun:
        place.add(stem, rules.BEGINNING if known.rarity is None else rules.PART)
        if known.rarity is None:
            found = [max(rarity, *found)] if found else [rarity]
    for stem, rarity in parts:
        place.add(stem, rules.PART)
        place.add(f"+{stem}", rules.PART)
        found.append(rarity)
    return found


def _as_mistyped(place: Place, word: str, known: _Word, language: str) -> tuple[str, str, float | None]:
    """The keys of the words that were probably meant; the likeliest one, its stem and how rare it is."""
    near = [
        (rules.likeness(_as_known(word, each, language), each), stem, rarity, each) for each, stem, rarity in known.near
    ]
    likely = [each for each in sorted(near, reverse=True)[:2] if each[0]]
    for counts, stem, _rarity, _each in likely:
        place.add(stem, counts)
        place.add(f"+{stem}", counts * rules.PART)
    return (likely[0][3], likely[0][1], likely[0][2]) if likely else (word, known.stem, None)


def _as_known(word: str, known: str, language: str) -> str:
    """A German word whose umlauts are spelled out as it is known."""
    return known if language == "de" and rules.without_e(word) == known else word


def _known(words: Sequence[str], language: str, last: int) -> list[_Word]:
    """What is known of each word; the last one may be unfinished."""
    with connection.cursor() as cursor:
        cursor.execute(_WORDS, {"words": list(words), "language": language, "stemmer": STEMMER[language], "last": last})
        return [_Word(*row[1:]) for row in cursor.fetchall()]


def _pieces(words: Sequence[str], language: str) -> dict[str, tuple[str, float]]:
    """The known words inside of long words, with their stems and how rare they are."""
    wanted = {
        piece for word in words if len(word) >= rules.LONG_WORD for piece in rules.pieces_of(word) if piece != word
    }
    if language != "de" or not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT known.word, known.stem, stem.rarity FROM help_center_indexedword AS known
            JOIN help_center_indexedstem AS stem ON stem.language = known.language AND stem.stem = known.stem
            WHERE known.language = %s AND known.word = ANY(%s)
            """,
            [language, list(wanted)],
        )
        return {word: (stem, rarity) for word, stem, rarity in cursor.fetchall()}


@dataclass(frozen=True, kw_only=True)
class _Speaks:
    """How much the words of a question were learned to speak for each article, and for none of them. None: nothing has been learned yet."""

    for_articles: Mapping[str, float]
    for_none: float | None


def _learned(words: Sequence[str], language: str) -> _Speaks:
    """What the words were learned to speak for; together they count as one, however many they are."""
    with connection.cursor() as cursor:
        cursor.execute(_LEARNED, {"language": language, "words": [*rules.teaching(words)]})
        rows = cursor.fetchall()
    if not rows:
        return _Speaks(for_articles={}, for_none=None)
    try:
        articles = _learned_from(language, rows[0][0])
    except Learned.DoesNotExist:
        # learned anew since then: this one search goes by the words alone
        return _Speaks(for_articles={}, for_none=None)
    known = [(rarity, weights) for _digest, rarity, weights in rows if rarity is not None]
    if not known:
        return _Speaks(for_articles={}, for_none=0.0)
    rarities = np.array([rarity for rarity, _ in known], np.float32)
    weights = np.frombuffer(b"".join(each for _, each in known), np.uint8).reshape(len(known), -1)
    speaks = rarities / np.linalg.norm(rarities) @ ((weights.astype(np.float32) - ZERO) / UNIT)
    *for_articles, for_none = speaks.tolist()
    return _Speaks(for_articles=dict(zip(articles, for_articles, strict=True)), for_none=for_none)


@lru_cache(maxsize=16)
def _learned_from(language: str, digest: str) -> tuple[str, ...]:
    """The articles that were learned from, in their order. `digest`: what was learned then."""
    return tuple(Learned.objects.values_list("articles", flat=True).get(language=language, digest=digest))


def _candidates(numbered: Sequence[tuple[int, Place]], learned: Mapping[str, float], language: str) -> list[Candidate]:
    """
    The articles whose text has most of these words, by their number in what was typed, and those that all of it was learned to speak for; each
    with those of its names that have one of the words.
    """
    telling = heapq.nlargest(FINDING, numbered, key=lambda each: each[1].weight)
    rows = [(number, key, counts * place.weight) for number, place in telling for key, counts in place.keys.items()]
    with connection.cursor() as cursor:
        cursor.execute(
            _CANDIDATES,
            {
                "language": language,
                "places": [row[0] for row in rows],
                "keys": [row[1] for row in rows],
                "counts": [row[2] for row in rows],
                "numbers": sorted({rules.number_of(key) for _, place in telling[:NAMING] for key in place.keys}),
                "limit": CANDIDATES,
                "learned": heapq.nlargest(LEARNED_CANDIDATES, learned, key=learned.__getitem__),
            },
        )
        return [
            Candidate(id=id_, evidence=evidence, names=_NAMES.decode(names), learned=learned.get(id_, 0.0))
            for id_, evidence, names in cursor.fetchall()
        ]


_WORDS = """
    SELECT typed.place, coalesce(own.stems[1], typed.word), cardinality(own.stems) = 0, exact.rarity, size.articles,
           CASE WHEN exact.rarity IS NULL AND cardinality(own.stems) > 0 AND length(typed.word) >= 3 THEN (
               SELECT coalesce(json_agg(json_build_array(near.word, near.stem, near.rarity)), '[]') FROM (
                   SELECT known.word, known.stem, stem.rarity FROM help_center_indexedword AS known
                   JOIN help_center_indexedstem AS stem ON stem.language = known.language AND stem.stem = known.stem
                   WHERE known.language = %(language)s AND known.word %% typed.word
                   ORDER BY similarity(known.word, typed.word) DESC, known.word LIMIT 10
               ) AS near
           ) ELSE '[]' END,
           CASE WHEN typed.place = %(last)s AND length(typed.word) >= 3 THEN (
               SELECT coalesce(json_agg(json_build_array(begun.word, begun.stem, begun.rarity)), '[]') FROM (
                   SELECT known.word, known.stem, stem.rarity FROM help_center_indexedword AS known
                   JOIN help_center_indexedstem AS stem ON stem.language = known.language AND stem.stem = known.stem
                   WHERE known.language = %(language)s AND known.word LIKE typed.word || '%%' AND known.word <> typed.word
                   ORDER BY stem.rarity, known.word LIMIT 20
               ) AS begun
           ) ELSE '[]' END
    FROM unnest(%(words)s::text[]) WITH ORDINALITY AS t(word, ordinal)
    CROSS JOIN LATERAL (SELECT t.word, (t.ordinal - 1)::int AS place) AS typed
    CROSS JOIN LATERAL (SELECT ts_lexize(%(stemmer)s::regdictionary, typed.word) AS stems) AS own
    CROSS JOIN (SELECT coalesce(max(number), 0) + 1 AS articles FROM help_center_indexedarticle WHERE language = %(language)s) AS size
    LEFT JOIN help_center_indexedstem AS exact
           ON exact.language = %(language)s AND exact.stem = coalesce(own.stems[1], typed.word)
    ORDER BY typed.place
"""

_LEARNED = """
    SELECT learned.digest, known.rarity, known.weights FROM help_center_learned AS learned
    LEFT JOIN help_center_learnedword AS known ON known.language = learned.language AND known.word = ANY(%(words)s)
    WHERE learned.language = %(language)s
"""

_CANDIDATES = """
    WITH has AS (
        SELECT typed.place, typed.counts, unnest(known.articles) AS article, unnest(known.weights) AS weight
        FROM unnest(%(places)s::int[], %(keys)s::text[], %(counts)s::float8[]) AS typed(place, key, counts)
        JOIN help_center_indexedstem AS known ON known.language = %(language)s AND known.stem = typed.key
    ), hits AS (
        SELECT article, place, max(counts * weight) AS score FROM has GROUP BY article, place
    ), found AS (
        SELECT article, sum(score) AS score FROM hits GROUP BY article
    ), best AS (
        (SELECT article, score FROM found ORDER BY score DESC, article LIMIT %(limit)s)
        UNION
        SELECT indexed.number, coalesce(found.score, 0) FROM help_center_indexedarticle AS indexed
        LEFT JOIN found ON found.article = indexed.number
        WHERE indexed.language = %(language)s AND indexed.article_id = ANY(%(learned)s)
    )
    SELECT indexed.article_id, best.score, '[' || coalesce(near.names, '') || ']'
    FROM best
    JOIN help_center_indexedarticle AS indexed ON indexed.language = %(language)s AND indexed.number = best.article
    CROSS JOIN LATERAL (
        SELECT string_agg(name.tokens, ',') AS names FROM help_center_indexedname AS name
        WHERE name.language = %(language)s AND name.number = best.article AND name.keys && %(numbers)s::int[]
    ) AS near
"""
