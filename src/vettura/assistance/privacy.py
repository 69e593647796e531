"""A person's data in this context: their cases."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from vettura.assistance.models import Case, CaseEntry
from vettura.foundation.archive import exports
from vettura.foundation.privacy import Person


@dataclass
class CaseEntryRow:
    """A line of a case's timeline."""

    what: str
    text: str
    at: datetime


@dataclass
class CaseRow:
    """Something that the person asked for."""

    number: str
    kind: str
    status: str
    channel: str
    sender: str
    vin: str
    subject: str
    text: str
    opened_at: datetime
    due_at: datetime
    closed_at: datetime | None
    timeline: list[CaseEntryRow]


@exports("cases", title=_("Your cases with Assistance"), row=CaseRow, of=(Case, CaseEntry))
def cases(person: Person) -> Iterator[CaseRow]:
    """The oldest first. Who works on them is not named."""
    found = Case.objects.filter(account_id=person.id).select_related("vehicle").prefetch_related("entries")
    for case in found.order_by("opened_at", "id"):
        yield CaseRow(
            number=case.number,
            kind=case.kind,
            status=case.status,
            channel=case.channel,
            sender=case.sender,
            vin=case.vehicle.vin if case.vehicle else "",
            subject=case.subject,
            text=case.text,
            opened_at=case.opened_at,
            due_at=case.due_at,
            closed_at=case.closed_at,
            timeline=[
                CaseEntryRow(each.what, each.text, each.at)
                for each in sorted(case.entries.all(), key=lambda each: each.at)
            ],
        )
