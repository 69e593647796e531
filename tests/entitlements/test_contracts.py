"""When contracts run, follow each other, and what the car is told."""

from datetime import timedelta
from itertools import pairwise
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.test import RequestFactory
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from tests import store_facts, vehicle_facts

from vettura.catalog import queries as catalog
from vettura.entitlements import actions, errors, portal, queries, reactions, rules
from vettura.entitlements.models import Contract, Phase
from vettura.entitlements.tasks import end_expired_contracts, next_end
from vettura.foundation import clock as platform_clock
from vettura.foundation.models import OutboxEvent
from vettura.identity import actions as identity
from vettura.identity import events as identity_events
from vettura.vehicle_link import queries as link
from vettura.vehicles import events as vehicle_events

SERVICE, OFFER = "music_streaming", "music_year"
MOMENT = timedelta(microseconds=1)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def english():
    """A page of another test may have left its language behind."""
    with translation.override("en"):
        yield


@pytest.fixture
def car(db, clock):
    return vehicle_facts.vehicle()


def inclusive_services(car):
    offers = catalog.inclusive_offers_for(
        generation=car.generation, drive=car.drive, equipment=car.equipment, country=car.country
    )
    return {service_id for offer in offers for service_id in offer.services}


@pytest.mark.rule("STO-053", "STO-054", "STO-055", "C-22")
def test_the_free_terms_start_at_the_acceptance(car, clock):
    accepted_at = clock.now()
    clock.advance(days=3)

    actions.start_inclusive_contracts(vin=car.vin, at=accepted_at)

    contracts = queries.contracts_of(vehicles=[car])[car.vin]
    assert {contract.service_id for contract in contracts} == inclusive_services(car)
    for contract in contracts:
        days = catalog.offer(contract.offer_id).inclusive_days
        assert (contract.phase, contract.starts_at, contract.ends_at) == (
            Phase.INCLUSIVE,
            accepted_at,
            accepted_at + days.duration,
        )


@pytest.mark.rule("STO-053")
def test_without_acceptance_nothing_starts(db, clock):
    registration = identity.begin_registration(email="new@example.org", language="en", country="IT", next_url="/")
    car = vehicle_facts.vehicle(main_user=registration.account)

    event = vehicle_events.MainUserAssigned(vin=car.vin, account_id=registration.account.id, at=clock.now())
    reactions.start_contracts_of_new_main_user(event)

    assert queries.contracts_of(vehicles=[car])[car.vin] == []


@pytest.mark.rule("STO-053", "STO-054")
def test_accepting_later_starts_the_terms_of_every_own_vehicle_once(db, clock):
    account = vehicle_facts.person()
    first, second = vehicle_facts.vehicle(main_user=account), vehicle_facts.vehicle(main_user=account)
    borrowed = vehicle_facts.vehicle(secondary_users=[account])
    event = identity_events.DocumentsAccepted(account_id=account.id, at=clock.now(), versions={})

    reactions.start_contracts_at_acceptance(event)
    reactions.start_contracts_at_acceptance(event)

    contracts = queries.contracts_of(vehicles=[first, second, borrowed])
    assert len(contracts[first.vin]) == len(contracts[second.vin]) == len(inclusive_services(first))
    assert contracts[borrowed.vin] == []


@pytest.mark.rule("STO-002", "STO-003")
def test_a_new_owner_keeps_the_contracts_of_the_car(car, clock):
    actions.start_inclusive_contracts(vin=car.vin, at=clock.now())
    before = [(c.id, c.starts_at, c.ends_at) for c in queries.contracts_of(vehicles=[car])[car.vin]]
    clock.advance(days=100)

    actions.start_after_acceptance(vin=car.vin, account=vehicle_facts.person(), at=clock.now())

    assert [(c.id, c.starts_at, c.ends_at) for c in queries.contracts_of(vehicles=[car])[car.vin]] == before


@pytest.mark.rule("STO-052")
def test_a_service_runs_from_its_start_up_to_its_end(car, clock):
    start = clock.now()
    actions.start_paid_contracts(vehicle=car, order_line_id=uuid4(), offer_id=OFFER, at=start)
    end = start + catalog.offer(OFFER).term.duration

    def entitled(at):
        return queries.is_entitled(vehicle=car, service_id=SERVICE, at=at)

    assert [entitled(at) for at in (start - MOMENT, start, end - MOMENT, end)] == [False, True, True, False]


@pytest.mark.rule("STO-045", "STO-056")
def test_a_renewal_follows_without_a_gap(car, clock):
    first = actions.start_paid_contracts(vehicle=car, order_line_id=uuid4(), offer_id=OFFER, at=clock.now())[0]
    clock.move_to(first.ends_at - 5 * DAY)

    second = actions.start_paid_contracts(vehicle=car, order_line_id=uuid4(), offer_id=OFFER, at=clock.now())[0]

    assert second.starts_at == first.ends_at


def test_the_same_order_line_makes_its_contracts_once(car, clock):
    line = uuid4()

    first = actions.start_paid_contracts(vehicle=car, order_line_id=line, offer_id=OFFER, at=clock.now())
    second = actions.start_paid_contracts(vehicle=car, order_line_id=line, offer_id=OFFER, at=clock.now())

    assert [c.id for c in first] == [c.id for c in second]


def test_nothing_follows_a_contract_without_end(car, clock):
    actions.start_paid_contracts(vehicle=car, order_line_id=uuid4(), offer_id="breakdown_call", at=clock.now())

    with pytest.raises(errors.AlreadyUnlimited):
        actions.start_paid_contracts(vehicle=car, order_line_id=uuid4(), offer_id="breakdown_call", at=clock.now())


def test_the_database_refuses_overlapping_contracts(car, clock):
    first = actions.start_paid_contracts(vehicle=car, order_line_id=uuid4(), offer_id=OFFER, at=clock.now())[0]

    with pytest.raises(IntegrityError), transaction.atomic():
        Contract.objects.create(
            vehicle=car,
            service_id=SERVICE,
            offer_id=OFFER,
            order_line_id=uuid4(),
            phase=Phase.PAID,
            starts_at=first.ends_at - MOMENT,
            ends_at=first.ends_at + DAY,
        )


def test_the_car_is_told_of_every_change(car, clock):
    actions.start_paid_contracts(vehicle=car, order_line_id=uuid4(), offer_id=OFFER, at=clock.now())

    document = link.document_of(vehicle=car, name="contracts")

    (service,) = document.body["services"]
    assert (service["id"], service["phase"], service["commands"]) == (SERVICE, "paid", [])
    assert service["name"]["it"] == catalog.service(SERVICE).name["it"]
    assert service["ends_at"] == (clock.now() + catalog.offer(OFFER).term.duration).isoformat()


def test_a_term_that_ran_out_ends_once_and_leaves_the_document(car, clock):
    contract = actions.start_paid_contracts(vehicle=car, order_line_id=uuid4(), offer_id=OFFER, at=clock.now())[0]
    assert next_end() == contract.ends_at

    clock.move_to(contract.ends_at - MOMENT)
    assert end_expired_contracts(clock.now()) == 0
    clock.move_to(contract.ends_at)
    assert end_expired_contracts(clock.now()) == 1
    assert end_expired_contracts(clock.now()) == 0

    assert link.document_of(vehicle=car, name="contracts").body == {"services": []}
    assert OutboxEvent.objects.filter(type="entitlements.ContractEnded", stream=car.vin).count() == 1


def test_only_commands_that_the_car_understands_are_unlocked(car, clock):
    actions.start_inclusive_contracts(vin=car.vin, at=clock.now())

    unlocked = queries.entitled_commands(vehicle=car, at=clock.now())

    understood = set(catalog.generation(car.generation).commands_of(car.drive))
    assert "lock" in unlocked
    assert unlocked <= understood
    assert queries.entitled_commands(vehicle=car, at=clock.now() + 5000 * DAY) == set()


@pytest.mark.rule("STO-046", "C-46")
@pytest.mark.parametrize("hour", [0, 9, 23])
def test_renewal_opens_with_the_fourteenth_day_before_the_end(hour, clock):
    ends_at = clock.now().replace(hour=hour, minute=30) + 100 * DAY

    opens = rules.renewable_from(ends_at, window_days=14, zone="Europe/Rome")

    local_end, local = ends_at.astimezone(ZoneInfo("Europe/Rome")), opens.astimezone(ZoneInfo("Europe/Rome"))
    assert (local.hour, local.minute) == (0, 0)
    assert (local_end.date() - local.date()).days == 14


@pytest.mark.rule("STO-047", "STO-048", "C-78", "STO-039")
def test_the_panel_shows_each_contract_with_days_left_and_renewal(car, clock):
    owner = vehicle_facts.queries.main_user_of(vehicle=car)
    actions.start_inclusive_contracts(vin=car.vin, at=clock.now())
    store_facts.days_left(car, "navigation_package", 10)
    request = RequestFactory().get("/")
    request.user = owner

    html = portal.panel_contracts(account=owner, vehicles=[car], request=request)[car.vin]

    assert "10 days left" in html
    together = len(catalog.offer("navigation_package").services)
    assert f"These {together} services are renewed together." in html
    assert html.count("Renew<span") == 1
    assert "next start with a data connection" in html


def test_a_secondary_user_sees_contracts_and_no_renewal(db, clock):
    other = vehicle_facts.person()
    car = vehicle_facts.vehicle(secondary_users=[other])
    actions.start_inclusive_contracts(vin=car.vin, at=clock.now())
    store_facts.days_left(car, "navigation_package", 10)
    request = RequestFactory().get("/")
    request.user = other

    html = portal.panel_contracts(account=other, vehicles=[car], request=request)[car.vin]

    assert "10 days left" in html
    assert "Renew<span" not in html


def test_a_package_that_ends_soon_is_a_need_of_the_car_for_its_main_user(car, clock):
    owner = vehicle_facts.queries.main_user_of(vehicle=car)
    actions.start_inclusive_contracts(vin=car.vin, at=clock.now())
    request = RequestFactory().get("/")
    request.user = owner
    [mine] = vehicle_facts.queries.garage_of(account=owner)

    before = portal.panel_renewals(account=owner, vehicles=[mine], request=request)
    store_facts.days_left(car, "navigation_package", 10)
    after = portal.panel_renewals(account=owner, vehicles=[mine], request=request)

    assert before == {}
    assert "the first in 10 days" in after[car.vin]
    assert f"/store/?vin={car.vin}" in after[car.vin]


class ContractsNeverOverlap(TestCase):
    """Whatever happens in whatever order."""

    @given(
        steps=st.lists(
            st.tuples(st.sampled_from(["buy", "buy month", "inclusive", "withdraw", "sweep"]), st.integers(0, 400)),
            max_size=12,
        )
    )
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_contracts_of_a_service_never_overlap(self, steps):
        car = vehicle_facts.vehicle()
        at, lines = platform_clock.now(), []
        for what, days in steps:
            at += timedelta(days=days)
            if what.startswith("buy"):
                lines.append(uuid4())
                offer = "music_month" if what == "buy month" else OFFER
                actions.start_paid_contracts(vehicle=car, order_line_id=lines[-1], offer_id=offer, at=at)
            elif what == "inclusive":
                actions.start_inclusive_contracts(vin=car.vin, at=at)
            elif what == "withdraw" and lines:
                actions.end_contracts_of_order(vehicle=car, order_line_ids=[lines.pop()], at=at)
            elif what == "sweep":
                end_expired_contracts(at)

        contracts = queries.contracts_of(vehicles=[car])[car.vin]
        for service_id in {contract.service_id for contract in contracts}:
            terms = sorted((c.starts_at, rules.effective_end(c)) for c in contracts if c.service_id == service_id)
            assert all(end is not None and end <= start for (_, end), (start, _) in pairwise(terms))
