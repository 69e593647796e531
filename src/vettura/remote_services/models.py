"""What we remember of remote services: what cars have told by themselves."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from vettura.foundation.audit import not_audited
from vettura.foundation.ids import new_id


class IncidentKind(models.TextChoices):
    """What a car has told."""

    VALET_SPEED = "valet_speed", _("Valet alarm: too fast")
    VALET_AREA = "valet_area", _("Valet alarm: area left")
    SPEED = "speed", _("Speed alarm")
    LOCATION_ENTERED = "location_entered", _("Area entered")
    LOCATION_LEFT = "location_left", _("Area left")
    BREAKDOWN = "breakdown", _("Call for roadside help")


@not_audited("what a car tells by itself; nobody writes or changes it, and it is deleted with its time")
class Incident(models.Model):
    """
    An alarm that tripped in a car, or a call for help: where (degrees), how fast (km/h), and when (world time).

    `alarm_id` and `name` are those of the alarm as it was set; 0 and empty where there is one only.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    vehicle = models.ForeignKey("vehicles.Vehicle", on_delete=models.CASCADE, related_name="incidents")
    kind = models.CharField(max_length=20, choices=IncidentKind.choices)
    alarm_id = models.PositiveIntegerField(default=0)
    name = models.CharField(max_length=60, blank=True)
    latitude = models.FloatField()
    longitude = models.FloatField()
    speed = models.FloatField(default=0)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["vehicle", "-at"], name="incidents_of_vehicle"),
            models.Index(fields=["at"], name="incidents_to_forget"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"
