"""What every card provider must do, proven over HTTP against the sandbox with the adapter that runs in production."""

from uuid import uuid4

import httpx
import pytest
from tests.store_facts import (
    CHALLENGES,
    CHALLENGES_WHEN_SAVED,
    DECLINES,
    DECLINES_WHEN_SAVED,
    NO_FUNDS,
    WEBHOOK_SECRET,
    WORKS,
    CardProvider,
)

from vettura.billing import ports
from vettura.billing.models import CardEntry
from vettura.foundation.money import Money
from vettura_sandbox.cards.ledger import seconds_now
from vettura_sandbox.cards.webhooks import signature

PRICE = Money("49.00", "EUR")
BACK = "http://localhost/back?order=1"


class TestPaymentProvider:
    """The port's promises. Another adapter runs through the same class."""

    @pytest.fixture
    def provider(self, cards: CardProvider) -> ports.PaymentProvider:
        return ports.payment_provider()

    @pytest.fixture
    def customer(self, provider: ports.PaymentProvider) -> str:
        return provider.customer(account_id=uuid4(), email="ada@example.org", name="Ada Rossi")

    def card(self, cards: CardProvider, provider: ports.PaymentProvider, customer: str, number: str = WORKS) -> str:
        form = provider.begin_card(customer=customer, key=uuid4())
        cards.type_card(CardEntry(reference=form.reference), form.client_secret, number)
        found = provider.entered_card(entry=form.reference)
        assert isinstance(found, ports.EnteredCard)
        return found.reference

    def authorize(
        self, provider: ports.PaymentProvider, customer: str, card: str, **more: object
    ) -> ports.PaymentAnswer:
        wanted = {"amount": PRICE, "return_to": BACK, "reference": f"26-{uuid4().hex[:8]}", "key": uuid4(), **more}
        return provider.authorize(customer=customer, card=card, **wanted)  # type: ignore[arg-type]

    def test_the_same_person_is_one_customer(self, provider):
        account_id = uuid4()

        first = provider.customer(account_id=account_id, email="ada@example.org", name="Ada Rossi")
        second = provider.customer(account_id=account_id, email="ada@example.org", name="Ada Rossi")

        assert first == second

    def test_a_person_is_forgotten_with_every_card_and_forgetting_twice_is_the_same(self, cards, provider, customer):
        card = self.card(cards, provider, customer)

        provider.forget_customer(customer=customer)
        provider.forget_customer(customer=customer)

        assert cards.get(f"customers/{customer}") == {"id": customer, "object": "customer", "deleted": True}
        assert cards.get(f"payment_methods/{card}")["customer"] is None
        with pytest.raises(ports.ProviderRefused):
            provider.begin_card(customer=customer, key=uuid4())

    def test_money_of_a_forgotten_person_can_still_be_given_back(self, cards, provider, customer):
        authorized = self.authorize(provider, customer, self.card(cards, provider, customer))
        provider.capture(authorization=authorized.authorization, key=uuid4())
        provider.forget_customer(customer=customer)

        refunded = provider.refund(authorization=authorized.authorization, amount=PRICE, key=uuid4())

        assert cards.get(f"refunds/{refunded.reference}")["amount"] == 4900

    def test_a_card_that_was_entered_is_known_by_brand_digits_and_date(self, cards, provider, customer):
        form = provider.begin_card(customer=customer, key=uuid4())

        before = provider.entered_card(entry=form.reference)
        cards.type_card(CardEntry(reference=form.reference), form.client_secret, WORKS)
        after = provider.entered_card(entry=form.reference)

        assert before is None
        assert (after.brand, after.last_digits, after.expires_month, after.expires_year) == ("visa", "4242", 12, 2030)

    def test_a_card_that_is_declined_when_entered_says_so(self, cards, provider, customer):
        form = provider.begin_card(customer=customer, key=uuid4())

        answer = cards.type_card(CardEntry(reference=form.reference), form.client_secret, DECLINES_WHEN_SAVED)

        assert answer.status_code == 402
        assert provider.entered_card(entry=form.reference) == ports.Declined(form.reference, "declined")

    def test_a_card_may_need_the_bank_before_it_is_saved(self, cards, provider, customer):
        form = provider.begin_card(customer=customer, key=uuid4())
        answer = cards.type_card(CardEntry(reference=form.reference), form.client_secret, CHALLENGES_WHEN_SAVED)

        before = provider.entered_card(entry=form.reference)
        cards.answer_challenge(answer.json()["next_action"]["redirect_to_url"]["url"])

        assert before is None
        assert isinstance(provider.entered_card(entry=form.reference), ports.EnteredCard)

    def test_the_hosted_page_saves_a_card_and_leads_back(self, cards, provider, customer):
        form = provider.begin_hosted_card(
            customer=customer, back_to=BACK, cancel_to="http://localhost/no", language="it", key=uuid4()
        )

        declined = httpx.post(form.url, data={"number": DECLINES_WHEN_SAVED, "expiry": "12/30", "cvc": "123"})
        saved = httpx.post(form.url, data={"number": WORKS, "expiry": "12 / 30", "cvc": "123"})

        assert (declined.status_code, "La carta è stata rifiutata" in declined.text) == (402, True)
        assert (saved.status_code, saved.headers["location"]) == (303, BACK)
        assert provider.entered_card(entry=form.reference).last_digits == "4242"

    def test_money_is_set_aside_then_taken_then_given_back(self, cards, provider, customer):
        card = self.card(cards, provider, customer)

        authorized = self.authorize(provider, customer, card)
        captured = provider.capture(authorization=authorized.authorization, key=uuid4())
        refunded = provider.refund(authorization=authorized.authorization, amount=PRICE, key=uuid4())

        assert isinstance(authorized, ports.Authorized)
        assert captured == ports.Captured(authorized.authorization)
        assert cards.get(f"refunds/{refunded.reference}")["amount"] == 4900

    def test_the_same_key_sets_money_aside_once(self, cards, provider, customer):
        card, key = self.card(cards, provider, customer), uuid4()

        first = self.authorize(provider, customer, card, key=key, reference="26-ONCE")
        second = self.authorize(provider, customer, card, key=key, reference="26-ONCE")

        assert first == second

    def test_the_same_key_with_another_amount_is_refused(self, cards, provider, customer):
        card, key = self.card(cards, provider, customer), uuid4()
        self.authorize(provider, customer, card, key=key)

        with pytest.raises(ports.ProviderRefused):
            self.authorize(provider, customer, card, key=key, amount=Money("50.00", "EUR"))

    def test_capturing_twice_takes_the_money_once(self, cards, provider, customer):
        found = self.authorize(provider, customer, self.card(cards, provider, customer))

        provider.capture(authorization=found.authorization, key=uuid4())
        provider.capture(authorization=found.authorization, key=uuid4())

        assert cards.get(f"payment_intents/{found.authorization}")["amount_received"] == 4900

    @pytest.mark.parametrize(("number", "reason"), [(DECLINES, "declined"), (NO_FUNDS, "insufficient_funds")])
    def test_a_declined_card_is_an_answer_and_takes_nothing(self, cards, provider, customer, number, reason):
        answer = self.authorize(provider, customer, self.card(cards, provider, customer, number))

        assert answer == ports.Declined(answer.authorization, reason)
        assert cards.get(f"payment_intents/{answer.authorization}")["amount_received"] == 0

    @pytest.mark.parametrize(
        ("approve", "outcome", "status"), [(True, ports.Authorized, "succeeded"), (False, ports.Declined, "failed")]
    )
    def test_a_challenge_leads_out_and_back(self, cards, provider, customer, approve, outcome, status):
        asked = self.authorize(provider, customer, self.card(cards, provider, customer, CHALLENGES))

        location = cards.answer_challenge(asked.url, approve=approve)

        assert isinstance(asked, ports.ChallengeNeeded)
        assert location == f"{BACK}&payment_intent={asked.authorization}&redirect_status={status}"
        assert isinstance(provider.state_of(authorization=asked.authorization), outcome)

    def test_releasing_ends_a_challenge_and_what_was_set_aside(self, cards, provider, customer):
        asked = self.authorize(provider, customer, self.card(cards, provider, customer, CHALLENGES))
        held = self.authorize(provider, customer, self.card(cards, provider, customer))

        for each in (asked, held, held):
            provider.release(authorization=each.authorization, key=uuid4())

        assert provider.state_of(authorization=asked.authorization) == ports.Released(asked.authorization)
        assert provider.state_of(authorization=held.authorization) == ports.Released(held.authorization)

    def test_money_that_was_released_cannot_be_taken(self, cards, provider, customer):
        held = self.authorize(provider, customer, self.card(cards, provider, customer))
        provider.release(authorization=held.authorization, key=uuid4())

        with pytest.raises(ports.ProviderRefused):
            provider.capture(authorization=held.authorization, key=uuid4())

    def test_no_more_than_was_taken_goes_back(self, cards, provider, customer):
        held = self.authorize(provider, customer, self.card(cards, provider, customer))
        provider.capture(authorization=held.authorization, key=uuid4())
        provider.refund(authorization=held.authorization, amount=PRICE, key=uuid4())

        with pytest.raises(ports.ProviderRefused):
            provider.refund(authorization=held.authorization, amount=PRICE, key=uuid4())

    def test_a_forgotten_card_cannot_be_charged(self, cards, provider, customer):
        card = self.card(cards, provider, customer)

        provider.forget_card(card=card)
        provider.forget_card(card=card)

        with pytest.raises(ports.ProviderRefused):
            self.authorize(provider, customer, card)

    def test_an_outage_says_try_again(self, cards, provider, customer, monkeypatch):
        monkeypatch.setattr("stripe._http_client.HTTPClient._sleep_time_seconds", lambda *_args, **_more: 0)
        cards.steer(outage="on")

        with pytest.raises(ports.ProviderUnavailable):
            provider.begin_card(customer=customer, key=uuid4())

    def test_only_notices_signed_by_the_provider_are_read(self, provider):
        body = b'{"id":"evt_1","object":"event","type":"payment_intent.succeeded","data":{"object":{"id":"pi_1","object":"payment_intent"}}}'
        genuine = signature(body, WEBHOOK_SECRET, seconds_now())

        assert provider.read_notice(body=body, signature=genuine) == ports.Notice(
            "evt_1", "payment_intent.succeeded", "pi_1"
        )
        for wrong in (
            signature(body, "another", seconds_now()),
            signature(body, WEBHOOK_SECRET, seconds_now() - 3600),
            "",
        ):
            with pytest.raises(ports.NoticeNotGenuine):
                provider.read_notice(body=body, signature=wrong)
