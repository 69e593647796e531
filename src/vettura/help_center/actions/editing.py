"""What editors do with articles: drafts, published versions that lie over the pack's, and the way back (decision 0029)."""

import re
from collections.abc import Mapping

from django.db import connection, transaction

from vettura.catalog import queries as catalog
from vettura.foundation import clock, jobs
from vettura.help_center import errors
from vettura.help_center.models import ArticleDraft, ArticleVersion
from vettura.help_center.queries import edits, feedback
from vettura.identity.models import Account
from vettura_pack.help import Parts, parts_of

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_PART = 40_000
VERSIONS_LOCK = "SELECT pg_advisory_xact_lock(hashtext('help_center.versions'))"
FILL_INDEX = "help_center.fill_index"


@transaction.atomic
def begin_article(*, by: Account, article_id: str, topic: str, questions: Mapping[str, str]) -> ArticleDraft:
    """This will begin an article that does not exist yet. Raises ArticleNotFound for who is no editor, and ArticleUnfit."""
    _refuse_others(by)
    known = edits.help_now()
    is_taken = article_id in known.articles or ArticleDraft.objects.filter(article_id=article_id).exists()
    if not _ID.fullmatch(article_id) or len(article_id) > 100 or is_taken or topic not in known.topics:
        raise errors.ArticleUnfit
    return ArticleDraft.objects.create(
        article_id=article_id,
        topic=topic,
        head="rules: []\nverdict: advice",
        questions={each: questions.get(each, "") for each in catalog.pack().languages},
        texts=dict.fromkeys(catalog.pack().languages, ""),
        by=by,
        saved_at=clock.now(),
    )


@transaction.atomic
def save_draft(*, by: Account, article_id: str, parts: Parts, revision: int) -> ArticleDraft:
    """
    This will keep what an editor wrote, whether it passes the check or not. `revision`: of the draft that they saw, 0 where there was none.

    Raises ArticleNotFound for who is no editor and for an article that nobody began, and DraftChanged if somebody saved meanwhile.
    """
    _refuse_others(by)
    found = ArticleDraft.objects.select_for_update().filter(article_id=article_id).first()
    if (found.revision if found else 0) != revision:
        raise errors.DraftChanged
    if found is None:
        now = edits.parts_now(article_id=article_id)
        if now is None:
            raise errors.ArticleNotFound
        found = ArticleDraft(article_id=article_id, topic=now[0], revision=0, pack_source=edits.pack_source(article_id))
    found.head = _kept(parts.head)
    found.questions = {name: _kept(text) for name, text in parts.questions.items()}
    found.texts = {name: _kept(text) for name, text in parts.texts.items()}
    found.revision, found.by, found.saved_at = found.revision + 1, by, clock.now()
    found.save()
    return found


@transaction.atomic
def drop_draft(*, by: Account, article_id: str) -> None:
    """This will throw a draft away; repeating it changes nothing."""
    _refuse_others(by)
    ArticleDraft.objects.filter(article_id=article_id).delete()


@transaction.atomic
def publish(*, by: Account, article_id: str, revision: int) -> ArticleVersion:
    """
    This will let everybody read a draft, and find it as soon as a worker has filled what is searched. Raises ArticleNotFound, DraftChanged, and
    ArticleFaulty while the check has a sentence.
    """
    _refuse_others(by)
    _one_at_a_time()
    draft = ArticleDraft.objects.select_for_update().filter(article_id=article_id).first()
    if draft is None:
        raise errors.ArticleNotFound
    if draft.revision != revision:
        raise errors.DraftChanged
    source = edits.parts_of_draft(draft).whole
    version = _lay(by, article_id, draft.topic, source, ArticleVersion.What.PUBLISHED)
    draft.delete()
    return version


@transaction.atomic
def revert(*, by: Account, article_id: str, number: int) -> ArticleVersion:
    """This will publish a former version again. Raises ArticleNotFound, and ArticleFaulty where it no longer passes."""
    _refuse_others(by)
    _one_at_a_time()
    former = ArticleVersion.objects.filter(article_id=article_id, number=number).exclude(source="").first()
    if former is None:
        raise errors.ArticleNotFound
    return _lay(by, article_id, former.topic, former.source, ArticleVersion.What.REVERTED)


@transaction.atomic
def take_back(*, by: Account, article_id: str) -> ArticleVersion:
    """This will let the pack's text be read again, or nothing where the pack has none. Raises ArticleNotFound where nothing is published."""
    _refuse_others(by)
    _one_at_a_time()
    newest = ArticleVersion.objects.filter(article_id=article_id).order_by("-number").first()
    if newest is None or newest.what == ArticleVersion.What.TAKEN_BACK:
        raise errors.ArticleNotFound
    return _added(by, article_id, newest.topic, "", ArticleVersion.What.TAKEN_BACK)


def _lay(by: Account, article_id: str, topic: str, source: str, what: str) -> ArticleVersion:
    article, problems = edits.checked(article_id=article_id, topic=topic, source=source)
    if article is None or problems:
        raise errors.ArticleFaulty
    return _added(by, article_id, topic, parts_of(source).whole, what)


def _added(by: Account, article_id: str, topic: str, source: str, what: str) -> ArticleVersion:
    newest = ArticleVersion.objects.filter(article_id=article_id).order_by("-number").first()
    version = ArticleVersion.objects.create(
        article_id=article_id,
        number=newest.number + 1 if newest else 1,
        what=what,
        topic=topic,
        source=source,
        pack_source=edits.pack_source(article_id),
        by=by,
        at=clock.now(),
    )
    # filling takes seconds, and a page should not
    jobs.defer(FILL_INDEX, lock=FILL_INDEX, version=version.id)
    return version


def _one_at_a_time() -> None:
    """The numbers of versions come in the order in which they are committed: who asks for the newest one misses none."""
    with connection.cursor() as cursor:
        cursor.execute(VERSIONS_LOCK)


def _refuse_others(by: Account) -> None:
    if not feedback.is_editor(account=by):
        raise errors.ArticleNotFound


def _kept(text: str) -> str:
    return text.replace("\x00", "").replace("\r\n", "\n")[:LONGEST_PART]
