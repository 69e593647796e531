"""Owners come in: cards, billing address, invoices. And the card provider's webhooks."""

from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.http import content_disposition_header, url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vettura.billing import actions, queries
from vettura.billing.forms import BillingAddressForm
from vettura.foundation import clock
from vettura.identity.models import Account


def _account(request: HttpRequest) -> Account:
    account: Account = request.user  # type: ignore[assignment]  # the views below ask for a sign-in
    return account


def _next(request: HttpRequest, default: str) -> str:
    """Where to go afterwards: only within our own site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if wanted and is_ours else default


@login_required
@require_GET
def cards(request: HttpRequest) -> HttpResponse:
    """The saved cards, and the form for another one (DAT-022, DAT-023)."""
    account = _account(request)
    next_url = reverse("billing:cards")
    context = {
        "cards": queries.saved_cards(account=account, country=account.country, at=clock.now()),
        "form": queries.card_form(country=account.country, next_url=next_url),
        "address": queries.billing_address(account=account),
    }
    return render(request, "billing/cards.html", context)


@login_required
@require_POST
def begin_card(request: HttpRequest) -> HttpResponse:
    """The page's script asks for a new entry: the provider's secret, and where to go when the card was entered."""
    entry, form = actions.begin_card(account=_account(request))
    done = reverse("billing:card_entered", args=[entry.id])
    query = urlencode({"next": _next(request, reverse("billing:cards"))})
    return JsonResponse({"client_secret": form.client_secret, "done_url": f"{done}?{query}"})


@login_required
@require_POST
def hosted_card(request: HttpRequest) -> HttpResponse:
    """Without scripts the card is entered on the provider's own page."""
    wanted = _next(request, reverse("billing:cards"))
    # the id is not known yet: the action fills it in, so the placeholder must survive URL quoting
    path_back = reverse("billing:card_entered", args=[UUID(int=0)]).replace(str(UUID(int=0)), "{entry}")
    back_to = f"{settings.VETTURA_BASE_URL}{path_back}?{urlencode({'next': wanted})}"
    _, form = actions.begin_hosted_card(
        account=_account(request), back_to=back_to, cancel_to=f"{settings.VETTURA_BASE_URL}{wanted}"
    )
    return redirect(form.url)


@login_required
@require_GET
def card_entered(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """The person comes back from the provider: the card is kept, or the page says why not."""
    account = _account(request)
    card = actions.finish_card(account=account, entry_id=entry_id, country=account.country)
    messages.info(request, gettext("The card ending in {digits} is saved.").format(digits=card.last_digits))
    return redirect(_next(request, reverse("billing:cards")))


@login_required
@require_http_methods(["GET", "PUT", "PATCH"])
def card(request: HttpRequest, card_id: UUID) -> HttpResponse:
    """A card has no page of its own and cannot be changed (DAT-023)."""
    if request.method != "GET":
        actions.refuse_card_change(account=_account(request), card_id=card_id)
    return redirect("billing:cards")


@login_required
@require_POST
def delete_card(request: HttpRequest, card_id: UUID) -> HttpResponse:
    """This will delete a saved card."""
    actions.delete_card(account=_account(request), card_id=card_id)
    return redirect("billing:cards")


@login_required
@require_http_methods(["GET", "POST"])
def address(request: HttpRequest) -> HttpResponse:
    """The billing address."""
    account = _account(request)
    stored = queries.billing_address(account=account)
    form = BillingAddressForm(request.POST if request.method == "POST" else None, account=account, stored=stored)
    if request.method == "POST" and form.is_valid():
        actions.save_billing_address(account=account, **form.cleaned_data)
        return redirect(_next(request, reverse("billing:cards")))
    return render(request, "billing/address.html", {"form": form, "next": _next(request, reverse("billing:cards"))})


@login_required
@require_GET
def invoices(request: HttpRequest) -> HttpResponse:
    """The person's invoices and credit notes (INV-001)."""
    found = queries.invoices_of(account=_account(request))[:200]
    return render(request, "billing/invoices.html", {"invoices": found})


@login_required
@require_GET
def invoice(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    """An invoice as a file, for its recipient only."""
    found = queries.invoice(account=_account(request), invoice_id=invoice_id)
    response = HttpResponse(bytes(found.pdf or b""), content_type="application/pdf")
    disposition = content_disposition_header("download" in request.GET, f"{found.number}.pdf")
    response.headers["Content-Disposition"] = disposition or "inline"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@csrf_exempt
@require_POST
def card_notices(request: HttpRequest) -> HttpResponse:
    """Webhooks of the card provider: verified, stored, answered; a job works on them."""
    actions.receive_notice(body=request.body, signature=request.headers.get("Stripe-Signature", ""))
    return JsonResponse({"received": True})


app_name = "billing"
urlpatterns = [
    path("cards/", cards, name="cards"),
    path("cards/begin/", begin_card, name="begin_card"),
    path("cards/hosted/", hosted_card, name="hosted_card"),
    path("cards/entered/<uuid:entry_id>/", card_entered, name="card_entered"),
    path("cards/<uuid:card_id>/", card, name="card"),
    path("cards/<uuid:card_id>/delete/", delete_card, name="delete_card"),
    path("address/", address, name="address"),
    path("invoices/", invoices, name="invoices"),
    path("invoices/<uuid:invoice_id>/", invoice, name="invoice"),
    path("webhooks/cards/", card_notices, name="card_notices"),
]
