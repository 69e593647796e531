"""A person's data in this context: what the deletion of the account means for orders."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext

from vettura.foundation import clock
from vettura.foundation.privacy import Consequence, Person, foretells
from vettura.store import rules
from vettura.store.models import Order


@foretells
def consequences(person: Person) -> Iterator[Consequence]:
    """Orders that are not paid end; those that can still be withdrawn had better be withdrawn first."""
    orders = Order.objects.filter(account_id=person.id).order_by("placed_at")
    at = clock.now()
    for order in orders:
        if order.status == Order.Status.WAITING:
            sentence = gettext("Order {number} waits for its payment: it ends, and nothing is charged.")
            yield Consequence(kind="ends", sentence=sentence.format(number=order.number))
        elif rules.may_withdraw(order, at) and order.total_amount > 0:
            sentence = gettext("Order {number} can still be withdrawn: do so first if you want your money back.")
            yield Consequence(
                kind="before",
                sentence=sentence.format(number=order.number),
                href=reverse("store:order", args=[order.id]),
            )
    if orders.exists():
        yield Consequence(kind="stays", sentence=gettext("Your orders, until you ask for their erasure."))
