"""Why an account stands in the way: documents, consents and the PIN."""

import pytest
from tests import link_facts, vehicle_facts

from vettura.entitlements import actions as entitlements
from vettura.foundation import clock, diagnosis
from vettura.foundation.diagnosis import Diagnosis, Inquiry
from vettura.identity import queries
from vettura.identity.models import Account
from vettura.vehicle_link.models import Document

pytestmark = pytest.mark.django_db


def why(topic: str, person: Account | None, *, vin: str = "", service: str = "", **told: str) -> Diagnosis:
    return diagnosis.diagnose(
        Inquiry(
            topic=topic, service=service, country="IT", at=clock.now(), account_id=person and person.id,
            role="main_user" if vin else "", vin=vin, told=told,
        )
    )  # fmt: skip


def test_a_pin_that_is_missing_is_set_by_the_button():
    person = vehicle_facts.person()
    found = why("pin", person)
    assert (found.cause.code, found.cause.remedy.page) == ("pin_missing", "identity:pin")
    vehicle_facts.with_pin(person)
    assert why("pin", person).question.code == "code"


@pytest.mark.parametrize(("what", "code"), [("forgotten", "pin_forgotten"), ("other", "other_code")])
def test_what_was_typed_tells_what_to_do(what, code):
    assert why("pin", vehicle_facts.with_pin(vehicle_facts.person()), code=what).cause.code == code


def test_new_terms_come_before_everything_else():
    person = vehicle_facts.person()
    Account.objects.filter(id=person.id).update(terms_version="2001-01")
    assert why("payment", person).cause.code == "documents_to_accept"


@pytest.mark.rule("DAT-005")
def test_a_service_that_needs_a_consent_leads_to_it():
    link_facts.ensure_keys()
    person = vehicle_facts.with_pin(vehicle_facts.person())
    car = link_facts.online(vehicle_facts.vehicle(main_user=person, signed_in=True, remote_access=True))
    entitlements.start_inclusive_contracts(vin=car.vin, at=clock.now())
    for each in Document.objects.filter(vehicle=car):
        Document.objects.filter(id=each.id).update(acknowledged_version=each.version)
    Account.objects.filter(id=person.id).update(consents=[])
    missing = queries.missing_consents(account=queries.account(id=person.id), services=["remote_locate"])
    found = why("service", person, vin=car.vin, service="remote_locate")
    assert (found.cause.code, dict(found.cause.remedy.arguments)) == ("consent_missing", {"purpose": missing[0].id})
