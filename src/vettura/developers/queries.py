"""What is true of webhooks and budgets."""

from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from vettura.developers import rules
from vettura.developers.models import Delivery, Webhook
from vettura.foundation import clock
from vettura.foundation.errors import NotFound
from vettura.identity import queries as identity
from vettura.identity.models import Account
from vettura.vehicle_link import queries as link

MOST_SHOWN = 100


def webhooks_of(*, account: Account, client_id: str | None = None) -> list[Webhook]:
    """A person's webhooks, with `dead` deliveries counted; those of one program only if one is named."""
    found = Webhook.objects.filter(account=account)
    if client_id is not None:
        found = found.filter(client_id=client_id)
    dead = Count("deliveries", filter=Q(deliveries__dead_at__isnull=False))
    return list(found.annotate(dead=dead).order_by("created_at", "id"))


def webhook(*, account: Account, webhook_id: UUID, client_id: str | None = None, lock: bool = False) -> Webhook:
    """One of them. Raises NotFound for anybody else's, and for another program's."""
    found = Webhook.objects.filter(account=account, id=webhook_id)
    if client_id is not None:
        found = found.filter(client_id=client_id)
    row = (found.select_for_update() if lock else found).first()
    if row is None:
        raise NotFound
    return row


def deliveries_of(*, webhook: Webhook, only_dead: bool = False, before: UUID | None = None) -> QuerySet[Delivery]:
    """What was sent to a webhook, the newest first. Raises NotFound for an unknown `before`."""
    found = Delivery.objects.filter(webhook=webhook)
    if only_dead:
        found = found.filter(dead_at__isnull=False)
    if before is not None:
        last = Delivery.objects.filter(webhook=webhook, id=before).first()
        if last is None:
            raise NotFound
        found = found.filter(Q(created_at__lt=last.created_at) | Q(created_at=last.created_at, id__lt=last.id))
    return found.order_by("-created_at", "-id")


def dead_letters_of(*, account: Account) -> list[Delivery]:
    """What was given up, over all of a person's webhooks, the newest first."""
    found = Delivery.objects.filter(webhook__account=account, dead_at__isnull=False).select_related("webhook")
    return list(found.order_by("-dead_at", "-id")[:MOST_SHOWN])


def secrets_of(*, webhook: Webhook) -> list[str]:
    """The secrets that are good now, the newest first."""
    generations = [webhook.generation]
    if webhook.former_until is not None and clock.real_now() < webhook.former_until:
        generations.append(webhook.generation - 1)
    return [secret_of(webhook_id=webhook.id, generation=each) for each in generations]


def secret_of(*, webhook_id: UUID, generation: int) -> str:
    """The secret that a webhook had from the change of this number on."""
    return rules.secret_of(webhook_id=webhook_id, generation=generation, key=settings.SECRET_KEY)


def allowed_of(*, webhook: Webhook) -> identity.Allowed | None:
    """What whoever made a webhook may know now; None when that is over."""
    if not webhook.account.is_active:
        return None
    if not webhook.client_id:
        return identity.Allowed()
    return identity.program_allowed(account=webhook.account, client_id=webhook.client_id)


def rate_headers(standings: Iterable[rules.Standing]) -> dict[str, str]:
    """How budgets stand, as headers; none where nothing was counted."""
    return rules.rate_headers(standings)


def budgets() -> list[rules.Budget | rules.Streams]:
    """Every budget of programs, and that of strangers."""
    return [
        *rules.BUDGETS.values(),
        rules.BUDGET_OF_STRANGERS,
        rules.Streams(link.STREAMS_OF_PROGRAM, link.STREAMS_OF_CAR),
    ]
