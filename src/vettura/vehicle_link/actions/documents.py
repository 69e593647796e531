"""What a car should hold: documents by name and version. Their owners set them; the link sees that the car gets them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction

from vettura.foundation import clock
from vettura.vehicle_link import queries
from vettura.vehicle_link.actions.sending import notify, send_down, signed
from vettura.vehicle_link.models import Document, VehicleLink
from vettura_wire import events, payloads, topics

Json = dict[str, Any]  # a JSON object of any shape: its owner decides


@transaction.atomic
def set_document(*, vin: str, name: str, body: Json) -> int:
    """
    This will keep what the car should hold under this name, send it if the car is there, and return its version.

    The same body again changes nothing. Raises NotFound for an unknown VIN. A car that is away gets it with its hello.
    """
    link = queries.link_of(vin=vin, lock=True)
    document, is_new = Document.objects.get_or_create(
        vehicle_id=link.vehicle_id,
        name=name,
        defaults={"version": 1, "body": body, "changed_at": clock.now()},
    )
    if not is_new:
        if document.body == body:
            return document.version
        document.version += 1
        document.body, document.changed_at = body, clock.now()
        document.save(update_fields=["version", "body", "changed_at"])
    if link.is_online:
        _send(vin, document)
    notify({"kind": name, "version": document.version}, vin=vin)
    return document.version


def send_missing_documents(*, lacking: Mapping[str, Sequence[str]]) -> int:
    """This will send cars (by VIN) the documents that each lacks, in their newest version; returns how many."""
    wanted = {(vin, name) for vin, names in lacking.items() for name in names}
    if not wanted:
        return 0
    held = Document.objects.select_related("vehicle").filter(
        vehicle__vin__in={vin for vin, _ in wanted}, name__in={name for _, name in wanted}
    )
    missing = [each for each in held.order_by("name") if (each.vehicle.vin, each.name) in wanted]
    for document in missing:
        _send(document.vehicle.vin, document)
    return len(missing)


def acknowledge_document(*, vin: str, name: str, version: int) -> None:
    """This will note that the car has put a version to use; an older version than the one noted changes nothing."""
    Document.objects.filter(vehicle__vin=vin, name=name, acknowledged_version__lt=version, version__gte=version).update(
        acknowledged_version=version
    )


def set_clock(*, shift_seconds: float, vins: Iterable[str] | None = None) -> None:
    """This will tell the cars (all, or those named) how far world time is ahead; only the demo does."""
    if vins is None:
        vins = VehicleLink.objects.values_list("vehicle__vin", flat=True)
    for vin in vins:
        set_document(vin=vin, name=events.CLOCK, body={"shift_seconds": shift_seconds})


def _send(vin: str, document: Document) -> None:
    payload = payloads.Document(vin=vin, name=document.name, version=document.version, body=document.body)
    send_down(vin=vin, kind=topics.DOCUMENT, message=signed(payload))
