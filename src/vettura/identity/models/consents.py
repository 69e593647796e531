"""What people accepted and decided on their data: rows that are only ever added, as proof."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from vettura.foundation.audit import Kind, audited
from vettura.foundation.ids import new_id


class Channel(models.TextChoices):
    """How a decision reached us."""

    PORTAL = "portal", _("portal")
    INVITATION = "invitation", _("invitation")
    API = "api", _("program")
    EMAIL = "email", _("e-mail")
    DESK = "desk", _("desk")
    OPERATOR = "operator", _("operator")


@audited(kind=Kind.CONSENTS, person="account")
class AcceptedDocument(models.Model):
    """A document that a person accepted, with the version and language they saw."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="accepted_documents")
    kind = models.CharField(max_length=30)
    version = models.CharField(max_length=30)
    country = models.CharField(max_length=2)
    language = models.CharField(max_length=5)
    channel = models.CharField(max_length=12, choices=Channel, default=Channel.PORTAL)
    # SHA-256 of the text as it was shown: a text that was changed without a new version is found out
    text_digest = models.CharField(max_length=64, blank=True)
    accepted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "kind", "version"], name="document_accepted_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"


@audited(kind=Kind.CONSENTS, person="account")
class ConsentDecision(models.Model):
    """What a person decided on data of one kind (DAT-006). The latest row of a purpose counts; former ones are proof."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="consent_decisions")
    purpose = models.CharField(max_length=40)
    version = models.CharField(max_length=30)
    is_given = models.BooleanField()
    country = models.CharField(max_length=2)
    language = models.CharField(max_length=5)
    channel = models.CharField(max_length=12, choices=Channel)
    text_digest = models.CharField(max_length=64)
    decided_at = models.DateTimeField()
    # the member of staff who carried out what the person asked for otherwise, and why
    carried_out_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="consents_carried_out"
    )
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["account", "purpose", "-decided_at"], name="latest_consent_decision"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(carried_out_by=None) | ~models.Q(reason=""), name="staff_say_why_consents_change"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.version}: {self.is_given}"
