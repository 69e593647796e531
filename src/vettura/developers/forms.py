"""What people type about their programs and webhooks."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vettura.catalog import queries as catalog
from vettura.developers import rules


class ProgramForm(forms.Form):
    """A program of one's own."""

    name = forms.CharField(label=_("Name of the program"), max_length=100)


class CarForm(forms.Form):
    """A simulated car: of which model."""

    car = forms.ChoiceField(label=_("Model"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's signature
        """Every model of the pack."""
        super().__init__(*args, **kwargs)
        self.fields["car"].choices = [  # type: ignore[attr-defined]
            (f"{each.code}:{model.name}", f"{catalog.generation_name(each)}: {model.name}")
            for each in catalog.generations()
            for model in each.models
        ]


class WebhookForm(forms.Form):
    """An address, the events that it is told of, and of which cars."""

    url = forms.CharField(
        label=_("Address"), max_length=500, widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"})
    )
    events = forms.MultipleChoiceField(
        label=_("Events"), choices=list(rules.EVENTS.items()), widget=forms.CheckboxSelectMultiple
    )
    cars = forms.MultipleChoiceField(label=_("Vehicles"), widget=forms.CheckboxSelectMultiple)
    signals = forms.CharField(
        label=_("Signals"),
        required=False,
        max_length=4000,
        help_text=_("VSS paths, separated by commas. Leave it empty for all."),
    )

    def __init__(self, *args: Any, cars: Mapping[str, str], **kwargs: Any) -> None:  # Any: Django's signature
        """The person's cars, by VIN."""
        super().__init__(*args, **kwargs)
        self.fields["cars"].choices = list(cars.items())  # type: ignore[attr-defined]

    def clean_signals(self) -> list[str]:
        """The paths as a list."""
        return [path for each in self.cleaned_data["signals"].split(",") if (path := each.strip())]
