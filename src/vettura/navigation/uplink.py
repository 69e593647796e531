"""The car comes in: what a person changed in the list on its screen, and what the car has taken."""

from uuid import UUID

from vettura.foundation.uplink import CarEvent, TakenDocument, handles, takes
from vettura.navigation import actions
from vettura_wire import destinations as wire
from vettura_wire import events


@handles(events.DESTINATION_CHANGED)
def destination_changed(message: CarEvent) -> None:
    """This will join the change with the list; what is none, or not the person's, is dropped."""
    version = wire.from_json(message.data.get("entry"))
    account_id = _uuid(message.data.get("account_id"))
    if version is not None and account_id is not None and _uuid(version.id) is not None:
        actions.change_from_car(vin=message.vin, account_id=account_id, version=version)


@takes(events.DESTINATIONS)
def list_taken(document: TakenDocument) -> None:
    """This will note when the car took a release."""
    actions.note_taken(vin=document.vin, version=document.version, at=document.at)


def _uuid(value: object) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None
