"""What the foundation remembers: the demo clock's shift, announcements, and answers already given."""

from datetime import timedelta

from django.db import models

from vettura.foundation import statements


class ClockShift(models.Model):
    """One row: how far the demo's world time is ahead of real time. Always zero in production."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    shift = models.DurationField(default=timedelta)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="one_clock_shift"),
            models.CheckConstraint(condition=models.Q(shift__gte=timedelta()), name="clock_never_goes_back"),
        ]

    def __str__(self) -> str:
        return str(self.shift)

    @classmethod
    def current(cls) -> timedelta:
        """The shift in force."""
        rows = statements.fetch("SELECT shift FROM foundation_clockshift WHERE id = 1", [])
        return rows[0][0] if rows else timedelta()


class OutboxEvent(models.Model):
    """An announcement, kept with the change that it tells of."""

    type = models.CharField(max_length=100)
    stream = models.CharField(max_length=64)
    body = models.JSONField()
    occurred_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["stream", "id"], name="outbox_by_stream")]

    def __str__(self) -> str:
        return f"{self.type} {self.stream}"


class DeliveredReaction(models.Model):
    """Proof that a reaction has seen an event."""

    event = models.ForeignKey(OutboxEvent, on_delete=models.CASCADE, related_name="reactions")
    reaction = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "reaction"], name="one_delivery_per_reaction")]

    def __str__(self) -> str:
        return self.reaction


class AnsweredRequest(models.Model):
    """The answer to a request with an Idempotency-Key: repeating the request repeats the answer."""

    account_id = models.UUIDField()
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    answer = models.JSONField(null=True)
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account_id", "key"], name="one_answer_per_key")]

    def __str__(self) -> str:
        return self.key


class AuditEntry(models.Model):
    """
    Something sensitive that was changed: what, when, by whom, by which way and why. Written by triggers only.

    `changes` is by column: what it was and what it is. Secrets stand there as a dot, what was erased as null. Ids of
    people and cars have no foreign key: an entry outlives what it is about.
    """

    at = models.DateTimeField()
    kind = models.CharField(max_length=16)
    table = models.CharField(max_length=63)
    row_id = models.CharField(max_length=64)
    operation = models.CharField(max_length=8)
    changes = models.JSONField()
    person_id = models.UUIDField(null=True)
    car_id = models.UUIDField(null=True)
    actor_id = models.UUIDField(null=True)
    # web, desk, api, car, sweep, job, command; program for our code outside of them; database for what was not our code
    channel = models.CharField(max_length=10)
    # the view, the VIN, the sweep, the job
    origin = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    # one request, message or job has one: what was changed together
    request_id = models.CharField(max_length=32, blank=True)

    class Meta:
        verbose_name_plural = "audit entries"
        indexes = [
            models.Index(
                fields=["person_id", "-id"], condition=models.Q(person_id__isnull=False), name="audit_of_person"
            ),
            models.Index(fields=["car_id", "-id"], condition=models.Q(car_id__isnull=False), name="audit_of_car"),
            models.Index(fields=["actor_id", "-id"], condition=models.Q(actor_id__isnull=False), name="audit_of_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.row_id} {self.operation}"
