"""A person deleted the account: nothing is taken any more, and the card provider forgets the cards."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from vettura.billing import rules
from vettura.billing.actions.payments import release_payment
from vettura.billing.models import Payment, SavedCard
from vettura.foundation import jobs


@transaction.atomic
def remove_cards_of_deleted_account(*, account_id: UUID, at: datetime) -> int:
    """
    Delete every saved card, and have the provider forget it (DAT-022); returns how many cards it were.

    Money that is only set aside is let go first. Repeating it is the same as once. What was paid can still be refunded.
    """
    for payment in Payment.objects.select_for_update().filter(account_id=account_id, status__in=rules.OPEN):
        release_payment(payment, at)
    cards = list(SavedCard.objects.select_for_update().filter(account_id=account_id, deleted_at=None))
    for card in cards:
        card.deleted_at, card.next_notice_at = at, None
        card.save(update_fields=["deleted_at", "next_notice_at"])
        jobs.defer("billing.forget_card", reference=card.reference)
    return len(cards)
