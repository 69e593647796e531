"""What we remember of cases and of the mails they came from."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vettura.foundation.audit import Kind, audited, not_audited
from vettura.foundation.ids import new_id
from vettura.vehicles.models import Vehicle


@audited(
    kind=Kind.CASES,
    person="account",
    car="vehicle",
    # what a person wrote stays in the case
    only=(
        "kind",
        "topic",
        "status",
        "channel",
        "account",
        "vehicle",
        "sureness",
        "due_at",
        "closed_at",
        "executed_at",
        "assignee",
    ),
)
class Case(models.Model):
    """Something that a person asked for, until it is done."""

    class Kind(models.TextChoices):
        """What it is about."""

        CONSENT_WITHDRAWAL = "consent_withdrawal", _("Withdrawal of consent")
        QUESTION = "question", _("Question")
        BREAKDOWN = "breakdown", _("Breakdown")

    class Topic(models.TextChoices):
        """What a question is about (SUP-001)."""

        CONTRACT = "contract", _("Contracts and purchases")
        IN_CAR_SERVICES = "in_car_services", _("Services in the car")
        REGISTRATION = "registration", _("Registration and sign-in")
        USE = "use", _("Use")
        OTHER = "other", _("Something else")

    class Status(models.TextChoices):
        """Where it stands."""

        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")

    class Channel(models.TextChoices):
        """How it came."""

        EMAIL = "email", _("e-mail")
        PHONE = "phone", _("phone")
        PORTAL = "portal", _("portal")
        APP = "app", _("app")
        CAR = "car", _("car")

    class Sureness(models.TextChoices):
        """How sure it is who asks."""

        CONFIRMED = "confirmed", _("Sender confirmed")
        ADDRESS_ONLY = "address_only", _("Address only")
        UNKNOWN = "unknown", _("Sender unknown")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=12, unique=True)
    kind = models.CharField(max_length=24, choices=Kind)
    topic = models.CharField(max_length=16, choices=Topic, default=Topic.OTHER)
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    channel = models.CharField(max_length=8, choices=Channel)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="cases")
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, null=True, related_name="cases")
    sureness = models.CharField(max_length=12, choices=Sureness)
    sender = models.EmailField(max_length=254, blank=True)
    country = models.CharField(max_length=2, blank=True)
    language = models.CharField(max_length=5)
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    # what the person searched, read and checked before, line by line
    tried = models.TextField(blank=True)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    executed_at = models.DateTimeField(null=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="cases_assigned"
    )

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["status", "due_at"], name="cases_by_due_time"),
            models.Index(fields=["assignee", "status", "due_at"], name="cases_of_an_agent"),
            models.Index(fields=["sender", "-opened_at"], name="cases_of_a_sender"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(status="open", closed_at=None) | Q(status="closed", closed_at__isnull=False),
                name="closed_cases_say_when",
            ),
        ]

    def __str__(self) -> str:
        return self.number


@not_audited("is itself the record of who did what, and is only ever added to")
class CaseEntry(models.Model):
    """A line of a case's timeline; `by` is null for what happened by itself."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="entries")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="case_entries")
    what = models.CharField(max_length=24)
    text = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["case", "at"], name="timeline_of_a_case")]

    def __str__(self) -> str:
        return self.what


@not_audited("a receipt of a mail, only ever added to; its case is audited")
class InboundMail(models.Model):
    """A mail that was taken in: its Message-ID is what "the same mail" means."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    message_id = models.CharField(max_length=200, unique=True)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="mail")
    taken_in_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.message_id


@not_audited("the time of the last look into the mailbox")
class MailboxWatch(models.Model):
    """When the mailbox was last asked for (real time); one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.asked_at)


@not_audited(
    "what was handed over with a call for help: its case is audited, and this is deleted when the case is closed"
)
class BreakdownCall(models.Model):
    """
    A call for help after a breakdown: where the car is (degrees, if the caller said so) and what its state says.

    When the case is closed nothing of it stays but how it ended.
    """

    class State(models.TextChoices):
        """How it goes, as the caller sees it."""

        RECEIVED = "received", _("Received")
        IN_PROGRESS = "in_progress", _("In progress")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="breakdown")
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, null=True, related_name="breakdown_calls")
    phone = models.CharField(max_length=20, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    measured_at = models.DateTimeField(null=True)
    # signals by our short words
    condition = models.JSONField(default=dict)
    # done or cancelled; empty while it goes on
    ended_as = models.CharField(max_length=12, choices=State, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["vehicle"], name="one_call_for_help_per_car"),
        ]

    def __str__(self) -> str:
        return str(self.case_id)

    @property
    def state(self) -> str:
        """How it goes now."""
        return self.ended_as or (self.State.IN_PROGRESS if self.case.assignee_id else self.State.RECEIVED)
