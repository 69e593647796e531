"""What is true of cases. Only for Assistance: the ways in ask `works_here` first, the actions ask again."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from vettura.assistance.errors import CaseNotFound
from vettura.assistance.models import Case, CaseEntry
from vettura.identity.models import Account

VIEWS = ("open", "mine", "due", "closed")


def works_here(*, account: Account) -> bool:
    """Whether a person works for Assistance."""
    return account.has_staff_role("assistance")


def cases(*, by: Account, view: str, search: str, at: datetime) -> QuerySet[Case]:
    """A saved view of the queue: `open`, `mine`, `due` (the day has come) or `closed`; the most urgent first."""
    if not works_here(account=by):
        raise CaseNotFound
    found = Case.objects.select_related("account", "assignee", "vehicle")
    if search:
        found = found.filter(
            Q(number__iexact=search) | Q(sender__icontains=search) | Q(subject__icontains=search)
            | Q(account__email__icontains=search)
        )  # fmt: skip
    if view == "closed":
        return found.filter(status=Case.Status.CLOSED).order_by("-closed_at", "-id")
    found = found.filter(status=Case.Status.OPEN)
    if view == "mine":
        found = found.filter(assignee_id=by.id)
    elif view == "due":
        found = found.filter(due_at__lte=at)
    return found.order_by("due_at", "id")


def counts(*, by: Account, at: datetime) -> dict[str, int]:
    """How many open cases each view has."""
    waiting = Case.objects.filter(status=Case.Status.OPEN)
    return {
        "open": waiting.count(),
        "mine": waiting.filter(assignee_id=by.id).count(),
        "due": waiting.filter(due_at__lte=at).count(),
    }


def case(*, by: Account, case_id: UUID) -> Case:
    """A case, for Assistance. Raises CaseNotFound for everybody else."""
    if not works_here(account=by):
        raise CaseNotFound
    found = Case.objects.select_related("account", "assignee", "vehicle").filter(id=case_id).first()
    if found is None:
        raise CaseNotFound
    return found


def has_asked(*, account: Account) -> bool:
    """Whether there is any case of a person."""
    return Case.objects.filter(account=account).exists()


def latest_cases_of(*, by: Account, account: Account, limit: int) -> list[Case]:
    """What a person asked for, the newest first, for Assistance. Raises CaseNotFound for everybody else."""
    if not works_here(account=by):
        raise CaseNotFound
    return list(Case.objects.filter(account=account).order_by("-opened_at", "-id")[:limit])


def timeline(*, case: Case) -> list[CaseEntry]:
    """What happened in a case, oldest first."""
    return list(CaseEntry.objects.filter(case=case).select_related("by").order_by("at", "id"))
