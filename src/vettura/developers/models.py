"""What developers have: webhooks, what was sent to them, and what their programs have asked."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from vettura.foundation.audit import Kind, audited, not_audited
from vettura.foundation.ids import new_id


@audited(kind=Kind.PROGRAMS, person="account")
class Webhook(models.Model):
    """
    An address that is told of events. Its secret is not kept: it is made anew from ours, its id and `generation`.

    `client_id`: the program that made it, empty for the person in the portal. `signals` empty means all of them. The secret before
    the last change is good until `former_until` (real time).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey("identity.Account", on_delete=models.CASCADE, related_name="webhooks")
    client_id = models.CharField(max_length=100, blank=True)
    url = models.CharField(max_length=500)
    events = ArrayField(models.CharField(max_length=40))
    signals = ArrayField(models.CharField(max_length=120), default=list)
    cars = ArrayField(models.CharField(max_length=17))
    created_at = models.DateTimeField()
    proven_at = models.DateTimeField(null=True)
    generation = models.PositiveIntegerField(default=1)
    former_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.id)


@not_audited("what a program was told; what it may be told is the webhook, which is audited")
class Delivery(models.Model):
    """One event for one webhook. Times are real time. Without `delivered_at` and `dead_at` it waits until `next_at`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    type = models.CharField(max_length=40)
    vin = models.CharField(max_length=17)
    body = models.JSONField()
    created_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)
    # what the address answered last: a status, or a word for why there was no answer
    last_answer = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["next_at"], condition=Q(delivered_at=None, dead_at=None), name="deliveries_waiting"),
            models.Index(fields=["webhook", "-created_at"], name="deliveries_of_webhook"),
            models.Index(fields=["created_at"], name="deliveries_by_age"),
        )

    def __str__(self) -> str:
        return f"{self.type} {self.id}"


@not_audited("counts of requests, forgotten within minutes")
class Spent(models.Model):
    """How much of a budget was used in one window. `window` counts windows of the budget since 1970, in real time."""

    pk = models.CompositePrimaryKey("account_id", "budget", "about", "window")
    account_id = models.UUIDField()
    budget = models.CharField(max_length=20)
    # the program, or the program and the car; of strangers the network address
    about = models.CharField(max_length=120)
    window = models.BigIntegerField()
    used = models.PositiveIntegerField()
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.budget} {self.used}"
