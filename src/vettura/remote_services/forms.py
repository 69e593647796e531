"""What owners fill in for a remote command, and what the car is sent for it."""

from typing import Any

from django import forms
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
            times = {name: given[name].strftime("%H:%M") for name in ("begins", "ends")}
            entry["preferred_times"] = [times]
        if given["here"] and place:
            entry["position"] = {**place, "radius": 300}
        return {"enabled": True, **entry}


class SpeedAlarmForm(forms.Form):
    """A speed that is too fast."""

    name = forms.CharField(label=_("Name"), max_length=60)
    limit_kmh = forms.IntegerField(label=_("Faster than, in km/h"), min_value=1, max_value=400)

    def entry(self) -> Json:
        """The alarm as the car takes it, without its id."""
        return {"enabled": True, **self.cleaned_data}


class LocationAlarmForm(forms.Form):
    """A circle around a place."""

    name = forms.CharField(label=_("Name"), max_length=60)
    latitude = forms.FloatField(label=_("Latitude"), min_value=-90, max_value=90)
    longitude = forms.FloatField(label=_("Longitude"), min_value=-180, max_value=180)
    radius = forms.IntegerField(label=_("Within meters"), min_value=50, max_value=100_000, initial=500)
    on = forms.ChoiceField(
        label=_("Tell me when the car"),
        choices=[("both", _("comes or leaves")), ("enter", _("comes")), ("leave", _("leaves"))],
        widget=forms.RadioSelect,
        initial="both",
    )

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
