"""What the store shows, to whom, and when something can be renewed."""

from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from tests import store_facts as facts
from tests import vehicle_facts

from vettura.catalog import queries as catalog
from vettura.entitlements import actions as entitlements
from vettura.store import actions, errors, queries

pytestmark = pytest.mark.django_db
MOMENT = timedelta(microseconds=1)
PACKAGE = "navigation_package"


def shelf_of(account, car, clock):
    choice = queries.choice_of_vehicle(account=account, vin=car.vin)
    return queries.shelf(choice=choice, at=clock.now(), language="en")


@pytest.mark.rule("STO-029", "STO-031", "STO-036")
@pytest.mark.parametrize("generation", ["TAY", "911-7", "CAY-3"])
def test_the_shelf_holds_exactly_what_fits(clock, generation):
    account = vehicle_facts.person()
    car = vehicle_facts.vehicle(main_user=account, generation=generation)

    shown = set(shelf_of(account, car, clock).by_id)

    fitting = catalog.offers_for(
        generation=car.generation, drive=car.drive, equipment=car.equipment, country=car.country
    )
    assert shown == {offer.id for offer in fitting}


@pytest.mark.rule("STO-034", "STO-038")
def test_another_country_has_another_shelf(clock):
    account = vehicle_facts.person()
    italian = vehicle_facts.vehicle(main_user=account, country="IT")
    chinese = vehicle_facts.vehicle(main_user=account, country="CN")

    assert PACKAGE in shelf_of(account, italian, clock).by_id
    assert PACKAGE not in shelf_of(account, chinese, clock).by_id


@pytest.mark.rule("STO-042")
def test_what_other_equipment_would_make_possible_names_it(clock):
    account = vehicle_facts.person()
    car = vehicle_facts.vehicle(main_user=account, equipment=())

    shelf = shelf_of(account, car, clock)

    assert PACKAGE not in shelf.by_id
    (shown,) = (each for each in shelf.not_possible if each.offer.id == PACKAGE)
    assert shown.missing == ("Connect Plus",)


@pytest.mark.rule("STO-030", "C-48")
def test_a_visitor_sees_the_shelf_of_a_model_in_a_country(clock):
    choice = queries.choice_of_model(country="DE", generation="TAY", drive="BEV")

    shown = queries.shelf(choice=choice, at=clock.now(), language="de").by_id[PACKAGE]

    assert (shown.full_price.amount, shown.full_price.currency.code, shown.days_left) == (
        Decimal("149.00"),
        "EUR",
        None,
    )


@pytest.mark.rule("STO-046", "C-46")
def test_a_package_can_be_renewed_from_the_fourteenth_day_before_it_ends(cards, clock):
    account, car = facts.buyer(cards)
    contract = entitlements.start_inclusive_contracts(vin=car.vin, at=clock.now())
    ends_at = next(each.ends_at for each in contract if each.offer_id == PACKAGE)
    end = ends_at.astimezone(ZoneInfo("Europe/Rome"))
    opens = (end - timedelta(days=14)).replace(hour=0, minute=0, second=0, microsecond=0)

    clock.move_to(opens.astimezone(ends_at.tzinfo) - MOMENT)
    with pytest.raises(errors.RenewalTooEarly) as refusal:
        actions.add_to_cart(by=account, vin=car.vin, offer_id=PACKAGE)
    clock.move_to(opens.astimezone(ends_at.tzinfo))
    order = facts.paid_order(cards, PACKAGE, account=account, car=car)

    assert opens.strftime("%-d %B %Y") in str(refusal.value)
    assert {each.starts_at for each in queries.contracts_of_order(order=order)} == {ends_at}


@pytest.mark.rule("STO-045", "STO-056", "C-46")
def test_an_ended_package_is_bought_anew_from_now(cards, clock):
    account, car = facts.buyer(cards)
    entitlements.start_inclusive_contracts(vin=car.vin, at=clock.now())
    clock.advance(days=370)

    order = facts.paid_order(cards, PACKAGE, account=account, car=car)

    assert order.total_amount == Decimal("149.00")
    assert {each.starts_at for each in queries.contracts_of_order(order=order)} == {clock.now()}


def test_a_renewed_package_cannot_be_renewed_again_at_once(cards, clock):
    account, car = facts.buyer(cards)
    entitlements.start_inclusive_contracts(vin=car.vin, at=clock.now())
    facts.days_left(car, PACKAGE, 10)
    facts.paid_order(cards, PACKAGE, account=account, car=car)

    with pytest.raises(errors.RenewalTooEarly):
        actions.add_to_cart(by=account, vin=car.vin, offer_id=PACKAGE)


def test_two_offers_with_the_same_service_do_not_share_a_cart(cards, clock):
    account, car = facts.buyer(cards)
    facts.filled_cart(account, car, "music_year")

    with pytest.raises(errors.ServiceTwiceInCart):
        actions.add_to_cart(by=account, vin=car.vin, offer_id="music_month")


@pytest.mark.rule("STO-047", "STO-048", "C-78")
def test_days_left_are_shown_to_people_with_the_car_and_to_nobody_else(clock):
    account = vehicle_facts.person()
    car = vehicle_facts.vehicle(main_user=account)
    entitlements.start_inclusive_contracts(vin=car.vin, at=clock.now())
    facts.days_left(car, PACKAGE, 10)

    mine = shelf_of(account, car, clock).by_id[PACKAGE]
    anyones = queries.shelf(
        choice=queries.choice_of_model(country="IT", generation="TAY", drive="BEV"), at=clock.now(), language="en"
    ).by_id[PACKAGE]

    assert (mine.days_left, anyones.days_left) == (10, None)


@pytest.mark.rule("FOD-021", "C-73")
def test_an_order_can_be_withdrawn_up_to_the_end_of_day_fourteen(cards, clock):
    order = facts.paid_order(cards)
    local = order.withdrawable_until.astimezone(ZoneInfo("Europe/Rome"))

    clock.move_to(order.withdrawable_until)
    with pytest.raises(errors.WithdrawalPeriodOver):
        actions.withdraw(order_id=order.id, by=order.account)
    clock.move_to(order.withdrawable_until - MOMENT)
    withdrawn = actions.withdraw(order_id=order.id, by=order.account)
    facts.run_jobs()

    assert (local.hour, local.minute, (local.date() - order.placed_at.date()).days) == (0, 0, 15)
    assert withdrawn.status == "withdrawn"
    assert cards.payments(order.number)[0]["amount_refunded"] == order.total_amount * 100
    assert [each.ended_because for each in queries.contracts_of_order(order=order)] == ["withdrawn"]
