"""A request that comes twice is carried out once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from vettura.foundation.errors import KeyReused
from vettura.foundation.idempotency import fingerprint, once
from vettura.foundation.ids import new_id
from vettura.foundation.models import AnsweredRequest

ACCOUNT = new_id()


@pytest.mark.django_db
def test_the_same_key_gets_the_same_answer_and_works_once():
    done: list[int] = []

    def work():
        done.append(1)
        return {"number": len(done)}

    answers = [once(account_id=ACCOUNT, key="a", request_fingerprint=fingerprint("x"), do=work) for _ in range(3)]

    assert answers == [{"number": 1}] * 3


@pytest.mark.django_db
def test_a_key_with_another_request_is_refused():
    once(account_id=ACCOUNT, key="a", request_fingerprint=fingerprint("x"), do=dict)

    with pytest.raises(KeyReused):
        once(account_id=ACCOUNT, key="a", request_fingerprint=fingerprint("y"), do=dict)


@pytest.mark.django_db
def test_a_refused_request_may_be_tried_again():
    def refuse():
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        once(account_id=ACCOUNT, key="a", request_fingerprint=fingerprint("x"), do=refuse)

    assert not AnsweredRequest.objects.exists()
    assert once(account_id=ACCOUNT, key="a", request_fingerprint=fingerprint("x"), do=lambda: 7) == 7


@pytest.mark.django_db(transaction=True)
def test_two_at_once_work_once():
    done: list[int] = []

    def work():
        done.append(1)
        return len(done)

    def ask(_number: int):
        try:
            return once(account_id=ACCOUNT, key="a", request_fingerprint=fingerprint("x"), do=work)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(ask, range(4)))

    assert answers == [1] * 4
