"""What people type about destinations."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vettura.navigation import queries, rules
from vettura.navigation.errors import PROBLEMS
from vettura.navigation.models import Destination, Kind
from vettura.navigation.rules import Draft
from vettura_wire import destinations as wire

CATEGORY_NAMES = {
    "home": _("Home"),
    "work": _("Work"),
    "food": _("Food and drink"),
    "shop": _("Shopping"),
    "sight": _("Sight"),
    "charging": _("Charging"),
    "parking": _("Parking"),
    "other": _("Other"),
}
LARGEST_FILE = 1_000_000


class DestinationForm(forms.Form):
    """One entry: where it is may be picked from the known places, typed as a position, or left to the address."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices, widget=forms.RadioSelect)
    name = forms.CharField(label=_("Name"), required=False)
    place = forms.ChoiceField(
        label=_("Known place"), required=False, help_text=_("Its position is taken, and its name if you give none.")
    )
    address = forms.CharField(label=_("Address"), required=False)
    latitude = forms.FloatField(
        label=_("Latitude"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        help_text=_("In degrees, such as 45.0703. The car guides to positions only."),
        error_messages={"invalid": PROBLEMS["latitude_unfit"]},
    )
    longitude = forms.FloatField(
        label=_("Longitude"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"invalid": PROBLEMS["longitude_unfit"]},
    )
    category = forms.ChoiceField(label=_("Category"), choices=list(CATEGORY_NAMES.items()))
    note = forms.CharField(label=_("Note"), required=False)

    def __init__(self, *args: Any, row: Destination | None = None, **kwargs: Any) -> None:  # handed on as they came
        """An empty form, or one with an entry in it; the known places come from the pack."""
        initial: dict[str, Any] = {"kind": wire.DESTINATION, "category": "other"}
        if row is not None:
            initial = {name: getattr(row, name) for name in rules.FIELDS}
        super().__init__(*args, **{"initial": initial, **kwargs})
        self.places = {f"{each.country}:{each.name}": each for each in queries.known_places()}
        place = self.fields["place"]
        if isinstance(place, forms.ChoiceField):
            place.choices = [("", "–"), *((key, f"{each.name} ({each.country})") for key, each in self.places.items())]
        if not self.places:
            del self.fields["place"]

    @property
    def draft(self) -> Draft:
        """What was typed, once the form is valid."""
        return Draft(**{name: self.cleaned_data[name] for name in rules.FIELDS})

    def clean(self) -> dict[str, Any]:
        """A known place fills in what it knows; what is wrong stands at its field."""
        cleaned: dict[str, Any] = dict(self.cleaned_data)
        picked = self.places.get(cleaned.get("place", ""))
        if picked is not None:
            cleaned["name"] = cleaned.get("name") or picked.name
            cleaned["latitude"], cleaned["longitude"] = float(picked.latitude), float(picked.longitude)
        found = Draft(**{name: cleaned[name] for name in rules.FIELDS if name in cleaned}).tidy()
        for problem in rules.problems_with(found):
            if problem.field not in self.errors and not (problem.code == "nowhere" and self.errors):
                self.add_error(problem.field, forms.ValidationError(PROBLEMS[problem.code], code=problem.code))
        return cleaned | {name: getattr(found, name) for name in rules.FIELDS}


class ImportForm(forms.Form):
    """A file, or lines to be mended from the last try."""

    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_(
            "GPX, or CSV whose first line names the columns: name, address, latitude, longitude, note, category, kind."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.gpx,text/csv,application/gpx+xml"}),
    )
    lines = forms.CharField(
        label=_("Lines to mend"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        """One of the two, and not more than a list can hold."""
        file = self.cleaned_data.get("file")
        if file is None and not self.cleaned_data.get("lines", "").strip():
            self.add_error("file", forms.ValidationError(_("Choose a file."), code="required"))
        elif file is not None and file.size > LARGEST_FILE:
            self.add_error("file", forms.ValidationError(PROBLEMS["too_long"], code="too_long"))
        return self.cleaned_data

    @property
    def data_given(self) -> bytes:
        """The bytes to read, once the form is valid."""
        file = self.cleaned_data.get("file")
        return file.read() if file is not None else str(self.cleaned_data["lines"]).encode()
