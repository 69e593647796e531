"""A car shows a code; the person confirms here who is signing in to it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vettura.identity.models import Account
from vettura.vehicles import actions, queries
from vettura.vehicles.errors import CarCodeExpired, CarCodesLocked, CarCodeUnknown
from vettura.vehicles.forms import CarCodeForm
from vettura.vehicles.portal.garage import account_of


@login_required
@never_cache
def car(request: HttpRequest) -> HttpResponse:
    """The field for the code; with a code typed or followed, the car by name and the question."""
    typed = request.POST.get("code") or request.GET.get("code")
    if not typed:
        return render(request, "vehicles/car_sign_in.html", {"form": CarCodeForm()})
    form = CarCodeForm({"code": typed})
    if not form.is_valid():
        return render(request, "vehicles/car_sign_in.html", {"form": form}, status=422)
    try:
        sign_in = actions.find_car_sign_in(user_code=form.cleaned_data["code"], by=account_of(request))
    # the person is to correct the code in the same field
    except (CarCodeUnknown, CarCodeExpired, CarCodesLocked) as refusal:
        form.add_error("code", str(refusal))
        return render(request, "vehicles/car_sign_in.html", {"form": form}, status=refusal.status)
    return render(request, "vehicles/car_sign_in_confirm.html", {"sign_in": sign_in, "vehicle": sign_in.vehicle})


@login_required
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """This will sign the person in to the car."""
    vehicle = actions.confirm_car_sign_in(user_code=request.POST.get("code", ""), by=account_of(request))
    messages.info(request, gettext("You are signed in to %s.") % vehicle.model_name)
    return redirect("vehicles:vehicle", vin=vehicle.vin)


def panel_security_code_reset(*, account: Account) -> SafeString:
    """What the reset of the security code ends: remote access, car by car (REM-005), and sign-ins."""
    facts = {
        "cars": queries.cars_with_remote_access(account=account),
        "signed_in": [
            each
            for each in queries.signed_in_to(account_id=account.id)
            if queries.signs_in_by_security_code(vehicle=each)
        ],
    }
    return render_to_string("vehicles/_security_code_reset.html", facts)
