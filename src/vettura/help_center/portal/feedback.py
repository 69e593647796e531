"""Readers say whether an answer helped; what is searched in vain is counted."""

import secrets
from urllib.parse import urlencode

from allauth.core.internal import ratelimit
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from vettura.catalog import queries as catalog
from vettura.foundation.errors import Refusal
from vettura.help_center import actions, errors, queries, rules
from vettura.help_center.queries import feedback
from vettura.identity.models import Account

VISITOR = "help_visitor"
LIMITS = {"feedback": "60/h/ip", "unanswered": "120/h/ip"}


def may(request: HttpRequest, action: str) -> bool:
    """Whether so much may come from one network address."""
    limits = ratelimit.consume(
        request, app="vettura.help_center", action=action, config=LIMITS, limit_get=True, user=request.user
    )
    return bool(limits)


def count_unanswered(request: HttpRequest, question: str, way: str, language: str) -> None:
    """This will count words that found nothing, but not without end from one place."""
    if may(request, "unanswered"):
        actions.count_unanswered(question=question, language=language, way=way)


def _who(request: HttpRequest) -> tuple[Account | None, str]:
    """The reader: the person, or the random word of this session."""
    account = request.user if isinstance(request.user, Account) else None
    return account, "" if account else request.session.get(VISITOR, "")


def facts(request: HttpRequest, article_id: str, choice: str) -> dict[str, object]:
    """What the part of the page needs on which a reader says whether the article helped; `choice`: its car and country, as in the address."""
    account, visitor = _who(request)
    return {
        "vote": feedback.vote_of(article_id=article_id, account=account, visitor=visitor),
        "article_id": article_id,
        "choice": choice,
        "longest": rules.LONGEST_COMMENT,
    }


@require_POST
def give_feedback(request: HttpRequest, article_id: str) -> HttpResponse:
    """This will keep whether the article helped, or the words beside that; the last vote of a reader counts."""
    queries.written(article_id)
    choice = urlencode({name: request.GET[name] for name in ("country", "car") if name in request.GET})
    refusal: Refusal | None = None
    try:
        _keep(request, article_id)
    except (errors.VoteFirst, errors.TooMuchFeedback) as found:
        refusal = found
    about = facts(request, article_id, choice) | {"refusal": str(refusal) if refusal else ""}
    if refusal or getattr(request, "htmx", False):
        template = "help_center/_feedback.html" if getattr(request, "htmx", False) else "help_center/feedback.html"
        return render(request, template, about, status=refusal.status if refusal else 200)
    address = reverse("help_center:article", args=[article_id])
    return HttpResponseRedirect(f"{address}?{choice}#feedback" if choice else f"{address}#feedback")


def _keep(request: HttpRequest, article_id: str) -> None:
    if not may(request, "feedback"):
        raise errors.TooMuchFeedback
    account, visitor = _who(request)
    if account is None and not visitor:
        visitor = request.session[VISITOR] = secrets.token_urlsafe(16)
    helpful = request.POST.get("helpful")
    if helpful in ("yes", "no"):
        actions.vote(
            article_id=article_id,
            language=catalog.language_of_pack(get_language()),
            is_helpful=helpful == "yes",
            account=account,
            visitor=visitor,
        )
    if "comment" in request.POST:
        actions.comment(article_id=article_id, text=request.POST["comment"], account=account, visitor=visitor)
    elif helpful not in ("yes", "no"):
        raise errors.VoteFirst
