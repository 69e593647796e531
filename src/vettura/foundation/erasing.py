"""
What becomes of a person's data when an erasure is carried out: each context decides it for its own models (decision 0018).

A context says in `<context>/privacy.py`, beside what it exports, what it `@erases`, what it `@keeps` because a law asks for
it, what it `@empties` because the row is somebody else's history too, and what it `leaves`. A test walks all models about
people and fails for one without a decision. `@hinders` says what has to be over before anything is erased.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.apps import apps
from django.db.models import Model, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from vettura.foundation import audit
from vettura.foundation.models import AnsweredRequest, AuditEntry, OutboxEvent

Fate = Literal["erased", "emptied", "kept"]


@dataclass(frozen=True, kw_only=True)
class Subject:
    """
    Whose data they are, and when they are erased.

    Rows that know the person by address only count until `email_until`: the address may have a new account since. Where a
    row cannot be without an address, `nobody` takes its place.
    """

    id: UUID
    name: str
    email: str
    email_until: datetime
    nobody: str
    at: datetime


Rows = Callable[[Subject], QuerySet[Any]]  # Any: rows of each context's own models
Work = Callable[[Subject], object]
Until = Callable[[Subject], datetime | None]


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What becomes of the rows of some models; `code` names it for ever, in records of erasures that were carried out."""

    code: str
    what: str | Promise
    fate: Fate
    models: tuple[type[Model], ...]
    rows: Rows
    work: Work
    because: str | Promise = ""
    until: Until | None = None


@dataclass(frozen=True, kw_only=True)
class Line:
    """One decision about one person: how many rows it is about, and what is kept until when."""

    code: str
    what: str
    fate: Fate
    count: int
    because: str = ""
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Obstacle:
    """What has to be over first, in a sentence that says what to do. `href` is a page where one can do it."""

    sentence: str
    href: str = ""


Hindrance = Callable[[Subject], Iterable[Obstacle]]

_decisions: dict[str, Decision] = {}
_left: dict[type[Model], str] = {}
_hindrances: dict[str, Hindrance] = {}


def erases(what: str | Promise, *, of: tuple[type[Model], ...], before: Work | None = None) -> Callable[[Rows], Rows]:
    """This will let the rows that the function names be deleted; `before` lets go of what points at them."""

    def register(rows: Rows) -> Rows:
        def work(subject: Subject) -> None:
            if before is not None:
                before(subject)
            rows(subject).delete()

        return _registered(rows, what=what, fate="erased", models=of, work=work)

    return register


def empties(
    what: str | Promise,
    *,
    of: tuple[type[Model], ...],
    to: Callable[[Subject], Mapping[str, Any]] | None = None,
    by: Work | None = None,
) -> Callable[[Rows], Rows]:
    """
    This will let rows stay that are the history of somebody or something else too, with what they say of the person gone.

    `to` says what their columns hold afterwards, `by` does it where that is not enough.
    """

    def register(rows: Rows) -> Rows:
        def work(subject: Subject) -> None:
            if to is not None:
                rows(subject).update(**to(subject))
            if by is not None:
                by(subject)

        return _registered(rows, what=what, fate="emptied", models=of, work=work)

    return register


def keeps(
    what: str | Promise, *, of: tuple[type[Model], ...], because: str | Promise, until: Until, strip: Work
) -> Callable[[Rows], Rows]:
    """This will let rows stay that a law wants kept: `strip` takes from them what it does not ask for and dates their end."""

    def register(rows: Rows) -> Rows:
        return _registered(rows, what=what, fate="kept", models=of, work=strip, because=because, until=until)

    return register


def leaves(*models: type[Model], because: str) -> None:
    """This will note that nothing about a person is to be erased in these models, and why."""
    _left.update(dict.fromkeys(models, because))


def hinders(hindrance: Hindrance) -> Hindrance:
    """This will let the function say what has to be over before the person can be erased."""
    _hindrances[_code_of(hindrance)] = hindrance
    return hindrance


def decisions() -> list[Decision]:
    """Every decision, in the order in which they are carried out: the highest context first, for rows point down."""
    order = [config.label for config in apps.get_app_configs()]
    return sorted(_decisions.values(), key=lambda each: -order.index(each.code.partition(".")[0]))


def left() -> dict[type[Model], str]:
    """The models in which nothing is to be erased, and why."""
    return dict(_left)


def obstacles(subject: Subject) -> list[Obstacle]:
    """Everything that has to be over first, in the language in force."""
    return [each for hindrance in _hindrances.values() for each in hindrance(subject)]


def plan(subject: Subject) -> list[Line]:
    """What would be erased, emptied and kept now, in the language in force; decisions that concern no row are left out."""
    lines = []
    for each in decisions():
        count = each.rows(subject).count()
        if not count:
            continue
        until = each.until(subject) if each.until is not None else None
        lines.append(
            Line(
                code=each.code,
                what=str(each.what),
                fate=each.fate,
                count=count,
                because=str(each.because),
                until=until,
            )
        )
    return lines


def carry_out(subject: Subject) -> None:
    """This will do what was decided, context by context, in the caller's transaction. Doing it again changes nothing."""
    for each in decisions():
        each.work(subject)


def described(code: str) -> tuple[str, str]:
    """What a decision is about and why it is so, in the language in force; the code itself for one that no longer exists."""
    found = _decisions.get(code)
    return (str(found.what), str(found.because)) if found is not None else (code, "")


def _registered(rows: Rows, **facts: Any) -> Rows:  # Any: the fields of a decision
    code = _code_of(rows)
    if code in _decisions:
        raise LookupError(f"{code} was decided already")
    _decisions[code] = Decision(code=code, rows=rows, **facts)
    return rows


def _code_of(function: Callable[..., object]) -> str:
    return f"{function.__module__.split('.')[1]}.{function.__name__}"


# -- the foundation's own, carried out last ---------------------------------------------------------------------------


@erases(_("Announcements between parts of the platform"), of=(OutboxEvent,))
def events_about(subject: Subject) -> QuerySet[OutboxEvent]:
    """Those that name the person."""
    return OutboxEvent.objects.filter(Q(body__account_id=str(subject.id)) | Q(stream=str(subject.id)))


@hinders
def waiting_events(subject: Subject) -> Iterable[Obstacle]:
    """What was announced about the person and has not reached everybody."""
    if events_about(subject).filter(delivered_at=None).exists():
        yield Obstacle(
            sentence=gettext("Something about this person is still being carried out. Try again in a minute.")
        )


@erases(_("Answers to programs"), of=(AnsweredRequest,))
def answered_requests(subject: Subject) -> QuerySet[AnsweredRequest]:
    """Kept so that a request can be repeated."""
    return AnsweredRequest.objects.filter(account_id=subject.id)


@empties(
    _("What the audit says was changed and why; that something was changed stays"),
    of=(AuditEntry,),
    by=lambda subject: audit.erase(person=subject.id),
)
def audit_entries(subject: Subject) -> QuerySet[AuditEntry]:
    """Everything above is in it as well, so it comes last."""
    return AuditEntry.objects.filter(person_id=subject.id).exclude(reason="", changes={})
