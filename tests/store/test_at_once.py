"""Two at once: the same cart, the same money."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from tests import store_facts as facts

from vettura.billing import actions as billing
from vettura.billing.models import Payment
from vettura.entitlements.models import Contract
from vettura.notifications.models import Mail
from vettura.store import actions
from vettura.store.models import Order

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def empty_queue(transactional_db):
    facts.forget_jobs()
    yield
    facts.forget_jobs()


def at_once(do: Callable[[], object], times: int = 2) -> list[object]:
    """Run the same thing in several threads that start together; returns what they returned or raised."""
    start, results = threading.Barrier(times), []

    def run() -> None:
        start.wait()
        try:
            results.append(do())
        except Exception as error:  # noqa: BLE001  (what a thread raises is part of the result)
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_two_tabs_that_place_the_same_cart_make_one_order_and_pay_once(cards, clock):
    account, car = facts.buyer(cards)
    cart = facts.filled_cart(account, car)

    def press():
        placed = actions.place_order(by=account, cart_id=cart.id, card_id=None)
        return actions.pay_order(order_id=placed.id).status

    results = at_once(press, times=3)

    order = Order.objects.get()
    assert results == ["paid"] * 3
    (paid,) = cards.payments(order.number)
    assert paid["amount_received"] == order.total_amount * 100
    assert Contract.objects.filter(service_id=facts.PAID_SERVICE).count() == 1
    assert Mail.objects.filter(template="store/mail/confirmation").count() == 1


def test_two_captures_take_the_money_once(cards, clock):
    account, car = facts.buyer(cards)
    order = facts.placed_order(account, car)
    Payment.objects.filter(order_id=order.id).update(is_captured_at_once=False)
    payment = billing.settle_payment(payment_id=Payment.objects.get(order_id=order.id).id)
    assert payment.status == Payment.Status.AUTHORIZED

    results = at_once(lambda: billing.capture_later(payment_id=payment.id).status)

    assert results == ["captured", "captured"]
    (paid,) = cards.payments(order.number)
    assert paid["amount_received"] == order.total_amount * 100


def test_two_withdrawals_give_the_money_back_once(cards, clock):
    order = facts.paid_order(cards)

    results = at_once(lambda: actions.withdraw(order_id=order.id, by=order.account).status)
    facts.run_jobs()

    assert results == ["withdrawn", "withdrawn"]
    assert cards.payments(order.number)[0]["amount_refunded"] == order.total_amount * 100
