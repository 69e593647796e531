"""
Passkeys, an authenticator app and recovery codes: set up, renamed, removed, and used to sign in.

allauth's views with our forms and pages. Whatever changes a factor first asks again who it is.
"""

from typing import Any

from allauth.mfa.base import views as base
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal import auth
from django.urls import reverse_lazy
from django.views.decorators.cache import never_cache

from vettura.identity.forms import (
    AddPasskeyForm,
    AppForm,
    ConfirmByCodeForm,
    RenamePasskeyForm,
    SignInCodeForm,
)


class AddPasskey(webauthn.AddWebAuthnView):  # type: ignore[misc]  # allauth is untyped
    """A passkey that signs in alone: it lives in the device, which checks who holds it."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:  # Any: a template context
        """The challenge for the browser."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["js_data"] = {"creation_options": auth.begin_registration(self.request.user, True)}
        return context


class RemovePasskey(webauthn.RemoveWebAuthnView):  # type: ignore[misc]  # allauth is untyped
    """A passkey is removed, and with the last factor the recovery codes."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:  # Any: a template context
        """Whether the password alone will do afterwards."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        real = Authenticator.objects.filter(user=self.request.user).exclude(type=Authenticator.Type.RECOVERY_CODES)
        return {**context, "is_last": real.count() == 1}


SECURITY = reverse_lazy("identity:security")

authenticate = never_cache(
    base.AuthenticateView.as_view(form_class=SignInCodeForm, template_name="identity/signin_factor.html")
)
confirm_by_code = never_cache(
    base.ReauthenticateView.as_view(form_class=ConfirmByCodeForm, template_name="identity/confirm_code.html")
)
confirm_by_passkey = never_cache(
    webauthn.ReauthenticateWebAuthnView.as_view(template_name="identity/confirm_passkey.html")
)
sign_in_by_passkey = never_cache(webauthn.LoginWebAuthnView.as_view())
add_passkey = never_cache(AddPasskey.as_view(form_class=AddPasskeyForm, template_name="identity/passkey_add.html"))
rename_passkey = never_cache(
    webauthn.EditWebAuthnView.as_view(
        form_class=RenamePasskeyForm, template_name="identity/passkey_rename.html", success_url=SECURITY
    )
)
remove_passkey = never_cache(RemovePasskey.as_view(template_name="identity/passkey_remove.html", success_url=SECURITY))
add_app = never_cache(totp.ActivateTOTPView.as_view(form_class=AppForm, template_name="identity/app_add.html"))
remove_app = never_cache(
    totp.DeactivateTOTPView.as_view(template_name="identity/app_remove.html", success_url=SECURITY)
)
recovery_codes = never_cache(recovery.ViewRecoveryCodesView.as_view(template_name="identity/recovery_codes.html"))
new_recovery_codes = never_cache(
    recovery.GenerateRecoveryCodesView.as_view(template_name="identity/recovery_codes_new.html")
)
