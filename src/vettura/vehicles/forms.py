"""What people type about cars: sales, invitations, codes."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from vettura.catalog import queries as catalog
from vettura.partners.models import Partner
from vettura.vehicles import rules
from vettura.vehicles.errors import VinMalformed
from vettura_pack.model import Generation, LocalizedText
from vettura_wire.settings import LONGEST_ENTRY, LONGEST_LIST


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
    handover_on = forms.DateField(
        label=_("Handover on"),
        required=False,
        help_text=_("The invitation goes out by itself shortly before. Leave it empty to invite the buyer now."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

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


class ChoosePartnerForm(forms.Form):
    """The partner of one's choice; none is chosen beforehand (C-21)."""

    partner = forms.ChoiceField(label=_("Partner"))

    def __init__(self, *args: object, partners: Sequence[Partner], **kwargs: object) -> None:
        """The partners with their places."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came
        field = self.fields["partner"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "–"), *((str(each.id), f"{each.name}, {each.city}") for each in partners)]


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


class InviteForm(EmailForm):
    """A person to invite, and until when that person may use the car."""

    last_day = forms.DateField(
        label=_("Last day"),
        required=False,
        help_text=_("Leave it empty if there is no end."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    # whoever drives the car next is a matter of the main user's own hands
    pin = forms.CharField(
        label=_("Your PIN"),
        required=False,
        max_length=32,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class LeaseForm(EmailForm):
    """The driver of a leased car and the last day."""

    last_day = forms.DateField(
        label=_("Last day"),
        help_text=_("When this day is over the car is yours alone again."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class ConfirmForm(forms.Form):
    """One question that has to be answered with yes before something that cannot be undone."""

    sure = forms.BooleanField(error_messages={"required": _("Confirm this first.")})

    def __init__(self, *args: object, question: str, **kwargs: object) -> None:
        """The question stands beside the box."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came
        self.fields["sure"].label = question


class AddVinForm(forms.Form):
    """Which car a person wants to add."""

    vin = forms.CharField(
        label=_("VIN"),
        max_length=24,
        help_text=_("17 characters, as in the registration document."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    model_line = forms.ChoiceField(label=_("Model line"))
    model_year = forms.IntegerField(label=_("Model year"), min_value=1948, max_value=2100)

    def __init__(self, *args: object, **kwargs: object) -> None:
        """Model lines come from the pack."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came
        field = self.fields["model_line"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(line.id, line.name) for line in catalog.model_lines()]

    def clean_vin(self) -> str:
        """The VIN as it is stored; a malformed one is told at its field."""
        vin = rules.normal_vin(self.cleaned_data["vin"])
        if not rules.is_vin(vin):
            raise forms.ValidationError(str(VinMalformed(vin=vin)), code=VinMalformed.code)
        return vin

    def clean(self) -> dict[str, object]:
        """The model was built in the year."""
        line, year = self.cleaned_data.get("model_line"), self.cleaned_data.get("model_year")
        if line and year and not catalog.generations_for(model_line=line, model_year=year):
            self.add_error("model_year", gettext("There was no such model in this year."))
        return self.cleaned_data

    def line_name(self) -> str:
        """The chosen model line in words."""
        return catalog.model_line(self.cleaned_data["model_line"]).name


class ProofForm(forms.Form):
    """The proof that a car is somebody's, and who shall look at it."""

    model = forms.ChoiceField(label=_("Model"))
    has_connect = forms.ChoiceField(
        label=_("Does the car have online services?"),
        choices=[("yes", _("Yes, or I do not know")), ("no", _("No"))],
        initial="yes",
        widget=forms.RadioSelect,
        help_text=_("A car without them can be in your vehicles too."),
    )
    document = forms.FileField(
        label=_("Registration document"),
        help_text=_("A photograph or scan as PDF, JPEG or PNG. It is deleted as soon as it was looked at."),
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,image/jpeg,image/png"}),
    )
    checked_by = forms.ChoiceField(label=_("Who shall look at it?"), required=False)

    def __init__(
        self, *args: object, generations: Sequence[Generation], partners: Sequence[Partner], **kwargs: object
    ) -> None:
        """The models of the year, of one or two generations; the partners of the person's country, and Assistance."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came
        several = len(generations) > 1
        choices = [
            (f"{each.code}/{model.name}", f"{model.name} ({catalog.generation_name(each)})" if several else model.name)
            for each in generations
            for model in each.models
        ]
        support = catalog.labels(get_language() or "")["support"]
        checkers = [(str(each.id), f"{each.name}, {each.city}") for each in partners] + [("", support)]
        for name, options in (("model", choices), ("checked_by", checkers)):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = options

    def chosen_model(self) -> tuple[str, str]:
        """The code of the generation and the name of the model."""
        generation, _slash, model = self.cleaned_data["model"].partition("/")
        return generation, model


class SaleBuyerForm(forms.Form):
    """Who buys the car: a person by address, or a partner."""

    kind = forms.ChoiceField(
        label=_("Who buys the car?"),
        choices=[("person", _("A person")), ("partner", _("A partner"))],
        widget=forms.RadioSelect,
    )
    buyer_email = forms.EmailField(
        label=_("Buyer's e-mail address"),
        required=False,
        help_text=_("For a person. The invitation goes to this address when you release the car, not before."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    buyer_language = forms.ChoiceField(label=_("Buyer's language"), required=False)
    partner = forms.ChoiceField(label=_("Partner"), required=False, help_text=_("If a partner buys the car."))

    def __init__(self, *args: object, partners: Sequence[Partner], **kwargs: object) -> None:
        """The partners of the car's country."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came
        known = [("", "–")] + [(str(each.id), f"{each.name}, {each.city}") for each in partners]
        for name, options in (("partner", known), ("buyer_language", language_choices())):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = options

    def clean(self) -> dict[str, object]:
        """The buyer belongs to the kind that was chosen."""
        kind = self.cleaned_data.get("kind")
        if kind == "person" and not self.cleaned_data.get("buyer_email") and "buyer_email" not in self.errors:
            self.add_error("buyer_email", gettext("Give the buyer's address."))
        if kind == "partner" and not self.cleaned_data.get("partner"):
            self.add_error("partner", gettext("Choose the partner."))
        return self.cleaned_data

    def buyer(self) -> dict[str, Any]:  # keywords of `begin_sale`
        """The buyer as the action takes it."""
        if self.cleaned_data["kind"] == "partner":
            return {"partner_id": UUID(self.cleaned_data["partner"])}
        return {
            "buyer_email": self.cleaned_data["buyer_email"],
            "buyer_language": self.cleaned_data["buyer_language"],
        }


class ReasonForm(forms.Form):
    """Why staff do something to a customer's data."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("The customer may ask for it."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class CustomerForm(ReasonForm):
    """Which customer, and why."""

    email = forms.EmailField(
        label=_("Customer's e-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )


class AddAgainForm(CustomerForm):
    """Into whose garage a car goes back, and why."""

    field_order = ("email", "reason")


class InviteHolderForm(CustomerForm):
    """Who is invited to be the main user, in which language, and why."""

    language = forms.ChoiceField(label=_("Language of the invitation"))
    field_order = ("email", "language", "reason")

    def __init__(self, *args: object, **kwargs: object) -> None:
        """The languages of the pack."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came
        field = self.fields["language"]
        if isinstance(field, forms.ChoiceField):
            field.choices = language_choices()


class LinesField(forms.CharField):
    """A list, one entry on each line; empty lines and repeated entries do not count."""

    def __init__(self, *, label: Any) -> None:  # Any: lazy text
        """A field of some lines that may stay empty."""
        help_text = format_lazy(_("One entry on each line, at most {count}."), count=LONGEST_LIST)
        super().__init__(label=label, required=False, help_text=help_text, widget=forms.Textarea(attrs={"rows": 4}))

    def prepare_value(self, value: Any) -> Any:  # Any: Django's signature
        """The entries as lines."""
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:  # Any: Django's signature
        """The entries. Refuses too many, and too long ones."""
        entries = list(dict.fromkeys(line.strip() for line in str(value or "").splitlines() if line.strip()))
        if len(entries) > LONGEST_LIST:
            raise forms.ValidationError(gettext("There are {count} entries at most.").format(count=LONGEST_LIST))
        if any(len(each) > LONGEST_ENTRY for each in entries):
            raise forms.ValidationError(gettext("An entry has {count} characters at most.").format(count=LONGEST_ENTRY))
        return entries


class SettingsForm(forms.Form):
    """The lists of a person's profile that the services of a car use, by name."""

    favorites = LinesField(label=_("Favorites"))
    stations = LinesField(label=_("Radio stations"))
    weather_places = LinesField(label=_("Places for the weather"))

    def __init__(self, *args: Any, names: Collection[str], **kwargs: Any) -> None:  # Any: Django's signature
        """Only the lists of these names."""
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - set(names):
            del self.fields[name]
