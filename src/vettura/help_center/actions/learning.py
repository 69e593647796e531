"""
What the ways to ask teach: how much each word speaks for each article and against the others. A multinomial logistic regression over the words of
every question, alias, phrase and answer, by language (decision 0031). Searching works without it; with it the small differences count.
"""

import math
from collections import Counter
from dataclasses import dataclass

import numpy as np
from django.db import connection, transaction

from vettura.catalog import queries as catalog
from vettura.foundation import jobs
from vettura.foundation.idempotency import fingerprint
from vettura.help_center import queries
from vettura.help_center.actions.index import copy_rows, digest_of, texts_in
from vettura.help_center.models import Learned, LearnedWord
from vettura.help_center.queries import edits
from vettura.help_center.queries.index import UNIT, ZERO
from vettura.help_center.rules import PIECE, teaching, words_of

LEARN = "help_center.learn"
LEARNING_LOCK = "SELECT pg_advisory_xact_lock(hashtext('help_center.learning'))"
# found with tests/help_center/questions.toml: more rounds learn the phrases by heart
ROUNDS, STEP, SEED = 4, 3.0, 1
# a place that is less likely than this does not move
NEARLY_RIGHT = 0.001
# what stands in one line alone teaches little more than that line
LINES = 2


@dataclass(frozen=True, kw_only=True)
class _Lines:
    """Everything that teaches in one language: the words of each line, and the place of its article; the last place is what no article answers."""

    articles: tuple[str, ...]
    words: tuple[tuple[str, ...], ...]
    places: tuple[int, ...]


def order_learning() -> bool:
    """This will have a worker learn where the articles are others than those that were learned from; whether that is so."""
    edits.see_edits()
    known = dict(Learned.objects.values_list("language", "digest"))
    is_outdated = any(known.get(each) != _digest(each) for each in catalog.pack().languages)
    if is_outdated:
        jobs.defer(LEARN, lock=LEARN)
    return is_outdated


def learn() -> list[str]:
    """The languages that had to be learned anew, because their articles had changed. May run again at any time."""
    edits.see_edits()
    return [each for each in catalog.pack().languages if _learn(each)]


@transaction.atomic
def _learn(language: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(LEARNING_LOCK)
        digest = _digest(language)
        if Learned.objects.filter(language=language, digest=digest).exists():
            return False
        lines = _lines(language)
        words, rarities, weights = _weights(lines)
        LearnedWord.objects.filter(language=language).delete()
        Learned.objects.update_or_create(
            language=language, defaults={"digest": digest, "articles": list(lines.articles)}
        )
        rows = (
            (language, word, rarity, row.tobytes()) for word, rarity, row in zip(words, rarities, weights, strict=True)
        )
        copy_rows(cursor, "help_center_learnedword (language, word, rarity, weights)", rows)
        cursor.execute("ANALYZE help_center_learned, help_center_learnedword")
    return True


def _digest(language: str) -> str:
    """The same as long as nothing has changed that teaches."""
    nothing = queries.help_of_pack().nothing.get(language, ())
    return fingerprint(ROUNDS, STEP, SEED, LINES, NEARLY_RIGHT, PIECE, digest_of(language, texts_in(language)), nothing)


def _lines(language: str) -> _Lines:
    """What teaches: each way to ask and the answers, with their article; and what is asked that none answers."""
    help_, texts = queries.help_of_pack(), texts_in(language)
    lines = [(place, tuple(words_of(said))) for place, each in enumerate(texts) for said in (*each.names, each.answers)]
    lines += [(len(texts), tuple(words_of(said))) for said in help_.nothing.get(language, ())]
    lines = [each for each in lines if each[1]]
    return _Lines(
        articles=tuple(each.id for each in texts),
        words=tuple(words for _, words in lines),
        places=tuple(place for place, _ in lines),
    )


def _weights(lines: _Lines) -> tuple[list[str], list[float], np.ndarray]:
    """The words and their pieces, how rare each is among the lines, and how much it speaks for each place, as bytes: by word and place."""
    taught = [teaching(words) for words in lines.words]
    counted = Counter(word for words in taught for word in words)
    known = {word: number for number, word in enumerate(sorted(word for word in counted if counted[word] >= LINES))}
    rarities = [_rarity(counted[word], len(lines.words)) for word in known]
    counts = np.array(rarities, np.float32)
    read = []
    for place, words in zip(lines.places, taught, strict=True):
        at = np.array(sorted(known[word] for word in words if word in known), int)
        if len(at):
            # together the words of a line have the length 1, however many they are
            read.append((place, at, counts[at] / np.linalg.norm(counts[at])))
    weights = np.zeros((len(known), len(lines.articles) + 1), np.float32)
    order = np.random.default_rng(SEED)
    for done in range(ROUNDS):
        step = STEP * (1 - done / ROUNDS)
        for number in order.permutation(len(read)):
            place, at, values = read[number]
            # how likely each place is by what is known so far, less what it is: each word gives way by its share
            scores = values @ weights[at]
            wrong = np.exp(scores - scores.max())
            wrong /= wrong.sum()
            wrong[place] -= 1
            # only the places that are nearly right or wrong: the others would move by nothing, but there are thousands of them
            near = np.flatnonzero(np.abs(wrong) > NEARLY_RIGHT)
            weights[np.ix_(at, near)] -= step * np.outer(values, wrong[near])
    return [*known], rarities, np.clip(weights * UNIT + ZERO, 0, 255).round().astype(np.uint8)


def _rarity(lines: int, of: int) -> float:
    """How much a word says that stands in so many lines of so many."""
    return 1 + math.log((1 + of) / (1 + lines))
