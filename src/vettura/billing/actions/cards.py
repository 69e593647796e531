"""Saved cards and the billing address. Card numbers go from the person to the provider and never come by here."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from vettura.billing import errors, ports, queries, rules
from vettura.billing.models import BillingAddress, CardEntry, Payment, ProviderCustomer, SavedCard
from vettura.catalog import queries as catalog
from vettura.foundation import clock, jobs
from vettura.foundation.errors import NotFound
from vettura.identity.models import Account
from vettura.notifications import actions as notifications

Answer = TypeVar("Answer")


@transaction.atomic
def save_billing_address(
    *, account: Account, name: str, company: str, street: str, postal_code: str, city: str, country: str
) -> BillingAddress:
    """This will keep where invoices are addressed to from now on; orders already placed keep theirs."""
    address, _ = BillingAddress.objects.update_or_create(
        account_id=account.id,
        defaults={
            "name": name,
            "company": company,
            "street": street,
            "postal_code": postal_code,
            "city": city,
            "country": country,
        },
    )
    return address


def begin_card(*, account: Account) -> tuple[CardEntry, ports.EntryForm]:
    """
    Let the person enter a card on our page. Returns the entry and the secret for the provider's script.

    Calls the provider, so it runs outside a transaction. Raises PaymentProviderAway.
    """
    customer = _customer(account)
    entry = CardEntry.objects.create(account_id=account.id, began_at=clock.now())
    form = _asked(lambda: ports.payment_provider().begin_card(customer=customer, key=entry.id))
    CardEntry.objects.filter(id=entry.id).update(reference=form.reference)
    return entry, form


def begin_hosted_card(*, account: Account, back_to: str, cancel_to: str) -> tuple[CardEntry, ports.EntryForm]:
    """
    Let the person enter a card on the provider's page, which leads back to `back_to` (`{entry}` in it becomes the entry's id).

    Calls the provider, so it runs outside a transaction. Raises PaymentProviderAway.
    """
    customer = _customer(account)
    entry = CardEntry.objects.create(account_id=account.id, began_at=clock.now())
    form = _asked(
        lambda: ports.payment_provider().begin_hosted_card(
            customer=customer,
            back_to=back_to.replace("{entry}", str(entry.id)),
            cancel_to=cancel_to,
            language=account.language,
            key=entry.id,
        )
    )
    CardEntry.objects.filter(id=entry.id).update(reference=form.reference)
    return entry, form


def finish_card(*, account: Account, entry_id: UUID, country: str) -> SavedCard:
    """
    Keep the card that was entered. Repeating it returns the same card.

    Checks the brand first, then the date (STO-007, STO-009); a refused card is forgotten by the provider. Raises NotFound for
    somebody else's entry, CardEntryUnfinished, CardDeclined, CardBrandNotAccepted, CardExpired, PaymentProviderAway.
    """
    entry = CardEntry.objects.filter(id=entry_id, account_id=account.id).select_related("saved_card").first()
    if entry is None:
        raise NotFound
    if entry.saved_card is not None:
        return entry.saved_card
    found = _asked(lambda: ports.payment_provider().entered_card(entry=entry.reference))
    if found is None:
        raise errors.CardEntryUnfinished
    if isinstance(found, ports.Declined):
        raise errors.CardExpired if found.reason == "expired_card" else errors.CardDeclined
    at, accepted = clock.now(), queries.accepted_brands(country=country)
    problem = rules.card_problem(
        brand=found.brand, month=found.expires_month, year=found.expires_year, accepted=accepted, at=at
    )
    if problem is not None:
        jobs.defer("billing.forget_card", reference=found.reference)
        if problem == "expired":
            raise errors.CardExpired
        names = ", ".join(queries.accepted_brand_names(country=country))
        raise errors.CardBrandNotAccepted(brand=rules.brand_name(found.brand), accepted=names)
    return _keep(entry, found)


@transaction.atomic
def announce_expiry(*, card_id: UUID, at: datetime) -> bool:
    """
    This will tell the holder by mail and inbox that a saved card expires soon, or has expired (once each).

    False when there is nothing to tell: deleted meanwhile, or told already.
    """
    card = SavedCard.objects.select_for_update(of=("self",)).select_related("account").get(id=card_id)
    if card.deleted_at is not None or card.next_notice_at is None or card.next_notice_at > at:
        return False
    card.next_notice_at = rules.next_notice_at(card, notice=catalog.terms().card_expiry_notice, at=at)
    card.save(update_fields=["next_notice_at"])
    account = card.account
    facts = {
        "name": account.given_name,
        "card": f"{rules.brand_name(card.brand)} •••• {card.last_digits}",
        "month": f"{card.expires_month:02d}/{card.expires_year}",
        "is_expired": rules.is_expired(month=card.expires_month, year=card.expires_year, at=at),
        "path": reverse("billing:cards"),
    }
    with translation.override(account.language):
        notifications.post_message(
            recipient_id=account.id,
            language=account.language,
            subject=render_to_string("billing/mail/card_expiry.subject.txt", facts),
            body=render_to_string("billing/_card_expiry.txt", facts).strip(),
            kind="card_expiry",
        )
    notifications.send_mail(
        recipient_id=account.id,
        to=account.address,
        language=account.language,
        template="billing/mail/card_expiry",
        facts=facts,
    )
    return True


@transaction.atomic
def _keep(entry: CardEntry, found: ports.EnteredCard) -> SavedCard:
    card, is_new = SavedCard.objects.get_or_create(
        reference=found.reference,
        defaults={
            "account_id": entry.account_id,
            "brand": found.brand,
            "last_digits": found.last_digits,
            "expires_month": found.expires_month,
            "expires_year": found.expires_year,
            "added_at": clock.now(),
        },
    )
    if is_new:
        notice = catalog.terms().card_expiry_notice
        card.next_notice_at = rules.next_notice_at(card, notice=notice, at=card.added_at)
        card.save(update_fields=["next_notice_at"])
    CardEntry.objects.filter(id=entry.id).update(saved_card=card, finished_at=clock.now())
    return card


@transaction.atomic
def delete_card(*, account: Account, card_id: UUID) -> None:
    """
    Delete a saved card (DAT-022); the provider forgets it too, soon. Deleting it twice is the same as once.

    Raises NotFound for somebody else's, CardInUse while an order is being paid with it.
    """
    card = SavedCard.objects.select_for_update().filter(id=card_id, account_id=account.id).first()
    if card is None:
        raise NotFound
    if card.deleted_at is not None:
        return
    if Payment.objects.filter(card=card, status__in=rules.OPEN).exists():
        raise errors.CardInUse
    card.deleted_at, card.next_notice_at = clock.now(), None
    card.save(update_fields=["deleted_at", "next_notice_at"])
    jobs.defer("billing.forget_card", reference=card.reference)


def refuse_card_change(*, account: Account, card_id: UUID) -> None:
    """A person asks to change a saved card: always refused (DAT-023). Raises CardNotChangeable, NotFound for another's."""
    queries.saved_card(account=account, card_id=card_id)
    raise errors.CardNotChangeable


def forget_card(*, reference: str) -> None:
    """
    This will make the provider forget a card. Raises what the port raises, so that the job tries again.

    While a payment with it is still open it raises ProviderUnavailable too: the money has to go free first.
    """
    if Payment.objects.filter(card__reference=reference, status__in=rules.OPEN).exists():
        raise ports.ProviderUnavailable("a payment with this card is not over yet")
    ports.payment_provider().forget_card(card=reference)


def _customer(account: Account) -> str:
    """The provider's reference of the person, made when first needed; the account's id as key makes it one."""
    known = ProviderCustomer.objects.filter(account_id=account.id).first()
    if known is not None:
        return known.reference
    provider = ports.payment_provider()
    reference = _asked(lambda: provider.customer(account_id=account.id, email=account.email, name=account.name))
    row, _ = ProviderCustomer.objects.get_or_create(account_id=account.id, defaults={"reference": reference})
    return row.reference


def _asked(call: Callable[[], Answer]) -> Answer:
    """The provider's answer, or the refusal that people read when there is none."""
    try:
        return call()
    except ports.ProviderUnavailable as away:
        raise errors.PaymentProviderAway from away
