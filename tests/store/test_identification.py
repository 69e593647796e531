"""An order that opens a SIM waits for its buyer's identification where the law of the country asks for it."""

import pytest
from django.urls import reverse
from tests import ident_facts, identity_facts, store_facts
from tests.ident_facts import ident, ident_sandbox

from vettura.billing.models import Payment
from vettura.catalog import queries as catalog
from vettura.entitlements.models import Contract
from vettura.identity import actions as identity
from vettura.identity import queries as identity_queries
from vettura.identity.models import IdentityCheck
from vettura.store import actions, errors
from vettura.store.models import Cart, Order

__all__ = ["ident", "ident_sandbox"]
pytestmark = pytest.mark.django_db
SIM_OFFER, SIM_SERVICE = "hotspot_data_month", "hotspot_data"


def ordered(cards, *offers, country="IT"):
    account, car = store_facts.buyer(cards, country=country)
    order = store_facts.placed_order(account, car, *(offers or (SIM_OFFER,)))
    return actions.pay_order(order_id=order.id)


def case_of(order):
    return identity_queries.open_identity_check(account=order.account, country=order.country)


@pytest.mark.rule("IDV-001", "IDV-006")
def test_an_order_that_opens_a_sim_waits_until_its_buyer_is_identified_and_charges_nothing(cards, clock):
    order = ordered(cards)

    assert order.status == Order.Status.IDENTIFY
    assert case_of(order).status == IdentityCheck.Status.OPENED
    assert not Payment.objects.filter(order_id=order.id).exists()
    assert not Contract.objects.filter(vehicle=order.vehicle, service_id=SIM_SERVICE).exists()


@pytest.mark.rule("IDV-001", "IDV-013", "C-55")
@pytest.mark.parametrize(("offer", "country"), [(SIM_OFFER, "US"), (store_facts.PAID_OFFER, "IT")])
def test_other_countries_and_other_services_open_no_case(cards, clock, offer, country):
    order = ordered(cards, offer, country=country)

    assert order.status == Order.Status.PAID
    assert not IdentityCheck.objects.exists()


@pytest.mark.rule("IDV-002")
def test_once_the_buyer_is_identified_the_order_goes_on_by_itself(cards, ident, clock):
    order = ordered(cards)
    case = case_of(order)
    identity.start_identity_check(by=order.account, check_id=case.id, user_agent=ident_facts.CHROME)
    case.refresh_from_db()
    ident.decide(case.code)

    ident_facts.hear(case)

    order.refresh_from_db()
    assert order.status == Order.Status.PAID
    assert Contract.objects.filter(vehicle=order.vehicle, service_id=SIM_SERVICE).count() == 1
    assert Payment.objects.get(order_id=order.id).status == Payment.Status.CAPTURED
    again = store_facts.placed_order(order.account, order.vehicle, store_facts.PAID_OFFER)
    assert actions.pay_order(order_id=again.id).status == Order.Status.PAID


def test_after_a_failed_attempt_the_order_waits_on(cards, ident, clock):
    order = ordered(cards)
    case = identity.start_identity_check(by=order.account, check_id=case_of(order).id, user_agent=ident_facts.CHROME)
    ident.decide(case.code, decision="fail", face="")

    ident_facts.hear(case)

    order.refresh_from_db()
    assert order.status == Order.Status.IDENTIFY
    assert not Contract.objects.filter(vehicle=order.vehicle, service_id=SIM_SERVICE).exists()


def test_when_the_case_ends_the_order_ends_and_its_offers_lie_in_the_cart_again(cards, clock):
    order = ordered(cards)
    clock.move_to(case_of(order).expires_at)

    assert identity.expire_identity_checks(at=clock.now()) == 1
    store_facts.run_jobs()

    order.refresh_from_db()
    assert order.status == Order.Status.EXPIRED
    assert not Payment.objects.filter(order_id=order.id).exists()
    cart = Cart.objects.get(account=order.account, is_open=True)
    assert [item.offer_id for item in cart.items.all()] == [SIM_OFFER]


def test_a_card_that_is_gone_by_then_ends_the_order(cards, clock):
    order = ordered(cards)
    Order.objects.filter(id=order.id).update(card_id=order.id)

    actions.continue_identified_orders(account_id=order.account_id, country="IT")
    actions.continue_identified_orders(account_id=order.account_id, country="IT")

    order.refresh_from_db()
    assert order.status == Order.Status.DECLINED
    assert not Payment.objects.filter(order_id=order.id).exists()


def test_the_same_service_cannot_be_ordered_again_meanwhile(cards, clock):
    order = ordered(cards)

    with pytest.raises(errors.OrderInProgress):
        store_facts.placed_order(order.account, order.vehicle, SIM_OFFER)


@pytest.mark.rule("IDV-013")
def test_checkout_and_order_say_that_an_identification_is_needed_and_lead_there(cards, clock):
    account, car = store_facts.buyer(cards)
    cart = store_facts.filled_cart(account, car, SIM_OFFER)
    client = identity_facts.signed_in(account)
    page = client.get(reverse("store:checkout_overview"), {"vin": car.vin})
    assert b"identified by video" in page.content
    sent = {"cart": cart.id, "card": page.context["overview"].card.id, "seen": page.context["overview"].fingerprint}

    answer = client.post(reverse("store:place"), sent)

    order = Order.objects.get()
    address = reverse("identity:identity_check", args=[case_of(order).id])
    assert answer["Location"] == address
    assert reverse("identity:identity_checks").encode() in client.get(reverse("store:order", args=[order.id])).content


def test_a_service_that_opens_a_sim_is_marked_in_the_pack():
    assert [service.id for service in catalog.services() if service.is_sim_bound] == [SIM_SERVICE]
