"""What is true of cases. Only for Assistance: the ways in ask `works_here` first, the actions ask again."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Case as Choose
from django.db.models import Q, QuerySet, When

from vettura.assistance.errors import CaseNotFound
from vettura.assistance.models import BreakdownCall, Case, CaseEntry
from vettura.foundation.errors import NotFound
from vettura.identity.models import Account
from vettura.vehicles import queries as cars
from vettura.vehicles.models import Vehicle

VIEWS = ("open", "mine", "due", "closed")
# as many as a person has at once, and more
CALLS_SHOWN = 5
# somebody stands at the road
FIRST = Choose(When(kind=Case.Kind.BREAKDOWN, then=0), default=1)


def works_here(*, account: Account) -> bool:
    """Whether a person works for Assistance."""
    return account.has_staff_role("assistance")


def cases(*, by: Account, view: str, search: str, at: datetime) -> QuerySet[Case]:
    """A saved view of the queue: `open`, `mine`, `due` (the day has come) or `closed`; breakdowns first, then the most urgent."""
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
    return found.order_by(FIRST, "due_at", "id")


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


# -- a person's own --------------------------------------------------------------------------------------------------

# what the person reads of a timeline; the rest are notes of Assistance
READ_BY_ITS_PERSON = ("added", "replied")


def own_cases(*, account: Account) -> QuerySet[Case]:
    """What a person asked for, the newest first; calls for help have a page of their own."""
    found = Case.objects.filter(account=account).exclude(kind=Case.Kind.BREAKDOWN)
    return found.select_related("vehicle").order_by("-opened_at", "-id")


def own_case(*, account: Account, case_id: UUID) -> Case:
    """A person's own case. Raises CaseNotFound for anybody else's."""
    found = own_cases(account=account).filter(id=case_id).first()
    if found is None:
        raise CaseNotFound
    return found


def conversation(*, case: Case) -> list[CaseEntry]:
    """What the person and Assistance said in a case, the oldest first; notes are not among it."""
    return list(CaseEntry.objects.filter(case=case, what__in=READ_BY_ITS_PERSON).order_by("at", "id"))


# -- calls for help --------------------------------------------------------------------------------------------------

# so long a person still sees how their call ended
ENDED_CALLS_SHOWN = timedelta(days=1)


def open_call_of(*, vehicle: Vehicle) -> BreakdownCall | None:
    """The call for help that goes on for a car, whoever called."""
    return BreakdownCall.objects.filter(vehicle=vehicle).select_related("case", "vehicle").first()


def calls_of(*, account: Account, vin: str, at: datetime) -> list[BreakdownCall]:
    """
    A person's own calls for help, the newest first: the one that goes on for this car, and those that ended within a day. An ended
    call no longer says for which car it was. Raises NotFound for a stranger's car.
    """
    vehicle = cars.vehicle_for(account=account, vin=vin)
    mine = BreakdownCall.objects.filter(case__account=account).select_related("case", "vehicle")
    lately = Q(vehicle=None, case__closed_at__gt=at - ENDED_CALLS_SHOWN)
    return list(mine.filter(Q(vehicle=vehicle) | lately).order_by("-case__opened_at", "-id")[:CALLS_SHOWN])


def call_of(*, account: Account, vin: str, case_id: UUID) -> BreakdownCall:
    """A person's own call for help. Raises NotFound for anybody else's, and for another car's that goes on."""
    vehicle = cars.vehicle_for(account=account, vin=vin)
    found = (
        BreakdownCall.objects.filter(case_id=case_id, case__account=account).select_related("case", "vehicle").first()
    )
    if found is None or found.vehicle not in (None, vehicle):
        raise NotFound
    return found


def breakdown_of(*, case: Case) -> BreakdownCall | None:
    """The call for help that a case is about."""
    return BreakdownCall.objects.filter(case=case).select_related("vehicle").first()
