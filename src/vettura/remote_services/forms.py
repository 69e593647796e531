"""What owners fill in for a remote command."""

from django import forms
from django.utils.translation import gettext_lazy as _


class PinForm(forms.Form):
    """The PIN once more, before something opens. The key makes that sending the form twice is one command."""

    pin = forms.CharField(
        label=_("PIN"),
        max_length=32,
        strip=True,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off", "autofocus": True}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)
