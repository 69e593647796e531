"""Staff come in: the cars that a partner sold or, for Assistance, all; invitations, deliveries, and proofs of ownership."""

from django.urls import path, reverse
from django.utils.translation import gettext

from vettura.foundation.panels import Section
from vettura.identity.models import Account
from vettura.partners import queries as partners
from vettura.vehicles.desk import cars, proofs
from vettura.vehicles.desk.people import customers_of, known_as, panel_person, people_of_cars, timeline

__all__ = ["customers_of", "known_as", "panel_person", "people_of_cars", "sections", "timeline"]


def sections(*, account: Account) -> list[Section]:
    """Where staff find cars, register another that was sold, and look at proofs of ownership."""
    to_proofs = Section(gettext("Proofs"), reverse("vehicles_desk:proofs"), "doc", "o")
    if partners.partner_of_staff(account=account) is not None:
        return [
            Section(gettext("Sold cars"), reverse("vehicles_desk:list"), "car", "v"),
            Section(gettext("Register a sold car"), reverse("vehicles_desk:register"), "plus", "n"),
            to_proofs,
        ]
    if account.has_staff_role("assistance"):
        return [Section(gettext("Cars"), reverse("vehicles_desk:list"), "car", "v"), to_proofs]
    return []


app_name = "vehicles_desk"
urlpatterns = [
    path("", cars.sold_vehicles, name="list"),
    path("new/", cars.register, name="register"),
    path("proofs/", proofs.proofs, name="proofs"),
    path("proofs/<uuid:claim_id>/", proofs.proof, name="proof"),
    path("proofs/<uuid:claim_id>/document/", proofs.document, name="document"),
    path("<str:vin>/", cars.vehicle, name="vehicle"),
    path("<str:vin>/again/", cars.add_again, name="add_again"),
    path("<str:vin>/invite/", cars.invite_holder, name="invite_holder"),
    path("<str:vin>/deliveries/<uuid:delivery_id>/call-off/", cars.call_off_delivery, name="call_off_delivery"),
    path("<str:vin>/invitations/<uuid:invitation_id>/resend/", cars.resend, name="resend"),
    path("<str:vin>/invitations/<uuid:invitation_id>/email/", cars.change_email, name="change_email"),
    path("<str:vin>/invitations/<uuid:invitation_id>/void/", cars.void, name="void"),
]
