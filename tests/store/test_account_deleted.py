"""An account is deleted: what that means for cars, contracts, orders and cards is foretold, and then comes true."""

from uuid import uuid4

import pytest
from tests import identity_facts, store_facts, vehicle_facts

from vettura.billing.models import Payment, SavedCard
from vettura.entitlements.models import Contract
from vettura.foundation import clock as time
from vettura.identity import actions as identity
from vettura.identity import queries as people
from vettura.identity.models import Account
from vettura.partners import queries as partners
from vettura.store.models import Cart, Order
from vettura.vehicle_link import queries as link
from vettura.vehicles import actions as vehicle_actions
from vettura.vehicles import queries as vehicles
from vettura.vehicles.models import Invitation

pytestmark = pytest.mark.django_db


def delete(person) -> None:
    """Delete the account, and let the worker do what follows."""
    identity.delete_account(account=person, by=person, password=identity_facts.PASSWORD)
    store_facts.run_jobs()


def owner_with_everything(cards):
    person, driver = vehicle_facts.person(), vehicle_facts.person(given_name="Bruno")
    car = vehicle_facts.vehicle(main_user=person, secondary_users=[driver], remote_access=True)
    store_facts.entitlements.start_inclusive_contracts(vin=car.vin, at=time.now())
    store_facts.entitlements.start_paid_contracts(
        vehicle=car, order_line_id=uuid4(), offer_id="breakdown_call", at=time.now()
    )
    store_facts.billing_address(person)
    store_facts.saved_card(cards, person)
    vehicle_facts.secondary_invitation(car=car, email="friend@example.org")
    return person, driver, car


def foretold(person, kind: str) -> str:
    return "\n".join(each.sentence for each in people.consequences_of_deletion(account=person) if each.kind == kind)


@pytest.mark.rule("ID-037", "ID-039", "DAT-021")
def test_the_page_tells_exactly_what_ends_and_what_stays_before_anything_is_asked(cards, clock):
    person, _, car = owner_with_everything(cards)
    paid = store_facts.paid_order(cards, account=person, car=car)
    name = f"{car.model_name} ({car.vin_end})"

    page = identity_facts.signed_in(person).get("/account/delete/").content.decode()

    ends = foretold(person, "ends")
    assert f"You are no longer the main user of {name}." in ends
    assert f"Bruno Rossi can no longer use {name} either." in ends
    assert f"Remote access to {name} ends." in ends
    assert "The invitation to friend@example.org is void." in ends
    assert "Visa •••• 4242" in ends
    assert "Music streaming" in ends
    assert f"What has no end stays in {name}: Breakdown call" in foretold(person, "stays")
    assert f"Order {paid.number} can still be withdrawn" in foretold(person, "before")
    assert all(line in page for line in ends.split("\n"))
    assert "ask your partner or Assistance" in page


def test_nothing_is_foretold_that_is_not_so():
    person = vehicle_facts.person()

    assert "Signing in" in foretold(person, "ends")
    assert "card" not in foretold(person, "ends")
    assert foretold(person, "before") == ""


@pytest.mark.rule("ID-037", "ID-039")
def test_the_car_loses_its_people_its_remote_access_and_what_was_delivered(cards, clock):
    person, driver, car = owner_with_everything(cards)

    delete(person)

    assert vehicles.users_of(vehicle=car) == []
    assert vehicles.garage_of(account=driver) == []
    assert not vehicles.has_remote_access(vehicle=car)
    assert Invitation.objects.get(email="friend@example.org").voided_at == clock.now()
    limited = Contract.objects.filter(vehicle=car, ends_at__isnull=False)
    assert limited.exists()
    assert {(each.ended_because, each.ended_at) for each in limited} == {("account_deleted", clock.now())}
    unlimited = Contract.objects.filter(vehicle=car, ends_at=None)
    assert [each.service_id for each in unlimited] == ["breakdown_call"]
    assert unlimited.get().ended_at is None


@pytest.mark.rule("ID-038")
def test_no_configuration_is_left_in_the_head_unit(cards, clock):
    person, _, car = owner_with_everything(cards)
    store_facts.filled_cart(person, car)
    vehicle_facts.sign_in(car, person)
    store_facts.run_jobs()
    assert [user["account_id"] for user in link.document_of(vehicle=car, name="users").body["users"]]

    delete(person)

    users = link.document_of(vehicle=car, name="users").body
    assert (users["users"], users["signed_in"], users["remote_access"]) == ([], None, False)
    services = link.document_of(vehicle=car, name="contracts").body["services"]
    assert [service["id"] for service in services] == ["breakdown_call"]
    assert not Cart.objects.filter(account=person, is_open=True).exists()


@pytest.mark.rule("ID-039", "STO-001")
def test_who_comes_after_sees_that_the_services_ended_by_account_deletion(cards, clock):
    person, _, car = owner_with_everything(cards)
    delete(person)
    next_one = vehicle_facts.person()
    vehicle_actions.assign_user(vehicle=car, account=next_one, role="main_user", at=clock.now())

    page = identity_facts.signed_in(next_one).get(f"/vehicles/{car.vin}/").content.decode()
    answer = identity_facts.signed_in(next_one).get(f"/api/v1/vehicles/{car.vin}/contracts").json()

    assert "Ended by account deletion on" in page
    assert {each["ended_because"] for each in answer if each["status"] == "ended"} == {"account_deleted"}


@pytest.mark.rule("DAT-022")
def test_an_order_that_waits_for_the_bank_ends_and_the_provider_forgets_the_card(cards, clock):
    person, car = store_facts.buyer(cards, number=store_facts.CHALLENGES)
    order = store_facts.placed_order(person, car)
    store_facts.store.pay_order(order_id=order.id)
    card = SavedCard.objects.get(account=person)
    assert cards.get(f"payment_methods/{card.reference}")["customer"]

    delete(person)

    order.refresh_from_db()
    card.refresh_from_db()
    assert order.status == Order.Status.EXPIRED
    assert Payment.objects.get(order_id=order.id).status == Payment.Status.RELEASED
    assert card.deleted_at == clock.now()
    assert cards.get(f"payment_methods/{card.reference}")["customer"] is None
    assert not Cart.objects.filter(account=person, is_open=True).exists()


def test_a_secondary_user_who_goes_takes_nothing_from_the_car(cards, clock):
    person, driver, car = owner_with_everything(cards)

    delete(driver)

    assert [user.account for user in vehicles.users_of(vehicle=car)] == [person]
    assert vehicles.has_remote_access(vehicle=car)
    assert not Contract.objects.filter(vehicle=car).exclude(ended_at=None).exists()


def test_staff_of_a_partner_who_delete_their_account_work_there_no_more():
    staff = vehicle_facts.partner_staff()

    delete(staff)

    assert partners.partner_of_staff(account=Account.objects.get(id=staff.id)) is None
