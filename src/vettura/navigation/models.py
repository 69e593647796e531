"""What we remember of destinations."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from vettura.foundation.audit import not_audited
from vettura.foundation.ids import new_id
from vettura_wire import destinations as wire


class Kind(models.TextChoices):
    """Which of the two lists of a head unit an entry belongs to."""

    DESTINATION = wire.DESTINATION, _("Destination")
    POI = wire.POI, _("Point of interest")


class Origin(models.TextChoices):
    """Where an entry was made: it decides which route takes it to the car (C-30)."""

    PORTAL = "portal", _("Portal")
    APP = "app", _("App")
    CAR = "car", _("Car")


@not_audited("places that a person keeps for themselves; nobody else can change them and nobody answers for them")
class DestinationList(models.Model):
    """
    A person's entries for one car, and how far they came. Whoever changes an entry locks it first.

    `document_version` is the version of the document that last held them; `taken_at` when the car took the last release.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="destination_lists")
    vehicle = models.ForeignKey("vehicles.Vehicle", on_delete=models.CASCADE, related_name="destination_lists")
    released_at = models.DateTimeField(null=True)
    document_version = models.PositiveIntegerField(default=0)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "vehicle"], name="one_destination_list_per_car")]

    def __str__(self) -> str:
        return f"destinations of {self.account_id} for {self.vehicle_id}"


@not_audited("places that a person keeps for themselves; nobody else can change them and nobody answers for them")
class Destination(models.Model):
    """
    One entry in its newest version. `changed_at` is real time: it orders the changes of car and platform.

    `released` is the version that the car was given, as it stands on the wire; null while it knows nothing of the entry.
    """

    # made by whoever made the entry: the platform or a car
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    list = models.ForeignKey(DestinationList, on_delete=models.CASCADE, related_name="entries")
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.DESTINATION)
    origin = models.CharField(max_length=8, choices=Origin)
    name = models.CharField(max_length=wire.LONGEST_NAME, blank=True)
    address = models.CharField(max_length=wire.LONGEST_ADDRESS, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    note = models.CharField(max_length=wire.LONGEST_NOTE, blank=True)
    category = models.CharField(max_length=16, default="other")
    changed_at = models.DateTimeField()
    # world time; set while the entry is deleted
    deleted_at = models.DateTimeField(null=True)
    released = models.JSONField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["list", "name"], name="destinations_by_name"),
            models.Index(
                fields=["deleted_at"],
                condition=models.Q(deleted_at__isnull=False) & ~models.Q(name=""),
                name="destinations_to_forget",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(latitude=None, longitude=None)
                | models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="a_position_is_whole",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


@not_audited("a copy of what stands in the person's own phone; only they bring it and take it away")
class AppCalendar(models.Model):
    """What the app brought of a person's calendar for one car, as it stands on the wire; gone once its last entry is over."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="app_calendars")
    vehicle = models.ForeignKey("vehicles.Vehicle", on_delete=models.CASCADE, related_name="app_calendars")
    entries = models.JSONField(default=list)
    brought_at = models.DateTimeField()
    # when the last entry ends (world time)
    over_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["over_at"], name="calendars_to_forget")]
        constraints = [models.UniqueConstraint(fields=["account", "vehicle"], name="one_calendar_per_person_and_car")]

    def __str__(self) -> str:
        return f"calendar of {self.account_id} for {self.vehicle_id}"
