"""Destinations for tests, made by the actions that portal, app and car use."""

import uuid
from datetime import datetime

from tests import vehicle_facts

from vettura.foundation import clock
from vettura.identity.models import Account
from vettura.navigation import actions
from vettura.navigation.models import Destination, Origin
from vettura.navigation.rules import Draft
from vettura.vehicles.models import Vehicle
from vettura_wire import destinations as wire

TORINO = {"latitude": 45.0703, "longitude": 7.6869}


def draft(**changes: object) -> Draft:
    """A place in Torino unless said."""
    return Draft(**({"name": "Museo", "address": "Via Po 1, Torino", **TORINO, "category": "sight"} | changes))


def destination(
    car: Vehicle, person: Account, *, released: bool = False, by_app: bool = False, **changes: object
) -> Destination:
    """An entry of a person's list for a car."""
    origin = Origin.APP if by_app else Origin.PORTAL
    row = actions.add_destination(by=person, vin=car.vin, draft=draft(**changes), origin=origin)
    if released:
        actions.release(by=person, vin=car.vin)
        row.refresh_from_db()
    return row


def version(*, id: object = None, at: datetime | None = None, **changes: object) -> wire.Destination:
    """A version of an entry as a car makes it, now unless said."""
    words = {} if changes.get("deleted") else {"name": "Museo", **TORINO}
    return wire.Destination(id=str(id or uuid.uuid4()), changed_at=at or clock.real_now(), **(words | changes))


def said_in_car(car: Vehicle, person: Account, entry: wire.Destination) -> None:
    """The car tells of a change that this person made on its screen."""
    vehicle_facts.tell(car, "destination_changed", account_id=str(person.id), entry=wire.to_json(entry))
