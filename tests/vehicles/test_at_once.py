"""Two at once: the same car is released, accepted and approved by several, and it happens once."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from tests import store_facts
from tests import vehicle_facts as facts

from vettura.foundation.models import OutboxEvent
from vettura.vehicles import actions, queries
from vettura.vehicles.errors import VehicleHasMainUser
from vettura.vehicles.models import Assignment

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def empty_queue(transactional_db):
    store_facts.forget_jobs()
    yield
    store_facts.forget_jobs()


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Do things in several threads that start together; returns what they returned or raised."""
    start, results = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        start.wait()
        try:
            results.append(act())
        except Exception as error:  # noqa: BLE001  # what a thread raises is part of the result
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return results


def main_users(car):
    return Assignment.objects.filter(vehicle=car, role="main_user", until=None).count()


def test_a_car_that_is_released_twice_at_once_is_released_once():
    car = facts.vehicle()
    seller = queries.main_user_of(vehicle=car)
    actions.begin_sale(by=seller, vin=car.vin, buyer_email="buyer@example.org")

    def release():
        return actions.release_sold_vehicle(by=seller, vin=car.vin)

    one, other = at_once(release, release)

    assert one == other
    assert len(facts.mails_to("buyer@example.org")) == 1
    assert OutboxEvent.objects.filter(type__endswith=".MainUserParted").count() == 1


def test_a_buyer_and_a_car_that_is_put_back_at_once_leave_one_main_user():
    car = facts.vehicle()
    seller, buyer = facts.sold_privately(car), facts.person(email="buyer@example.org")
    token, assistant = facts.token_mailed_to("buyer@example.org"), facts.assistant()

    results = at_once(
        lambda: facts.accept(token, buyer),
        lambda: actions.add_again(by=assistant, vin=car.vin, email=seller.email, reason="The buyer stepped back."),
    )

    assert main_users(car) == 1
    assert sum(isinstance(each, VehicleHasMainUser) for each in results) == 1


def test_two_proofs_for_one_car_that_are_approved_at_once_make_one_main_user():
    vin, assistant = facts.new_vin(), facts.assistant()
    claims = [facts.claim(by=facts.person(), vin=vin) for _ in range(2)]

    results = at_once(
        *(
            lambda claim=claim: actions.approve_claim(by=assistant, claim_id=claim.id, reason="It agrees.")
            for claim in claims
        )
    )

    assert main_users(queries.vehicle_by_vin(vin=vin)) == 1
    assert sum(isinstance(each, VehicleHasMainUser) for each in results) == 1
