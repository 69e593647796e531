"""A request that comes twice with the same Idempotency-Key is carried out once."""

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from vettura.foundation import clock
from vettura.foundation.errors import KeyReused
from vettura.foundation.models import AnsweredRequest

Json = Any  # JSON of any shape

ANSWERS_ARE_KEPT = timedelta(days=30)


def fingerprint(*parts: Json) -> str:
    """A short hash of what the request asks for."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def once(*, account_id: UUID, key: str, request_fingerprint: str, do: Callable[[], Json]) -> Json:
    """
    This will run `do` and keep its JSON answer; the same key again gives the kept answer.

    A refusal is not kept, so the caller may try again. Two at once: the second waits for the first. Raises KeyReused
    when the key came with another request.
    """
    with transaction.atomic():
        row, is_new = AnsweredRequest.objects.get_or_create(
            account_id=account_id,
            key=key,
            defaults={"fingerprint": request_fingerprint, "answered_at": clock.real_now()},
        )
        if row.fingerprint != request_fingerprint:
            raise KeyReused
        if is_new:
            row.answer = do()
            row.save(update_fields=["answer"])
        return row.answer


def repeatable(
    *, account_id: UUID, program: str, key: str | None, asked: Sequence[Json], do: Callable[[], Json]
) -> Json:
    """
    This will run `do`, once for each key; without a key each time.

    Keys are each program's own: what one has asked is no answer for another. `asked` is everything that the request asks for.
    """
    if key is None:
        return do()
    if program:
        key = fingerprint(program, key)
    return once(account_id=account_id, key=key, request_fingerprint=fingerprint(*asked), do=do)


def forget_answers(*, before: datetime) -> int:
    """This will delete answers given before then (real time) and return how many it were: nobody repeats them any more."""
    return AnsweredRequest.objects.filter(answered_at__lt=before).delete()[0]
