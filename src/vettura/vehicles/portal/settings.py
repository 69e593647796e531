"""A person's own settings in a car: nobody else sees them, not even the main user (USR-003, USR-009)."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from vettura.vehicles import actions, queries
from vettura.vehicles.forms import SettingsForm
from vettura.vehicles.portal.garage import account_of
from vettura_wire.settings import SCALES


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def own_settings(request: HttpRequest, vin: str) -> HttpResponse:
    """Lists are changed here; seat and climate are shown, because they are set by feel, in the car."""
    account = account_of(request)
    vehicle = queries.vehicle_for(account=account, vin=vin)
    profile = queries.profile_of(account_id=account.id, vehicle=vehicle)
    names = queries.lists_used_in(vehicle=vehicle)
    form = SettingsForm(request.POST if request.method == "POST" else None, initial=profile, names=names)
    if request.method == "POST" and form.is_valid():
        actions.change_settings(by=account, vin=vin, changed=form.cleaned_data)
        messages.info(request, gettext("Your settings are saved. The car has them as soon as you are signed in there."))
        return redirect("vehicles:own_settings", vin=vin)
    facts = {
        "vehicle": vehicle,
        "form": form,
        "seat": {name: profile[name] for name in SCALES if name in profile},
        "follows": queries.keeps_profiles_in_account(vehicle=vehicle),
    }
    return render(request, "vehicles/own_settings.html", facts, status=422 if form.errors else 200)
