"""What readers said, for those who write the articles and those who answer where an article did not."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Max, Min, Q, QuerySet, Sum

from vettura.catalog import queries as catalog
from vettura.help_center.models import ArticleView, Feedback, UnansweredSearch
from vettura.identity.models import Account

# staff who write the articles, and staff who answer where an article did not
EDITOR, ASSISTANCE = "catalog", "assistance"


def is_editor(*, account: Account) -> bool:
    """Whether a person writes articles."""
    return account.has_staff_role(EDITOR)


def reads_feedback(*, account: Account) -> bool:
    """Whether a person sees what readers said: whoever writes articles, and Assistance."""
    return is_editor(account=account) or account.has_staff_role(ASSISTANCE)


@dataclass
class Heard:
    """What is known of how an article does: how often it was read, how many found it helpful or not, and how many wrote why."""

    views: int = 0
    helpful: int = 0
    unhelpful: int = 0
    comments: int = 0

    @property
    def votes(self) -> int:
        """How many said whether it helped."""
        return self.helpful + self.unhelpful

    @property
    def share(self) -> int | None:
        """How many of a hundred found it helpful; None where nobody said."""
        return round(100 * self.helpful / self.votes) if self.votes else None


def heard() -> dict[str, Heard]:
    """By article, for all of which anything is known."""
    found: dict[str, Heard] = {}
    for article_id, views in ArticleView.objects.values_list("article_id").annotate(Sum("count")):
        found.setdefault(article_id, Heard()).views = views
    of_all = Feedback.objects.values("article_id").annotate(
        votes=Count("id"),
        helpful=Count("id", filter=Q(is_helpful=True)),
        commented=Count("id", filter=~Q(comment="")),
    )
    for each in of_all:
        known = found.setdefault(each["article_id"], Heard())
        known.helpful, known.unhelpful = each["helpful"], each["votes"] - each["helpful"]
        known.comments = each["commented"]
    return found


def comments(*, article_id: str = "") -> QuerySet[Feedback]:
    """What readers wrote, the newest first; who they are is not told."""
    found = Feedback.objects.exclude(comment="").order_by("-at", "-id")
    return found.filter(article_id=article_id) if article_id else found


@dataclass(frozen=True)
class Unanswered:
    """Words that found nothing: how often, and when last."""

    words: str
    language: str
    count: int
    last_on: date


def unanswered(*, limit: int) -> list[Unanswered]:
    """Words that found nothing, the most frequent first."""
    found = (
        UnansweredSearch.objects.values("words", "language")
        .annotate(times=Sum("count"), last=Max("day"))
        .order_by("-times", "-last", "words")[:limit]
    )
    return [Unanswered(each["words"], each["language"], each["times"], each["last"]) for each in found]


def vote_of(*, article_id: str, account: Account | None, visitor: str) -> Feedback | None:
    """What this reader said of an article."""
    if account is None and not visitor:
        return None
    who = {"account": account} if account else {"visitor": visitor}
    return Feedback.objects.filter(article_id=article_id, **who).first()


def feedback_due() -> datetime | None:
    """When the oldest of what readers said is to be forgotten."""
    oldest = Feedback.objects.aggregate(Min("at"))["at__min"]
    return oldest + catalog.terms().help_feedback_kept if oldest else None


def days_due() -> date | None:
    """On which day the oldest count is to be forgotten."""
    days = [model.objects.aggregate(Min("day"))["day__min"] for model in (ArticleView, UnansweredSearch)]
    kept: timedelta = catalog.terms().help_feedback_kept
    return min((each + kept for each in days if each), default=None)
