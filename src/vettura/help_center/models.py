"""What is searched: the articles of the pack, filled in anew at every start. The pack is the truth; these rows may be lost."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from vettura.foundation.audit import not_audited


@not_audited("made anew from the pack at every start")
class IndexedArticle(models.Model):
    """An article in one language, as PostgreSQL searches it: question and aliases weigh most, then the answer, then the text."""

    article_id = models.CharField(max_length=100)
    language = models.CharField(max_length=2)
    question = models.TextField()
    vector = SearchVectorField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article_id", "language"], name="an_article_once_per_language")]
        indexes = [GinIndex(fields=["vector"], name="help_article_vector")]

    def __str__(self) -> str:
        return f"{self.article_id} ({self.language})"


@not_audited("made anew from the pack at every start")
class IndexedWord(models.Model):
    """A word of the articles in one language, its stem, and in how many articles that stands: rare words say more, near ones mend typos."""

    language = models.CharField(max_length=2)
    word = models.CharField(max_length=100)
    stem = models.CharField(max_length=100)
    articles = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["language", "word"], name="a_word_once_per_language")]
        indexes = [
            models.Index(fields=["language", "stem"], name="help_word_stem"),
            GinIndex(fields=["word"], opclasses=["gin_trgm_ops"], name="help_word_trigrams"),
        ]

    def __str__(self) -> str:
        return f"{self.word} ({self.language})"
