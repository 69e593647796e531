"""Tokens in password-reset links. Needs no allauth: its forms ask for this class while they are imported."""

from typing import TYPE_CHECKING

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.utils.http import base36_to_int

from vettura.catalog.queries import terms

if TYPE_CHECKING:
    from vettura.identity.models import Account


class ResetTokens(PasswordResetTokenGenerator):
    """They live as long as the terms say, in real time, and end with the password or the address they were made for."""

    def check_token(self, user: "Account | None", token: str | None) -> bool:
        """Whether the token is this person's, unused, and young enough."""
        if not super().check_token(user, token) or not token:
            return False
        age = self._num_seconds(self._now()) - base36_to_int(token.split("-")[0])
        return age < terms().password_reset_validity.total_seconds()
