"""A person asks Assistance where no answer helped, and follows what becomes of it (SUP-001, SUP-006, TRB-016)."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from vettura.assistance import errors, queries, rules
from vettura.assistance.actions.cases import note, open_case
from vettura.assistance.actions.telling import tell_of_case
from vettura.assistance.models import Case, CaseEntry
from vettura.foundation import clock
from vettura.foundation.turns import one_at_a_time
from vettura.identity.models import Account
from vettura.vehicles import queries as cars

# no person asks more often in a day
QUESTIONS_A_DAY = 10


def ask_assistance(
    *, by: Account, case_id: UUID, topic: str, text: str, language: str, vin: str = "", tried: Iterable[str] = ()
) -> Case:
    """
    This will open a case for a person and tell them its number in their inbox; the same `case_id` again returns the same case.

    `tried`: lines on what they searched, read and checked before. Raises TextMissing, TooManyCases, and NotFound for a car that is not theirs.
    """
    words = rules.clean_lines(text)[: rules.LONGEST_TEXT]
    if not words:
        raise errors.TextMissing
    vehicle = cars.vehicle_for(account=by, vin=vin) if vin else None
    try:
        # one after the other, so that a limit is one
        with one_at_a_time("assistance.question", str(by.id)), transaction.atomic():
            known = Case.objects.filter(id=case_id, account=by).first()
            if known is not None:
                return known
            since = clock.now() - timedelta(days=1)
            if (
                Case.objects.filter(account=by, channel=Case.Channel.PORTAL, opened_at__gt=since).count()
                >= QUESTIONS_A_DAY
            ):
                raise errors.TooManyCases
            case = open_case(
                kind=Case.Kind.QUESTION,
                channel=Case.Channel.PORTAL,
                language=language,
                topic=Case.Topic(topic),
                subject=words.splitlines()[0][: rules.LONGEST_SUBJECT],
                text=words,
                tried=rules.clean_lines("\n".join(tried))[: rules.LONGEST_TEXT],
                account=by,
                vehicle=vehicle,
                country=by.country,
                case_id=case_id,
            )
            tell_of_case(case, "opened")
            return case
    except IntegrityError:
        # the id is that of somebody else's case
        raise errors.CaseNotFound from None


@transaction.atomic
def add_words(*, by: Account, case_id: UUID, text: str) -> CaseEntry:
    """This will add what a person says further to their own open case. Raises CaseNotFound, CaseEnded, TextMissing."""
    found = (
        Case.objects.select_for_update(of=("self",)).filter(id=queries.own_case(account=by, case_id=case_id).id).get()
    )
    if found.status == Case.Status.CLOSED:
        raise errors.CaseEnded
    words = rules.clean_lines(text)[: rules.LONGEST_TEXT]
    if not words:
        raise errors.TextMissing
    return note(found, "added", by=by, text=words)
