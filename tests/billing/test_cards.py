"""Saved cards: which are taken, how they are added and deleted, and that numbers never come by here."""

import json
from datetime import UTC, datetime

import pytest
from django.urls import reverse
from tests import store_facts as facts
from tests import vehicle_facts

from vettura.billing import actions, errors, queries, rules
from vettura.billing.models import ProviderNotice, SavedCard
from vettura.foundation.errors import NotFound
from vettura.foundation.money import Money
from vettura_sandbox.cards.ledger import seconds_now
from vettura_sandbox.cards.webhooks import signature

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(clock):
    return vehicle_facts.person()


@pytest.mark.rule("DAT-022")
def test_a_card_is_added_and_deleted(cards, account):
    card = facts.saved_card(cards, account)
    assert (card.brand, card.last_digits) == ("visa", "4242")

    actions.delete_card(account=account, card_id=card.id)
    actions.delete_card(account=account, card_id=card.id)
    facts.run_jobs()

    assert queries.saved_cards(account=account, country="IT", at=card.added_at) == []
    assert cards.get(f"payment_methods/{card.reference}")["customer"] is None


@pytest.mark.rule("DAT-023")
def test_a_saved_card_cannot_be_changed(cards, account, client):
    card = facts.saved_card(cards, account)
    client.force_login(account)

    answer = client.patch(
        reverse("billing:card", args=[card.id]), {"expires_year": "2040"}, content_type="application/json"
    )

    assert answer.status_code == 405
    card.refresh_from_db()
    assert card.expires_year == 2030


def test_somebody_elses_card_is_not_found(cards, account):
    card = facts.saved_card(cards, account)

    with pytest.raises(NotFound):
        actions.delete_card(account=vehicle_facts.person(), card_id=card.id)


@pytest.mark.rule("STO-007")
def test_a_brand_that_the_country_does_not_take_is_refused_and_forgotten(cards, account):
    with pytest.raises(errors.CardBrandNotAccepted) as refusal:
        facts.saved_card(cards, account, facts.DINERS)
    facts.run_jobs()

    assert str(refusal.value).startswith("Diners Club cards are not accepted here. Accepted: Visa, Mastercard")
    assert not SavedCard.objects.exists()


@pytest.mark.rule("STO-007", "STO-009")
def test_the_brand_is_checked_before_the_date(clock):
    def problem(brand, year):
        return rules.card_problem(brand=brand, month=8, year=year, accepted=["visa"], at=clock.now())

    assert problem("diners", 2020) == "brand_not_accepted"
    assert problem("visa", 2020) == "expired"
    assert problem("visa", 2030) is None


@pytest.mark.rule("STO-009", "STO-012")
def test_a_card_works_through_the_last_day_of_its_month(clock):
    assert not rules.is_expired(month=9, year=2026, at=datetime(2026, 9, 30, 23, 59, tzinfo=UTC))
    assert rules.is_expired(month=9, year=2026, at=datetime(2026, 10, 1, tzinfo=UTC))


@pytest.mark.rule("STO-009")
def test_an_expired_saved_card_pays_nothing(cards, account, clock):
    car = vehicle_facts.vehicle(main_user=account)
    facts.billing_address(account)
    card = facts.saved_card(cards, account)
    clock.advance(days=5 * 365)

    (row,) = queries.saved_cards(account=account, country="IT", at=clock.now())

    assert row.problem == "expired"
    with pytest.raises(errors.CardExpired):
        actions.request_payment(
            account=account,
            order_id=car.id,
            order_number="26-X",
            amount=Money("10.00", "EUR"),
            card_id=card.id,
            country="IT",
            return_url="http://localhost/",
        )


@pytest.mark.rule("STO-014", "STO-015")
@pytest.mark.parametrize(
    ("number", "code", "status"),
    [(facts.WORKS, "123", 200), (facts.WORKS, "1234", 402), (facts.AMEX, "123", 402), (facts.AMEX, "1234", 200)],
)
def test_the_security_code_has_three_digits_and_four_with_american_express(cards, account, number, code, status):
    entry, form = actions.begin_card(account=account)
    entry.refresh_from_db()

    assert cards.type_card(entry, form.client_secret, number, cvc=code).status_code == status


def test_an_entry_of_somebody_else_cannot_be_taken(cards, account):
    entry, form = actions.begin_card(account=account)
    entry.refresh_from_db()
    cards.type_card(entry, form.client_secret)

    with pytest.raises(NotFound):
        actions.finish_card(account=vehicle_facts.person(), entry_id=entry.id, country="IT")


def test_an_unfinished_entry_saves_nothing(cards, account):
    entry, _ = actions.begin_card(account=account)

    with pytest.raises(errors.CardEntryUnfinished):
        actions.finish_card(account=account, entry_id=entry.id, country="IT")


def test_a_notice_is_kept_once_and_brings_the_payment_up_to_date(cards, clock, client):
    account, car = facts.buyer(cards, number=facts.CHALLENGES)
    order = facts.store.pay_order(order_id=facts.placed_order(account, car).id)
    payment = queries.payment_of(order_id=order.id)
    cards.answer_challenge(payment.challenge_url)
    event = next(
        each
        for each in cards.get("events")["data"]
        if each["type"] == "payment_intent.amount_capturable_updated"
        and each["data"]["object"]["id"] == payment.authorization
    )
    body = json.dumps(event).encode()
    headers = {"Stripe-Signature": signature(body, facts.WEBHOOK_SECRET, seconds_now())}

    answers = [
        client.post(reverse("billing:card_notices"), body, content_type="application/json", headers=headers).status_code
        for _ in range(2)
    ]
    facts.run_jobs()

    order.refresh_from_db()
    assert answers == [200, 200]
    assert ProviderNotice.objects.count() == 1
    assert order.status == "paid"


def test_a_forged_notice_is_refused(cards, client):
    body = b'{"id":"evt_x"}'

    answer = client.post(
        reverse("billing:card_notices"),
        body,
        content_type="application/json",
        headers={"Stripe-Signature": signature(body, "forged", seconds_now())},
    )

    assert answer.status_code == 400
    assert not ProviderNotice.objects.exists()
