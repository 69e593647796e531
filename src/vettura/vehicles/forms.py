"""What people type about cars: sales, invitations, codes."""

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from vettura.catalog import queries as catalog
from vettura.vehicles import rules
from vettura.vehicles.errors import VinMalformed
from vettura_pack.model import Generation, LocalizedText


def _here(text: LocalizedText) -> str:
    return text[catalog.language_of_pack(get_language())]


class SaleModelForm(forms.Form):
    """
    The first half of a sale: which model line and year.

    A year that fits two generations asks for one (C-01, C-02).
    """

    model_line = forms.ChoiceField(label=_("Model line"))
    model_year = forms.IntegerField(label=_("Model year"), min_value=1948, max_value=2100)

    def __init__(self, *args: object, **kwargs: object) -> None:
        """Model lines come from the pack."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came
        self.fields["model_line"] = forms.ChoiceField(
            label=_("Model line"), choices=[(line.id, line.name) for line in catalog.model_lines()]
        )


class SaleForm(forms.Form):
    """The rest of a sale, for one generation."""

    vin = forms.CharField(
        label=_("VIN"),
        max_length=24,
        help_text=_("17 characters, as in the registration document."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    model = forms.ChoiceField(label=_("Model"))
    equipment = forms.MultipleChoiceField(label=_("Equipment"), required=False, widget=forms.CheckboxSelectMultiple)
    country = forms.ChoiceField(label=_("Country"))
    buyer_email = forms.EmailField(
        label=_("Buyer's e-mail address"),
        help_text=_("The invitation goes to this address; the buyer registers with it."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    buyer_language = forms.ChoiceField(label=_("Buyer's language"))

    def __init__(self, *args: object, generation: Generation, **kwargs: object) -> None:
        """Choices come from the pack and fit the generation."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came
        known = catalog.pack().equipment
        self.generation = generation
        self._set_choices("model", [(model.name, model.name) for model in generation.models])
        self._set_choices("equipment", [(code, _here(known[code].name)) for code in generation.equipment])
        self._set_choices(
            "country", sorted(((c.iso2, _here(c.name)) for c in catalog.countries()), key=lambda choice: choice[1])
        )
        self._set_choices("buyer_language", language_choices())

    def _set_choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def clean_vin(self) -> str:
        """The VIN as it is stored; a malformed one is told at its field."""
        vin = rules.normal_vin(self.cleaned_data["vin"])
        if not rules.is_vin(vin):
            raise forms.ValidationError(str(VinMalformed(vin=vin)), code=VinMalformed.code)
        return vin

    def drive_of_model(self) -> str:
        """How the chosen model is driven."""
        return next(m.drive for m in self.generation.models if m.name == self.cleaned_data["model"])


class EmailForm(forms.Form):
    """One address: the corrected one of a buyer, or that of a person to invite."""

    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))


class SharingForm(forms.Form):
    """The decision on sharing data with the selling partner: two equal choices and none made beforehand (DAT-009)."""

    share = forms.ChoiceField(
        label=_("Your decision"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two answers; both are fine.")},
    )

    def __init__(self, *args: object, partner_name: str, **kwargs: object) -> None:
        """The partner is named in the answers (C-21)."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came
        field = self.fields["share"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [
                ("yes", _("Yes, share my data with %(partner)s") % {"partner": partner_name}),
                ("no", _("No, do not share my data")),
            ]


class CarCodeForm(forms.Form):
    """The code on the screen of the car."""

    code = forms.CharField(
        label=_("Code"),
        max_length=16,
        help_text=_("Eight letters, as the screen of your car shows them."),
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


def language_choices() -> list[tuple[str, str]]:
    """The languages of the pack that the interface speaks, in their own names."""
    names = {"en": "English", "it": "Italiano", "de": "Deutsch"}
    return [(code, names.get(code, code)) for code in sorted(catalog.pack().languages)]
