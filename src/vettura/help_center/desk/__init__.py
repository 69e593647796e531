"""Editors and Assistance come in: how the articles do, what readers wrote, and the words that found nothing."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from vettura.catalog import queries as catalog
from vettura.foundation import clock
from vettura.foundation.errors import NotFound
from vettura.foundation.panels import Section
from vettura.help_center import queries
from vettura.help_center.desk import editing
from vettura.help_center.queries import edits, feedback
from vettura.identity.models import Account
from vettura_pack.help import Article

PAGE_SIZE = 50
MOST_WORDS_SHOWN = 200
# the order of the list: by topic, the least helpful first, the most read first, what is to be checked again first
ORDERS = ("topic", "helpful", "views", "review")


def sections(*, account: Account) -> list[Section]:
    """Where editors find the articles, and Assistance what readers say of them."""
    if not feedback.reads_feedback(account=account):
        return []
    return [Section(gettext("Help articles"), reverse("help_desk:articles"), "help", "l")]


def _staff(request: HttpRequest) -> Account:
    if not isinstance(request.user, Account) or not feedback.reads_feedback(account=request.user):
        raise NotFound
    return request.user


def _language() -> str:
    return catalog.language_of_pack(get_language())


def _titles() -> dict[str, str]:
    return {each: queries.title_of(article_id=each, language=_language()) for each in queries.help_of_pack().articles}


@login_required
@never_cache
@require_GET
def articles(request: HttpRequest) -> HttpResponse:
    """Every article with how it does; `q` searches title and id, `topic` keeps one topic, `order` says what comes first."""
    staff = _staff(request)
    edits.see_edits()
    topic, order = request.GET.get("topic", ""), request.GET.get("order", "topic")
    search = request.GET.get("q", "").strip()[:100]
    only = request.GET.get("only", "")
    titles, heard = _titles(), feedback.heard()
    states = editing.states()
    none = feedback.Heard()
    rows = [
        (each, titles[each.id], heard.get(each.id, none), states.get(each.id, ()))
        for each in queries.help_of_pack().articles.values()
        if topic in ("", each.topic)
        and search.lower() in f"{titles[each.id]} {each.id}".lower()
        and (only != "edited" or each.id in states)
    ]
    if order in ORDERS[1:]:
        rows.sort(key=lambda row: _place(order, row[0], row[2]))
    more = request.GET.copy()
    more.pop("page", None)
    facts = {
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "more": more.urlencode(),
        "topics": [(key, names[_language()]) for key, names in queries.help_of_pack().topics.items()],
        "topic": topic,
        "order": order,
        "orders": _orders(),
        "search": search,
        "today": clock.now().date(),
        "is_editor": feedback.is_editor(account=staff),
        "only": only,
        # drafts of articles that nobody reads yet, and words that an article is to be found by
        "begun": [] if topic or search else editing.begun(),
        "alias": request.GET.get("alias", "")[:100],
        "alias_language": request.GET.get("language", "")[:2],
    }
    return render(request, "help_center/desk/articles.html", facts)


def _orders() -> list[tuple[str, str]]:
    names = (
        gettext("By topic"),
        gettext("Least helpful first"),
        gettext("Most read first"),
        gettext("To be checked first"),
    )
    return list(zip(ORDERS, names, strict=True))


def _place(order: str, article: Article, heard: feedback.Heard) -> tuple[object, ...]:
    if order == "helpful":
        return (heard.share is None, heard.share or 0, -heard.votes)
    if order == "views":
        return (-heard.views,)
    return (article.head.review_on is None, str(article.head.review_on))


@login_required
@never_cache
@require_GET
def comments(request: HttpRequest) -> HttpResponse:
    """What readers wrote, the newest first; `article` keeps those of one."""
    _staff(request)
    article_id = request.GET.get("article", "")
    titles = _titles()
    page = Paginator(feedback.comments(article_id=article_id), PAGE_SIZE).get_page(request.GET.get("page"))
    facts = {
        "page": page,
        "rows": [(each, titles.get(each.article_id, "")) for each in page],
        "article_id": article_id,
        "title": titles.get(article_id, article_id),
    }
    return render(request, "help_center/desk/comments.html", facts)


@login_required
@never_cache
@require_GET
def words(request: HttpRequest) -> HttpResponse:
    """Words that found nothing, the most frequent first."""
    staff = _staff(request)
    rows = feedback.unanswered(limit=MOST_WORDS_SHOWN)
    facts = {"rows": rows, "is_editor": feedback.is_editor(account=staff), "kept": catalog.terms().help_feedback_kept}
    return render(request, "help_center/desk/words.html", facts)


app_name = "help_desk"
urlpatterns = [
    path("", articles, name="articles"),
    path("comments/", comments, name="comments"),
    path("words/", words, name="words"),
    path("new/", editing.new, name="new"),
    path("<slug:article_id>/", editing.edit, name="edit"),
    path("<slug:article_id>/preview/", editing.preview, name="preview"),
    path("<slug:article_id>/history/", editing.history, name="history"),
    path("<slug:article_id>/file/", editing.file, name="file"),
    path("<slug:article_id>/revert/", editing.revert, name="revert"),
    path("<slug:article_id>/take-back/", editing.take_back, name="take_back"),
    path("<slug:article_id>/drop/", editing.drop, name="drop"),
]
