"""The store's world: a card provider to pay with, people with address and card, orders. And the jobs that a worker would do."""

import itertools
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from django.conf import settings as django_settings
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob
from starlette.applications import Starlette
from starlette.routing import Mount
from tests import vehicle_facts

from vettura.billing import actions as billing
from vettura.billing.models import CardEntry, SavedCard
from vettura.entitlements import actions as entitlements
from vettura.foundation import jobs
from vettura.identity.models import Account
from vettura.store import actions as store
from vettura.store import queries
from vettura.store.models import Cart, Order
from vettura.vehicles.models import Vehicle
from vettura_sandbox.cards.app import create_app

WORKS, DECLINES_WHEN_SAVED, DECLINES = "4242424242424242", "4000000000000002", "4000000000000341"
CHALLENGES_WHEN_SAVED, CHALLENGES = "4000002500003155", "4000000000003220"
NO_FUNDS, AMEX, DINERS = "4000000000009995", "378282246310005", "30569309025904"
# bought most often in tests: no free term, a year, renewable
PAID_OFFER, PAID_SERVICE = "music_year", "music_streaming"
PUBLIC_KEY, SECRET_KEY, WEBHOOK_SECRET = "pk_test_sandbox", "sk_test_sandbox", "whsec_sandbox"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class CardProvider:
    """The sandbox, with what a person's browser and hands do there."""

    url: str

    def type_card(self, entry: CardEntry, secret: str, number: str = WORKS, **more: str) -> httpx.Response:
        """Type a card into the form of an entry, as the provider's script does."""
        typed = {
            "number": number,
            "exp_month": "12",
            "exp_year": "2030",
            "cvc": "1234" if number == AMEX else "123",
            **more,
        }
        return httpx.post(
            f"{self.url}/v1/setup_intents/{entry.reference}/confirm",
            data={"client_secret": secret, **{f"payment_method_data[card][{k}]": v for k, v in typed.items()}},
            headers={"authorization": f"Bearer {PUBLIC_KEY}"},
        )

    def answer_challenge(self, url: str, *, approve: bool = True) -> str:
        """Answer the bank's question; returns where the browser is sent."""
        answer = httpx.post(url, data={"answer": "approve" if approve else "refuse"})
        return answer.headers.get("location", "")

    def steer(self, **wishes: str) -> None:
        """Set a switch of the sandbox's page."""
        httpx.post(f"{self.url}/steer", data=wishes)

    def get(self, path: str) -> dict[str, Any]:
        """An object of the provider's API."""
        return dict(httpx.get(f"{self.url}/v1/{path}", headers={"authorization": f"Bearer {SECRET_KEY}"}).json())

    def payments(self, order_number: str) -> list[dict[str, Any]]:
        """What the provider knows of an order's payment, from its events."""
        found = {
            event["data"]["object"]["id"]
            for event in self.get("events")["data"]
            if event["data"]["object"].get("metadata", {}).get("order") == order_number
        }
        return [self.get(f"payment_intents/{each}") for each in sorted(found)]


@contextmanager
def running(app: Starlette) -> Iterator[str]:
    """An application on a free port of this machine, as long as the block lasts."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="on"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    while not server.started:
        threading.Event().wait(0.01)
    yield url
    server.should_exit = True
    thread.join(timeout=10)
    listener.close()


@contextmanager
def running_card_provider(folder: Path, webhook_url: str = "") -> Iterator[CardProvider]:
    """The card sandbox at the path that it has in the demo."""
    cards = create_app(
        folder,
        webhook_url=webhook_url,
        webhook_secret=WEBHOOK_SECRET,
        secret_key=SECRET_KEY,
        publishable_key=PUBLIC_KEY,
    )
    with running(Starlette(routes=[Mount("/sandbox/cards", cards)])) as url:
        yield CardProvider(f"{url}/sandbox/cards")


@pytest.fixture(scope="session")
def card_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CardProvider]:
    """One card provider for all tests of a run."""
    with running_card_provider(tmp_path_factory.mktemp("cards")) as provider:
        yield provider


def providers_with(cards: CardProvider) -> Any:
    """The setting that makes a card provider the one in force."""
    return replace(
        django_settings.VETTURA_PROVIDERS,
        cards_url=cards.url,
        cards_key=SECRET_KEY,
        cards_public_key=PUBLIC_KEY,
        cards_webhook_secret=WEBHOOK_SECRET,
    )


@pytest.fixture
def cards(card_sandbox: CardProvider, settings: Any) -> CardProvider:
    """The card provider, in force."""
    settings.VETTURA_PROVIDERS = providers_with(card_sandbox)
    card_sandbox.steer(next="", outage="off")
    return card_sandbox


def run_jobs() -> int:
    """Do what a worker would do now, until nothing is left; returns how many jobs ran."""
    done = 0
    while (job := ProcrastinateJob.objects.filter(status="todo").order_by("-priority", "id").first()) is not None:
        _mark_done(job.id)
        if job.task_name.startswith("notifications."):
            continue
        jobs.app().tasks[job.task_name](**job.args)
        done += 1
    return done


def _mark_done(job_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = %s", [job_id])


def forget_jobs() -> None:
    """Drop every job: tests that commit would leave theirs to the next test, for Django does not empty the queue's tables."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


def saved_card(
    cards: CardProvider, account: Account, number: str = WORKS, *, country: str = "IT", **more: str
) -> SavedCard:
    """A card that the person entered at the provider."""
    entry, form = billing.begin_card(account=account)
    entry.refresh_from_db()
    answer = cards.type_card(entry, form.client_secret, number, **more)
    assert answer.status_code == 200, answer.text
    action = answer.json()["next_action"]
    if action:
        cards.answer_challenge(action["redirect_to_url"]["url"])
    return billing.finish_card(account=account, entry_id=entry.id, country=country)


def billing_address(account: Account, *, country: str = "IT") -> None:
    """Where the person's invoices go."""
    billing.save_billing_address(
        account=account,
        name=account.name,
        company="",
        street="Via Roma 1",
        postal_code="10121",
        city="Torino",
        country=country,
    )


def buyer(cards: CardProvider | None = None, *, number: str = WORKS, country: str = "IT") -> tuple[Account, Vehicle]:
    """A main user with a car, a billing address, and a saved card where there is a provider."""
    account = vehicle_facts.person(country=country)
    car = vehicle_facts.vehicle(main_user=account, country=country)
    billing_address(account, country=country)
    if cards is not None:
        saved_card(cards, account, number, country=country)
    return account, car


def filled_cart(account: Account, car: Vehicle, *offers: str) -> Cart:
    """A cart with offers for the car."""
    for offer_id in offers or (PAID_OFFER,):
        cart = store.add_to_cart(by=account, vin=car.vin, offer_id=offer_id)
    return cart


def placed_order(account: Account, car: Vehicle, *offers: str) -> Order:
    """An order that was placed and not yet paid."""
    return store.place_order(by=account, cart_id=filled_cart(account, car, *offers).id, card_id=None)


def paid_order(cards: CardProvider, *offers: str, account: Account | None = None, car: Vehicle | None = None) -> Order:
    """An order that is paid: its contracts run."""
    if account is None or car is None:
        account, car = buyer(cards)
    order = store.pay_order(order_id=placed_order(account, car, *offers).id)
    assert order.status == Order.Status.PAID
    return queries.order(account=account, order_id=order.id)


def days_left(car: Vehicle, offer_id: str, days: float) -> None:
    """The running contracts of an offer's services end in so many days."""
    entitlements.set_remaining_time(vin=car.vin, offer_id=offer_id, remaining=timedelta(days=days))
