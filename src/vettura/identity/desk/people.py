"""Staff come in: the people they look after, one page each, and what only staff may change about them (ID-031)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from vettura.catalog import queries as catalog
from vettura.foundation.errors import NotFound, Refusal
from vettura.foundation.panels import Happening, Section, panels
from vettura.identity import actions, errors, queries
from vettura.identity.forms import AskErasureForm, DeskEmailForm, DeskNameForm, ReasonForm
from vettura.identity.models import Account

PAGE_SIZE = 50
TIMELINE_SIZE = 200


@dataclass(frozen=True)
class Change:
    """Something that staff may change about a person: its page, its action, and what is said afterwards."""

    page: str
    action: Callable[..., object]
    said: str


View = Callable[[HttpRequest, Account, Account], HttpResponse]


def sections(*, account: Account) -> list[Section]:
    """Where staff find the people they look after."""
    if not queries.works_with_people(account=account):
        return []
    return [Section(gettext("Customers"), reverse("identity_desk:people"), "user", "c")]


def timeline(*, account: Account, by: Account) -> list[Happening]:
    """What happened to the account itself; names and addresses only for those who may see them."""
    shares = queries.shares_contact_data(by=by, account=account)
    lines = [Happening(account.created_at, gettext("Registration begun"))]
    lines += [
        Happening(each.accepted_at, _accepted(each.kind), gettext("Version %s") % each.version)
        for each in queries.accepted_documents(account=account)
    ]
    lines += [
        Happening(
            each.at,
            each.get_kind_display(),
            " · ".join(
                filter(None, (" → ".join(filter(None, (each.before, each.after))) if shares else "", each.reason))
            ),
            by=each.by.name,
        )
        for each in queries.staff_changes(account=account)
    ]
    for each in queries.erasures_of(account=account):
        through = each.partner_name or gettext("Assistance")
        lines.append(Happening(each.asked_at, gettext("Erasure asked for"), through, by=each.asked_by.name))
        if each.taken_back_at is not None:
            lines.append(Happening(each.taken_back_at, gettext("Request for erasure taken back")))
        if each.done_at is not None and each.done_by is not None:
            lines.append(Happening(each.done_at, gettext("Data erased"), by=each.done_by.name))
    for change in queries.address_changes(account=account):
        if change.confirmed_at is not None:
            lines.append(
                Happening(change.confirmed_at, gettext("New e-mail address confirmed"), change.email if shares else "")
            )
    return lines


def _accepted(kind: str) -> str:
    return gettext("Privacy declaration accepted") if kind == "privacy" else gettext("Terms of use accepted")


@login_required
@never_cache
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """
    The people whom the member of staff looks after; `q` searches names, addresses and cars.

    Nobody browses through everybody: whoever looks after all people searches first.
    """
    by = _staff(request)
    search = request.GET.get("q", "").strip()
    number = request.GET.get("page", "")
    page = int(number) if number.isdecimal() and 0 < int(number) <= 10_000 else 1
    found = queries.found_at_desk(by=by, search=search)
    must_search = not search and queries.looks_after_everybody(account=by)
    start = (page - 1) * PAGE_SIZE
    rows = [] if must_search else list(found[start : start + PAGE_SIZE + 1])
    return render(
        request,
        "identity/desk/_people.html" if getattr(request, "htmx", False) else "identity/desk/people.html",
        {
            "rows": queries.customers(by=by, accounts=rows[:PAGE_SIZE]),
            "search": search,
            "must_search": must_search,
            "previous_page": page - 1,
            "next_page": page + 1 if len(rows) > PAGE_SIZE else None,
        },
    )


def _for_person(view: View) -> Callable[[HttpRequest, UUID], HttpResponse]:
    """A page about one person, for staff who look after that person; for everybody else there is nothing."""

    @login_required
    @never_cache
    @require_http_methods(["GET", "POST"])
    @wraps(view)
    def page(request: HttpRequest, account_id: UUID) -> HttpResponse:
        by = _staff(request)
        return view(request, by, queries.person_at_desk(by=by, account_id=account_id))

    return page


@_for_person
def person(request: HttpRequest, by: Account, account: Account) -> HttpResponse:
    """One customer: contact data, what other contexts know, and the timeline."""
    happened: list[Happening] = []
    for source in panels("desk_person_timeline"):
        happened += cast("list[Happening]", source(account=account, by=by))
    facts = {
        "person": account,
        "country": catalog.country(account.country).names[catalog.language_of_pack(get_language())],
        **_as_seen(by, account),
        "waiting": queries.open_address_change(account=account),
        "may_change": account.is_active and account.id != by.id,
        "erasure": queries.erasure_of(account=account),
        "may_ask_erasure": account.erased_at is None and account.id != by.id,
        "roles": [role.get_role_display() for role in account.staff_roles.all()],
        "may_reset_sign_in": queries.looks_after_everybody(account=by),
        "panels": [panel(account=account, by=by, request=request) for panel in panels("desk_person")],
        "timeline": sorted(happened, key=lambda line: line.at, reverse=True)[:TIMELINE_SIZE],
    }
    return render(request, "identity/desk/person.html", facts)


@_for_person
def name(request: HttpRequest, by: Account, account: Account) -> HttpResponse:
    """The name is corrected (ID-031)."""
    known = {}
    if queries.shares_contact_data(by=by, account=account):
        known = {"given_name": account.given_name, "family_name": account.family_name}
    form = DeskNameForm(request.POST if request.method == "POST" else None, initial=known)
    said = gettext("The new name holds from now on.")
    return _change(request, account, form, Change("name", actions.change_name, said), by)


@_for_person
def email(request: HttpRequest, by: Account, account: Account) -> HttpResponse:
    """A new address is entered; its holder has to confirm it."""
    form = DeskEmailForm(request.POST if request.method == "POST" else None)
    said = gettext("A link is on its way to the new address. The former one holds until it is confirmed.")
    return _change(request, account, form, Change("email", actions.change_email, said), by)


@_for_person
def reset_sign_in(request: HttpRequest, by: Account, account: Account) -> HttpResponse:
    """Somebody who lost every sign-in factor is let in again; Assistance alone does that."""
    if not queries.looks_after_everybody(account=by):
        raise NotFound
    form = ReasonForm(request.POST if request.method == "POST" else None)
    said = gettext("Passkeys, app and recovery codes are gone. The password is enough to sign in.")
    return _change(request, account, form, Change("reset_sign_in", actions.reset_sign_in, said), by)


@_for_person
def stop_email(request: HttpRequest, by: Account, account: Account) -> HttpResponse:
    """A new address that waits to be confirmed is taken back."""
    form = ReasonForm(request.POST if request.method == "POST" else None)
    said = gettext("The new address was taken back.")
    return _change(request, account, form, Change("stop_email", actions.withdraw_email_change, said), by)


@_for_person
def ask_erasure(request: HttpRequest, by: Account, account: Account) -> HttpResponse:
    """The person wants their data erased: written down with a due date, and carried out by Assistance (DAT-021)."""
    is_assistance = queries.looks_after_everybody(account=by)
    form = AskErasureForm(request.POST if request.method == "POST" else None, asks_for_partner=is_assistance)
    said = gettext("The request is recorded with its due date. Until it is carried out everything stays as it is.")
    return _change(request, account, form, Change("ask_erasure", actions.request_erasure, said), by)


def _change(request: HttpRequest, account: Account, form: forms.Form, change: Change, by: Account) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            change.action(by=by, account_id=account.id, **form.cleaned_data)
        except (errors.AddressTaken, errors.AddressUnchanged) as refusal:
            _blame(form, "email", refusal)
        except errors.ReasonMissing as refusal:
            _blame(form, "reason", refusal)
        else:
            messages.info(request, change.said)
            return redirect("identity_desk:person", account_id=account.id)
    facts = {
        "form": form,
        "person": account,
        "waiting": queries.open_address_change(account=account),
        "terms": catalog.terms(),
        **_as_seen(by, account),
    }
    return render(request, f"identity/desk/{change.page}.html", facts, status=422 if form.errors else 200)


def _as_seen(by: Account, account: Account) -> dict[str, object]:
    """What the pages call the person, and whether they may show who it is (C-21)."""
    (customer,) = queries.customers(by=by, accounts=[account])
    return {"shares": customer.shares, "known_as": customer.known_as}


def _blame(form: forms.Form, field: str, refusal: Refusal) -> None:
    form.add_error(field, str(refusal))


def _staff(request: HttpRequest) -> Account:
    """Who is signed in, if that person looks after customers. Raises NotFound."""
    account = request.user
    if not isinstance(account, Account) or not queries.works_with_people(account=account):
        raise NotFound
    return account


app_name = "identity_desk"
urlpatterns = [
    path("", people, name="people"),
    path("<uuid:account_id>/", person, name="person"),
    path("<uuid:account_id>/name/", name, name="name"),
    path("<uuid:account_id>/email/", email, name="email"),
    path("<uuid:account_id>/sign-in/", reset_sign_in, name="reset_sign_in"),
    path("<uuid:account_id>/email/stop/", stop_email, name="stop_email"),
    path("<uuid:account_id>/erasure/", ask_erasure, name="ask_erasure"),
]
