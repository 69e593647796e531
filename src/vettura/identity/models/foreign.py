"""Apps made for another platform's interface: whether a person lets them in, their passwords, and sign-ins under way."""

from allauth.idp.oidc.models import Client
from django.contrib.postgres.fields import ArrayField
from django.db import models

from vettura.foundation.audit import Kind, audited, not_audited
from vettura.foundation.ids import new_id
from vettura.identity.models.accounts import Account
from vettura.identity.models.programs import ProgramGrant


@audited(kind=Kind.PROGRAMS, person="account")
class ForeignAppsChoice(models.Model):
    """What a person decided about foreign apps; who never decided has no row, and the profile says what holds."""

    account = models.OneToOneField(
        Account, on_delete=models.CASCADE, primary_key=True, related_name="foreign_apps_choice"
    )
    is_on = models.BooleanField()
    decided_at = models.DateTimeField()


@audited(kind=Kind.PROGRAMS, person="account", only=("name", "scopes", "ended_at"))
class AppPassword(models.Model):
    """
    A password for one app, made by us and shown once. It opens nothing but a foreign app's sign-in or, with `scopes`, these over
    MQTT and no sign-in.

    `hash` is a digest: the password is too long to be guessed. `created_at` and `last_used_at` are what people see.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="app_passwords")
    name = models.CharField(max_length=60)
    hash = models.CharField(max_length=64, unique=True)
    # what it opens over MQTT; null for one that foreign apps sign in with
    scopes = ArrayField(models.CharField(max_length=60), null=True)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["account"], condition=models.Q(ended_at=None), name="app_passwords_in_use"),)


@not_audited("a walk that changes nothing until its end; what comes of it is the grant, which is audited")
class ForeignSignIn(models.Model):
    """
    The walk of a foreign app through its sign-in, found by its `state` alone. Secrets are digests, times are real time.

    Nothing of the person is kept before the right password. Afterwards the cookie of the first step stands for the
    person as long as the grant lives that came of the walk.
    """

    state_hash = models.CharField(max_length=64, primary_key=True)
    cookie_hash = models.CharField(max_length=64, unique=True)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    redirect_uri = models.TextField()
    scopes = ArrayField(models.CharField(max_length=60))
    code_challenge = models.CharField(max_length=128, blank=True)
    # the app's own word, handed back to it
    answer_state = models.TextField(blank=True)
    captcha_hash = models.CharField(max_length=64, blank=True)
    is_captcha_solved = models.BooleanField(default=False)
    takes_passkeys = models.BooleanField(default=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, related_name="foreign_sign_ins")
    app_password = models.ForeignKey(AppPassword, on_delete=models.CASCADE, null=True, related_name="+")
    proven_at = models.DateTimeField(null=True)
    grant = models.ForeignKey(ProgramGrant, on_delete=models.CASCADE, null=True, related_name="+")
    expires_at = models.DateTimeField(db_index=True)


@not_audited("a question that is good for two minutes; what the answer opens is a command, which is kept")
class PinChallenge(models.Model):
    """A question that is answered with the PIN without sending it: once, by one person, about one thing. Real time."""

    id = models.CharField(max_length=64, primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="pin_challenges")
    about = models.CharField(max_length=40)
    expires_at = models.DateTimeField(db_index=True)
