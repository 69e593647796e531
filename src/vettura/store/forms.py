"""What people type on the way to an order."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from vettura.billing.models import BillingAddress
from vettura.catalog import queries as catalog
from vettura.identity.models import Account

FIELDS = ("name", "company", "street", "postal_code", "city", "country")


class AddressForm(forms.Form):
    """The billing address, filled in with what is stored or known of the person."""

    name = forms.CharField(label=_("Name"), max_length=160, widget=forms.TextInput({"autocomplete": "name"}))
    company = forms.CharField(
        label=_("Company"), max_length=120, required=False, widget=forms.TextInput({"autocomplete": "organization"})
    )
    street = forms.CharField(
        label=_("Street and number"), max_length=120, widget=forms.TextInput({"autocomplete": "street-address"})
    )
    postal_code = forms.CharField(
        label=_("Postal code"), max_length=20, widget=forms.TextInput({"autocomplete": "postal-code"})
    )
    city = forms.CharField(label=_("City"), max_length=80, widget=forms.TextInput({"autocomplete": "address-level2"}))
    country = forms.ChoiceField(label=_("Country"))

    def __init__(self, data: Any = None, *, account: Account, stored: BillingAddress | None = None) -> None:
        """`data` is what was sent, as Django's forms take it."""
        source: BillingAddress | Account = stored or account
        super().__init__(data, initial={name: getattr(source, name, "") for name in FIELDS})
        language = catalog.language_of_pack(get_language())
        names = sorted((country.name[language], country.iso2) for country in catalog.countries())
        field = self.fields["country"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(iso2, name) for name, iso2 in names]
