"""Accounts, how they come to be, what they accepted, and their PIN."""

from typing import ClassVar
from uuid import uuid4

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from vettura.foundation.audit import Kind, audited, not_audited
from vettura.foundation.ids import new_id
from vettura.identity.models.consents import Channel


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts by their address, whatever its capitals."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        """The account of an address."""
        return self.get(email=(username or "").lower())


@audited(kind=Kind.ACCOUNT, person="self", quiet=("last_login",))
class Account(AbstractBaseUser):
    """A person: their own e-mail address and one credential for everything (ID-001)."""

    class Status(models.TextChoices):
        """Where the account stands."""

        INVITED = "invited", _("invited")
        ACTIVE = "active", _("active")
        DELETED = "deleted", _("deleted")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(_("E-mail address"), max_length=254, unique=True)
    # the address of a deleted account; `email` lets go of it, so that it can be registered again
    former_email = models.EmailField(max_length=254, blank=True)
    given_name = models.CharField(_("Given name"), max_length=80, blank=True)
    family_name = models.CharField(_("Family name"), max_length=80, blank=True)
    phone = models.CharField(_("Mobile number"), max_length=20, blank=True)
    phone_verified_at = models.DateTimeField(null=True)
    street = models.CharField(_("Street and number"), max_length=120, blank=True)
    postal_code = models.CharField(_("Postal code"), max_length=20, blank=True)
    city = models.CharField(_("City"), max_length=80, blank=True)
    language = models.CharField(_("Language"), max_length=5, default="en")
    country = models.CharField(_("Country"), max_length=2)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.INVITED)
    # what AcceptedDocument and ConsentDecision prove, in short: every page, program and command asks
    terms_version = models.CharField(max_length=30, blank=True)
    privacy_version = models.CharField(max_length=30, blank=True)
    # the consents in force, as "purpose@version"
    consents = ArrayField(models.CharField(max_length=72), default=list, blank=True)
    created_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)
    # when what was known of the person was erased (DAT-021)
    erased_at = models.DateTimeField(null=True)

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta(AbstractBaseUser.Meta):
        abstract = False
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="account_email_is_lower"),
            models.CheckConstraint(
                condition=Q(status__in=["invited", "active", "deleted"]), name="account_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(status="deleted", deleted_at__isnull=False)
                | (~Q(status="deleted") & Q(deleted_at=None, erased_at=None, former_email="")),
                name="only_deleted_accounts_were_deleted",
            ),
        ]
        # the desk searches for parts of names and addresses
        indexes: ClassVar[list[models.Index]] = [
            *(
                GinIndex(OpClass(Upper(each), name="gin_trgm_ops"), name=f"account_{each}_parts")
                for each in ("email", "given_name", "family_name")
            ),
            models.Index(fields=["former_email"], condition=~Q(former_email=""), name="accounts_by_former_email"),
        ]

    def __str__(self) -> str:
        return self.name or str(self.id)

    @property
    def is_active(self) -> bool:  # type: ignore[override]  # Django declares a plain attribute; ours follows the status
        """Whether the person may sign in."""
        return self.status == self.Status.ACTIVE

    @property
    def is_staff(self) -> bool:
        """Nobody enters Django's admin by this flag; staff have roles."""
        return False

    @property
    def name(self) -> str:
        """Given and family name."""
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def address(self) -> str:
        """Where letters go that the law asks for, also after the account was deleted."""
        return self.former_email or self.email

    def get_full_name(self) -> str:
        """The name, as Django and OpenID Connect ask for it."""
        return self.name

    def has_staff_role(self, role: str) -> bool:
        """Whether the person works in that role: assistance, soc, ident or catalog. Asked of the database once."""
        models.prefetch_related_objects([self], "staff_roles")
        return any(each.role == role for each in self.staff_roles.all())


@audited(kind=Kind.STAFF, person="account")
class StaffRole(models.Model):
    """A role that a person has with the operator."""

    class Role(models.TextChoices):
        """What staff do."""

        ASSISTANCE = "assistance", _("Assistance")
        SOC = "soc", _("Security operation center")
        IDENT = "ident", _("Identity checks")
        CATALOG = "catalog", _("Catalog")

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="staff_roles")
    role = models.CharField(max_length=12, choices=Role.choices)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "role"], name="staff_role_once"),
        ]

    def __str__(self) -> str:
        return self.role


@not_audited("a walk that changes nothing until its last step; that step is the account's change, which is audited")
class Registration(models.Model):
    """
    The walk from a link to an active account. Its id is the secret in the link.

    What is typed is kept here and reaches the account only at the end, so a walk broken off changes nothing (ID-013).
    """

    # the whole of a version 4 id is random; ids with a time in them would leave less to guess
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="registrations")
    language = models.CharField(max_length=5)
    country = models.CharField(max_length=2)
    # how the person came: by an invitation, or alone
    channel = models.CharField(max_length=12, choices=Channel, default=Channel.PORTAL)
    next_url = models.CharField(max_length=500)
    password = models.CharField(max_length=128, blank=True)
    given_name = models.CharField(_("Given name"), max_length=80, blank=True)
    family_name = models.CharField(_("Family name"), max_length=80, blank=True)
    began_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(completed_at=None), name="one_open_registration_per_account"
            ),
        ]

    def __str__(self) -> str:
        return str(self.began_at)

    @property
    def url(self) -> str:
        """The first page; it leads on to the step that is next."""
        return reverse("identity:registration", kwargs={"registration_id": self.id})

    @property
    def email(self) -> str:
        """The address that is being registered."""
        return self.account.email


@not_audited("a code that lives for minutes; the number that it proves is the account's, which is audited")
class PhoneCheck(models.Model):
    """The mobile number that a person is proving by a code, at registration or when changing it. Real time."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="phone_check")
    phone = models.CharField(max_length=20)
    code_hash = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    # counts all messages of one proof, so that a new number does not begin afresh
    sent_count = models.PositiveSmallIntegerField(default=0)
    wrong_attempts = models.PositiveSmallIntegerField(default=0)
    verified_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.account_id)


@audited(kind=Kind.SIGN_IN, person="account", quiet=("wrong_attempts", "locked_until"))
class Pin(models.Model):
    """
    What a person types again before something opens. Encrypted, never in clear (DAT-001).

    Encrypted and not hashed: ten thousand hashes are tried in a moment, and challenges are computed from the PIN.
    """

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="pin")
    sealed = models.BinaryField()
    set_at = models.DateTimeField()
    wrong_attempts = models.PositiveSmallIntegerField(default=0)
    # at all cars together; real time: moving the demo's clock opens no lock
    locked_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.account_id)


@not_audited("counts wrong PINs by itself; the PIN is audited")
class PinTries(models.Model):
    """Wrong PINs in a row of a person at one car, by its VIN (empty: where no car is meant), and until when it is locked there."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="pin_tries")
    vin = models.CharField(max_length=17, blank=True)
    wrong_attempts = models.PositiveSmallIntegerField(default=0)
    # real time
    locked_until = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "vin"], name="pin_tries_of_a_person_at_a_car"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.vin}"
