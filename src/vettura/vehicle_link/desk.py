"""Staff come in: how a car is connected, and why it is silent."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from vettura.identity.models import Account
from vettura.partners import queries as partners
from vettura.vehicle_link import queries
from vettura.vehicles import queries as vehicle_queries
from vettura.vehicles.models import Vehicle


def panel_link(*, account: Account, vehicles: Sequence[Vehicle], request: HttpRequest) -> dict[str, SafeString]:
    """
    The connection of each car, for its page at the desk.

    When a car is used says something of its main user, so a partner sees it only of those who share their data (DAT-009).
    """
    partner = partners.partner_of_staff(account=account)
    shown = [
        vehicle
        for vehicle in vehicles
        if partner is None
        or vehicle_queries.main_user_of(vehicle=vehicle) is None
        or vehicle_queries.main_user_shared_with(partner=partner, vehicle=vehicle) is not None
    ]
    return {
        vin: render_to_string("vehicle_link/_desk_link.html", {"twin": twin}, request=request)
        for vin, twin in queries.twins_of(vehicles=shown).items()
    }
