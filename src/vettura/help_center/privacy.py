"""A person's data in this context: what they said of articles."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from vettura.foundation.archive import exports, not_exported, read
from vettura.foundation.erasing import Subject, empties, erases
from vettura.foundation.privacy import Person
from vettura.help_center.models import ArticleDraft, ArticleVersion, Feedback, StaffLook


@dataclass
class HelpFeedbackRow:
    """Whether an article of the help center helped, and what was written."""

    article_id: str
    language: str
    is_helpful: bool
    comment: str
    at: datetime


@exports("help_feedback", title=_("What you said of answers of the help center"), row=HelpFeedbackRow, of=(Feedback,))
def help_feedback(person: Person) -> Iterator[HelpFeedbackRow]:
    """The oldest first."""
    return read(HelpFeedbackRow, Feedback.objects.filter(account_id=person.id).order_by("at"))


not_exported(
    ArticleDraft, ArticleVersion, because="texts of the operator; they tell nothing of the editor but the name"
)


not_exported(StaffLook, because="work of the operator's staff; the audit of a person's data tells it")


@erases(_("That staff looked at what keeps a car from working"), of=(StaffLook,))
def erased_looks(subject: Subject) -> QuerySet[StaffLook]:
    """Gone with the account of the customer."""
    return StaffLook.objects.filter(customer_id=subject.id)


@erases(_("What was said of answers of the help center"), of=(Feedback,))
def erased_feedback(subject: Subject) -> QuerySet[Feedback]:
    """Gone with the account."""
    return Feedback.objects.filter(account_id=subject.id)


@empties(_("Who wrote drafts of help articles; the drafts stay"), of=(ArticleDraft,), to=lambda _subject: {"by": None})
def emptied_drafts(subject: Subject) -> QuerySet[ArticleDraft]:
    """The text is the operator's."""
    return ArticleDraft.objects.filter(by_id=subject.id)


@empties(_("Who published help articles; the texts stay"), of=(ArticleVersion,), to=lambda _subject: {"by": None})
def emptied_versions(subject: Subject) -> QuerySet[ArticleVersion]:
    """The text is the operator's."""
    return ArticleVersion.objects.filter(by_id=subject.id)
