"""What we remember of the link: connections, twins, documents, remote commands, and messages nobody could read."""

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from vettura.foundation.ids import new_id
from vettura_wire import statuses

OPEN_STATUSES = [str(status) for status in statuses.FORWARD]


class VehicleLink(models.Model):
    """The connection to one car: whether it is there, how it reaches us, and the highest command counter given out."""

    vehicle = models.OneToOneField("vehicles.Vehicle", on_delete=models.CASCADE, primary_key=True, related_name="link")
    is_online = models.BooleanField(default=False)
    connected_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(null=True)
    software = models.CharField(max_length=64, blank=True)
    head_unit = models.CharField(max_length=64, blank=True)
    bearer = models.CharField(max_length=16, blank=True)
    radio = models.CharField(max_length=16, blank=True)
    # when and how it last left: by its last will, its good-bye, or its good-bye with a reason; empty while it is there
    left_at = models.DateTimeField(null=True)
    left_because = models.CharField(max_length=16, blank=True, db_default="")
    # by how much the car's clock was ahead of ours at its last hello
    clock_ahead = models.DurationField(db_default=timedelta())
    # real time; as the certificate says with which it last came in
    certificate_expires_at = models.DateTimeField(null=True)
    highest_counter = models.BigIntegerField(default=0)
    # when its last main user parted: what was measured before is not the next one's to see
    history_since = models.DateTimeField(null=True)
    # certificates of this car (SHA-256, hex) that the broker does not let in any more, and when the last one was taken back
    revoked_certificates = ArrayField(models.CharField(max_length=64), null=True)
    certificate_revoked_at = models.DateTimeField(null=True)
    # real time; when the car was woken for a command, as far as it still counts
    woken_at = ArrayField(models.DateTimeField(), null=True)
    # whether somebody outside is told what changes in it
    is_watched = models.BooleanField(db_default=False)
    # the highest sequence of a state report that reached the twin
    state_sequence = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"link to {self.vehicle_id}"


class Signal(models.Model):
    """The newest value of one signal of one car. `measured_at` is world time."""

    pk = models.CompositePrimaryKey("vehicle_id", "path")
    vehicle = models.ForeignKey("vehicles.Vehicle", on_delete=models.CASCADE, related_name="signals")
    path = models.CharField(max_length=120)
    value = models.JSONField()
    measured_at = models.DateTimeField()
    received_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.path} = {self.value}"


class HistoryPoint(models.Model):
    """
    What one report said of charge (percent), ranges (meters) and mileage (kilometers); null for what it did not say.

    The car's number makes a report that comes again no second point. `is_fine` until the sweep has thinned its hour.
    """

    pk = models.CompositePrimaryKey("vehicle_id", "sequence")
    vehicle = models.ForeignKey("vehicles.Vehicle", on_delete=models.CASCADE, related_name="history", db_index=False)
    sequence = models.BigIntegerField()
    measured_at = models.DateTimeField()
    charge = models.FloatField(null=True)
    electric_range = models.IntegerField(null=True)
    fuel_range = models.IntegerField(null=True)
    mileage = models.FloatField(null=True)
    is_fine = models.BooleanField(db_default=True)

    class Meta:
        indexes = [
            models.Index(fields=["vehicle", "measured_at"], name="history_of_vehicle"),
            models.Index(fields=["measured_at"], condition=Q(is_fine=True), name="history_to_thin"),
            models.Index(fields=["measured_at"], condition=Q(is_fine=False), name="history_to_forget"),
        ]

    def __str__(self) -> str:
        return f"{self.vehicle_id} {self.measured_at}"


class PrivacySpan(models.Model):
    """A time in which a car was in privacy mode; open while `ended_at` is null. History has a gap there."""

    id = models.BigAutoField(primary_key=True)
    vehicle = models.ForeignKey("vehicles.Vehicle", on_delete=models.CASCADE, related_name="privacy_spans")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vehicle"], condition=Q(ended_at=None), name="one_open_privacy_span")
        ]

    def __str__(self) -> str:
        return f"{self.vehicle_id} {self.began_at}"


class Document(models.Model):
    """What a car should hold under a name; the version grows with each change of the body."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    vehicle = models.ForeignKey("vehicles.Vehicle", on_delete=models.CASCADE, related_name="documents")
    name = models.CharField(max_length=32)
    version = models.PositiveIntegerField()
    body = models.JSONField()
    changed_at = models.DateTimeField()
    # the newest version that the car said it has put to use
    acknowledged_version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vehicle", "name"], name="one_document_per_name")]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class RemoteCommand(models.Model):
    """A signed order to one car. `issued_at` and `expires_at` are real time; `requested_at` is world time."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    vehicle = models.ForeignKey("vehicles.Vehicle", on_delete=models.CASCADE, related_name="commands")
    account_id = models.UUIDField()
    type = models.CharField(max_length=32)
    params = models.JSONField(default=dict)
    counter = models.BigIntegerField()
    requested_at = models.DateTimeField()
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    status = models.CharField(max_length=16, choices=[(str(s), str(s)) for s in statuses.Status])
    cause = models.CharField(max_length=48, blank=True)
    # the very bytes that are sent, and sent again; the car's results name their hash
    envelope = models.TextField()
    request_hash = models.CharField(max_length=64)
    last_sent_at = models.DateTimeField(null=True)
    step_count = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vehicle", "counter"], name="one_command_per_counter")]
        indexes = [
            models.Index(fields=["vehicle", "-issued_at"], name="commands_of_vehicle"),
            models.Index(fields=["expires_at"], condition=Q(status__in=OPEN_STATUSES), name="unanswered_commands"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.status}"


class RepeatedWish(models.Model):
    """The id of a request that asked for what was already under way: it is that command, now and whenever it is asked again."""

    id = models.UUIDField(primary_key=True, editable=False)
    command = models.ForeignKey(RemoteCommand, on_delete=models.CASCADE, related_name="repetitions")

    def __str__(self) -> str:
        return f"{self.id} is {self.command_id}"


class CommandStep(models.Model):
    """One move of a command. Ids grow, so a live viewer can say which it saw last. `at` is world time."""

    id = models.BigAutoField(primary_key=True)
    command = models.ForeignKey(RemoteCommand, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=16)
    at = models.DateTimeField()
    cause = models.CharField(max_length=48, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["command", "position"], name="one_step_per_position")]

    def __str__(self) -> str:
        return self.status


class ReceivedEvent(models.Model):
    """Proof that an event of a car was worked on, and what was answered: the same event again gets the same answer."""

    id = models.BigAutoField(primary_key=True)
    vehicle = models.ForeignKey("vehicles.Vehicle", on_delete=models.CASCADE, related_name="received_events")
    event_id = models.CharField(max_length=64)
    type = models.CharField(max_length=64)
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    reply = models.JSONField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vehicle", "event_id"], name="one_event_per_id")]

    def __str__(self) -> str:
        return f"{self.type} {self.event_id}"


class ParkedMessage(models.Model):
    """A message from a car that nobody could read or work on, kept for people to look at."""

    id = models.BigAutoField(primary_key=True)
    topic = models.CharField(max_length=200)
    payload = models.BinaryField()
    reason = models.TextField()
    received_at = models.DateTimeField()
    # the place in the broker's stream: the same message is parked once
    stream_sequence = models.BigIntegerField(unique=True)

    def __str__(self) -> str:
        return f"{self.topic}: {self.reason}"
