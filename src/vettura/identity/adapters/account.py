"""What sign-in with allauth does our way: our mails, our words, and no sign-up."""

from typing import Any
from urllib.parse import quote

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from vettura.catalog.queries import terms
from vettura.foundation import clock
from vettura.identity import actions, queries
from vettura.identity.actions import attempts
from vettura.identity.actions.devices import SEEN_AT
from vettura.identity.actions.factors import tell_of_change
from vettura.identity.errors import AccountGone, TooManyAttempts
from vettura.identity.models import Account
from vettura.notifications.actions import send_mail

# allauth's name of a notice, and what our mail says
FACTOR_CHANGES = {
    "mfa/email/webauthn_added": "passkey_added",
    "mfa/email/webauthn_removed": "passkey_removed",
    "mfa/email/totp_activated": "app_added",
    "mfa/email/totp_deactivated": "app_removed",
    "mfa/email/recovery_codes_generated": "codes_made",
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Our answers to allauth's questions."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("E-mail address or password is wrong."),
        "invalid_login": _("E-mail address or password is wrong."),
        "incorrect_password": _("The password is wrong."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 (allauth's signature)
        """Accounts begin with our own registration."""
        return False

    def add_message(self, request: HttpRequest, level: int, *_words: Any, **more: Any) -> None:  # Any: allauth's
        """This will show why a passkey was refused; otherwise the page one lands on says enough."""
        if more.get("message"):
            messages.add_message(request, level, more["message"])

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

    def send_notification_mail(
        self,
        template_prefix: str,
        user: AbstractBaseUser,
        context: dict[str, Any] | None = None,  # noqa: ARG002 (allauth's signature, as below)
        email: str | None = None,  # noqa: ARG002
    ) -> None:
        """This will tell a person that a sign-in factor changed, in our words."""
        what = FACTOR_CHANGES.get(template_prefix)
        if what and isinstance(user, Account):
            tell_of_change(account=user, what=what)

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """This will begin the session, and from now on note when the device is in use."""
        super().login(request, user)
        request.session[SEEN_AT] = clock.real_now().timestamp()

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link of the mail, on the address that people use and not on the host that a request named."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return f"{settings.VETTURA_BASE_URL}{path.replace('UID-KEY', quote(key))}"

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:  # Any: allauth's
        """
        Who this is, None if address or password is wrong. A try is counted before it is looked at.

        A password that is asked for again counts for the account that is signed in. Raises ValidationError in a pause.
        """
        place = self.get_client_ip(request)
        person = getattr(request, "user", None)
        limits = (
            attempts.limits_of_confirmation(account_id=person.id, place=place)
            if isinstance(person, Account)
            else attempts.limits_of_sign_in(email=str(credentials.get("email", "")), place=place)
        )
        try:
            attempts.count_attempt(limits=limits)
        except TooManyAttempts as refusal:
            raise ValidationError(str(refusal), code=refusal.code) from refusal
        AuthenticationBackend.unstash_authenticated_user()
        found: AbstractBaseUser | None = authenticate(request, **credentials)
        # somebody who is right but whose account is not active is told so by the page
        found = AuthenticationBackend.unstash_authenticated_user() or found
        if found is None:
            self.authentication_failed(request, **credentials)
        else:
            attempts.forget_attempts(limits=limits)
        return found

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """This will set the password that came with a valid reset link (ID-021)."""
        if isinstance(user, Account):
            changed = actions.change_password(account=user, current=None, new=password)
            user.password = changed.password
            attempts.lift_pauses(account=user)
