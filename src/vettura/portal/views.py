"""The shell's own pages: the design system, the legal documents, and the choice of appearance."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext
from django.views import i18n
from django.views.decorators.http import require_GET, require_POST

from vettura.catalog import queries as catalog
from vettura.identity import actions as identity
from vettura.identity.models import Account
from vettura.portal import gallery, legal
from vettura.portal.frame import THEME_COOKIE, THEMES

A_YEAR_IN_SECONDS = 31_536_000


@require_GET
def design(request: HttpRequest) -> HttpResponse:
    """The design system on one page: every component, every state, both themes."""
    return render(request, "portal/design.html", gallery.specimens(language=get_language() or "en"))


@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    """The current privacy statement, readable by everyone (DAT-008, DAT-016)."""
    return _legal_page(request, [legal.PRIVACY], gettext("Privacy statement"))


@require_GET
def terms(request: HttpRequest) -> HttpResponse:
    """The current terms of business and terms of use, readable without signing in (STO-016)."""
    return _legal_page(request, [legal.TERMS_OF_BUSINESS, legal.TERMS_OF_USE], gettext("Terms"))


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """This will remember the language on this device, and for people who are signed in also for letters to them."""
    chosen = request.POST.get("language", "")
    if isinstance(request.user, Account) and chosen in dict(settings.LANGUAGES):
        identity.choose_language(account=request.user, language=chosen)
    answer: HttpResponse = i18n.set_language(request)
    return answer


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """This will remember the appearance that was chosen on this device, and go back."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = "/"
    response = HttpResponseRedirect(target)
    theme = request.POST.get("theme", "auto")
    response.set_cookie(
        THEME_COOKIE,
        theme if theme in THEMES else "auto",
        max_age=A_YEAR_IN_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return response


def _legal_page(request: HttpRequest, kinds: list[str], heading: str) -> HttpResponse:
    country = legal.country_of(request)
    language = get_language() or "en"
    documents = [catalog.legal_document(kind=kind, country=country, language=language) for kind in kinds]
    context = {
        "heading": heading,
        "pages": [(each, mark_safe(legal.as_html(each.body_markdown))) for each in documents],  # noqa: S308 (cleaned by nh3)
        "country": country,
        "countries": legal.countries_by_name(),
    }
    return render(request, "portal/legal.html", context)
