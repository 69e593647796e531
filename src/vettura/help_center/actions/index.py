"""What the help center does: it fills what is searched from the pack."""

from django.db import connection, transaction

from vettura.catalog import queries as catalog
from vettura.help_center import queries
from vettura.help_center.models import IndexedArticle, IndexedWord
from vettura.help_center.queries import edits
from vettura.help_center.rules import folded, words_of
from vettura_pack.answers import PLACEHOLDER, plain
from vettura_pack.help import Article

INDEX_LOCK = "SELECT pg_advisory_xact_lock(hashtext('help_center.index'))"


@transaction.atomic
def fill_index() -> int:
    """Every article of the pack in every language, instead of what was there; how many. May run again at any time."""
    with connection.cursor() as cursor:
        # one filling at a time; who searches meanwhile finds what was there before
        cursor.execute(INDEX_LOCK)
        edits.see_edits()
        IndexedArticle.objects.all().delete()
        IndexedWord.objects.all().delete()
        for language in catalog.pack().languages:
            articles = [_texts(each, language) for each in queries.help_of_pack().articles.values()]
            _fill_articles(cursor, language, articles)
            words = {word for texts in articles for text in texts[1:] for word in words_of(text)}
            _fill_words(cursor, language, sorted(words))
        cursor.execute("ANALYZE help_center_indexedarticle, help_center_indexedword")
    return len(queries.help_of_pack().articles)


def _texts(article: Article, language: str) -> tuple[str, str, str, str]:
    """Id, question with aliases, answers, and the rest: all passages, whatever holds for whom."""
    labels = catalog.labels(language)

    def said(text: str) -> str:
        return plain(PLACEHOLDER.sub(lambda match: labels.get(match[1], " "), text))

    text = " ".join(each.markdown for each in article.passages[language])
    answers = " ".join(text.split("==")[1::2])
    names = [article.question[language], *article.head.aliases.get(language, ())]
    rest = f"{text} {article.topic_name[language]} {' '.join(article.head.rules)}"
    return article.id, said(" · ".join(names)), said(answers), said(rest)


# `cursor` of Django's connection: its type is the database's own
def _fill_articles(cursor, language: str, articles: list[tuple[str, str, str, str]]) -> None:  # type: ignore[no-untyped-def]
    ids, questions, answers, rest = (list(column) for column in zip(*articles, strict=True))
    cursor.execute(
        """
        INSERT INTO help_center_indexedarticle (article_id, language, question, vector)
        SELECT id, %(language)s, question,
               setweight(to_tsvector(%(config)s::regconfig, question), 'A')
               || setweight(to_tsvector(%(config)s::regconfig, answer), 'B')
               || setweight(to_tsvector(%(config)s::regconfig, rest), 'D')
        FROM unnest(%(ids)s::text[], %(questions)s::text[], %(answers)s::text[], %(rest)s::text[])
             AS a(id, question, answer, rest)
        """,
        {
            "language": language,
            "config": queries.TEXT_SEARCH[language],
            "ids": ids,
            "questions": [folded(each) for each in questions],
            "answers": [folded(each) for each in answers],
            "rest": [folded(each) for each in rest],
        },
    )


def _fill_words(cursor, language: str, words: list[str]) -> None:  # type: ignore[no-untyped-def]
    cursor.execute(
        """
        INSERT INTO help_center_indexedword (language, word, stem, articles)
        SELECT %(language)s, typed.word, stem.lexeme, known.ndoc
        FROM unnest(%(words)s::text[]) AS typed(word),
             LATERAL (SELECT lexeme FROM unnest(to_tsvector(%(config)s::regconfig, typed.word)) LIMIT 1) AS stem,
             ts_stat(format('SELECT vector FROM help_center_indexedarticle WHERE language = %%L', %(language)s::text)) AS known
        WHERE known.word = stem.lexeme AND length(typed.word) <= 100
        """,
        {"language": language, "config": queries.TEXT_SEARCH[language], "words": words},
    )
