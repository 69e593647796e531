"""What owners fill in for a remote command, and what the car is sent for it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Json = dict[str, Any]  # an entry of a list, as the wire has it

WEEKDAY_NAMES = [
    ("monday", _("Monday")),
    ("tuesday", _("Tuesday")),
    ("wednesday", _("Wednesday")),
    ("thursday", _("Thursday")),
    ("friday", _("Friday")),
    ("saturday", _("Saturday")),
    ("sunday", _("Sunday")),
]
SEAT_NAMES = {
    "front_left": _("Front left"),
    "front_right": _("Front right"),
    "rear_left": _("Rear left"),
    "rear_right": _("Rear right"),
}
CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class ClimateForm(forms.Form):
    """Temperature and seats for climatization."""

    temperature = forms.TypedChoiceField(label=_("Temperature"), coerce=float)
    seats = forms.MultipleChoiceField(
        label=_("Warm or cool these seats too"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, temperatures: list[int], zones: tuple[str, ...], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["temperature"].choices = [(each, f"{each} °C") for each in temperatures]  # type: ignore[attr-defined]
        if zones:
            self.fields["seats"].choices = [(each, SEAT_NAMES[each]) for each in zones]  # type: ignore[attr-defined]
        else:
            del self.fields["seats"]


class TargetForm(forms.Form):
    """Where charging ends."""

    target_percent = forms.IntegerField(label=_("Target charge in percent"), min_value=0, max_value=100)


class TimerForm(forms.Form):
    """A departure: on weekdays, or once on a date."""

    time = forms.TimeField(label=_("Departure"), widget=CLOCK)
    weekdays = forms.MultipleChoiceField(
        label=_("On these days"), choices=WEEKDAY_NAMES, required=False, widget=forms.CheckboxSelectMultiple
    )
    date = forms.DateField(
        label=_("Or once on"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    climate = forms.BooleanField(label=_("With the cabin at its temperature"), required=False)
    target_percent = forms.IntegerField(label=_("Charged to, in percent"), required=False, min_value=0, max_value=100)

    def clean(self) -> Json:
        """Days or a date, one of them."""
        given: Json = super().clean() or {}
        if bool(given.get("weekdays")) == bool(given.get("date")):
            self.add_error("weekdays", _("Choose days, or one date."))
        return given

    def entry(self) -> Json:
        """The timer as the car takes it, without its id."""
        given = self.cleaned_data
        when = {"date": given["date"].isoformat()} if given["date"] else {"weekdays": given["weekdays"]}
        target = {} if given["target_percent"] is None else {"target_percent": given["target_percent"]}
        climate = {"climate": True} if given["climate"] else {}
        return {"enabled": True, "time": given["time"].strftime("%H:%M"), **when, **climate, **target}


class ProfileForm(forms.Form):
    """How to charge at a place."""

    name = forms.CharField(label=_("Name"), max_length=60)
    minimum_percent = forms.IntegerField(
        label=_("Charge at once to, in percent"), min_value=0, max_value=100, initial=30
    )
    target_percent = forms.IntegerField(label=_("Then on to, in percent"), min_value=0, max_value=100, initial=80)
    begins = forms.TimeField(label=_("Preferably from"), required=False, widget=CLOCK)
    ends = forms.TimeField(label=_("until"), required=False, widget=CLOCK)
    weekdays = forms.MultipleChoiceField(
        label=_("On these days only"), choices=WEEKDAY_NAMES, required=False, widget=forms.CheckboxSelectMultiple
    )
    here = forms.BooleanField(label=_("Only where the car is now"), required=False)

    def clean(self) -> Json:
        """The target is not below the minimum, and a time has two ends."""
        given: Json = super().clean() or {}
        if (given.get("target_percent") or 0) < (given.get("minimum_percent") or 0):
            self.add_error("target_percent", _("This has to be at least as much as before."))
        if bool(given.get("begins")) != bool(given.get("ends")):
            self.add_error("ends", _("Give both times, or none."))
        return given

    def entry(self, place: Json | None) -> Json:
        """The profile as the car takes it, without its id; `place` is where the car is now."""
        given = self.cleaned_data
        entry = {name: given[name] for name in ("name", "minimum_percent", "target_percent")}
        if given["begins"]:
            entry["preferred_times"] = [_preferred(given)]
        if given["here"] and place:
            entry["position"] = {**place, "radius": 300}
        return {"enabled": True, **entry}


def _preferred(given: Json) -> Json:
    days = {"weekdays": given["weekdays"]} if given["weekdays"] else {}
    return {name: given[name].strftime("%H:%M") for name in ("begins", "ends")} | days


class PreferredTimeForm(forms.Form):
    """One more time in which a profile charges up to its target; it may run over midnight, and belongs to the day on which it begins."""

    begins = forms.TimeField(label=_("Preferably from"), widget=CLOCK)
    ends = forms.TimeField(label=_("until"), widget=CLOCK)
    weekdays = forms.MultipleChoiceField(
        label=_("On these days only"), choices=WEEKDAY_NAMES, required=False, widget=forms.CheckboxSelectMultiple
    )

    def entry(self) -> Json:
        """The time as the car takes it."""
        return _preferred(self.cleaned_data)


class SpeedAlarmForm(forms.Form):
    """A speed that is too fast."""

    name = forms.CharField(label=_("Name"), max_length=60)
    limit_kmh = forms.IntegerField(label=_("Faster than, in km/h"), min_value=1, max_value=400)

    def entry(self) -> Json:
        """The alarm as the car takes it, without its id."""
        return {"enabled": True, **self.cleaned_data}


class PlaceSelect(forms.Select):
    """Places to pick, each with its degrees for the map."""

    places: Mapping[str, tuple[float, float]] = {}

    def create_option(self, name: str, value: Any, *args: Any, **more: Any) -> Json:  # Any: Django's signature
        """A place carries where it is."""
        option: Json = super().create_option(name, value, *args, **more)
        if str(value) in self.places:
            latitude, longitude = self.places[str(value)]
            option["attrs"] |= {"data-latitude": f"{latitude:.5f}", "data-longitude": f"{longitude:.5f}"}
        return option


class LocationAlarmForm(forms.Form):
    """A circle around a place: picked, touched on the map, or typed."""

    name = forms.CharField(label=_("Name"), max_length=60)
    place = forms.ChoiceField(label=_("Around"), required=False, widget=PlaceSelect)
    latitude = forms.FloatField(label=_("Latitude"), required=False, min_value=-90, max_value=90)
    longitude = forms.FloatField(label=_("Longitude"), required=False, min_value=-180, max_value=180)
    radius = forms.IntegerField(label=_("Within meters"), min_value=50, max_value=100_000, initial=500)
    on = forms.ChoiceField(
        label=_("Tell me when the car"),
        choices=[("both", _("comes or leaves")), ("enter", _("comes")), ("leave", _("leaves"))],
        widget=forms.RadioSelect,
        initial="both",
    )

    def __init__(self, *args: Any, places: Mapping[str, tuple[str | Promise, float, float]], **more: Any) -> None:
        """`places`: what may be picked, with its name and where it is."""
        super().__init__(*args, **more)
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        assert isinstance(field.widget, PlaceSelect)
        field.choices = [("", _("the place on the map")), *((key, name) for key, (name, _lat, _lon) in places.items())]
        field.widget.places = {key: (latitude, longitude) for key, (_name, latitude, longitude) in places.items()}

    def clean(self) -> Json:
        """A place that was picked fills in where it is; without one it has to be typed."""
        given: Json = super().clean() or {}
        widget = self.fields["place"].widget
        assert isinstance(widget, PlaceSelect)
        picked = widget.places.get(given.get("place") or "")
        if picked is not None:
            given["latitude"], given["longitude"] = picked
        elif not self.errors and (given.get("latitude") is None or given.get("longitude") is None):
            self.add_error("place", _("Pick a place, touch the map, or type where it is."))
        return given

    def entry(self) -> Json:
        """The alarm as the car takes it, without its id."""
        given = self.cleaned_data
        area = {name: given[name] for name in ("latitude", "longitude", "radius")}
        return {"enabled": True, "name": given["name"], "on": given["on"], "area": area}


class PinForm(forms.Form):
    """The PIN once more, before something opens. The key makes that sending the form twice is one command."""

    pin = forms.CharField(
        label=_("PIN"),
        required=False,
        max_length=32,
        strip=True,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off", "autofocus": True}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)
