"""What the design page shows: a form in all its states, the tokens by role, icons, and the cars of the pack."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vettura.catalog import queries as catalog
from vettura.foundation import clock
from vettura.foundation.money import Money
from vettura.portal.icons import ICONS

COLORS = [
    ("--ground", _("Ground")),
    ("--surface", _("Surface")),
    ("--sunken", _("Sunken")),
    ("--ink", _("Ink")),
    ("--ink-quiet", _("Quiet ink")),
    ("--hairline", _("Hairline")),
    ("--outline", _("Outline")),
    ("--accent", _("Accent")),
    ("--accent-strong", _("Accent, pointed at")),
    ("--accent-tint", _("Accent, tint")),
    ("--ok", _("In order")),
    ("--attention", _("Attention")),
    ("--danger", _("Danger")),
]


class SpecimenForm(forms.Form):
    """Every kind of field that pages use."""

    name = forms.CharField(label=_("Given name"), initial="Giulia", required=False)
    email = forms.EmailField(label=_("E-mail address"), help_text=_("The invitation goes to this address."))
    country = forms.ChoiceField(label=_("Country"), choices=[("IT", "Italia"), ("DE", "Deutschland")], required=False)
    code = forms.CharField(
        label=_("Code from the text message"),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        required=False,
    )
    note = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    language = forms.ChoiceField(
        label=_("Language"),
        choices=[("it", "Italiano"), ("de", "Deutsch")],
        widget=forms.RadioSelect,
        initial="it",
        required=False,
    )
    sharing = forms.BooleanField(
        label=_("My partner may see my contact data and this vehicle."),
        help_text=_("You can change this at any time."),
        required=False,
    )


def specimens(*, language: str) -> dict[str, Any]:  # Any: a template context
    """Everything the page needs, in one dictionary."""
    at = clock.now()
    return {
        "colors": COLORS,
        "icons": sorted(ICONS),
        "form": SpecimenForm(prefix="a"),
        "wrong_form": SpecimenForm({"b-email": "giulia@"}, prefix="b"),
        "generations": [(each.code, each.name) for each in catalog.generations()],
        "price": Money(Decimal("149.00"), "EUR"),
        "just_now": at - timedelta(seconds=5),
        "minutes_ago": at - timedelta(minutes=2),
        "in_days": at + timedelta(days=12),
        "far_away": at + timedelta(days=531),
        "half_way": (at - timedelta(days=420), at + timedelta(days=300)),
        "nearly_over": (at - timedelta(days=355), at + timedelta(days=10)),
    }
