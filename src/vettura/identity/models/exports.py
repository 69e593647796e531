"""The archives of their data that people asked for."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vettura.foundation.audit import Kind, audited
from vettura.foundation.ids import new_id
from vettura.identity.models.accounts import Account


@audited(kind=Kind.ARCHIVES, person="account", only=("account", "status", "requested_at", "ready_at"))
class DataExport(models.Model):
    """An archive of everything we know of a person, made on request. Encrypted; emptied at `expires_at`."""

    class Status(models.TextChoices):
        """Where it stands."""

        REQUESTED = "requested", _("being prepared")
        READY = "ready", _("ready")
        EXPIRED = "expired", _("no longer available")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="data_exports")
    status = models.CharField(max_length=10, choices=Status, default=Status.REQUESTED)
    requested_at = models.DateTimeField()
    # how many parts of it are made, for the person who waits
    parts_done = models.PositiveSmallIntegerField(default=0)
    parts_total = models.PositiveSmallIntegerField(default=0)
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    size = models.PositiveIntegerField(default=0)
    sealed = models.BinaryField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(status="requested"), name="one_export_at_a_time_per_account"
            ),
            models.CheckConstraint(
                condition=Q(status="ready", sealed__isnull=False, expires_at__isnull=False)
                | (~Q(status="ready") & Q(sealed=None)),
                name="only_ready_exports_hold_data",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["account", "-requested_at"], name="exports_of_account"),
            models.Index(fields=["expires_at"], condition=Q(status="ready"), name="exports_to_expire"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.status}"
