"""Events of cars that the link itself handles."""

from vettura.foundation.uplink import CarEvent, Json, TakenDocument, handles, taker_of
from vettura.vehicle_link import actions
from vettura_wire import events


@handles(events.DOCUMENT_APPLIED)
def document_applied(message: CarEvent) -> Json | None:
    """The car has put a version of a document to use; nothing is replied."""
    name, version = message.data.get("name"), message.data.get("version")
    if isinstance(name, str) and isinstance(version, int):
        actions.acknowledge_document(vin=message.vin, name=name, version=version)
        taker = taker_of(name)
        if taker is not None:
            taker(TakenDocument(message.vin, name, version, message.at))
    return None
