"""Why something is not in the store or cannot be ordered, and why what was bought does not arrive."""

from typing import Any

import pytest
from tests import link_facts, store_facts, vehicle_facts

from vettura.billing.models import Payment, SavedCard
from vettura.foundation import clock, diagnosis
from vettura.foundation.diagnosis import Diagnosis, Inquiry
from vettura.identity.models import Account
from vettura.store import actions
from vettura.vehicles import actions as vehicles
from vettura.vehicles.models import Vehicle

pytestmark = pytest.mark.django_db


def why(
    topic: str, person: Account | None = None, car: Vehicle | None = None, role: str = "main_user", **told: str
) -> Diagnosis:
    return diagnosis.diagnose(
        Inquiry(
            topic=topic,
            country=car.country if car else "IT",
            at=clock.now(),
            account_id=person.id if person else None,
            role=role if car else "",
            vin=car.vin if car else "",
            told=told,
        )
    )  # fmt: skip


@pytest.mark.rule("STO-009", "STO-012")
def test_an_expired_card_is_named_with_its_date_and_another_one_mends_it(cards):
    person, _ = store_facts.buyer(cards)
    assert why("payment", person).question.code == "card"
    SavedCard.objects.filter(account=person).update(expires_month=1, expires_year=2020)
    found = why("payment", person)
    assert (found.cause.code, found.cause.remedy.page) == ("card_expired", "billing:cards")
    assert "1/2020" in found.cause.evidence[0].text
    store_facts.saved_card(cards, person)
    assert why("payment", person).cause is None


@pytest.mark.rule("STO-007", "STO-008")
def test_a_brand_that_is_not_taken_in_the_country_is_named_with_those_that_are(cards):
    person, _ = store_facts.buyer(cards)
    SavedCard.objects.filter(account=person).update(brand="diners")
    found = why("payment", person)
    assert found.cause.code == "card_brand_not_accepted"
    assert "Visa" in found.cause.text


@pytest.mark.rule("STO-010", "STO-013")
def test_a_good_card_that_was_declined_is_a_matter_for_support(cards):
    person, car = store_facts.buyer(cards, number=store_facts.DECLINES)
    order = store_facts.placed_order(person, car)
    actions.pay_order(order_id=order.id)
    assert Payment.objects.get(order_id=order.id).status == "declined"
    found = why("payment", person)
    assert (found.cause.code, found.cause.contact) == ("card_declined", "support")
    assert order.number in found.cause.text


@pytest.mark.rule("STO-011")
def test_who_does_not_find_the_security_code_is_told_where_it_stands():
    assert why("payment", card="code").cause.article == "card-security-code"


@pytest.mark.rule("STO-028")
def test_without_an_address_nothing_is_ordered():
    assert why("payment", vehicle_facts.person()).cause.code == "address_missing"


@pytest.mark.rule("IDV-001")
def test_an_order_that_waits_for_the_identification_leads_there(cards):
    person, car = store_facts.buyer(cards)
    order = store_facts.placed_order(person, car, "hotspot_data_month")
    actions.pay_order(order_id=order.id)
    found = why("payment", person)
    assert (found.cause.code, found.cause.remedy.page) == ("identification_waits", "identity:identity_check")


@pytest.mark.rule("STO-032", "USR-004")
def test_a_secondary_user_may_look_and_not_order():
    family = vehicle_facts.person()
    car = vehicle_facts.vehicle(secondary_users=[family])
    assert why("store", family, car, "secondary_user").cause.code == "main_user_buys"
    assert why("store", family).cause.code == "main_user_buys"


def test_a_car_without_connect_and_an_offer_that_needs_more_are_told_apart():
    assert why("store", vehicle_facts.person()).cause.code == "no_car"
    car = vehicle_facts.vehicle(equipment=("connect",))
    question = why("store", None, car).question
    assert question.code == "offer"
    offer = next(iter(question.options))
    assert (
        "Connect Plus" in why("store", None, car, offer=offer).cause.text
        or why("store", None, car, offer=offer).cause.code == "equipment_missing"
    )


@pytest.mark.rule("FOD-001")
def test_where_there_are_no_functions_nothing_can_arrive():
    assert why("fod_notice", None, vehicle_facts.vehicle(country="RU")).cause.code == "not_in_country"


@pytest.mark.rule("FOD-027", "FOD-028", "FOD-029", "FOD-007", "OTA-004", "PRI-007")
@pytest.mark.parametrize("topic", ["fod_notice", "update"])
def test_a_missing_notice_is_looked_for_by_connection_privacy_mode_and_restart(topic):
    link_facts.ensure_keys()
    car = vehicle_facts.vehicle(country="DE", signed_in=True)
    assert why(topic, None, car).question.code == "symbol"
    link_facts.online(car)
    vehicles.set_privacy_mode(vin=car.vin, on=True, at=clock.now())
    assert why(topic, None, car).cause.code == "privacy_mode"
    vehicles.set_privacy_mode(vin=car.vin, on=False, at=clock.now())
    assert why(topic, None, car).question.code == "restarted"
    assert why(topic, None, car, restarted="no").cause.code == "restart_needed"
    assert why(topic, None, car, restarted="yes").question.code == "update"


@pytest.mark.rule("OTA-007", "OTA-008", "FOD-034", "FOD-036")
@pytest.mark.parametrize(
    ("what", "code"), [("none", "not_for_this_car"), ("failed", "failed"), ("not_starting", "not_starting")]
)
def test_an_update_that_does_not_come_on_is_a_matter_for_the_partner_in_the_end(what, code):
    link_facts.ensure_keys()
    car = link_facts.online(vehicle_facts.vehicle(country="DE", signed_in=True))
    told: dict[str, Any] = {"restarted": "yes", "update": what}
    found = why("update", None, car, **told)
    assert (found.cause.code, found.cause.contact) == (code, "partner")


@pytest.mark.rule("TEL-006", "TEL-007", "TEL-008")
def test_devices_in_the_car_need_a_package_and_every_switch():
    car = vehicle_facts.vehicle(country="DE")
    assert why("data_plan", None, car).cause.code == "contract_missing"
    older = vehicle_facts.vehicle(generation="MAC-1", country="DE")
    found = why("data_plan", None, older, hotspot="no")
    assert (found.cause.code, found.cause.task) == ("hotspot_off", "CAR_HOTSPOT_ON")
