"""What the audit says about a person or a car, in words; and how a person's erasure reaches it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from babel.dates import format_date
from django.apps import apps
from django.db import connection, models, transaction
from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime
from django.utils.translation import get_language

from vettura.foundation import clock
from vettura.foundation.audit import labels
from vettura.foundation.audit.acting import said
from vettura.foundation.audit.columns import Kind
from vettura.foundation.audit.triggers import ERASURE_SETTING, TABLE
from vettura.foundation.audit.words import in_audit as _
from vettura.foundation.models import AuditEntry
from vettura.foundation.periods import locale_of

Cell = Any  # a value of any column, as JSON
HIDDEN = "•"


@dataclass(frozen=True)
class Change:
    """One column: what it was and what it is, in words. `is_erased` where the person's data are gone."""

    label: str
    before: str
    after: str
    # a secret: it changed, and that is all
    is_hidden: bool = False
    is_erased: bool = False


@dataclass(frozen=True)
class Line:
    """One entry, in words; `actor_id` is null where nobody was signed in."""

    id: int
    at: datetime
    kind: str
    thing: str
    operation: str
    changes: tuple[Change, ...]
    channel: str
    channel_code: str
    origin: str
    reason: str
    request_id: str
    actor_id: UUID | None
    person_id: UUID | None
    car_id: UUID | None


@dataclass(frozen=True)
class Entries:
    """A page of entries, the newest first. `next_before` leads on; null on the last page."""

    lines: tuple[Line, ...]
    next_before: int | None


def entries_about(
    *,
    person: UUID | None = None,
    car: UUID | None = None,
    kind: str = "",
    since: date | None = None,
    until: date | None = None,
    by_others_only: bool = False,
    before: int | None = None,
    limit: int = 50,
) -> Entries:
    """
    What was changed about a person, about a car, or about both together, in one query; days are of the current time zone.

    `by_others_only` leaves out what the person did alone and what happened by itself. Who may read it decides the caller.
    """
    if person is None and car is None:
        raise ValueError("about whom or which car?")
    rows: QuerySet[AuditEntry] = AuditEntry.objects.order_by("-id")
    if person is not None:
        rows = rows.filter(person_id=person)
    if car is not None:
        rows = rows.filter(car_id=car)
    if by_others_only:
        rows = rows.exclude(actor_id=None).exclude(actor_id=person)
    if kind:
        rows = rows.filter(kind=kind)
    if since is not None:
        rows = rows.filter(at__date__gte=since)
    if until is not None:
        rows = rows.filter(at__date__lte=until)
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = list(rows[: limit + 1])
    return Entries(
        lines=tuple(_line(each) for each in found[:limit]),
        next_before=found[limit - 1].id if len(found) > limit else None,
    )


def _line(entry: AuditEntry) -> Line:
    model = _models().get(entry.table)
    fields = {str(field.column): field for field in model._meta.concrete_fields} if model is not None else {}
    # whose row it is stands above the list, and the row's own number tells nobody anything
    plain = {str(each) for each in (entry.person_id, entry.car_id, entry.row_id) if each is not None}
    changes = [
        _change(name, cells, fields.get(name))
        for name, cells in sorted(entry.changes.items(), key=lambda each: _place(each[0], fields))
        if not (cells is not None and plain & {str(cell) for cell in cells if cell is not None} and None in cells)
    ]
    return Line(
        id=entry.id,
        at=entry.at,
        kind=str(Kind(entry.kind).label) if entry.kind in Kind.values else entry.kind,
        thing=labels.of_table(entry.table, model),
        operation=labels.of_operation(entry.operation),
        changes=tuple(changes),
        channel=labels.of_channel(entry.channel),
        channel_code=entry.channel,
        origin=entry.origin,
        reason=entry.reason,
        request_id=entry.request_id,
        actor_id=entry.actor_id,
        person_id=entry.person_id,
        car_id=entry.car_id,
    )


def _models() -> dict[str, type[models.Model]]:
    return {model._meta.db_table: model for model in apps.get_models()}


def _place(column: str, fields: dict[str, Any]) -> int:  # Any: a field of any kind
    names = list(fields)
    return names.index(column) if column in fields else len(names)


def _change(column: str, cells: list[Cell] | None, field: Any) -> Change:  # Any: a field of any kind
    label = labels.of_column(column, field)
    if cells is None:
        return Change(label, "", "", is_erased=True)
    before, after = (_word(cell, field) for cell in cells)
    return Change(label, before, after, is_hidden=HIDDEN in cells)


def _word(cell: Cell, field: Any) -> str:  # Any: a field of any kind
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(_("yes")) if cell else str(_("no"))
    if isinstance(field, models.DateTimeField) and isinstance(cell, str) and (moment := parse_datetime(cell)):
        local = localtime(moment)
        return f"{format_date(local, 'long', locale=locale_of(get_language() or 'en'))}, {local:%H:%M}"
    if isinstance(cell, list):
        return ", ".join(str(each) for each in cell)
    choices = dict(field.flatchoices) if field is not None else {}
    return str(choices.get(cell, cell))


@transaction.atomic
def erase(*, person: UUID) -> int:
    """
    This will empty every entry about a person and say how many it were: contents and reasons go, the facts stay.

    What stays is that something was changed, when, by whom and by which way. Doing it again changes nothing. The
    erasure is an entry of its own. It belongs into the transaction that erases the person.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT set_config('{ERASURE_SETTING}', %s, true)", [str(person)])
        cursor.execute(
            f"""
            UPDATE {TABLE} SET reason = '', changes = (
                SELECT coalesce(jsonb_object_agg(name, NULL), '{{}}') FROM jsonb_object_keys(changes) AS name)
            WHERE person_id = %s AND (reason <> '' OR EXISTS (
                SELECT FROM jsonb_each(changes) WHERE value <> 'null'))
            """,  # noqa: S608  # our own constants
            [person],
        )
        erased = int(cursor.rowcount)
        cursor.execute(f"SELECT set_config('{ERASURE_SETTING}', '', true)")
    if erased:
        told = said()
        AuditEntry.objects.create(
            at=clock.now(),
            kind=Kind.ERASURE,
            table=TABLE,
            row_id=str(person),
            operation="erased",
            changes={},
            person_id=person,
            actor_id=told["actor"],
            channel=told["channel"] or "",
            origin=told["origin"] or "",
            reason=told["reason"] or "",
            request_id=told["request"] or "",
        )
    return erased
