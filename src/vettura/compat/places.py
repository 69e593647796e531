"""
What a person keeps of places for a car, in the foreign words and back: the list, an entry of it, and “send to the car”.

No car is asked for any of it: the person's list changes at once, and the car is given the list as it stands, because foreign
clients know no release. `snapshotId` is the tag of the whole list: a change that names another one is refused.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from vettura.compat import kept
from vettura.compat.kept import Unreadable
from vettura.compat.measurements import moment
from vettura.foundation.errors import Outdated
from vettura.identity.models import Account
from vettura.navigation import actions, queries
from vettura.navigation.models import Destination, Kind, Origin
from vettura.vehicles.models import Vehicle

Json = dict[str, Any]

EDIT, DELETE, SEND_TO_CAR = "DESTINATIONS_EDIT", "DESTINATIONS_DELETE", "POI_SEND_TO_CAR"
# some clients wrap the entry, some do not
WRAPPERS = ("destinationEntry", "destination", "poi")
WORDS = {"name": "name", "address": "address", "note": "note"}
KINDS = {kind.value.upper(): kind.value for kind in Kind}
_DIGITS = 24


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A person's list for a car, and its tag."""

    entries: tuple[Json, ...]
    snapshot_id: str


def kept_by(*, account: Account, vehicle: Vehicle) -> Kept:
    """The list as it stands."""
    rows = [row for row in queries.entries_of(account=account, vehicle=vehicle) if row.deleted_at is None]
    entries = tuple(_entry(row) for row in rows)
    told = json.dumps(entries, sort_keys=True).encode()
    return Kept(entries=entries, snapshot_id=hashlib.sha256(told).hexdigest()[:_DIGITS])


def _entry(row: Destination) -> Json:
    told: Json = {"uuid": str(row.id), "name": row.name, "address": row.address, "type": row.kind.upper()}
    if row.note:
        told["note"] = row.note
    if row.latitude is not None and row.longitude is not None:
        told["location"] = f"{row.latitude:.6f},{row.longitude:.6f}"
    return {**told, "lastModified": moment(row.changed_at)}


@transaction.atomic
def carry_out(key: str, payload: Mapping[str, Any], *, account: Account, vehicle: Vehicle) -> None:
    """
    This will change the person's list and give it to the car.

    Raises Unreadable, Outdated, NotFound for an entry that is not there, NotAllowed, and what is wrong with an entry.
    """
    queries.vehicle_for(account=account, vin=vehicle.vin)
    actions.hold_list(by=account, vin=vehicle.vin)
    seen = payload.get("snapshotId")
    if seen is not None and seen != (now := kept_by(account=account, vehicle=vehicle)).snapshot_id:
        raise Outdated(etag=now.snapshot_id)
    CHANGES[key](payload, account, vehicle)
    actions.release(by=account, vin=vehicle.vin)


def _edit(payload: Mapping[str, Any], account: Account, vehicle: Vehicle) -> None:
    """An entry with an id is changed, what is missing in it stays; one without an id is new."""
    entry = _entry_of(payload)
    facts = _facts(entry)
    if "type" in entry:
        facts["kind"] = _kind(entry["type"])
    if entry.get("uuid") is None:
        _add(facts, account, vehicle)
        return
    actions.change_destination(by=account, vin=vehicle.vin, destination_id=_id(entry["uuid"]), changes=facts)


def _delete(payload: Mapping[str, Any], account: Account, vehicle: Vehicle) -> None:
    actions.delete_destination(by=account, vin=vehicle.vin, destination_id=_id(payload.get("uuid")))


def _send(payload: Mapping[str, Any], account: Account, vehicle: Vehicle) -> None:
    """A point of interest; the same place sent again is there already."""
    facts = {**_facts(_entry_of(payload)), "kind": Kind.POI.value}
    draft = actions.Draft(**facts).tidy()
    there = queries.entries_of(account=account, vehicle=vehicle)
    if not any(row.deleted_at is None and _is_same(row, draft) for row in there):
        _add(facts, account, vehicle)


def _is_same(row: Destination, draft: actions.Draft) -> bool:
    return all(
        getattr(row, name) == getattr(draft, name) for name in ("kind", "name", "address", "latitude", "longitude")
    )


def _add(facts: Json, account: Account, vehicle: Vehicle) -> None:
    actions.add_destination(by=account, vin=vehicle.vin, draft=actions.Draft(**facts), origin=Origin.APP)


CHANGES: dict[str, Callable[[Mapping[str, Any], Account, Vehicle], None]] = {
    EDIT: _edit,
    DELETE: _delete,
    SEND_TO_CAR: _send,
}


def _entry_of(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    found = next((payload[name] for name in WRAPPERS if name in payload), payload)
    if not isinstance(found, dict):
        raise Unreadable(next(name for name in WRAPPERS if name in payload))
    return found


def _facts(entry: Mapping[str, Any]) -> Json:
    """What of an entry is said, in our words."""
    facts: Json = {}
    for ours, theirs in WORDS.items():
        value = entry.get(theirs)
        if value is not None and not isinstance(value, str):
            raise Unreadable(theirs)
        if value is not None:
            facts[ours] = value
    if entry.get("location") is not None:
        facts["latitude"], facts["longitude"] = kept.place(entry["location"])
    return facts


def _kind(said: object) -> str:
    if not isinstance(said, str) or said not in KINDS:
        raise Unreadable("type")
    return KINDS[said]


def _id(said: object) -> UUID:
    try:
        return UUID(str(said))
    except ValueError as error:
        raise Unreadable("uuid") from error
