"""Cars, who uses them, who was invited, sold, leased and claimed."""

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vettura.foundation.audit import Kind, audited
from vettura.foundation.ids import new_id
from vettura.identity.models import Channel
from vettura.partners.models import Partner


class Role(models.TextChoices):
    """What a person is to a vehicle. A guest has no account, so a guest has no assignment."""

    MAIN_USER = "main_user", _("Main user")
    SECONDARY_USER = "secondary_user", _("Secondary user")


@audited(
    kind=Kind.CARS,
    car="self",
    only=("vin", "generation", "country", "plate", "saved_partner", "linked_at", "privacy_mode_on"),
    # it is its user's, and an entry about the car outlives that person's erasure
    hidden=("plate",),
)
class Vehicle(models.Model):
    """One car, known by its VIN."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    vin = models.CharField(max_length=17, unique=True)
    model_line = models.CharField(max_length=32)
    # decided by generation, never by year alone (C-01, C-02)
    generation = models.CharField(max_length=16)
    model_name = models.CharField(max_length=80)
    model_year = models.PositiveSmallIntegerField()
    production_year = models.PositiveSmallIntegerField()
    drive = models.CharField(max_length=16)
    country = models.CharField(max_length=2)
    equipment = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    plate = models.CharField(max_length=16, blank=True)
    # the selling partner (APT-004); null for a car that no partner of ours sold
    saved_partner = models.ForeignKey(Partner, on_delete=models.PROTECT, null=True, related_name="sold_vehicles")
    # the head unit's own word for its device menu (C-07); empty where the generation has one word only
    device_root = models.CharField(max_length=16, blank=True)
    registered_at = models.DateTimeField()
    # a program instead of a car, for whoever builds with our API
    is_simulated = models.BooleanField(db_default=False)
    privacy_mode_on = models.BooleanField(default=False)
    privacy_changed_at = models.DateTimeField(null=True)
    # when the main user's code was typed in the head unit, or the main user first signed in there (C-11, C-71)
    linked_at = models.DateTimeField(null=True)
    # who is signed in to the head unit now
    signed_in_account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="signed_in_vehicles"
    )
    # wrong pairing or security codes since the last right one or the last lock, the locks since the last right one, and
    # the lock (real time)
    wrong_codes = models.PositiveSmallIntegerField(default=0)
    code_locks = models.PositiveSmallIntegerField(default=0)
    codes_locked_until = models.DateTimeField(null=True)

    # what queries add: the asking person's role, and the selling partner's invitations
    role: str
    sale_invitations: "list[Invitation]"

    class Meta:
        indexes = [models.Index(fields=["saved_partner", "-registered_at"], name="vehicles_of_partner")]

    def __str__(self) -> str:
        return self.vin

    @property
    def vin_end(self) -> str:
        """The last six characters, enough to tell one's own cars apart."""
        return self.vin[-6:]


@audited(kind=Kind.CARS, person="account", car="vehicle")
class Assignment(models.Model):
    """A person uses a vehicle in a role, from `since` until `until` (open while null)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="assignments")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments")
    role = models.CharField(max_length=16, choices=Role)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    # a secondary user may be let in for a time only
    ends_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=16, blank=True)
    # why staff made it
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["ends_at"], condition=Q(until=None, ends_at__isnull=False), name="users_to_end"),
            models.Index(fields=["account", "id"], condition=Q(until=None), name="garage_of_account"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["vehicle"], condition=Q(until=None, role="main_user"), name="one_main_user_per_vehicle"
            ),
            models.UniqueConstraint(
                fields=["vehicle", "account"], condition=Q(until=None), name="one_role_per_vehicle_and_account"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.role} {self.vehicle_id}"


@audited(kind=Kind.INVITATIONS, person="invited_by", car="vehicle", hidden=("email",))
class Invitation(models.Model):
    """
    A letter that makes the person who accepts it a user of a vehicle.

    The token is in the mail only; we keep its hash.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    token_hash = models.CharField(max_length=64, unique=True)
    email = models.EmailField()
    language = models.CharField(max_length=5)
    role = models.CharField(max_length=16, choices=Role)
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="invitations")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, null=True, related_name="invitations")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="invitations_sent")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    # opening is not using: mail scanners open links, and a link must survive a failed first opening (C-75)
    opened_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="invitations_used"
    )
    voided_at = models.DateTimeField(null=True)
    # for secondary users: when what they may do ends by itself
    access_ends_at = models.DateTimeField(null=True)
    # what makes somebody the main user, besides a partner: the main user who sells or leases the car, or Assistance
    sale = models.ForeignKey("Sale", on_delete=models.PROTECT, null=True, related_name="invitations")
    lease = models.ForeignKey("Lease", on_delete=models.PROTECT, null=True, related_name="invitations")
    reason = models.CharField(max_length=300, blank=True)

    # what queries add for the inviting partner: the address while that partner may see it
    email_for_partner: str

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vehicle"],
                condition=Q(role="main_user", used_at=None, voided_at=None),
                name="one_open_main_user_invitation",
            ),
            models.UniqueConstraint(
                fields=["vehicle", "email"],
                condition=Q(role="secondary_user", used_at=None, voided_at=None),
                name="one_open_invitation_per_email",
            ),
            models.CheckConstraint(
                condition=Q(role="secondary_user", partner=None, sale=None, lease=None)
                | Q(role="main_user", partner__isnull=False, sale=None, lease=None)
                | Q(role="main_user", partner=None, sale__isnull=False, lease=None)
                | Q(role="main_user", partner=None, sale=None, lease__isnull=False)
                | (Q(role="main_user", partner=None, sale=None, lease=None) & ~Q(reason="")),
                name="main_users_come_from_somewhere",
            ),
            models.CheckConstraint(condition=Q(used_at=None) | Q(voided_at=None), name="used_or_voided_not_both"),
            models.CheckConstraint(
                condition=Q(used_at=None, used_by=None) | Q(used_at__isnull=False, used_by__isnull=False),
                name="used_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.vehicle_id}"

    @property
    def issuer(self) -> str:
        """Who invites, as the invited person is told; empty for Assistance, which has its name from the pack."""
        if self.partner is not None:
            return self.partner.name
        return "" if self.reason else self.invited_by.name

    def state(self, at: datetime) -> str:
        """One of `used`, `voided`, `expired`, `opened`, `sent`."""
        if self.used_at is not None:
            return "used"
        if self.voided_at is not None:
            return "voided"
        if at >= self.expires_at:
            return "expired"
        return "sent" if self.opened_at is None else "opened"


@audited(kind=Kind.CARS, person="seller", car="vehicle", hidden=("buyer_email",))
class Sale(models.Model):
    """The main user sells the car: begun, and then released or called off. Released, it is nobody's until the buyer comes."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="sales")
    seller = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="sales")
    # a person by address, or a partner who takes the car in
    buyer_email = models.EmailField(blank=True)
    buyer_language = models.CharField(max_length=5, blank=True)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, null=True, related_name="bought_vehicles")
    begun_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    called_off_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vehicle"], condition=Q(released_at=None, called_off_at=None), name="one_open_sale_per_vehicle"
            ),
            models.CheckConstraint(condition=Q(partner=None) ^ Q(buyer_email=""), name="sold_to_one_buyer"),
            models.CheckConstraint(
                condition=Q(released_at=None) | Q(called_off_at=None), name="released_or_called_off_not_both"
            ),
        ]

    def __str__(self) -> str:
        return f"sale of {self.vehicle_id}"

    @property
    def buyer(self) -> str:
        """The buyer's address or name."""
        return self.partner.name if self.partner else self.buyer_email


@audited(kind=Kind.CARS, person="lessor", car="vehicle", hidden=("driver_email",))
class Lease(models.Model):
    """
    A car that belongs to a lessor and is used by a driver, its main user meanwhile (decision 0008).

    Offered, it waits for the driver; at its end the lessor is the main user again.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="leases")
    lessor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="leases")
    driver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="leased")
    driver_email = models.EmailField()
    offered_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=16, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vehicle"], condition=Q(ended_at=None), name="one_lease_per_vehicle"),
            models.CheckConstraint(
                condition=Q(began_at=None, driver=None) | Q(began_at__isnull=False, driver__isnull=False),
                name="leases_begin_with_a_driver",
            ),
        ]
        indexes = [
            models.Index(fields=["ends_at"], condition=Q(ended_at=None), name="leases_to_end"),
            models.Index(fields=["lessor"], condition=Q(ended_at=None), name="leases_of_lessor"),
        ]

    def __str__(self) -> str:
        return f"lease of {self.vehicle_id}"


@audited(kind=Kind.CARS, person="account")
class OwnershipClaim(models.Model):
    """
    Somebody says that a car is theirs and shows the registration document (C-76).

    Pending, it gives no right whatever. A partner or Assistance looks at the document and decides; then the document is
    deleted.
    """

    class Status(models.TextChoices):
        """Where the claim is."""

        PENDING = "pending", _("Being checked")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Taken back")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="ownership_claims")
    vin = models.CharField(max_length=17)
    # what the person says of a car that we do not know yet
    model_line = models.CharField(max_length=32)
    generation = models.CharField(max_length=16)
    model_name = models.CharField(max_length=80)
    model_year = models.PositiveSmallIntegerField()
    has_connect = models.BooleanField()
    # who checks: the partner that the person chose, else Assistance
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, null=True, related_name="ownership_claims")
    document = models.BinaryField(null=True)
    document_type = models.CharField(max_length=32)
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    claimed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "vin"], condition=Q(status="pending"), name="one_pending_claim_per_account_and_vin"
            ),
            models.CheckConstraint(
                condition=Q(status="pending", document__isnull=False) | (~Q(status="pending") & Q(document=None)),
                name="documents_are_kept_while_pending",
            ),
        ]
        indexes = [
            models.Index(fields=["partner", "claimed_at"], condition=Q(status="pending"), name="proofs_to_check"),
        ]

    def __str__(self) -> str:
        return f"claim to {self.vin}"


@audited(kind=Kind.INVITATIONS, person="ordered_by", car="vehicle", hidden=("buyer_email",))
class DeliveryOrder(models.Model):
    """A car that a partner has sold and will hand over; the invitation goes out by itself before that (ID-002, ID-007)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="deliveries")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="deliveries")
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    buyer_email = models.EmailField()
    buyer_language = models.CharField(max_length=5)
    handover_on = models.DateField()
    # computed once, like every deadline
    invite_at = models.DateTimeField()
    invitation = models.OneToOneField(Invitation, on_delete=models.PROTECT, null=True, related_name="delivery")
    called_off_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vehicle"], condition=Q(invitation=None, called_off_at=None), name="one_open_delivery"
            ),
        ]
        indexes = [
            models.Index(
                fields=["invite_at"], condition=Q(invitation=None, called_off_at=None), name="deliveries_to_invite"
            ),
        ]

    def __str__(self) -> str:
        return f"delivery of {self.vehicle_id} on {self.handover_on}"


@audited(kind=Kind.CONSENTS, person="account", car="vehicle")
class PartnerSharing(models.Model):
    """A decision on sharing data with one named partner (C-21). The latest row counts; former ones stay as proof."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="partner_sharing")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="sharing")
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="sharing")
    decision = models.BooleanField()
    # the text that was read, how the decision came, and who carried it out for the person, and why
    version = models.CharField(max_length=30, blank=True)
    language = models.CharField(max_length=5, blank=True)
    text_digest = models.CharField(max_length=64, blank=True)
    channel = models.CharField(max_length=12, choices=Channel, default=Channel.PORTAL)
    carried_out_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="sharing_carried_out"
    )
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "partner sharing"
        indexes = [
            models.Index(fields=["partner", "account", "vehicle", "-at"], name="latest_sharing_decision"),
            models.Index(fields=["account", "-at"], name="sharing_decisions_of_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} → {self.partner_id}: {self.decision}"
