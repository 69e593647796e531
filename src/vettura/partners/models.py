"""What we remember of partners: who they are and who works for them."""

from django.conf import settings
from django.db import models

from vettura.foundation.audit import Kind, audited
from vettura.foundation.ids import new_id


@audited(kind=Kind.STAFF)
class Partner(models.Model):
    """A dealer: sells cars, invites their buyers, and is stored with the cars it sold."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=120)
    street = models.CharField(max_length=120, blank=True)
    postal_code = models.CharField(max_length=16, blank=True)
    city = models.CharField(max_length=80)
    country = models.CharField(max_length=2)
    phone = models.CharField(max_length=24, blank=True)
    email = models.EmailField(blank=True)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["country", "name"], name="one_partner_per_name_and_country")]

    def __str__(self) -> str:
        return self.name


@audited(kind=Kind.STAFF, person="account")
class Staff(models.Model):
    """A person who works for a partner, and for one partner only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="staff")
    account = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="partner_staff")
    since = models.DateTimeField()

    class Meta:
        verbose_name_plural = "staff"

    def __str__(self) -> str:
        return f"{self.account_id} at {self.partner_id}"
