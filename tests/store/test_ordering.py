"""From the cart to a confirmed order."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from tests import store_facts as facts
from tests import vehicle_facts

from vettura.billing import actions as billing
from vettura.billing import ports
from vettura.billing.models import Invoice, Payment
from vettura.billing.tasks import check_open_payments
from vettura.catalog import queries as catalog
from vettura.entitlements import queries as entitlements
from vettura.entitlements.models import Contract, Phase
from vettura.foundation.errors import NotFound
from vettura.notifications.models import Mail
from vettura.store import actions, errors, queries
from vettura.store.models import Cart, Order

pytestmark = pytest.mark.django_db
MOMENT = timedelta(microseconds=1)


@pytest.mark.rule("STO-001", "STO-020", "STO-025", "STO-026")
def test_a_paid_order_starts_one_contract_for_exactly_this_vehicle(cards, clock):
    order = facts.paid_order(cards)

    contract = Contract.objects.get(order_line_id=order.lines.get().id)

    assert (contract.vehicle_id, contract.phase, contract.starts_at) == (order.vehicle_id, Phase.PAID, clock.now())
    assert entitlements.is_entitled(vehicle=order.vehicle, service_id=facts.PAID_SERVICE, at=clock.now())
    (paid,) = cards.payments(order.number)
    assert (paid["status"], Decimal(paid["amount_received"]) / 100) == ("succeeded", order.total_amount)


@pytest.mark.rule("STO-017", "STO-021")
def test_confirmation_and_contract_terms_go_out_once_each(cards, clock):
    order = facts.paid_order(cards)
    actions.pay_order(order_id=order.id)

    templates = list(
        Mail.objects.filter(recipient_id=order.account_id).order_by("template").values_list("template", flat=True)
    )

    assert templates == ["store/mail/confirmation", "store/mail/terms"]


@pytest.mark.rule("STO-017", "STO-024")
def test_an_unused_inclusive_term_costs_nothing_and_needs_no_card(clock):
    account, car = facts.buyer()
    offer = next(
        offer
        for offer in catalog.inclusive_offers_for(
            generation=car.generation, drive=car.drive, equipment=car.equipment, country=car.country
        )
    )

    order = facts.placed_order(account, car, offer.id)

    assert (order.status, order.total_amount) == (Order.Status.PAID, 0)
    contract = Contract.objects.filter(order_line_id=order.lines.get().id).first()
    assert (contract.phase, contract.ends_at - contract.starts_at) == (Phase.INCLUSIVE, offer.inclusive_days.duration)
    assert Mail.objects.filter(template="store/mail/terms").count() == 1
    assert not Invoice.objects.exists()
    assert not Payment.objects.exists()


@pytest.mark.rule("STO-032", "STO-060", "USR-004")
def test_a_secondary_user_can_buy_nothing(cards, clock):
    owner, car = facts.buyer(cards)
    other = vehicle_facts.person()
    vehicle_facts.actions.assign_user(vehicle=car, account=other, role="secondary_user", at=clock.now())
    cart = facts.filled_cart(owner, car)

    with pytest.raises(errors.OnlyMainUserBuys):
        actions.add_to_cart(by=other, vin=car.vin, offer_id=facts.PAID_OFFER)
    with pytest.raises(errors.OnlyMainUserBuys):
        actions.cart_for_key(by=other, vin=car.vin, offer_ids=[facts.PAID_OFFER], key="k")
    with pytest.raises(NotFound):
        actions.place_order(by=other, cart_id=cart.id, card_id=None)

    assert not Order.objects.exists()


def test_a_stranger_finds_neither_vehicle_nor_order(cards, clock):
    order = facts.paid_order(cards)
    stranger = vehicle_facts.person()

    with pytest.raises(NotFound):
        actions.add_to_cart(by=stranger, vin=order.vehicle.vin, offer_id=facts.PAID_OFFER)
    with pytest.raises(NotFound):
        queries.order(account=stranger, order_id=order.id)
    with pytest.raises(NotFound):
        actions.withdraw(order_id=order.id, by=stranger)


def test_placing_a_cart_twice_is_one_order(cards, clock):
    account, car = facts.buyer(cards)
    cart = facts.filled_cart(account, car)

    first = actions.place_order(by=account, cart_id=cart.id, card_id=None)
    actions.pay_order(order_id=first.id)
    second = actions.place_order(by=account, cart_id=cart.id, card_id=None)
    actions.pay_order(order_id=second.id)

    assert first.id == second.id
    assert len(cards.payments(first.number)) == 1


@pytest.mark.rule("STO-019")
def test_an_order_that_is_not_what_the_person_saw_is_not_placed(cards, clock):
    account, car = facts.buyer(cards)
    cart = facts.filled_cart(account, car)
    choice = queries.choice_of_vehicle(account=account, vin=car.vin)
    seen = queries.overview(account=account, cart=cart, choice=choice, card_id=None, at=clock.now(), language="en")
    actions.add_to_cart(by=account, vin=car.vin, offer_id="breakdown_call")

    with pytest.raises(errors.OverviewOutdated):
        actions.place_order(by=account, cart_id=cart.id, card_id=None, seen=seen.fingerprint)

    assert not Order.objects.exists()


@pytest.mark.rule("STO-025", "STO-027")
def test_an_order_needs_address_and_card(cards, clock):
    account = vehicle_facts.person()
    car = vehicle_facts.vehicle(main_user=account)
    cart = facts.filled_cart(account, car)

    with pytest.raises(errors.AddressMissing):
        actions.place_order(by=account, cart_id=cart.id, card_id=None)
    facts.billing_address(account)
    with pytest.raises(errors.CardMissing):
        actions.place_order(by=account, cart_id=cart.id, card_id=None)
    with pytest.raises(errors.CardMissing):
        actions.place_order(by=account, cart_id=cart.id, card_id=uuid4())

    assert not Order.objects.exists()


@pytest.mark.rule("STO-010", "STO-013")
@pytest.mark.parametrize(("number", "reason"), [(facts.DECLINES, "declined"), (facts.NO_FUNDS, "insufficient_funds")])
def test_a_declined_card_ends_the_order_and_fills_the_cart_again(cards, clock, number, reason):
    account, car = facts.buyer(cards, number=number)

    order = actions.pay_order(order_id=facts.placed_order(account, car).id)

    assert order.status == Order.Status.DECLINED
    assert Payment.objects.get(order_id=order.id).decline_reason == reason
    assert not Contract.objects.filter(service_id=facts.PAID_SERVICE).exists()
    assert queries.offers_in(queries.cart_of(account=account, vehicle=car)) == [facts.PAID_OFFER]
    assert not Mail.objects.filter(template__startswith="store/").exists()


def test_after_a_decline_another_card_pays(cards, clock):
    account, car = facts.buyer(cards, number=facts.DECLINES)
    actions.pay_order(order_id=facts.placed_order(account, car).id)
    card = facts.saved_card(cards, account)

    cart = queries.cart_of(account=account, vehicle=car)
    order = actions.pay_order(order_id=actions.place_order(by=account, cart_id=cart.id, card_id=card.id).id)

    assert order.status == Order.Status.PAID


def test_a_challenge_waits_for_the_person_and_then_confirms(cards, clock):
    account, car = facts.buyer(cards, number=facts.CHALLENGES)
    order = actions.pay_order(order_id=facts.placed_order(account, car).id)
    payment = Payment.objects.get(order_id=order.id)
    assert (order.status, payment.status) == (Order.Status.WAITING, Payment.Status.CHALLENGE)

    location = cards.answer_challenge(payment.challenge_url)
    order = actions.pay_order(order_id=order.id)

    assert f"/store/orders/{order.id}/returned/" in location
    assert order.status == Order.Status.PAID


def test_a_refused_challenge_ends_the_order(cards, clock):
    account, car = facts.buyer(cards, number=facts.CHALLENGES)
    order = actions.pay_order(order_id=facts.placed_order(account, car).id)

    cards.answer_challenge(Payment.objects.get(order_id=order.id).challenge_url, approve=False)
    order = actions.pay_order(order_id=order.id)

    assert order.status == Order.Status.DECLINED
    assert Payment.objects.get(order_id=order.id).decline_reason == "not_confirmed"


def test_who_never_comes_back_from_the_bank_pays_nothing(cards, clock):
    account, car = facts.buyer(cards, number=facts.CHALLENGES)
    order = actions.pay_order(order_id=facts.placed_order(account, car).id)
    payment = Payment.objects.get(order_id=order.id)

    clock.move_to(payment.expires_at - MOMENT)
    assert billing.expire_payments(at=clock.now()) == 0
    clock.move_to(payment.expires_at)
    assert billing.expire_payments(at=clock.now()) == 1
    facts.run_jobs()

    order.refresh_from_db()
    assert order.status == Order.Status.EXPIRED
    assert cards.payments(order.number)[0]["status"] == "canceled"
    assert not Contract.objects.filter(service_id=facts.PAID_SERVICE).exists()


def test_a_second_order_for_the_same_service_waits_for_the_first(cards, clock):
    account, car = facts.buyer(cards, number=facts.CHALLENGES)
    actions.pay_order(order_id=facts.placed_order(account, car).id)

    with pytest.raises(errors.OrderInProgress):
        facts.placed_order(account, car)

    assert Order.objects.count() == 1


def test_an_outage_leaves_the_order_waiting_and_the_sweep_pays_it(cards, clock, monkeypatch):
    monkeypatch.setattr("stripe._http_client.HTTPClient._sleep_time_seconds", lambda *_args, **_more: 0)
    account, car = facts.buyer(cards)
    order = facts.placed_order(account, car)
    cards.steer(outage="on")
    assert actions.pay_order(order_id=order.id).status == Order.Status.WAITING

    cards.steer(outage="off")
    clock.advance(seconds=31)
    assert check_open_payments(clock.now()) == 1
    facts.run_jobs()

    order.refresh_from_db()
    assert order.status == Order.Status.PAID
    assert len(cards.payments(order.number)) == 1


def test_money_taken_before_a_crash_is_found_again(cards, clock):
    """The provider captured, and the answer was lost before it could be recorded."""
    account, car = facts.buyer(cards)
    order = facts.placed_order(account, car)
    payment = Payment.objects.select_related("card").get(order_id=order.id)
    provider = ports.payment_provider()
    customer = cards.get(f"payment_methods/{payment.card.reference}")["customer"]
    lost = provider.authorize(
        amount=payment.amount,
        customer=customer,
        card=payment.card.reference,
        return_to=payment.return_url,
        reference=order.number,
        key=payment.id,
    )
    provider.capture(authorization=lost.authorization, key=payment.id)

    order = actions.pay_order(order_id=order.id)

    assert order.status == Order.Status.PAID
    (paid,) = cards.payments(order.number)
    assert paid["amount_received"] == payment.amount_amount * 100


@pytest.mark.rule("ID-022")
def test_a_visitors_cart_survives_sign_in(cards, clock):
    cart = actions.add_to_visitor_cart(
        cart_id=None, country="IT", generation="TAY", drive="BEV", offer_id=facts.PAID_OFFER
    )
    account, car = facts.buyer(cards)

    mine = actions.adopt_cart(cart_id=str(cart.id), by=account, vin=car.vin)

    assert queries.offers_in(mine) == [facts.PAID_OFFER]
    assert actions.adopt_cart(cart_id=str(cart.id), by=account, vin=car.vin) is None
    assert not Cart.objects.filter(account=None).exists()


def test_what_does_not_fit_stays_out_of_the_cart(clock):
    account = vehicle_facts.person()
    car = vehicle_facts.vehicle(main_user=account, equipment=())

    with pytest.raises(errors.OfferDoesNotFit):
        actions.add_to_cart(by=account, vin=car.vin, offer_id=facts.PAID_OFFER)


def test_the_same_key_over_the_api_is_the_same_cart(cards, clock):
    account, car = facts.buyer(cards)

    first = actions.cart_for_key(by=account, vin=car.vin, offer_ids=[facts.PAID_OFFER], key="one")
    second = actions.cart_for_key(by=account, vin=car.vin, offer_ids=[facts.PAID_OFFER], key="one")

    assert first.id == second.id
