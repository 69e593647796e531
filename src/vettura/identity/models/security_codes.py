"""The code with which a person signs in to cars."""

from django.db import models

from vettura.foundation.audit import Kind, audited
from vettura.identity.models.accounts import Account


@audited(kind=Kind.SIGN_IN, person="account", quiet=("wrong_attempts", "locks", "locked_until"))
class SecurityCode(models.Model):
    """
    A person's security code (not the PIN): what is kept of it cannot be turned back into the digits (DAT-001).

    The stretched code proves to cars what was typed there; it is sealed as well, because a million codes are soon tried.
    """

    account = models.OneToOneField(Account, on_delete=models.CASCADE, primary_key=True, related_name="security_code")
    salt = models.BinaryField()
    sealed_verifier = models.BinaryField()
    set_at = models.DateTimeField()
    # wrong tries since the last right one or the last lock, how many locks there were, and until when (real time)
    wrong_attempts = models.PositiveSmallIntegerField(default=0)
    locks = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.account_id)
