"""What programs were allowed: sign-ins of programs, their codes and tokens, devices that wait, and remembered answers."""

from allauth.idp.oidc.models import Client
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vettura.foundation.audit import Kind, audited, not_audited
from vettura.foundation.ids import new_id
from vettura.identity.models.accounts import Account


@audited(kind=Kind.PROGRAMS, person="account", only=("client", "scopes", "cars", "places", "ended_at", "ended_because"))
class ProgramGrant(models.Model):
    """
    One sign-in of a person to a program. Every token descends from one, and none outlives it.

    `authenticated_at` is real time and never later than the grant; `started_at` and `last_used_at` are what people see.
    """

    class Ended(models.TextChoices):
        """Why a grant is over."""

        BY_PERSON = "person", _("ended by the person")
        BY_PROGRAM = "program", _("ended by the program")
        SIGNED_OUT = "signed_out", _("signed out")
        CODE_REUSED = "code_reused", _("the code was used twice")
        REFRESH_REUSED = "refresh_reused", _("a spent refresh token was used again")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="program_grants")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    scopes = ArrayField(models.CharField(max_length=60))
    # for which cars (VIN), and of which it may know where they are; null for all
    cars = ArrayField(models.CharField(max_length=17), null=True)
    places = ArrayField(models.CharField(max_length=17), null=True)
    # single claims beyond the scopes: {"id_token": [...], "userinfo": [...]}
    claims = models.JSONField(default=dict)
    authenticated_at = models.DateTimeField()
    acr = models.CharField(max_length=60)
    amr = ArrayField(models.CharField(max_length=20), default=list)
    # which browser session allowed it, as a digest; empty where none did
    session = models.CharField(max_length=64, blank=True)
    started_at = models.DateTimeField()
    last_used_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=20, choices=Ended.choices, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["account", "client"], condition=Q(ended_at=None), name="grant_living"),
            models.Index(fields=["ended_at"], condition=Q(ended_at__isnull=False), name="grant_ended"),
        )


@not_audited("a secret that lives for a minute; what it was given for is the grant, which is audited")
class ProgramCode(models.Model):
    """An authorization code, as a digest: taken once, by its program, within a minute. Times are real time."""

    hash = models.CharField(max_length=64, primary_key=True)
    grant = models.OneToOneField(ProgramGrant, on_delete=models.CASCADE, related_name="code")
    redirect_uri = models.TextField()
    code_challenge = models.CharField(max_length=128, blank=True)
    nonce = models.TextField(blank=True)
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)


@not_audited("a secret that ends by itself; what it was given for is the grant, which is audited")
class ProgramToken(models.Model):
    """An access or refresh token, as a digest. Times are real time. A refresh token that was replaced is kept: it tells of theft."""

    class Kind(models.TextChoices):
        """What it is good for."""

        ACCESS = "access", _("access")
        REFRESH = "refresh", _("refresh")

    hash = models.CharField(max_length=64, primary_key=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    grant = models.ForeignKey(ProgramGrant, on_delete=models.CASCADE, related_name="tokens")
    scopes = ArrayField(models.CharField(max_length=60))
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    replaced_at = models.DateTimeField(null=True)


@not_audited("a code that lives for minutes; what comes of it is the grant, which is audited")
class DeviceSignIn(models.Model):
    """A device that shows a code and waits for a person to allow it (RFC 8628). Times are real time."""

    device_hash = models.CharField(max_length=64, primary_key=True)
    user_code = models.CharField(max_length=8, unique=True)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    scopes = ArrayField(models.CharField(max_length=60))
    expires_at = models.DateTimeField(db_index=True)
    interval_seconds = models.PositiveSmallIntegerField()
    polled_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    # what was allowed; none while nobody answered, or when the answer was no
    grant = models.OneToOneField(ProgramGrant, on_delete=models.CASCADE, null=True, related_name="device_sign_in")
    taken_at = models.DateTimeField(null=True)


@audited(kind=Kind.PROGRAMS, person="account")
class ProgramConsent(models.Model):
    """What a person has allowed a program before, so that the same question is not asked again."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="program_consents")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    scopes = ArrayField(models.CharField(max_length=60))
    # as of the sign-ins; null for all
    cars = ArrayField(models.CharField(max_length=17), null=True)
    places = ArrayField(models.CharField(max_length=17), null=True)
    agreed_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["account", "client"], name="one_consent_per_program"),)
