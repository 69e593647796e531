"""A person's data in this context: their cases."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from vettura.assistance.models import BreakdownCall, Case, CaseEntry, InboundMail
from vettura.foundation.archive import exports
from vettura.foundation.erasing import Obstacle, Subject, erases, hinders
from vettura.foundation.privacy import Person


@dataclass
class CaseEntryRow:
    """A line of a case's timeline."""

    what: str
    text: str
    at: datetime


@dataclass
class CallForHelpRow:
    """What was handed over with a call for help, while it goes on: degrees, and what the car last said of its state."""

    phone: str
    latitude: float | None
    longitude: float | None
    condition: dict[str, Any]


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
    topic: str
    text: str
    tried: str
    opened_at: datetime
    due_at: datetime
    closed_at: datetime | None
    timeline: list[CaseEntryRow]
    call_for_help: CallForHelpRow | None = None


@exports("cases", title=_("Your cases with Assistance"), row=CaseRow, of=(Case, CaseEntry, BreakdownCall))
def cases(person: Person) -> Iterator[CaseRow]:
    """The oldest first. Who works on them is not named."""
    found = Case.objects.filter(account_id=person.id).select_related("vehicle", "breakdown").prefetch_related("entries")
    for case in found.order_by("opened_at", "id"):
        yield CaseRow(
            number=case.number,
            kind=case.kind,
            status=case.status,
            channel=case.channel,
            sender=case.sender,
            vin=case.vehicle.vin if case.vehicle else "",
            subject=case.subject,
            topic=case.topic,
            text=case.text,
            tried=case.tried,
            opened_at=case.opened_at,
            due_at=case.due_at,
            closed_at=case.closed_at,
            timeline=[
                CaseEntryRow(each.what, each.text, each.at)
                for each in sorted(case.entries.all(), key=lambda each: each.at)
            ],
            call_for_help=_call(case),
        )


def _call(case: Case) -> CallForHelpRow | None:
    call: BreakdownCall | None = getattr(case, "breakdown", None)
    return CallForHelpRow(call.phone, call.latitude, call.longitude, call.condition) if call else None


# -- what an erasure does -------------------------------------------------------------------------------------------


def _cases_about(subject: Subject) -> QuerySet[Case]:
    by_address = Q(account=None, sender__iexact=subject.email, opened_at__lte=subject.email_until)
    return Case.objects.filter(Q(account_id=subject.id) | by_address)


@hinders
def open_cases(subject: Subject) -> Iterator[Obstacle]:
    """What the person asked for and nobody has answered yet."""
    for case in _cases_about(subject).filter(status=Case.Status.OPEN).order_by("opened_at"):
        yield Obstacle(
            sentence=gettext("Case {number} is still open. Close it first.").format(number=case.number),
            href=reverse("assistance_desk:case", args=[case.id]),
        )


@erases(
    _("Cases with Assistance, with everything that was written in them"),
    of=(Case, CaseEntry, InboundMail, BreakdownCall),
    before=lambda subject: InboundMail.objects.filter(case__in=_cases_about(subject)).delete(),
)
def erased_cases(subject: Subject) -> QuerySet[Case]:
    """Those of the account, and those whose mail came from the address without anybody knowing whose it is."""
    return _cases_about(subject)
