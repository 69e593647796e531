"""Why saved destinations do not come to the car: each person's own list only."""

import pytest
from tests import destination_facts, link_facts, vehicle_facts

from vettura.entitlements import actions as entitlements
from vettura.foundation import clock, diagnosis
from vettura.foundation.diagnosis import Diagnosis, Inquiry
from vettura.identity.models import Account
from vettura.navigation import actions
from vettura.vehicle_link.models import Document
from vettura.vehicles.models import Vehicle

pytestmark = pytest.mark.django_db


def why(person: Account, car: Vehicle) -> Diagnosis:
    for each in Document.objects.filter(vehicle=car):
        Document.objects.filter(id=each.id).update(acknowledged_version=each.version)
    return diagnosis.diagnose(
        Inquiry(
            topic="service", service="destination_sync", country="IT", at=clock.now(), account_id=person.id,
            role="main_user", vin=car.vin,
        )
    )  # fmt: skip


@pytest.mark.rule("NAV-001")
def test_a_list_is_saved_released_and_shown_to_whom_it_belongs():
    link_facts.ensure_keys()
    person = vehicle_facts.person()
    car = link_facts.online(vehicle_facts.vehicle(main_user=person, signed_in=True))
    entitlements.start_inclusive_contracts(vin=car.vin, at=clock.now())
    assert why(person, car).cause.code == "no_destinations"

    destination_facts.destination(car, person)
    found = why(person, car)
    assert (found.cause.code, found.cause.remedy.page) == ("not_released", "navigation:destinations")

    actions.release(by=person, vin=car.vin)
    assert why(person, car).cause is None
    Vehicle.objects.filter(id=car.id).update(signed_in_account=None)
    assert why(person, car).cause.code == "not_signed_in"
