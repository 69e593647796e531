"""Staff of a partner come in: the page about the partner itself."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext

from vettura.catalog import queries as catalog
from vettura.foundation.errors import NotFound
from vettura.foundation.panels import Section
from vettura.identity.models import Account
from vettura.partners import queries


def sections(*, account: Account) -> list[Section]:
    """Where staff of a partner see how customers see it."""
    if queries.partner_of_staff(account=account) is None:
        return []
    return [Section(gettext("Partner"), reverse("partners_desk:partner"), "users", "p")]


def employer_of(*, account: Account) -> tuple[UUID, str] | None:
    """Id and name of the partner that a person works for."""
    found = queries.partner_of_staff(account=account)
    return (found.id, found.name) if found is not None else None


@login_required
def partner(request: HttpRequest) -> HttpResponse:
    """The partner as customers see it, and who works there. People who work for no partner find nothing here."""
    account = request.user
    found = queries.partner_of_staff(account=account) if isinstance(account, Account) else None
    if found is None:
        raise NotFound
    country = catalog.country(found.country)
    return render(
        request,
        "partners/desk/partner.html",
        {
            "partner": found,
            "country": country.names.get(request.LANGUAGE_CODE, found.country),
            "staff": queries.staff_of(partner=found),
        },
    )


app_name = "partners_desk"
urlpatterns = [path("partner/", partner, name="partner")]
