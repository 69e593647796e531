"""Requests to erase what is known of a person, and what became of them."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from vettura.foundation.audit import Kind, audited
from vettura.foundation.ids import new_id
from vettura.identity.models.accounts import Account


@audited(
    kind=Kind.ERASURE, person="account", only=("account", "asked_by", "channel", "due_at", "done_at", "taken_back_at")
)
class ErasureRequest(models.Model):
    """
    A person wants their data erased and said so to a partner or to Assistance (DAT-021).

    Done, it is the proof that it was: `kept` says which records stay by law and until when. Its reason is erased then.
    """

    class Channel(models.TextChoices):
        """Whom the person asked."""

        PARTNER = "partner", _("partner")
        ASSISTANCE = "assistance", _("Assistance")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="erasure_requests")
    channel = models.CharField(max_length=10, choices=Channel)
    # the partner that was asked: by its own staff, or as Assistance was told
    partner_id = models.UUIDField(null=True)
    partner_name = models.CharField(max_length=120, blank=True)
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="erasures_asked")
    reason = models.CharField(max_length=500, blank=True)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="erasures_done")
    taken_back_at = models.DateTimeField(null=True)
    # what was erased, emptied and kept: by the code of the decision, how many rows, and until when
    kept: Any = models.JSONField(default=list)
    kept_until = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(done_at=None, taken_back_at=None), name="one_open_erasure_per_account"
            ),
            models.CheckConstraint(
                condition=~Q(reason="") | Q(done_at__isnull=False) | Q(taken_back_at__isnull=False),
                name="open_erasures_have_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None) | Q(done_at__isnull=False, done_by__isnull=False),
                name="erasures_are_done_by_somebody",
            ),
            models.CheckConstraint(condition=Q(due_at__gt=F("asked_at")), name="erasures_are_due_later"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at"], condition=Q(done_at=None, taken_back_at=None), name="erasures_open"),
            models.Index(fields=["partner_id", "due_at"], name="erasures_of_a_partner"),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def is_open(self) -> bool:
        """Whether it is still to be carried out."""
        return self.done_at is None and self.taken_back_at is None
