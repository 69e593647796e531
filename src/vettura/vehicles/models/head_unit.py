"""What ties people to the head unit of a car: codes, sign-ins, profiles, and the grant of remote access."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from vettura.foundation.audit import Kind, audited, not_audited
from vettura.foundation.ids import new_id
from vettura.vehicles.models.cars import Vehicle


@audited(kind=Kind.ACCESS, person="account", car="vehicle")
class PairingCode(models.Model):
    """
    The code of one person for one vehicle (C-11).

    Only a random seed is kept; the eight digits are made from it and the platform's secret, so the table alone opens
    nothing (DAT-001).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="pairing_codes")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="pairing_codes")
    seed = models.CharField(max_length=43)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vehicle", "account"], name="one_code_per_vehicle_and_account")]

    def __str__(self) -> str:
        return f"code of {self.account_id} for {self.vehicle_id}"


@not_audited("a code that lives for minutes; who sits in the car is the car's, which is audited")
class CarSignIn(models.Model):
    """A car asks who sits in it: it shows `user_code`, a person confirms it in the portal. Expires in real time."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="sign_ins")
    # the id of the car's message: asking twice is asking once
    event_id = models.CharField(max_length=64)
    user_code = models.CharField(max_length=12, unique=True)
    expires_at = models.DateTimeField()
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="car_sign_ins"
    )
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vehicle", "event_id"], name="one_sign_in_per_message"),
        ]

    def __str__(self) -> str:
        return f"sign-in to {self.vehicle_id}"


@not_audited("a counter that opens nothing")
class SignInAttempts(models.Model):
    """How often an account typed a wrong car code lately (real time)."""

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="car_code_attempts"
    )
    wrong_codes = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.wrong_codes} wrong codes"


@not_audited("a secret that is answered once and deleted; who sits in the car is the car's, which is audited")
class SecurityCodeChallenge(models.Model):
    """
    A car wants to prove a security code that was typed there. Answered once, soon (real time), then deleted.

    The key of the challenge is made from the seed and the platform's secret, so the table alone opens nothing.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="code_challenges")
    # the id of the car's message: asking twice is asking once
    event_id = models.CharField(max_length=64)
    # null for an address that nobody has: the car is not told
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="code_challenges"
    )
    salt = models.BinaryField()
    seed = models.BinaryField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vehicle", "event_id"], name="one_challenge_per_message"),
        ]

    def __str__(self) -> str:
        return f"challenge for {self.vehicle_id}"


@not_audited("a seat or a station, changed by its own person while driving; nobody answers for it")
class PersonalSetting(models.Model):
    """
    One setting of a person's profile: seat, climate, favorites … (TAY-003, TAY-012).

    `vehicle` is null where it counts in every car that keeps profiles in the account (TAY-013); where a pairing code
    ties a person to one car, each car has its own (C-25).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="personal_settings")
    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, null=True, related_name="personal_settings")
    name = models.CharField(max_length=32)
    value = models.JSONField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "vehicle", "name"], nulls_distinct=False, name="one_value_per_setting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.account_id}"


@audited(kind=Kind.ACCESS, person="granted_by", car="vehicle")
class RemoteAccessGrant(models.Model):
    """The main user let the platform reach the car's vehicle-related functions; granted in the car (REM-002)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="remote_access_grants")
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="grants")
    granted_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_because = models.CharField(max_length=32, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vehicle"], condition=Q(revoked_at=None), name="one_grant_per_vehicle"),
        ]

    def __str__(self) -> str:
        return f"remote access to {self.vehicle_id}"
