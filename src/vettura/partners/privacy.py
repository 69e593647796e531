"""A person's data in this context: for whom they work."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from vettura.foundation.archive import exports, read
from vettura.foundation.erasing import Subject, erases
from vettura.foundation.privacy import Person
from vettura.partners.models import Staff


@dataclass
class WorkRow:
    """The partner for whom the person works."""

    partner: str
    since: datetime


@exports("work", title=_("The partner you work for"), row=WorkRow, of=(Staff,))
def work(person: Person) -> Iterator[WorkRow]:
    """One at most."""
    return read(WorkRow, Staff.objects.filter(account_id=person.id), partner="partner__name")


@erases(_("The work for a partner"), of=(Staff,))
def erased_work(subject: Subject) -> QuerySet[Staff]:
    """One at most. Whoever deleted the account is dismissed already."""
    return Staff.objects.filter(account_id=subject.id)
