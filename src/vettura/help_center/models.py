"""
What is searched: the articles of the pack, filled in anew when they have changed (the pack is the truth; these rows may be lost). And what readers
say: whether an answer helped, how often it is read, and which words find nothing. And what editors
write: a draft of each article at most, and the versions that were published, which lie over the pack's (decision 0029).
"""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vettura.foundation.audit import Kind, audited, not_audited
from vettura.foundation.ids import new_id


@not_audited("made anew from the pack when it has changed")
class IndexedArticle(models.Model):
    """An article in one language, and the number by which the rest of the index knows it."""

    article_id = models.CharField(max_length=100)
    language = models.CharField(max_length=2)
    number = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article_id", "language"], name="an_article_once_per_language"),
            models.UniqueConstraint(fields=["language", "number"], name="a_number_once_per_language"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} ({self.language})"


@not_audited("made anew from the pack when it has changed")
class IndexedName(models.Model):
    """
    A way to ask for an article: its question, an alias or a phrase; its words as they are compared with what was typed, and their keys. As numbers
    (`rules.number_of`), because PostgreSQL compares them ten times as fast.
    """

    language = models.CharField(max_length=2)
    number = models.PositiveIntegerField()
    keys = ArrayField(models.IntegerField())
    tokens = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["language", "number"], name="help_names_of_an_article")]

    def __str__(self) -> str:
        return f"{self.number} ({self.language})"


@not_audited("made anew from the pack when it has changed")
class IndexedStem(models.Model):
    """What articles are found by: a stem, how rare it is, and the numbers of the articles that have it with how well each does."""

    language = models.CharField(max_length=2)
    stem = models.CharField(max_length=100)
    rarity = models.FloatField()
    articles = ArrayField(models.PositiveIntegerField())
    weights = ArrayField(models.FloatField())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["language", "stem"], name="a_stem_once_per_language")]

    def __str__(self) -> str:
        return f"{self.stem} ({self.language})"


@not_audited("made anew from the pack when it has changed")
class IndexedWord(models.Model):
    """A word of the articles in one language and its stem: near ones mend typing errors, longer ones finish what is being typed."""

    language = models.CharField(max_length=2)
    word = models.CharField(max_length=100)
    stem = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["language", "word"], name="a_word_once_per_language")]
        indexes = [
            GinIndex(fields=["word"], opclasses=["gin_trgm_ops"], name="help_word_trigrams"),
            models.Index(
                fields=["language", "word"], opclasses=["varchar_ops", "varchar_pattern_ops"], name="help_word_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.word} ({self.language})"


@not_audited("made anew from the pack when it has changed")
class Filled(models.Model):
    """What a language's rows were filled from: the digest of its texts, and of how they are read."""

    language = models.CharField(max_length=2, primary_key=True)
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.language


@not_audited("made anew from the pack when it has changed")
class Learned(models.Model):
    """What a language's words were learned from: the articles in their order, and the digest of all that taught."""

    language = models.CharField(max_length=2, primary_key=True)
    digest = models.CharField(max_length=64)
    articles = ArrayField(models.CharField(max_length=100))

    def __str__(self) -> str:
        return self.language


@not_audited("made anew from the pack when it has changed")
class LearnedWord(models.Model):
    """
    A word or a piece of one (`rules.teaching`), how rare it is, and how much it speaks for each of the articles that were learned from: a byte
    each, the last one for none of them. As bytes, because with two thousand articles numbers would take eight times the room.
    """

    language = models.CharField(max_length=2)
    word = models.CharField(max_length=100)
    rarity = models.FloatField()
    weights = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["language", "word"], name="a_learned_word_once_per_language")]

    def __str__(self) -> str:
        return f"{self.word} ({self.language})"


@not_audited("said by its reader alone, who may change it, and forgotten after its time")
class Feedback(models.Model):
    """Whether an article helped a reader, and a few words why. `visitor`: the random word of a session whose person is not known."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    article_id = models.CharField(max_length=100)
    language = models.CharField(max_length=2)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="help_feedback"
    )
    visitor = models.CharField(max_length=32, blank=True)
    is_helpful = models.BooleanField()
    comment = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-at"], name="help_feedback_by_time"),
            models.Index(fields=["article_id", "-at"], name="help_feedback_of_an_article"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account", "article_id"], condition=Q(account__isnull=False), name="one_vote_of_a_person"
            ),
            models.UniqueConstraint(
                fields=["visitor", "article_id"], condition=Q(account=None), name="one_vote_of_a_visitor"
            ),
            models.CheckConstraint(
                condition=Q(account=None) & ~Q(visitor="") | Q(account__isnull=False, visitor=""),
                name="a_vote_is_a_persons_or_a_visitors",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id}: {self.is_helpful}"


@not_audited("counts that name nobody, forgotten after their time")
class ArticleView(models.Model):
    """How often an article was read on a day, in one language."""

    article_id = models.CharField(max_length=100)
    language = models.CharField(max_length=2)
    day = models.DateField()
    count = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["article_id", "language", "day"], name="views_once_a_day"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["day"], name="help_views_by_day")]

    def __str__(self) -> str:
        return f"{self.article_id} {self.day}"


@not_audited("counts that name nobody, forgotten after their time")
class UnansweredSearch(models.Model):
    """How often words were searched on a day without finding an article, and by which way in."""

    class Way(models.TextChoices):
        """Where somebody asked."""

        PAGE = "page"
        API = "api"
        COMMAND = "command"

    words = models.CharField(max_length=120)
    language = models.CharField(max_length=2)
    way = models.CharField(max_length=8, choices=Way)
    day = models.DateField()
    count = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["words", "language", "way", "day"], name="unanswered_words_once_a_day"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["day"], name="help_unanswered_by_day")]

    def __str__(self) -> str:
        return self.words


@not_audited("words that nobody but editors read yet; what is published is a version, which is kept for ever")
class ArticleDraft(models.Model):
    """What an editor writes, in pieces, so that nothing is lost that cannot be read yet. `pack_source`: the pack's text when it was begun."""

    article_id = models.SlugField(max_length=100, unique=True)
    topic = models.CharField(max_length=40)
    head = models.TextField(blank=True)
    questions = models.JSONField(default=dict)
    texts = models.JSONField(default=dict)
    pack_source = models.TextField(blank=True)
    # grows by one with each saving: whoever saves on top of a text they have not seen is told so
    revision = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="help_drafts")
    saved_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.article_id} ({self.revision})"


@not_audited("is itself the record of who published what, and is only ever added to")
class ArticleVersion(models.Model):
    """
    A whole article as it was published, or that it was taken back; the newest one of an article lies over the pack's. `pack_source`: the
    pack's text when it was published, empty for an article that the pack does not have.
    """

    class What(models.TextChoices):
        """What was done."""

        PUBLISHED = "published", _("Published")
        REVERTED = "reverted", _("Former text published again")
        TAKEN_BACK = "taken_back", _("Taken back: the text of the pack is read again")

    article_id = models.SlugField(max_length=100)
    number = models.PositiveIntegerField()
    what = models.CharField(max_length=12, choices=What)
    topic = models.CharField(max_length=40)
    source = models.TextField(blank=True)
    pack_source = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="help_versions")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["article_id", "number"], name="help_versions_in_turn"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.number}"


@not_audited("made anew from the pack whenever it changes")
class KeptManual(models.Model):
    """A manual as it was last set, so that a download does not wait. `edition` names what it was made of."""

    document = models.CharField(max_length=20)
    generation = models.CharField(max_length=20)
    language = models.CharField(max_length=2)
    edition = models.CharField(max_length=16)
    pdf = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "generation", "language"], name="a_manual_is_kept_once")
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.generation} ({self.language})"


@audited(kind=Kind.CARS, person="customer", car="vehicle")
class StaffLook(models.Model):
    """
    A member of staff looked for what keeps a customer's car from working. Written before anything is shown, so that nobody looks without a trace;
    the audit says who it was. Kept until the audit of it is erased with the customer.
    """

    customer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    vehicle = models.ForeignKey("vehicles.Vehicle", on_delete=models.PROTECT, related_name="+")
    topic = models.CharField(_("Question"), max_length=40)
    service = models.CharField(_("Service"), max_length=100, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("Look at a customer's car")

    def __str__(self) -> str:
        return f"{self.vehicle_id} {self.topic}"
