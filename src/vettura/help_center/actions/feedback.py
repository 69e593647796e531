"""What readers say of the answers: helpful or not, a few words, and what they searched without finding anything."""

from datetime import date, datetime

from django.db import connection, transaction

from vettura.catalog import queries as catalog
from vettura.foundation import clock
from vettura.foundation.ids import new_id
from vettura.help_center import errors, queries, rules
from vettura.help_center.models import ArticleView, Feedback, UnansweredSearch
from vettura.identity.models import Account


@transaction.atomic
def vote(*, article_id: str, language: str, is_helpful: bool, account: Account | None, visitor: str = "") -> Feedback:
    """
    This will keep whether an article helped; a reader has one vote for each, and the last one counts. `visitor`: the random word of a
    session whose person is not known. Raises ArticleNotFound.
    """
    queries.written(article_id)
    who = _who(account, visitor)
    facts = {"language": language, "is_helpful": is_helpful, "at": clock.now()}
    # two clicks at once are one vote: the second waits for the first
    Feedback.objects.bulk_create([Feedback(id=new_id(), article_id=article_id, **who, **facts)], ignore_conflicts=True)
    found = Feedback.objects.select_for_update(of=("self",)).get(article_id=article_id, **who)
    for name, value in facts.items():
        setattr(found, name, value)
    found.save(update_fields=list(facts))
    return found


@transaction.atomic
def comment(*, article_id: str, text: str, account: Account | None, visitor: str = "") -> Feedback:
    """This will keep a reader's words beside their vote, instead of former ones; empty words take them back. Raises VoteFirst."""
    found = (
        Feedback.objects.select_for_update(of=("self",)).filter(article_id=article_id, **_who(account, visitor)).first()
    )
    if found is None:
        raise errors.VoteFirst
    found.comment, found.at = rules.one_text(text)[: rules.LONGEST_COMMENT], clock.now()
    found.save(update_fields=["comment", "at"])
    return found


def count_view(*, article_id: str, language: str) -> None:
    """This will count that somebody read an article; who it was is not kept."""
    _count(ArticleView, article_id=article_id, language=language, day=clock.now().date())


def count_unanswered(*, question: str, language: str, way: str) -> None:
    """
    This will count words for which no article was found: on which day, in which language, by which way in. Nothing that could tell of a
    person is among them: addresses and long numbers are left out. Repeating it counts again.
    """
    words = rules.countable(question)
    if words:
        _count(UnansweredSearch, words=words, language=language, way=way, day=clock.now().date())


def _count(model: type[ArticleView | UnansweredSearch], **about: str | date) -> None:
    table, columns = model._meta.db_table, ", ".join(about)
    places = ", ".join(["%s"] * len(about))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({columns}, count) VALUES ({places}, 1) "  # noqa: S608 (names of our own columns)
            f"ON CONFLICT ({columns}) DO UPDATE SET count = {table}.count + 1",
            list(about.values()),
        )


@transaction.atomic
def forget_old_feedback(*, at: datetime) -> int:
    """This will delete what was kept for its time; returns how many rows."""
    since = at - catalog.terms().help_feedback_kept
    old_days = {"day__lte": since.date()}
    rows = (
        Feedback.objects.filter(at__lte=since),
        ArticleView.objects.filter(**old_days),
        UnansweredSearch.objects.filter(**old_days),
    )
    return sum(each.delete()[0] for each in rows)


def _who(account: Account | None, visitor: str) -> dict[str, object]:
    return {"account": account, "visitor": "" if account else visitor}
