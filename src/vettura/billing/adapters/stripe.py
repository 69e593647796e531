"""Payments by Stripe's HTTP API with its official client; in the demo the same code speaks to the card sandbox."""

from functools import lru_cache
from typing import Any
from uuid import UUID

import stripe
from django.conf import settings

from vettura.billing.ports import (
    Authorized,
    Captured,
    ChallengeNeeded,
    Declined,
    EnteredCard,
    EntryForm,
    Notice,
    NoticeNotGenuine,
    PaymentAnswer,
    ProviderRefused,
    ProviderUnavailable,
    Refunded,
    Released,
)
from vettura.foundation.money import Money, to_minor_units

RETRIES = 2
TIMEOUT_SECONDS = 20
REASONS = {
    "insufficient_funds": "insufficient_funds",
    "expired_card": "expired_card",
    "incorrect_cvc": "wrong_code",
    "invalid_cvc": "wrong_code",
    "payment_intent_authentication_failure": "not_confirmed",
    "setup_intent_authentication_failure": "not_confirmed",
    "authentication_required": "not_confirmed",
}


class StripePayments:
    """Speaks to the provider of the settings."""

    def __init__(self) -> None:
        """Address and keys come from config/providers.py."""
        providers = settings.VETTURA_PROVIDERS
        self._webhook_secret = providers.cards_webhook_secret
        self._api = _client(providers.cards_key, providers.cards_url).v1

    def customer(self, *, account_id: UUID, email: str, name: str) -> str:
        """See the port."""
        with _translated():
            found = self._api.customers.create(
                {"email": email, "name": name, "metadata": {"account": str(account_id)}}, _key(account_id, "customer")
            )
        return found.id

    def begin_card(self, *, customer: str, key: UUID) -> EntryForm:
        """See the port."""
        with _translated():
            intent = self._api.setup_intents.create(
                {"customer": customer, "usage": "on_session", "allowed_payment_method_types": ["card"]}, _key(key)
            )
        return EntryForm(reference=intent.id, client_secret=intent.client_secret or "")

    def begin_hosted_card(self, *, customer: str, back_to: str, cancel_to: str, language: str, key: UUID) -> EntryForm:
        """See the port."""
        with _translated():
            session = self._api.checkout.sessions.create(
                {
                    "mode": "setup",
                    "customer": customer,
                    "allowed_payment_method_types": ["card"],
                    "success_url": back_to,
                    "cancel_url": cancel_to,
                    "locale": language,
                },
                _key(key),
            )
        return EntryForm(reference=session.id, url=session.url or "")

    def entered_card(self, *, entry: str) -> EnteredCard | Declined | None:
        """See the port."""
        with _translated():
            if entry.startswith("cs_"):
                session = self._api.checkout.sessions.retrieve(entry)
                entry = _reference(session.setup_intent)
            intent = self._api.setup_intents.retrieve(entry, {"expand": ["payment_method"]})
        method: Any = intent.payment_method  # expanded, so it is the object
        if intent.status != "succeeded" or method is None:
            error = intent.last_setup_error
            return Declined(intent.id, _reason(error)) if error else None
        card = method.card
        return EnteredCard(
            reference=method.id,
            brand=card.brand,
            last_digits=card.last4,
            expires_month=card.exp_month,
            expires_year=card.exp_year,
        )

    def forget_card(self, *, card: str) -> None:
        """See the port. A card that is detached already is what was wished."""
        with _translated():
            if self._api.payment_methods.retrieve(card).customer is not None:
                self._api.payment_methods.detach(card)

    def forget_customer(self, *, customer: str) -> None:
        """See the port. A customer that is gone already is what was wished."""
        try:
            with _translated():
                self._api.customers.delete(customer)
        except ProviderRefused as refused:
            if str(refused) != "resource_missing":
                raise

    def authorize(
        self, *, amount: Money, customer: str, card: str, return_to: str, reference: str, key: UUID
    ) -> PaymentAnswer:
        """See the port."""
        try:
            with _translated():
                intent = self._api.payment_intents.create(
                    {
                        "amount": to_minor_units(amount),
                        "currency": amount.currency.code.lower(),
                        "customer": customer,
                        "payment_method": card,
                        "allowed_payment_method_types": ["card"],
                        "capture_method": "manual",
                        "confirm": True,
                        "return_url": return_to,
                        "description": reference,
                        "metadata": {"order": reference, "payment": str(key)},
                    },
                    _key(key),
                )
        except stripe.CardError as declined:
            error: Any = declined.error
            found = getattr(error, "payment_intent", None)
            return Declined(_reference(found), _reason(error))
        return _answer(intent)

    def state_of(self, *, authorization: str) -> PaymentAnswer:
        """See the port."""
        with _translated():
            return _answer(self._api.payment_intents.retrieve(authorization))

    def capture(self, *, authorization: str, key: UUID) -> Captured:
        """See the port. Money that was taken already is what was wished."""
        try:
            with _translated():
                self._api.payment_intents.capture(authorization, {}, _key(key, "capture"))
        except ProviderRefused:
            if not isinstance(self.state_of(authorization=authorization), Captured):
                raise
        return Captured(authorization)

    def release(self, *, authorization: str, key: UUID) -> None:
        """See the port. Money that is free already is what was wished."""
        try:
            with _translated():
                self._api.payment_intents.cancel(authorization, {}, _key(key, "release"))
        except ProviderRefused:
            if not isinstance(self.state_of(authorization=authorization), Released):
                raise

    def refund(self, *, authorization: str, amount: Money, key: UUID) -> Refunded:
        """See the port."""
        with _translated():
            refund = self._api.refunds.create(
                {"payment_intent": authorization, "amount": to_minor_units(amount)}, _key(key, "refund")
            )
        return Refunded(refund.id)

    def read_notice(self, *, body: bytes, signature: str) -> Notice:
        """See the port. Signatures are checked against real time by the client."""
        try:
            event = stripe.Webhook.construct_event(body, signature, self._webhook_secret)
        except (ValueError, stripe.SignatureVerificationError) as problem:
            raise NoticeNotGenuine(type(problem).__name__) from None
        subject: Any = event.data.object  # of many kinds
        authorization = subject.id if subject.object == "payment_intent" else getattr(subject, "payment_intent", None)
        return Notice(event.id, event.type, authorization or "")


@lru_cache(maxsize=4)
def _client(key: str, url: str) -> stripe.StripeClient:
    """One client per address, for its connections are kept open."""
    return stripe.StripeClient(
        key,
        base_addresses={"api": url},
        max_network_retries=RETRIES,
        http_client=stripe.RequestsClient(timeout=TIMEOUT_SECONDS),
    )


class _translated:  # noqa: N801  (reads as a statement: with _translated())
    """The client's errors in our words. Card errors pass: they are answers."""

    def __enter__(self) -> None: ...

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if error is None or isinstance(error, stripe.CardError) or not isinstance(error, stripe.StripeError):
            return
        status = error.http_status or 0
        is_passing = (
            isinstance(error, stripe.APIConnectionError | stripe.RateLimitError) or status >= 500 or status == 409
        )
        raise (ProviderUnavailable if is_passing else ProviderRefused)(error.code or f"http_{status}") from error


def _key(key: UUID, purpose: str = "") -> Any:  # the client's request options, a typed dictionary of its own
    return {"idempotency_key": f"{key}:{purpose}" if purpose else str(key)}


def _reference(found: Any) -> str:  # an id, an object, or nothing, as the client has it
    if found is None or isinstance(found, str):
        return found or ""
    return str(found["id"])


def _reason(error: Any) -> str:  # the client's error object
    code = getattr(error, "decline_code", None) or getattr(error, "code", None)
    return REASONS.get(str(code), REASONS.get(str(getattr(error, "code", "")), "declined"))


def _answer(intent: Any) -> PaymentAnswer:  # a payment intent of the client
    match intent.status:
        case "requires_capture":
            return Authorized(intent.id)
        case "succeeded":
            return Captured(intent.id)
        case "canceled":
            return Released(intent.id)
        case "requires_action":
            return ChallengeNeeded(intent.id, intent.next_action.redirect_to_url.url)
        case "requires_payment_method":
            return Declined(intent.id, _reason(intent.last_payment_error))
    raise ProviderUnavailable(f"status_{intent.status}")
