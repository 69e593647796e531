"""A person's data in this context: the webhooks that they or their programs made."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from vettura.developers.models import Delivery, Spent, Webhook
from vettura.foundation.archive import exports, not_exported, read
from vettura.foundation.erasing import Subject, erases
from vettura.foundation.privacy import Person


@dataclass
class WebhookRow:
    """An address that is told of events of the person's cars."""

    client_id: str
    url: str
    events: list[str]
    signals: list[str]
    cars: list[str]
    created_at: datetime
    proven_at: datetime | None


@exports("webhooks", title=_("Your webhooks"), row=WebhookRow, of=(Webhook,))
def webhooks(person: Person) -> Iterator[WebhookRow]:
    """The oldest first."""
    return read(WebhookRow, Webhook.objects.filter(account_id=person.id).order_by("created_at"))


not_exported(
    Delivery, because="what a program was told of cars, kept for a month; the cars' own data are in the archive"
)
not_exported(Spent, because="counts of requests, forgotten within the hour")


@erases(_("Webhooks and what was sent to them"), of=(Webhook, Delivery))
def erased_webhooks(subject: Subject) -> QuerySet[Webhook]:
    """Gone with the account."""
    return Webhook.objects.filter(account_id=subject.id)


@erases(_("Counts of requests of programs"), of=(Spent,))
def erased_counts(subject: Subject) -> QuerySet[Spent]:
    """They are forgotten within the hour anyway."""
    return Spent.objects.filter(account_id=subject.id)
