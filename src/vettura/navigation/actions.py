"""What can happen to destinations."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import msgspec
from django.db import transaction

from vettura.catalog import queries as catalog
from vettura.foundation import clock
from vettura.foundation.errors import NotFound
from vettura.identity.models import Account
from vettura.navigation import errors, queries, rules
from vettura.navigation.models import AppCalendar, Destination, DestinationList, Origin
from vettura.navigation.rules.exchange import Line
from vettura.vehicle_link import actions as link
from vettura.vehicle_link import queries as link_queries
from vettura.vehicles import queries as vehicles
from vettura.vehicles.models import Vehicle
from vettura_wire import calendar, events
from vettura_wire import destinations as wire

Draft = rules.Draft
Expected = Callable[[Destination], None] | None  # asked while the entry is locked, before it is changed

ENTRIES_REMEMBERED = 2000
"""A list remembers so many entries and deletions; a car that sends more is not doing what a person would."""


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What became of the lines of a file: added, already there, and those to be mended."""

    added: int = 0
    known: int = 0
    left: list[Line] = field(default_factory=list)


@transaction.atomic
def add_destination(*, by: Account, vin: str, draft: Draft, origin: Origin = Origin.PORTAL) -> Destination:
    """
    This will put an entry into the person's list for a car; the car gets it with the next release (NAV-009), or over its
    hotspot if the app made it (NAV-017, NAV-018).

    Raises NotFound for strangers, DestinationUnfit and ListFull. Twice is two entries: programs send an idempotency key.
    """
    vehicle = queries.vehicle_for(account=by, vin=vin)
    mine = _locked_list(by, vehicle)
    _need_room(mine, 1)
    row = _add(mine, _fit(draft), origin)
    _tell(vehicle, row)
    return row


def hold_list(*, by: Account, vin: str) -> None:
    """
    This will let nobody else change the person's list for a car until the caller's transaction ends.

    For whoever decides by the whole of it. Raises NotFound for strangers, NotAllowed.
    """
    _locked_list(by, queries.vehicle_for(account=by, vin=vin))


@transaction.atomic
def change_destination(
    *, by: Account, vin: str, destination_id: UUID, changes: Mapping[str, object], expected: Expected = None
) -> Destination:
    """
    This will change fields of an entry. Raises NotFound for anybody else's, DestinationUnfit, and what `expected` raises
    when the entry is not any more what the caller has seen.
    """
    vehicle = queries.vehicle_for(account=by, vin=vin)
    mine = _locked_list(by, vehicle)
    row = _mine(mine, destination_id)
    if expected is not None:
        expected(row)
    draft = _fit(rules.changed_draft(row, changes))
    if not rules.is_same_place(draft, row):
        _write(row, draft)
        _tell(vehicle, row)
    return row


@transaction.atomic
def delete_destination(*, by: Account, vin: str, destination_id: UUID, expected: Expected = None) -> None:
    """
    This will delete an entry; it can be put back for a while. Twice is once. Raises NotFound for anybody else's, and what
    `expected` raises when the entry is not any more what the caller has seen.
    """
    vehicle = queries.vehicle_for(account=by, vin=vin)
    mine = _locked_list(by, vehicle)
    row = mine.entries.filter(id=destination_id).first()
    if row is None:
        raise NotFound
    if row.deleted_at is None:
        if expected is not None:
            expected(row)
        version = wire.gone(str(row.id), _moment(row))
        rules.put(row, version, at=clock.now())
        row.save()
        _tell(vehicle, row)


@transaction.atomic
def put_back(*, by: Account, vin: str, destination_id: UUID) -> Destination:
    """This will undo the deletion of an entry. Raises NotFound for anybody else's, UndoIsOver, ListFull."""
    vehicle = queries.vehicle_for(account=by, vin=vin)
    mine = _locked_list(by, vehicle)
    row = mine.entries.filter(id=destination_id).first()
    if row is None:
        raise NotFound
    if row.deleted_at is None:
        return row
    if not row.name:
        raise errors.UndoIsOver
    _need_room(mine, 1)
    row.changed_at, row.deleted_at = _moment(row), None
    row.save()
    _tell(vehicle, row)
    return row


@transaction.atomic
def import_destinations(*, by: Account, vin: str, lines: Sequence[Line]) -> Imported:
    """
    This will add the entries of a file that are not there yet; what cannot be added comes back, line by line.

    Importing the same again adds nothing. Raises NotFound for strangers.
    """
    vehicle = queries.vehicle_for(account=by, vin=vin)
    mine = _locked_list(by, vehicle)
    present = [row for row in mine.entries.all() if row.deleted_at is None]
    room = catalog.terms().destinations_per_car - len(present)
    there = {rules.changed_draft(row, {}) for row in present}
    left: list[Line] = []
    added: list[Destination] = []
    known = 0
    for line in lines:
        if line.draft is None:
            left.append(line)
        elif line.draft in there:
            known += 1
        elif len(added) >= room:
            left.append(Line(number=line.number, text=line.text, problem="list_full"))
        else:
            there.add(line.draft)
            added.append(_made(mine, line.draft, Origin.PORTAL))
    Destination.objects.bulk_create(added)
    return Imported(added=len(added), known=known, left=left)


@transaction.atomic
def release(*, by: Account, vin: str) -> queries.Standing:
    """
    This will make the list as it stands available to the car (NAV-009): “Update destination lists in the vehicle”.

    With nothing new it changes nothing. Raises NotFound for strangers.
    """
    vehicle = queries.vehicle_for(account=by, vin=vin)
    mine = _locked_list(by, vehicle)
    entries = list(mine.entries.all())
    waiting = [row for row in entries if rules.change_for_car(row) is not None]
    if waiting or (mine.released_at is None and entries):
        for row in waiting:
            row.released = wire.to_json(rules.version_of(row))
        Destination.objects.bulk_update(waiting, ["released"])
        mine.released_at, mine.taken_at = clock.now(), None
        mine.save(update_fields=["released_at", "taken_at"])
        tell_car(vin=vin)
    return queries.standing(account=by, vehicle=vehicle, entries=entries)


@transaction.atomic
def change_from_car(*, vin: str, account_id: UUID, version: wire.Destination) -> bool:
    """
    This will join a change that a person made in the car with the list; the car hears what counts.

    It says whether the car may say so: not for somebody who does not use it (a guest, a visitor, a former user), not with
    a clock that is far ahead, not about another list's entry, and not without end. Raises NotFound for an unknown VIN.
    """
    vehicle = vehicles.vehicle_by_vin(vin=vin)
    if not any(user.account.id == account_id for user in vehicles.users_of(vehicle=vehicle)):
        return False
    if not rules.is_believed(version, clock.real_now()):
        return False
    mine = _locked_list_of(account_id, vehicle)
    row = Destination.objects.filter(id=version.id).first()
    if row is None and mine.entries.count() >= ENTRIES_REMEMBERED:
        return False
    if row is None:
        row = Destination(id=UUID(version.id), list=mine, origin=Origin.CAR, changed_at=version.changed_at)
        rules.put(row, version, at=clock.now())
    elif row.list_id != mine.id:
        return False
    elif (newest := rules.version_of(row)) != wire.later(newest, version):
        rules.put(row, version, at=clock.now())
    given = rules.released_version_of(row)
    row.released = wire.to_json(version if given is None else wire.later(given, version))
    row.save()
    tell_car(vin=vin)
    return True


@transaction.atomic
def tell_car(*, vin: str) -> None:
    """This will give the car the lists of whoever is signed in there now. Twice is once."""
    # whoever comes second waits here and then reads what the first has written
    link_queries.link_of(vin=vin, lock=True)
    vehicle = vehicles.vehicle_by_vin(vin=vin)
    for name, body in queries.documents(vehicle=vehicle).items():
        version = link.set_document(vin=vin, name=name, body=body)
        if name == events.DESTINATIONS and vehicle.signed_in_account_id:
            DestinationList.objects.filter(account_id=vehicle.signed_in_account_id, vehicle=vehicle).update(
                document_version=version
            )


def note_taken(*, vin: str, version: int, at: datetime) -> None:
    """This will note that the car has taken the release that this version of the document held; the first time counts."""
    DestinationList.objects.filter(
        vehicle__vin=vin, document_version=version, released_at__isnull=False, taken_at=None
    ).update(taken_at=at)


@transaction.atomic
def part(*, vin: str, account_id: UUID) -> None:
    """This will delete the list of a person who no longer uses a car, and take it out of the car. Twice is once."""
    vehicle = vehicles.vehicle_by_vin(vin=vin)
    if any(user.account.id == account_id for user in vehicles.users_of(vehicle=vehicle)):
        return
    DestinationList.objects.filter(account_id=account_id, vehicle=vehicle).delete()
    AppCalendar.objects.filter(account_id=account_id, vehicle=vehicle).delete()
    tell_car(vin=vin)


def forget_deleted(*, before: datetime) -> int:
    """This will empty what was deleted before then, so that only the fact is left; returns how many entries."""
    due = Destination.objects.filter(deleted_at__lte=before).exclude(name="")
    return due.update(name="", address="", note="", latitude=None, longitude=None, category="other")


def _fit(draft: Draft) -> Draft:
    tidy = draft.tidy()
    problems = rules.problems_with(tidy)
    if problems:
        raise errors.DestinationUnfit(field=problems[0].field, problem=str(errors.PROBLEMS[problems[0].code]))
    return tidy


def _locked_list(account: Account, vehicle: Vehicle) -> DestinationList:
    return _locked_list_of(account.id, vehicle)


def _locked_list_of(account_id: UUID, vehicle: Vehicle) -> DestinationList:
    DestinationList.objects.get_or_create(account_id=account_id, vehicle=vehicle)
    return DestinationList.objects.select_for_update().get(account_id=account_id, vehicle=vehicle)


def _need_room(mine: DestinationList, wanted: int) -> None:
    limit = catalog.terms().destinations_per_car
    if mine.entries.filter(deleted_at=None).count() + wanted > limit:
        raise errors.ListFull(limit=limit)


def _mine(mine: DestinationList, destination_id: UUID) -> Destination:
    row = mine.entries.filter(id=destination_id, deleted_at=None).first()
    if row is None:
        raise NotFound
    return row


def _add(mine: DestinationList, draft: Draft, origin: Origin) -> Destination:
    row = _made(mine, draft, origin)
    row.save(force_insert=True)
    return row


def _made(mine: DestinationList, draft: Draft, origin: Origin) -> Destination:
    row = Destination(list=mine, origin=origin)
    _set(row, draft, clock.real_now())
    return row


def _write(row: Destination, draft: Draft) -> None:
    _set(row, draft, _moment(row))
    row.save()


def _set(row: Destination, draft: Draft, moment: datetime) -> None:
    row.changed_at = moment
    for name in rules.FIELDS:
        setattr(row, name, getattr(draft, name))


def _moment(row: Destination) -> datetime:
    """The moment of a change that is made now: after everything that is known of the entry, whichever clock dated it."""
    return wire.moment_after(rules.version_of(row), clock.real_now())


def _tell(vehicle: Vehicle, row: Destination) -> None:
    """What the app made goes to the car at once, to wait there for the phone; everything else waits for a release."""
    if row.origin == Origin.APP and vehicle.signed_in_account_id == row.list.account_id:
        tell_car(vin=vehicle.vin)


# -- the calendar that the app brings ----------------------------------------------------------------------------------


@transaction.atomic
def bring_calendar(*, by: Account, vin: str, entries: Sequence[calendar.CalendarEntry]) -> None:
    """
    This will have the car show these entries of the person's calendar, and no others, while the person is signed in there and a phone
    with the app is in its hotspot (APP-006). Entries that are over are left out; none takes the calendar away. Twice is once.

    Raises NotFound for strangers, CalendarNotTaken for a car whose app brings none, CalendarUnfit.
    """
    vehicle = queries.vehicle_for(account=by, vin=vin)
    if not queries.takes_calendar(vehicle=vehicle):
        raise errors.CalendarNotTaken
    if len(entries) > calendar.MOST_ENTRIES or not all(calendar.fits(each) for each in entries):
        raise errors.CalendarUnfit(most=calendar.MOST_ENTRIES)
    at = clock.now()
    coming = sorted((each for each in entries if each.ends_at > at), key=lambda each: (each.starts_at, each.title))
    if coming:
        AppCalendar.objects.update_or_create(
            account=by,
            vehicle=vehicle,
            defaults={
                "entries": msgspec.to_builtins(coming),
                "brought_at": at,
                "over_at": max(each.ends_at for each in coming),
            },
        )
    else:
        AppCalendar.objects.filter(account=by, vehicle=vehicle).delete()
    tell_car(vin=vin)


@transaction.atomic
def forget_calendars(*, at: datetime) -> int:
    """This will delete calendars whose last entry is over, here and in the cars; returns how many."""
    over = list(AppCalendar.objects.filter(over_at__lte=at).select_related("vehicle"))
    for each in over:
        each.delete()
        tell_car(vin=each.vehicle.vin)
    return len(over)
