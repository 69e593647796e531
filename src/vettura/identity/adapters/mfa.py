"""What passkeys, codes of an app and recovery codes do our way: secrets are sealed, names and addresses are ours."""

from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import segno
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from vettura.catalog import queries as catalog
from vettura.identity import rules


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is untyped
    """Our answers to allauth's questions about sign-in factors."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This is not right. A code works for a short time, and once."),
        "cannot_generate_recovery_codes": _(
            "Recovery codes come with a passkey or an authenticator app. Add one first."
        ),
    }

    def encrypt(self, text: str) -> str:
        """Secrets of apps and seeds of recovery codes are never kept in clear (DAT-001)."""
        return rules.sealed(text=text, secret=settings.SECRET_KEY).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again. Raises ValueError where the platform's secret is another one."""
        text = rules.unsealed(data=encrypted_text.encode(), secret=settings.SECRET_KEY)
        if text is None:
            raise ValueError("a sign-in factor was sealed with another secret")
        return text

    def get_totp_issuer(self) -> str:
        """What an app writes beside the code."""
        return _portal_name()

    def build_totp_svg(self, url: str) -> str:
        """The QR code, dark on white in both appearances: cameras want it so."""
        picture = BytesIO()
        segno.make(url).save(picture, kind="svg", scale=5, border=4, dark="black", light="white", xmldecl=False)
        return picture.getvalue().decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Passkeys belong to the host of the address that people use, whatever host a request named."""
        return {"id": urlsplit(settings.VETTURA_BASE_URL).hostname or "localhost", "name": _portal_name()}

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Any) -> str:  # Any: allauth's own enumeration
        """A name that the person may change."""
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("Passkey {number}").format(number=count + 1)


def _portal_name() -> str:
    return str(catalog.labels(catalog.language_of_pack(get_language()))["portal"])
