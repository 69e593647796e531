"""Assistance reads who changed what about a person or a car, when and why."""

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from vettura.foundation import audit
from vettura.foundation.errors import NotFound
from vettura.foundation.panels import Section
from vettura.identity import queries as identity
from vettura.identity.models import Account
from vettura.vehicles import queries as vehicles

PAGE_SIZE = 50
VIN_LENGTH = 17


class AuditForm(forms.Form):
    """About whom or which car, what kind of change, and when."""

    q = forms.CharField(label=_("E-mail address or VIN"), required=False, max_length=254)
    kind = forms.ChoiceField(label=_("What was changed"), required=False)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    before = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, data: object) -> None:
        """The kinds in the language of whoever reads."""
        super().__init__(data)  # type: ignore[arg-type]  # what a request holds
        self.fields["kind"].choices = [("", gettext("Everything")), *audit.Kind.choices]  # type: ignore[attr-defined]


def sections(*, account: Account) -> list[Section]:
    """Where Assistance reads the audit."""
    if not identity.looks_after_everybody(account=account):
        return []
    return [Section(gettext("Changes"), reverse("desk:audit"), "doc", "h")]


@login_required
@never_cache
@require_GET
def entries(request: HttpRequest) -> HttpResponse:
    """What was changed about the person or the car searched for, the newest first; for Assistance only."""
    by = request.user
    if not isinstance(by, Account) or not identity.looks_after_everybody(account=by):
        raise NotFound
    form = AuditForm(request.GET)
    facts: dict[str, object] = {"form": form}
    if form.is_valid() and form.cleaned_data["q"]:
        asked = form.cleaned_data
        words = asked["q"].strip()
        person = identity.find_by_email(email=words) if "@" in words else None
        car = vehicles.find_vehicle(vin=words.upper()) if len(words) == VIN_LENGTH else None
        facts |= {"search": words, "person": person, "car": car}
        if person is not None or car is not None:
            found = audit.entries_about(
                person=person.id if person else None,
                car=car.id if car else None,
                kind=asked["kind"],
                since=asked["since"],
                until=asked["until"],
                before=asked["before"],
                limit=PAGE_SIZE,
            )
            more = request.GET.copy()
            more["before"] = str(found.next_before)
            actors = identity.names_of(account_ids={each.actor_id for each in found.lines if each.actor_id})
            facts |= {
                "lines": [(each, actors.get(each.actor_id, "") if each.actor_id else "") for each in found.lines],
                "next": more.urlencode() if found.next_before else "",
            }
    return render(request, "desk/audit.html", facts, status=200 if form.is_valid() else 422)
