"""What Assistance types."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vettura.assistance import rules
from vettura.assistance.models import Case
from vettura.foundation.ids import new_id
from vettura.vehicles.models import Vehicle


class OpenCaseForm(forms.Form):
    """A case opened by hand, for somebody who called. The hidden id makes a form that is sent twice one case."""

    case_id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    kind = forms.ChoiceField(label=_("Kind of case"), initial=Case.Kind.QUESTION)
    topic = forms.ChoiceField(label=_("Topic"), choices=Case.Topic.choices, initial=Case.Topic.OTHER)
    subject = forms.CharField(
        label=_("Subject"),
        max_length=rules.LONGEST_SUBJECT,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    text = forms.CharField(
        label=_("What was asked"), max_length=rules.LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 5})
    )
    vin = forms.ChoiceField(label=_("Car"), required=False)
    is_checked = forms.BooleanField(label=_("I made sure that the holder of the account calls."), required=False)

    def __init__(self, *args: Any, cars: Sequence[Vehicle], **more: Any) -> None:  # Any: Django's signature
        super().__init__(*args, **more)
        about, car = self.fields["kind"], self.fields["vin"]
        assert isinstance(about, forms.ChoiceField)
        assert isinstance(car, forms.ChoiceField)
        about.choices = [(Case.Kind.QUESTION, Case.Kind.QUESTION.label), *Case.Kind.choices[:1]]
        car.choices = [("", _("No particular car")), *((each.vin, f"{each.model_name} {each.vin}") for each in cars)]
        if not cars:
            del self.fields["vin"]


class AskForm(forms.Form):
    """A person's question to Assistance. The hidden id makes a form that is sent twice one case."""

    case_id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    topic = forms.ChoiceField(label=_("What is it about?"), choices=Case.Topic.choices)
    vin = forms.ChoiceField(label=_("Car"), required=False)
    text = forms.CharField(
        label=_("Your question"), max_length=rules.LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 6})
    )

    def __init__(self, *args: Any, cars: Sequence[Vehicle], **more: Any) -> None:  # Any: Django's signature
        super().__init__(*args, **more)
        car = self.fields["vin"]
        assert isinstance(car, forms.ChoiceField)
        car.choices = [("", _("No particular car")), *((each.vin, f"{each.model_name} {each.vin}") for each in cars)]
        if not cars:
            del self.fields["vin"]


class HelpForm(forms.Form):
    """A call for help. Where the car is is handed over only if the caller says so; the hidden id makes two of one form one call."""

    case_id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id, required=False)
    phone = forms.CharField(
        label=_("Call me back on"), max_length=30, widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
    )
    text = forms.CharField(
        label=_("What has happened"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    place = forms.ChoiceField(
        label=_("Where the car is"),
        choices=[
            ("car", _("Hand over where the car is, until the case is closed")),
            ("none", _("I say it on the phone")),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, knows_place: bool, **more: Any) -> None:  # Any: Django's signature
        super().__init__(*args, **more)
        if not knows_place:
            del self.fields["place"]

    def call(self) -> dict[str, Any]:
        """What the action is told."""
        given = self.cleaned_data
        with_place = given.get("place") == "car"
        return {name: given[name] for name in ("case_id", "phone", "text")} | {"with_place_of_car": with_place}
