"""What the help center does: it fills what is searched from the pack."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from functools import lru_cache
from typing import Any

from django.db import connection, transaction

from vettura.catalog import queries as catalog
from vettura.foundation.idempotency import fingerprint
from vettura.help_center import queries, rules
from vettura.help_center.models import (
    ArticleVersion,
    Filled,
    IndexedArticle,
    IndexedName,
    IndexedStem,
    IndexedWord,
)
from vettura.help_center.queries import edits
from vettura.help_center.queries import index as searched
from vettura.help_center.rules import Lexicon, words_of
from vettura_pack.answers import PLACEHOLDER, plain
from vettura_pack.help import Article

INDEX_LOCK = "SELECT pg_advisory_xact_lock(hashtext('help_center.index'))"
# what a word counts in the question, in an alias, in the answer and in the rest of an article
QUESTION, ALIAS, ANSWER, REST = 3.0, 2.0, 1.5, 0.7
# from here on more of the same word says little more; and a long text has many words
ENOUGH, LENGTH_COUNTS = 1.2, 0.5
# how many words each of them usually has
TYPICAL = {QUESTION: 10, ALIAS: 4, ANSWER: 25, REST: 120}
LONGEST_WORD = 60
# counts up where the same texts are to be filled in otherwise; a test says when
FORM = 1
_MODELS = (IndexedArticle, IndexedName, IndexedStem, IndexedWord)


@dataclass(frozen=True, kw_only=True)
class Text:
    """What an article says in one language: its question, its aliases, all its answers, and the rest, whatever holds for whom."""

    id: str
    names: tuple[str, ...]
    answers: str
    rest: str


@dataclass(frozen=True, kw_only=True)
class Rows:
    """The rows of one language."""

    articles: list[tuple[Any, ...]]
    names: list[tuple[Any, ...]]
    stems: list[tuple[Any, ...]]
    words: list[tuple[Any, ...]]


@transaction.atomic
def fill_index() -> int:
    """
    Every article in every language whose texts have changed, instead of what was there; how many articles there are. May run again at any time.
    """
    languages = catalog.pack().languages
    with connection.cursor() as cursor:
        # one filling at a time; who searches meanwhile finds what was there before
        cursor.execute(INDEX_LOCK)
        edits.see_edits()
        filled = [each for each in languages if _fill(cursor, each, texts_in(each))]
        for model in (*_MODELS, Filled):
            model.objects.exclude(language__in=languages).delete()
        if filled:
            # a search reads what waits to be put into the index, from one end to the other
            cursor.execute("SELECT gin_clean_pending_list('help_word_trigrams')")
            cursor.execute(
                "ANALYZE help_center_indexedarticle, help_center_indexedname, help_center_indexedstem, help_center_indexedword"
            )
    return len(queries.help_of_pack().articles)


# `cursor` of Django's connection: its type is the database's own
def _fill(cursor, language: str, texts: tuple[Text, ...]) -> bool:  # type: ignore[no-untyped-def]
    """This will fill in one language, unless the same texts were filled in already; whether it did."""
    digest = digest_of(language, texts)
    is_there = IndexedArticle.objects.filter(language=language).count() == len(texts)
    if is_there and Filled.objects.filter(language=language, digest=digest).exists():
        return False
    for model in _MODELS:
        model.objects.filter(language=language).delete()
    found = rows_of(language, texts, searched.lexicon_of(queries.help_of_pack(), language))
    copy_rows(cursor, "help_center_indexedarticle (article_id, language, number)", found.articles)
    copy_rows(cursor, "help_center_indexedname (language, number, keys, tokens)", found.names)
    copy_rows(cursor, "help_center_indexedstem (language, stem, rarity, articles, weights)", found.stems)
    copy_rows(cursor, "help_center_indexedword (language, word, stem)", found.words)
    Filled.objects.update_or_create(language=language, defaults={"digest": digest})
    return True


def digest_of(language: str, texts: Sequence[Text]) -> str:
    """The same as long as these texts are filled in alike: they, the words that are known beside them, and how they are read."""
    help_ = queries.help_of_pack()
    known = [each.get(language, ()) for each in (help_.synonyms, help_.little, help_.negations)]
    return fingerprint(FORM, connection.get_database_version(), [astuple(each) for each in texts], known)


def follow_edits(*, version: int) -> bool:
    """
    This will fill what is searched after that version was published; may run again at any time. A later version has a filling of its own, which
    finds this one too: then nothing is done, and the answer is no.
    """
    if ArticleVersion.objects.filter(id__gt=version).exists():
        return False
    fill_index()
    return True


def texts_in(language: str) -> tuple[Text, ...]:
    """What is searched of every article, in their order."""
    return tuple(texts_of(each, language) for each in queries.help_of_pack().articles.values())


def texts_of(article: Article, language: str) -> Text:
    """What is searched of an article."""
    labels = catalog.labels(language)

    def said(text: str) -> str:
        return plain(PLACEHOLDER.sub(lambda match: labels.get(match[1], " "), text))

    text = " ".join(each.markdown for each in article.passages[language])
    names = (article.question[language], *article.head.aliases.get(language, ()), *article.asked.get(language, ()))
    return Text(
        id=article.id,
        names=tuple(said(each) for each in names),
        answers=said(" ".join(text.split("==")[1::2])),
        rest=said(f"{text} {article.topic_name[language]} {' '.join(article.head.rules)}"),
    )


# the articles are the same at every filling of a process, so the work is done once
@lru_cache(maxsize=8)
def rows_of(language: str, texts: tuple[Text, ...], lexicon: Lexicon) -> Rows:
    """The rows of one language; an article's number is its place among the texts."""
    every = {word for each in texts for text in (*each.names, each.answers, each.rest) for word in words_of(text)}
    vocabulary = {word for word in every if len(word) <= LONGEST_WORD}
    stems, stops = searched.stems_of(vocabulary, language)
    parts = {word: rules.parts_of(word, vocabulary - {word}) for word in vocabulary} if language == "de" else {}
    reading = _Reading(stems=stems, stops=stops, parts=parts, lexicon=lexicon)
    found = [reading.weights(each) for each in texts]
    having: dict[str, list[tuple[int, float]]] = {}
    for number, weights in enumerate(found):
        for key, weight in weights.items():
            having.setdefault(key, []).append((number, weight))
    rarities = {key: rules.rarity(len(numbers), len(texts)) for key, numbers in having.items()}
    return Rows(
        articles=[(each.id, language, number) for number, each in enumerate(texts)],
        names=[
            (language, number, sorted({rules.number_of(key) for _, keys in tokens for key in keys}), json.dumps(tokens))
            for number, each in enumerate(texts)
            for tokens in (reading.tokens(name, rarities) for name in each.names)
        ],
        stems=[
            (
                language,
                key,
                rarities[key],
                _array(number for number, _ in numbers),
                _array(weight for _, weight in numbers),
            )
            for key, numbers in sorted(having.items())
        ],
        words=[(language, word, stems[word]) for word in sorted(vocabulary)],
    )


@dataclass(frozen=True, kw_only=True)
class _Reading:
    """How the words of a language are read."""

    stems: Mapping[str, str]
    stops: set[str]
    parts: Mapping[str, tuple[str, ...]]
    lexicon: Lexicon

    def keys(self, text: str) -> Iterator[tuple[str, list[str]]]:
        """Each word of a text with its keys, the stem first."""
        words = [word for word in words_of(text) if word in self.stems]
        line = [self.stems[word] for word in words]
        for word, stem, groups in zip(words, line, rules.meanings(line, self.lexicon), strict=True):
            parts = dict.fromkeys(f"+{self.stems[part]}" for part in self.parts.get(word, ()))
            yield word, [stem, *parts, *(f"~{each}" for each in sorted(groups))]

    def tokens(self, name: str, rarities: Mapping[str, float]) -> list[tuple[float, list[str]]]:
        """The words of a name with how much each says."""
        return [(round(self._importance(word) * rarities[keys[0]], 2), keys) for word, keys in self.keys(name)]

    def _importance(self, word: str) -> float:
        is_stop = word in self.stops and word not in self.lexicon.negations
        return rules.STOP if is_stop else self.lexicon.importance(word)

    def weights(self, text: Text) -> dict[str, float]:
        """How well an article has each key, from 0 to 1."""
        counted: defaultdict[str, float] = defaultdict(float)
        question, *aliases = text.names
        parts = [(question, QUESTION), *((each, ALIAS) for each in aliases), (text.answers, ANSWER), (text.rest, REST)]
        for said, weight in parts:
            read = list(self.keys(said))
            # the longer, the less each word of it says; what stands in ten aliases is not ten times as true
            size = 1 - LENGTH_COUNTS + LENGTH_COUNTS * max(len(read), 1) / TYPICAL[weight]
            for _word, keys in read:
                for key in keys:
                    counted[key] += weight / size
        return {key: round(value / (value + ENOUGH), 3) for key, value in counted.items()}


def _array(values: Iterable[float]) -> str:
    """Numbers as PostgreSQL reads an array."""
    return "{" + ",".join(map(str, values)) + "}"


# `cursor` of Django's connection: its type is the database's own
def copy_rows(cursor, into: str, rows: Iterable[Sequence[object]]) -> None:  # type: ignore[no-untyped-def]
    """Many rows into a table at once; `into` names it with its columns."""
    with cursor.copy(f"COPY {into} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
