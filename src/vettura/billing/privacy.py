"""A person's data in this context: what the deletion of the account means for cards and invoices."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from vettura.billing import rules
from vettura.billing.models import Invoice, SavedCard
from vettura.foundation.privacy import Consequence, Person, foretells


@foretells
def consequences(person: Person) -> Iterator[Consequence]:
    """Cards go, here and at the card provider (DAT-022); tax law keeps the invoices."""
    cards = [
        f"{rules.brand_name(card.brand)} •••• {card.last_digits}"
        for card in SavedCard.objects.filter(account_id=person.id, deleted_at=None).order_by("added_at")
    ]
    if cards:
        sentence = ngettext(
            "This card is deleted, here and at the card provider: {cards}.",
            "These cards are deleted, here and at the card provider: {cards}.",
            len(cards),
        )
        yield Consequence(kind="ends", sentence=sentence.format(cards=", ".join(cards)))
    if Invoice.objects.filter(account_id=person.id, canceled_at=None).exists():
        yield Consequence(
            kind="before",
            sentence=gettext("Download your invoices: you cannot open them here afterwards."),
            href=reverse("billing:invoices"),
        )
        yield Consequence(
            kind="stays", sentence=gettext("Your invoices: tax law asks us to keep them, also after an erasure.")
        )
