"""What a person's page at the desk says of cars."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from vettura.foundation.panels import Happening
from vettura.identity.models import Account
from vettura.partners import queries as partners
from vettura.vehicles import queries


def customers_of(*, by: Account, sharing: bool) -> QuerySet[Any] | None:  # Any: rows of one id
    """
    The ids of a partner's customers: who bought from it, and who uses a car that it sold. None for other people.

    With `sharing` only those who let the partner have their data.
    """
    partner = partners.partner_of_staff(account=by)
    return queries.customers_of(partner=partner, sharing=sharing) if partner else None


def known_as(*, by: Account, account_ids: Collection[UUID]) -> dict[UUID, str]:
    """What a partner calls customers whose names it may not see: the cars that it sold them."""
    partner = partners.partner_of_staff(account=by)
    if partner is None:
        return {}
    found = queries.cars_of_customers(partner=partner, account_ids=account_ids)
    return {
        account_id: ", ".join(f"{each.model_name} {each.vin}" for each in cars) for account_id, cars in found.items()
    }


def people_of_cars(*, search: str) -> QuerySet[Any]:  # Any: rows of one id
    """The ids of people who use a car whose VIN or plate has this part."""
    return queries.people_of_cars(search=search)


def panel_person(*, account: Account, by: Account, request: HttpRequest) -> SafeString:
    """The cars of a person: all for Assistance, for a partner those that it sold."""
    partner = partners.partner_of_staff(account=by)
    cars = [
        vehicle
        for vehicle in queries.garage_of(account=account)
        if partner is None or vehicle.saved_partner_id == partner.id
    ]
    facts = {"cars": cars, "opens": True, "panel_person": account}
    return mark_safe(render_to_string("vehicles/desk/_person_cars.html", facts, request))  # noqa: S308 our template


def timeline(*, account: Account, by: Account) -> list[Happening]:
    """When a person began and ceased to use which car; a partner sees the cars that it sold."""
    partner = partners.partner_of_staff(account=by)
    lines = []
    for each in queries.assignments_ever(account=account, sold_by=partner):
        car = f"{each.vehicle.model_name} {each.vehicle.vin}"
        lines.append(Happening(each.since, gettext("Uses a car as %s") % each.get_role_display(), car))
        if each.until is not None:
            lines.append(Happening(each.until, gettext("Uses a car no longer"), car))
    return lines
