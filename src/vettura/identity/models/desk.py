"""What staff changed about a person, and addresses that wait to be confirmed."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vettura.foundation.audit import Kind, audited, not_audited
from vettura.foundation.ids import new_id
from vettura.identity.models.accounts import Account


@not_audited("is itself the record of who changed what and why, and is only ever added to")
class StaffChange(models.Model):
    """Something that staff changed about a person: who did, when, why, and what it was before and after (ID-031)."""

    class Kind(models.TextChoices):
        """What was changed."""

        NAME = "name", _("Name changed")
        EMAIL_ASKED = "email_asked", _("New e-mail address entered")
        EMAIL_WITHDRAWN = "email_withdrawn", _("New e-mail address taken back")
        SIGN_IN_RESET = "sign_in_reset", _("Sign-in reset")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="staff_changes")
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="changes_made")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    before = models.CharField(max_length=254, blank=True)
    after = models.CharField(max_length=254, blank=True)
    reason = models.CharField(max_length=500)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["account", "-at"], name="staff_changes_of_person")
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(reason=""), name="staff_change_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.account_id}"


@audited(kind=Kind.ACCOUNT, person="account")
class AddressChange(models.Model):
    """
    A new e-mail address that staff entered. It takes over once its holder opens the link mailed there and agrees.

    The former address is told and can stop it. Both links carry a secret of which only the hash is kept.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="address_changes")
    former_email = models.EmailField(max_length=254)
    email = models.EmailField(max_length=254)
    confirm_hash = models.CharField(max_length=64, unique=True)
    stop_hash = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    # by the former address, by staff, or because a newer one was entered
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(confirmed_at=None, stopped_at=None),
                name="one_open_address_change_per_account",
            ),
        ]

    def __str__(self) -> str:
        return str(self.account_id)
