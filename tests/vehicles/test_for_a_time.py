"""Rights that end by themselves: secondary users until a day, and leased cars."""

from datetime import UTC, date, datetime, timedelta

import pytest
from tests import vehicle_facts as facts

from vettura.foundation.errors import NotFound
from vettura.foundation.sweeps import earliest_due, run_due
from vettura.vehicles import actions, queries
from vettura.vehicles.errors import CarIsBeingSold, DayIsOver, InvitationExpired, LeasedToOneself, MainUserOnly
from vettura.vehicles.models import Invitation, Lease

pytestmark = pytest.mark.django_db
LAST_DAY = date(2026, 9, 10)
# midnight in Rome after the last day
OVER = datetime(2026, 9, 10, 22, 0, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)


@pytest.fixture
def car(clock):
    return facts.vehicle()


@pytest.fixture
def owner(car):
    return queries.main_user_of(vehicle=car)


def invited(owner, car, *, email="friend@example.org", last_day=LAST_DAY):
    actions.invite_secondary_user(by=owner, vin=car.vin, email=email, language="en", last_day=last_day)
    return facts.token_mailed_to(email)


@pytest.mark.rule("USR-001", "USR-010")
def test_a_secondary_user_is_let_in_until_the_end_of_a_day_where_the_car_is(owner, car, clock):
    friend = facts.person(email="friend@example.org")
    facts.accept(invited(owner, car), friend)
    assert earliest_due() == OVER

    clock.move_to(OVER - INSTANT)
    run_due(clock.now())
    assert queries.role_of(account=friend, vehicle=car) == "secondary_user"

    clock.move_to(OVER)
    run_due(clock.now())
    assert queries.role_of(account=friend, vehicle=car) is None
    assert run_due(clock.now()) == 0


def test_the_mail_and_the_list_say_until_when(owner, car):
    invited(owner, car)

    assert "Sept. 10, 2026" in facts.mails_to("friend@example.org")[0][1]
    [invitation] = queries.open_invitations_of(vehicle=car)
    assert invitation.access_ends_at == OVER


def test_who_comes_after_the_last_day_comes_too_late(owner, car, clock):
    token = invited(owner, car)
    clock.move_to(OVER)

    with pytest.raises(InvitationExpired):
        facts.accept(token, facts.person(email="friend@example.org"))


@pytest.mark.parametrize(("day", "fits"), [(date(2026, 8, 31), False), (date(2026, 9, 1), True)])
def test_the_last_day_is_today_or_later(owner, car, day, fits):
    if fits:
        invited(owner, car, last_day=day)
    else:
        with pytest.raises(DayIsOver):
            invited(owner, car, last_day=day)

    assert Invitation.objects.exists() == fits


# -- leasing ----------------------------------------------------------------------------------------------------------


def offer(owner, car, **changes):
    named = {"driver_email": "driver@example.org", "last_day": LAST_DAY, "language": "en"} | changes
    return actions.offer_lease(by=owner, vin=car.vin, **named)


def test_the_lessor_stays_main_user_until_the_driver_comes(owner, car):
    offer(owner, car)

    assert queries.main_user_of(vehicle=car) == owner
    assert "Sept. 10, 2026" in facts.mails_to("driver@example.org")[0][1]


def test_the_driver_is_the_main_user_and_the_lessor_sees_nothing_of_the_use(owner, car, client, clock):
    driver = facts.leased_to_driver(car)

    assert queries.main_user_of(vehicle=car) == driver
    assert queries.who_are(account=driver, vehicle=car) == ("driver",)
    assert queries.who_are(account=owner, vehicle=car) == ("lessor",)
    with pytest.raises(NotFound):
        queries.vehicle_for(account=owner, vin=car.vin)
    assert [each.vehicle.vin for each in queries.leases_of(lessor=owner)] == [car.vin]
    client.force_login(owner)
    assert client.get(f"/api/v1/vehicles/{car.vin}/state").status_code == 404


def test_at_its_end_the_car_is_the_lessors_again_without_the_driver(owner, car, clock):
    lease = offer(owner, car)
    driver = facts.person(email="driver@example.org")
    facts.accept(facts.token_mailed_to("driver@example.org"), driver)

    clock.move_to(OVER - INSTANT)
    run_due(clock.now())
    assert queries.main_user_of(vehicle=car) == driver

    clock.move_to(OVER)
    run_due(clock.now())
    assert queries.main_user_of(vehicle=car) == owner
    assert queries.who_are(account=driver, vehicle=car) == ("former_user",)
    lease.refresh_from_db()
    assert (lease.ended_at, lease.ended_because) == (OVER, "term")


@pytest.mark.parametrize("by", ["driver", "lessor"])
def test_both_can_end_it_earlier_and_nobody_else(owner, car, by, clock):
    driver = facts.leased_to_driver(car)
    lease = Lease.objects.get()
    with pytest.raises(NotFound):
        actions.end_lease(by=facts.person(), lease_id=lease.id)
    clock.advance(days=1)

    actions.end_lease(by=driver if by == "driver" else owner, lease_id=lease.id)
    actions.end_lease(by=owner, lease_id=lease.id)

    lease.refresh_from_db()
    assert lease.ended_because == by
    assert queries.main_user_of(vehicle=car) == owner


def test_an_offer_that_is_taken_back_lets_nobody_in(owner, car):
    lease = offer(owner, car)
    token = facts.token_mailed_to("driver@example.org")

    actions.end_lease(by=owner, lease_id=lease.id)

    assert queries.invitation_by_token(token=token).voided_at is not None
    assert queries.main_user_of(vehicle=car) == owner


def test_a_removed_car_takes_its_offer_along(owner, car):
    offer(owner, car)

    actions.remove_vehicle(by=owner, vin=car.vin)

    assert Lease.objects.get().ended_because == "called_off"
    assert not Invitation.objects.filter(voided_at=None).exists()


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [({"last_day": date(2026, 8, 31)}, DayIsOver), ({"driver_email": "OWNER"}, LeasedToOneself)],
)
def test_a_lease_that_makes_no_sense_is_refused(owner, car, changes, refusal):
    if changes.get("driver_email"):
        changes = {"driver_email": owner.email}

    with pytest.raises(refusal):
        offer(owner, car, **changes)

    assert not Lease.objects.exists()


def test_who_sells_does_not_lease_out_and_who_is_secondary_neither(owner, car):
    second = facts.person()
    actions.assign_user(vehicle=car, account=second, role="secondary_user", at=car.registered_at)
    with pytest.raises(MainUserOnly):
        offer(second, car)
    actions.begin_sale(by=owner, vin=car.vin, buyer_email="buyer@example.org")
    with pytest.raises(CarIsBeingSold):
        offer(owner, car)

    assert not Lease.objects.exists()


def test_the_car_of_a_deleted_driver_goes_back_to_the_lessor(owner, car, clock):
    driver = facts.leased_to_driver(car)

    actions.end_all_of(account_id=driver.id, at=clock.now())

    assert queries.main_user_of(vehicle=car) == owner
    assert Lease.objects.get().ended_because == "account"
