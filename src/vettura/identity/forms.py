"""The forms of sign-in, registration and account pages. They ask; the actions decide."""

from collections.abc import Sequence
from typing import Any

from allauth.account.forms import LoginForm, ResetPasswordForm, ResetPasswordKeyForm
from allauth.core import context
from allauth.core.internal.httpkit import get_client_ip
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from vettura.catalog import queries as catalog
from vettura.identity import rules
from vettura.identity.actions.attempts import count_attempt, forget_attempts, limits_of_factor, limits_of_mail
from vettura.identity.errors import TooManyAttempts

LONGEST_NAME = 60


def new_password_field(label: Any) -> forms.CharField:  # Any: lazy text
    """A field for a new password; static/identity/password.js shows beside it what is still missing."""
    return forms.CharField(
        label=label,
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "aria-describedby": "password-rules"}),
    )


def _listed_unmet(password: str) -> str:
    """The password again, or ValidationError with one entry and its code for each unmet rule (ID-013)."""
    rules.PasswordPolicy().validate(password)
    return password


class SignInForm(LoginForm):  # type: ignore[misc]  # allauth is untyped
    """E-mail address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's signature
        """Our labels; a placeholder is no label."""
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail address")
        self.fields["login"].widget.attrs |= {"autocomplete": "username", "autofocus": True}
        self.fields["password"].label = _("Password")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
            field.help_text = ""


class RequestResetForm(ResetPasswordForm):  # type: ignore[misc]  # allauth is untyped
    """The address to which a reset link is mailed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's signature
        """Our label."""
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")
        self.fields["email"].widget.attrs.pop("placeholder", None)

    def clean_email(self) -> str:
        """The address. Mails are counted the same whether or not it has an account, so that nobody learns which do."""
        place = get_client_ip(context.request) or ""
        try:
            count_attempt(limits=limits_of_mail(email=self.cleaned_data["email"], place=place))
        except TooManyAttempts as refusal:
            minutes = refusal.facts["minutes"]
            sentence = _("Several links were asked for. Look into your mail, or try again in %(minutes)s min.")
            raise forms.ValidationError(sentence, code=refusal.code, params={"minutes": minutes}) from refusal
        email: str = super().clean_email()
        return email


class _CodeOfFactor(forms.Form):
    """A code of an app or a recovery code; guessing is slowed down."""

    user: Any  # allauth's forms keep the person here

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's signature
        """Our label; a placeholder is no label."""
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code of the app, or a recovery code")
        self.fields["code"].widget.attrs = {"autocomplete": "one-time-code", "autofocus": True}

    def clean_code(self) -> str:
        """The code, if it is right. The try is counted before it is looked at."""
        limits = limits_of_factor(account_id=self.user.pk)
        try:
            count_attempt(limits=limits)
        except TooManyAttempts as refusal:
            raise forms.ValidationError(str(refusal), code=refusal.code) from refusal
        code: str = super().clean_code()  # type: ignore[misc]  # allauth's form stands behind this one
        forget_attempts(limits=limits)
        return code


class SignInCodeForm(_CodeOfFactor, AuthenticateForm):  # type: ignore[misc]  # allauth is untyped
    """The second step of a sign-in by password."""


class ConfirmByCodeForm(_CodeOfFactor, ReauthenticateForm):  # type: ignore[misc]  # allauth is untyped
    """A code that confirms who it is before something that matters."""


class AppForm(ActivateTOTPForm):  # type: ignore[misc]  # allauth is untyped
    """The first code of an app proves that it has the secret."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's signature
        """Our label; a placeholder is no label."""
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code that the app shows")
        self.fields["code"].widget.attrs = {"autocomplete": "one-time-code", "inputmode": "numeric"}


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]  # allauth is untyped
    """A passkey and its name. What the browser answers is filled in by static/identity/passkeys.js."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's signature
        """Our label; every passkey of ours signs in alone, so that is no question."""
        super().__init__(*args, **kwargs)
        self.fields.pop("passwordless", None)
        self.fields["name"].label = _("Name")
        self.fields["name"].max_length = LONGEST_NAME
        self.fields["name"].help_text = _("To tell it apart from others, such as: phone, office computer.")


class RenamePasskeyForm(EditWebAuthnForm):  # type: ignore[misc]  # allauth is untyped
    """Another name for a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's signature
        """Our label."""
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name")


class NewPasswordForm(ResetPasswordKeyForm):  # type: ignore[misc]  # allauth is untyped
    """A new password after a reset link. It is typed once: it can be shown, and reset again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's signature
        """One field instead of two."""
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        self.fields["password1"] = new_password_field(_("New password"))

    def clean_password1(self) -> str:
        """Every unmet rule by itself."""
        return _listed_unmet(self.cleaned_data["password1"])


class ChangePasswordForm(forms.Form):
    """The current password and a new one (ID-034)."""

    current = forms.CharField(
        label=_("Current password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    password1 = new_password_field(_("New password"))

    def clean_password1(self) -> str:
        """Every unmet rule by itself."""
        return _listed_unmet(self.cleaned_data["password1"])


class PasswordForm(forms.Form):
    """The first step of a registration."""

    password1 = new_password_field(_("Password"))

    def clean_password1(self) -> str:
        """Every unmet rule by itself."""
        return _listed_unmet(self.cleaned_data["password1"])


class NameForm(forms.Form):
    """The second step: who one is and where the code goes."""

    given_name = forms.CharField(
        label=_("Given name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    family_name = forms.CharField(
        label=_("Family name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    phone = forms.CharField(
        label=_("Mobile number"),
        max_length=30,
        help_text=_("With country code, such as +39 312 345 6789. A code is sent there by SMS."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel", "type": "tel"}),
    )


class CodeForm(forms.Form):
    """The code of an SMS."""

    code = forms.CharField(
        label=_("Code from the SMS"),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class DecisionsForm(forms.Form):
    """Two documents, two decisions (DAT-019), and each use of data by itself, none of them made beforehand (DAT-006)."""

    accepts_terms = forms.BooleanField(label=_("I accept the terms of use."))
    accepts_privacy = forms.BooleanField(
        label=_("I have read the privacy declaration and agree that my data are processed as it says.")
    )

    def __init__(
        self, *args: Any, consents: Sequence[catalog.ConsentWords] = (), **kwargs: Any
    ) -> None:  # Any: Django's signature
        """One more field for each consent; leaving it open is an answer too."""
        super().__init__(*args, **kwargs)
        self._purposes = [each.id for each in consents]
        for each in consents:
            self.fields[f"consent_{each.id}"] = forms.BooleanField(
                label=_("I agree: {title}").format(title=each.title),
                help_text=f"{each.data} {each.purpose} {each.manner}",
                required=False,
            )

    def given(self) -> list[str]:
        """The purposes that were agreed to."""
        return [purpose for purpose in self._purposes if self.cleaned_data[f"consent_{purpose}"]]


class SignUpForm(forms.Form):
    """Where somebody without an invitation begins."""

    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    country = forms.ChoiceField(label=_("Country you live in"))
    next = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's signature
        """The countries by their names."""
        super().__init__(*args, **kwargs)
        language = catalog.language_of_pack(get_language())
        choices = sorted(((c.iso2, c.names[language]) for c in catalog.countries()), key=lambda choice: choice[1])
        field = self.fields["country"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class ContactDataForm(forms.Form):
    """What a person may change alone (ID-029)."""

    language = forms.ChoiceField(label=_("Language of mails and messages"))
    street = forms.CharField(
        label=_("Street and number"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    postal_code = forms.CharField(
        label=_("Postal code"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "postal-code"}),
    )
    city = forms.CharField(
        label=_("City"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's signature
        """The languages of the pack, each in its own name."""
        super().__init__(*args, **kwargs)
        own_names = {"en": "English", "it": "Italiano", "de": "Deutsch"}
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code, own_names.get(code, code)) for code in catalog.pack().languages]


class PhoneForm(forms.Form):
    """A new mobile number."""

    phone = NameForm.base_fields["phone"]


class PinForm(forms.Form):
    """A PIN, set by whoever knows the password."""

    pin = forms.CharField(
        label=_("New PIN"),
        max_length=12,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    password = forms.CharField(
        label=_("Current password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class ConfirmPasswordForm(forms.Form):
    """The password once more, before something that matters."""

    password = forms.CharField(
        label=_("Current password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class AppPasswordForm(ConfirmPasswordForm):
    """A new app password: for which app, by whoever knows the account's password."""

    name = forms.CharField(
        label=_("App"),
        max_length=LONGEST_NAME,
        help_text=_("Such as: Home Assistant."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    field_order = ("name", "password")


class MqttPasswordForm(ConfirmPasswordForm):
    """A new password for a program that speaks MQTT, and what that may. Where cars are is asked about apart."""

    name = forms.CharField(
        label=_("App"),
        max_length=LONGEST_NAME,
        help_text=_("Such as: Home Assistant."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label=_("It may"),
        choices=[(scope, rules.SCOPE_WORDS[scope]) for scope in rules.MQTT_SCOPES],
        initial=[scope for scope in rules.MQTT_SCOPES if scope != rules.LOCATION],
        widget=forms.CheckboxSelectMultiple,
    )

    field_order = ("name", "scopes", "password")


def reason_field() -> forms.CharField:
    """Why staff change something about a customer; it is kept with the change."""
    return forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("Such as: shown an identity card with the new name."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class AskErasureForm(forms.Form):
    """A person's wish to have their data erased, written down by staff; Assistance says who passed it on."""

    reason = reason_field()
    partner_name = forms.CharField(
        label=_("Partner who passed it on"),
        max_length=120,
        required=False,
        help_text=_("Leave it empty if the person asked Assistance."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, asks_for_partner: bool, **more: Any) -> None:  # Any: Django's signature
        super().__init__(*args, **more)
        self.fields["reason"].help_text = _("How the person asked, and how you know who it is. No data of the person.")
        if not asks_for_partner:
            del self.fields["partner_name"]


class TakeBackErasureForm(forms.Form):
    """Why a request for erasure is not carried out."""

    reason = reason_field()

    def __init__(self, *args: Any, **more: Any) -> None:  # Any: Django's signature
        super().__init__(*args, **more)
        self.fields["reason"].help_text = _("Such as: the customer wants to stay after all.")


class EraseForm(forms.Form):
    """The last question before a person's data are erased."""

    understood = forms.BooleanField(label=_("I have read what is erased and what is kept. This cannot be undone."))


class DeskNameForm(forms.Form):
    """A customer's name, corrected by staff (ID-031)."""

    given_name = forms.CharField(
        label=_("Given name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    family_name = forms.CharField(
        label=_("Family name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    reason = reason_field()


class DeskEmailForm(forms.Form):
    """A customer's new e-mail address, entered by staff."""

    email = forms.EmailField(
        label=_("New e-mail address"),
        max_length=254,
        help_text=_("A link goes there. The address holds once the customer has opened it and agreed."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    reason = reason_field()


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = reason_field()


def _code_field(label: Any) -> forms.CharField:  # Any: lazy text
    return forms.CharField(
        label=label,
        max_length=12,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )


class SecurityCodeForm(forms.Form):
    """A first security code, or one in the place of a forgotten one; by whoever knows the password."""

    code = _code_field(_("New security code"))
    password = forms.CharField(
        label=_("Current password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class ChangeSecurityCodeForm(forms.Form):
    """Another security code, by whoever knows the current one."""

    current = _code_field(_("Current security code"))
    code = _code_field(_("New security code"))


class DeleteAccountForm(forms.Form):
    """The last question before an account is deleted: it cannot be undone, and only who knows the password may."""

    understood = forms.BooleanField(label=_("I have read what ends and what stays. This cannot be undone."))
    password = forms.CharField(
        label=_("Current password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class DataExportForm(forms.Form):
    """Asking for an archive of one's data; whoever has only just signed in is not asked for the password again."""

    password = forms.CharField(
        label=_("Current password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, asks_password: bool, **more: Any) -> None:  # Any: Django's signature
        super().__init__(*args, **more)
        if not asks_password:
            del self.fields["password"]
