"""Identity checks: cases, what was seen of the document while it is kept, and what the provider told us."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vettura.foundation.audit import Kind, audited, not_audited
from vettura.foundation.ids import new_id
from vettura.identity.models.accounts import Account


@audited(
    kind=Kind.CHECKS,
    person="account",
    only=("account", "country", "status", "attempts", "reasons", "decided_at", "evidence_deleted_at"),
)
class IdentityCheck(models.Model):
    """
    A case: a person must be identified with an official document, for telecom law of a country asks for it (IDV-001).

    Each attempt is a transaction of its own at the provider; `code` is what the person types into the provider's app.
    `sealed_document` (its number) and the pictures are deleted at `evidence_until`; what stays is who, when and how it ended.
    """

    class Status(models.TextChoices):
        """Where the case stands; `rules.CHECK_MOVES` says what may follow."""

        OPENED = "opened", _("opened")
        WAITING = "waiting", _("waiting for an agent")
        IN_CALL = "in_call", _("in the call")
        VERIFIED = "verified", _("identified")
        FAILED = "failed", _("not identified")
        EXPIRED = "expired", _("not done in time")
        CANCELED = "canceled", _("canceled")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="identity_checks")
    country = models.CharField(max_length=2)
    status = models.CharField(max_length=10, choices=Status, default=Status.OPENED)
    attempts = models.PositiveSmallIntegerField(default=0)
    code = models.CharField(max_length=30, blank=True)
    call_url = models.CharField(max_length=500, blank=True)
    reasons = models.JSONField(default=list)
    document_kind = models.CharField(max_length=20, blank=True)
    document_country = models.CharField(max_length=2, blank=True)
    sealed_document = models.BinaryField(null=True)
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    evidence_until = models.DateTimeField(null=True)
    evidence_deleted_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["status", "expires_at"], name="identity_check_queue"),
            models.Index(
                fields=["evidence_until"], condition=Q(evidence_deleted_at=None), name="identity_check_evidence"
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account", "country"],
                condition=Q(status__in=["opened", "waiting", "in_call", "failed"]),
                name="one_open_identity_check",
            ),
            models.CheckConstraint(
                condition=~Q(status="verified") | Q(decided_at__isnull=False), name="verified_checks_know_when"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def transaction_number(self) -> str:
        """The name of the running attempt at the provider."""
        return f"{self.id}-{self.attempts}"


@not_audited("comes and goes with its case, which is audited and says when the evidence was deleted")
class IdentityCheckPicture(models.Model):
    """A picture that the agent took, encrypted. Seen by identity agents only, deleted with the rest of the evidence."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    check_case = models.ForeignKey(IdentityCheck, on_delete=models.CASCADE, related_name="pictures")
    kind = models.CharField(max_length=20)
    media_type = models.CharField(max_length=40)
    sealed = models.BinaryField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["check_case", "kind"], name="one_identity_picture_of_a_kind"),
        ]

    def __str__(self) -> str:
        return self.kind


@not_audited("a receipt without personal content, only ever added to; what it led to is the case's, which is audited")
class IdentityCheckNotice(models.Model):
    """A webhook of the provider: which attempt it is about, and that it was worked on. Its personal content is not kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    digest = models.CharField(max_length=64, unique=True)
    transaction_number = models.CharField(max_length=60)
    received_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.transaction_number
