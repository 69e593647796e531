"""Mails, SMS and notes to browsers with their delivery state, and the inbox."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vettura.foundation.ids import new_id


class Delivery(models.TextChoices):
    """What became of a mail or an SMS."""

    QUEUED = "queued", _("queued")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")


class Outgoing(models.Model):
    """What mail and SMS have in common."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    recipient_id = models.UUIDField(null=True, db_index=True)
    to = models.CharField(max_length=254)
    language = models.CharField(max_length=5)
    status = models.CharField(max_length=10, choices=Delivery.choices, default=Delivery.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    # what the provider said when it did not take it: a code, never the text
    problem = models.CharField(max_length=200, blank=True)
    provider_reference = models.CharField(max_length=200, blank=True)
    queued_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    # encrypted, and emptied once sent
    sealed_content = models.BinaryField(null=True)

    class Meta:
        abstract = True


class Mail(Outgoing):
    """A mail to one address."""

    template = models.CharField(max_length=100)
    subject = models.CharField(max_length=200)
    # the last letter to somebody whose data are erased: nothing of it stays once it is sent or given up
    is_farewell = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~Q(status="sent") | Q(sealed_content=None), name="sent_mail_keeps_no_content"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.status}"


class Sms(Outgoing):
    """A text message to one number."""

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~Q(status="sent") | Q(sealed_content=None), name="sent_sms_keeps_no_content"
            ),
        ]

    def __str__(self) -> str:
        return self.status


class PushKind(models.TextChoices):
    """What a phone or a browser may be told of; each of them chooses for itself."""

    ALARM = "alarm", _("Alarms of your vehicles")
    COMMAND = "command", _("What you asked of a vehicle and was not done")
    CONTRACT = "contract", _("Orders, invoices and cards")
    ACCOUNT = "account", _("Your account")


class PushSubscription(models.Model):
    """
    A browser or phone that wants to be told, where its push service takes notes for it, and what it wants to know.

    The address is a key: whoever knows it can send there. `grant_id` is the sign-in of the program that subscribed: it ends with it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    recipient_id = models.UUIDField()
    client_id = models.CharField(max_length=100, blank=True)
    grant_id = models.UUIDField(null=True, db_index=True)
    endpoint = models.CharField(max_length=1000, unique=True)
    p256dh = models.CharField(max_length=100)
    # encrypted
    sealed_auth = models.BinaryField()
    kinds = ArrayField(models.CharField(max_length=10, choices=PushKind.choices))
    created_at = models.DateTimeField()
    # when a push service last took something for it
    told_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["recipient_id", "created_at"], name="push_subscriptions_of"),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.id}"


class Push(Outgoing):
    """A note to one browser; `to` is the name of its push service."""

    subscription = models.ForeignKey(PushSubscription, on_delete=models.CASCADE, related_name="pushes")
    kind = models.CharField(max_length=10, choices=PushKind.choices)
    topic = models.CharField(max_length=32)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~Q(status="sent") | Q(sealed_content=None), name="sent_push_keeps_no_content"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.status}"


class Message(models.Model):
    """A message in somebody's inbox."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    recipient_id = models.UUIDField()
    kind = models.CharField(max_length=40)
    language = models.CharField(max_length=5)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    posted_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["recipient_id", "-posted_at"], name="inbox_newest_first"),
            models.Index(fields=["recipient_id"], condition=Q(read_at=None), name="inbox_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class MessageAttachment(models.Model):
    """A file that came with a message."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=100)
    content = models.BinaryField()

    def __str__(self) -> str:
        return self.name
