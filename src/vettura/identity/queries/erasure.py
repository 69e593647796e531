"""What staff may ask about erasures: the requests, and what carrying one out would mean."""

from uuid import UUID

from django.db.models import Q, QuerySet

from vettura.foundation import clock, erasing
from vettura.foundation.erasing import Line, Obstacle, Subject
from vettura.foundation.errors import NotFound
from vettura.foundation.panels import panels
from vettura.identity import rules
from vettura.identity.models import Account, ErasureRequest
from vettura.identity.queries.desk import looks_after_everybody, works_with_people


def employer_of(*, account: Account) -> tuple[UUID, str] | None:
    """Id and name of the partner that a person works for."""
    for employer in panels("desk_employer"):
        found: tuple[UUID, str] | None = employer(account=account)  # type: ignore[assignment]  # a panel answers anything
        if found is not None:
            return found
    return None


def erasure_requests(*, by: Account, is_open: bool) -> QuerySet[ErasureRequest]:
    """
    Requests, those that are due first at the top; those that are over with the latest first.

    All for Assistance, for staff of a partner those that went through it. Raises NotFound for everybody else.
    """
    if not works_with_people(account=by):
        raise NotFound
    found = ErasureRequest.objects.select_related("account", "asked_by")
    if not looks_after_everybody(account=by):
        employer = employer_of(account=by)
        if employer is None:
            raise NotFound
        found = found.filter(partner_id=employer[0])
    is_over = Q(done_at__isnull=False) | Q(taken_back_at__isnull=False)
    return (
        found.exclude(is_over).order_by("due_at", "id")
        if is_open
        else found.filter(is_over).order_by("-asked_at", "-id")
    )


def erasure_request(*, by: Account, request_id: UUID) -> ErasureRequest:
    """A request as Assistance sees it. Raises NotFound for everybody else: it shows more of a person than a partner may know."""
    if not looks_after_everybody(account=by):
        raise NotFound
    found = ErasureRequest.objects.select_related("account", "asked_by", "done_by").filter(id=request_id).first()
    if found is None:
        raise NotFound
    return found


def erasure_of(*, account: Account) -> ErasureRequest | None:
    """The request about a person that is open."""
    return ErasureRequest.objects.filter(account=account, done_at=None, taken_back_at=None).first()


def erasures_of(*, account: Account) -> list[ErasureRequest]:
    """Every request about a person, the oldest first."""
    return list(
        ErasureRequest.objects.filter(account=account).select_related("asked_by", "done_by").order_by("asked_at")
    )


def subject_of(*, account: Account) -> Subject:
    """The person as those parts know it that say what an erasure does."""
    at = clock.now()
    is_taken = Account.objects.filter(email=account.address).exclude(id=account.id).exists()
    return Subject(
        id=account.id,
        name=account.name,
        email=account.address,
        email_until=(account.deleted_at or at) if is_taken else at,
        nobody=rules.address_of_nobody(account.id),
        at=at,
    )


def erasure_plan(*, account: Account) -> list[Line]:
    """What an erasure would do to this person's data now, in numbers."""
    return erasing.plan(subject_of(account=account))


def obstacles_to_erasure(*, account: Account) -> list[Obstacle]:
    """What has to be over first."""
    return erasing.obstacles(subject_of(account=account))
