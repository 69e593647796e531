"""What sign-in with allauth does our way: our mails, our words, and no sign-up."""

from typing import Any
from urllib.parse import quote

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import EmailAwarePasswordResetTokenGenerator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import base36_to_int
from django.utils.translation import gettext_lazy as _

from vettura.catalog.queries import terms
from vettura.identity import actions, queries
from vettura.identity.errors import AccountGone
from vettura.identity.models import Account
from vettura.notifications.actions import send_mail


class ResetTokens(EmailAwarePasswordResetTokenGenerator):  # type: ignore[misc]  # allauth is untyped
    """Tokens in password-reset links; they live as long as the terms say, in real time."""

    def check_token(self, user: AbstractBaseUser | None, token: str | None) -> bool:
        """Whether the token is this person's, unused, and young enough."""
        if not super().check_token(user, token) or not token:
            return False
        age = self._num_seconds(self._now()) - base36_to_int(token.split("-")[0])
        return bool(age < terms().password_reset_validity.total_seconds())


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Our answers to allauth's questions."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("E-mail address or password is wrong."),
        "invalid_login": _("E-mail address or password is wrong."),
        "too_many_login_attempts": _("Too many attempts. Wait a few minutes, then try again."),
        "incorrect_password": _("The password is wrong."),
        "rate_limited": _("Too many attempts. Wait a few minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 (allauth's signature)
        """Accounts begin with our own registration."""
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:  # Any: allauth's signature
        """The page one lands on says enough."""

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Whoever knows the password of a deleted account is told that it does not exist any more (ID-037)."""
        super().authentication_failed(request, **credentials)
        email, password = credentials.get("email"), credentials.get("password")
        if email and password and queries.deleted_account(email=email, password=password) is not None:
            raise ValidationError(AccountGone.sentence, code="account_gone")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:  # noqa: ARG002 (allauth's)
        """This will send the mail that answers a request for a new password; allauth's other mails are not ours."""
        user = context.get("user")
        if template_prefix != "account/email/password_reset_key" or not isinstance(user, Account):
            return
        send_mail(
            recipient_id=user.id,
            to=user.email,
            language=user.language,
            template="identity/mail/password_reset",
            facts={
                "name": user.given_name,
                "url": context["password_reset_url"],
                "hours": int(terms().password_reset_validity.total_seconds() // 3600),
            },
        )

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link of the mail, on the address that people use and not on the host that a request named."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return f"{settings.VETTURA_BASE_URL}{path.replace('UID-KEY', quote(key))}"

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """This will set the password that came with a valid reset link (ID-021)."""
        if isinstance(user, Account):
            changed = actions.change_password(account=user, current=None, new=password)
            user.password = changed.password
