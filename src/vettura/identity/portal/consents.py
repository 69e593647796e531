"""What a person accepted and decides on their data: the list, each decision, the question after a new version, receipts."""

from dataclasses import dataclass
from typing import cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.http import content_disposition_header, url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from vettura.catalog import queries as catalog
from vettura.foundation.errors import NotFound
from vettura.foundation.panels import panels
from vettura.identity import actions, errors, queries, rules
from vettura.identity.models import Account, Channel, ConsentDecision

RECEIPTS_PER_PAGE = 20
# what a person may do instead of accepting a new version: whichever of these pages there are
WAYS_OUT = (
    ("identity:data", gettext_lazy("Get a copy of my data")),
    ("identity:delete_account", gettext_lazy("Delete my account")),
)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A consent as the list shows it: its words, whether it is given, and the services that need it."""

    words: catalog.ConsentWords
    is_given: bool
    services: list[str]


def shown_consent(*, account: Account | None, consent_id: str, language: str) -> Shown:
    """A consent in words, with its state for the person."""
    words = catalog.consent_words(consent_id, language)
    assert words is not None  # without a version it is the one in force
    services = [catalog.service(each).name[words.language] for each in catalog.consent(consent_id).services]
    is_given = account is not None and queries.has_consent(account=account, purpose=consent_id)
    return Shown(words=words, is_given=is_given, services=services)


def _person(request: HttpRequest) -> Account:
    return cast("Account", request.user)


def _language() -> str:
    return get_language() or "en"


@login_required
@never_cache
@require_GET
def consents(request: HttpRequest) -> HttpResponse:
    """Documents accepted, every decision on data, sharing with partners, and the receipts (DAT-006, DAT-011)."""
    person = _person(request)
    shown = [shown_consent(account=person, consent_id=each.id, language=_language()) for each in queries.purposes()]
    others: list[SafeString] = [
        cast("SafeString", panel(account=person, request=request)) for panel in panels("consents")
    ]
    receipts = Paginator(queries.consent_decisions(account=person), RECEIPTS_PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "identity/consents.html",
        {
            "shown": shown,
            "documents": [
                (each, catalog.legal_document(each.kind, each.country, _language()).title)
                for each in reversed(queries.accepted_documents(account=person))
            ],
            "panels": others,
            "receipts": receipts,
            "decisions": [(each, _title_of(each)) for each in receipts],
            "withdrawal_address": catalog.withdrawal_address(person.country),
        },
    )


def _title_of(decision: ConsentDecision) -> str:
    words = catalog.consent_words(decision.purpose, _language(), version=decision.version)
    return words.title if words else decision.purpose


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def consent(request: HttpRequest, purpose: str) -> HttpResponse:
    """One decision. Before a consent is withdrawn the page says what will no longer work (DAT-015)."""
    person = _person(request)
    if purpose not in {each.id for each in queries.purposes()}:
        raise NotFound
    shown = shown_consent(account=person, consent_id=purpose, language=_language())
    facts = {"shown": shown, "warning": catalog.text("consent.withdrawal_warning", _language())}
    if request.method == "POST":
        is_given = request.POST.get("decision") == "give"
        try:
            actions.decide_consent(
                account=person,
                purpose=purpose,
                is_given=is_given,
                version=request.POST.get("version", ""),
                language=_language(),
                channel=Channel.PORTAL,
            )
        except errors.DocumentOutdated as refusal:
            return render(request, "identity/consent.html", {**facts, "refusal": str(refusal)}, status=409)
        done = _("You agreed. You can take it back at any time.") if is_given else _("Your consent is withdrawn.")
        messages.info(request, done)
        return HttpResponseRedirect(reverse("identity:consents"))
    return render(request, "identity/consent.html", facts)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest) -> HttpResponse:
    """The question after a new version; everything needed to decide, to leave or to sign out stays reachable."""
    person = _person(request)
    target = request.POST.get("next") or request.GET.get("next") or ""
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        target = settings.LOGIN_REDIRECT_URL
    waiting = queries.documents_to_accept(account=person)
    changed = queries.consents_to_decide(account=person)
    if not waiting and not changed:
        return HttpResponseRedirect(target)
    refusal = ""
    if request.method == "POST":
        if all(request.POST.get(f"accepts_{kind}") for kind in waiting):
            try:
                actions.review(
                    account=person,
                    shown=shown_versions(request, person.country),
                    consents=[each.id for each in changed if request.POST.get(f"consent_{each.id}")],
                    language=_language(),
                    channel=Channel.PORTAL,
                )
            except errors.DocumentOutdated as outdated:
                refusal = str(outdated)
            else:
                return HttpResponseRedirect(target)
        else:
            refusal = str(errors.DecisionMissing())
    return render(
        request,
        "identity/consents_review.html",
        {
            "documents": [catalog.legal_document(kind, person.country, _language()) for kind in waiting],
            "versions": versions_in_force(person.country),
            "changed": [shown_consent(account=person, consent_id=each.id, language=_language()) for each in changed],
            "next": target,
            "refusal": refusal,
            "chosen": request.POST,
            "ways_out": [(text, href) for name, text in WAYS_OUT if (href := _address(name))],
        },
        status=422 if refusal else 200,
    )


def versions_in_force(country: str) -> dict[str, str]:
    """The versions that a page shows, to be sent back with the decision."""
    documents = {kind: catalog.legal_version(kind, country) for kind in rules.DOCUMENTS}
    return documents | {each.id: catalog.consent_version(each.id) for each in queries.purposes()}


def shown_versions(request: HttpRequest, country: str) -> dict[str, str]:
    """The versions that the page had shown when the person decided: those are recorded, or none."""
    return {name: request.POST.get(f"shown_{name}", "") for name in versions_in_force(country)}


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@login_required
@never_cache
@require_GET
def receipt(request: HttpRequest, receipt_id: UUID) -> HttpResponse:
    """The receipt of one's own decision as PDF; others find nothing."""
    content = actions.receipt_pdf(account=_person(request), receipt_id=receipt_id)
    response = HttpResponse(content, content_type="application/pdf")
    name = f"{_('receipt')}-{str(receipt_id)[-12:]}.pdf"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["Cache-Control"] = "private, no-store"
    return response
