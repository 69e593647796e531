"""Who may do what with a car in which state: the one table, read as a table and by its properties."""

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import vehicle_facts as facts

from vettura.foundation.errors import NotFound
from vettura.vehicles import actions, queries, rules
from vettura.vehicles.errors import CarIsBeingSold, LeasedCar, MainUserOnly
from vettura.vehicles.rules import CarState

WHO = list(get_args(rules.Who))
WHAT = list(get_args(rules.Permission))
FINE = CarState()
NOBODYS = CarState(has_main_user=False, is_linked=False, has_remote_access=False)
STATES = st.builds(
    CarState,
    has_main_user=st.booleans(),
    has_connect=st.booleans(),
    is_linked=st.booleans(),
    has_remote_access=st.booleans(),
    is_private=st.booleans(),
    is_being_sold=st.booleans(),
)
USE = "see see_own_settings configure_own_services command unlock"
MANAGE = f"{USE} buy grant_remote_access see_users invite_users remove_users"
# state → who → everything that person may do; whoever is not named may nothing
TABLE = {
    "linked, with remote access": (
        FINE,
        {
            "secondary_user": f"{USE} leave",
            "main_user": f"{MANAGE} remove sell lease_out",
            "driver": f"{MANAGE} return",
            "lessor": "see_registration end_lease",
            "selling_partner": "see_registration",
            "assistance": "see_registration",
        },
    ),
    "not linked": (
        replace(FINE, is_linked=False, has_remote_access=False),
        {
            "secondary_user": "see see_own_settings configure_own_services leave",
            "main_user": "see see_own_settings configure_own_services buy grant_remote_access see_users invite_users "
            "remove_users remove sell lease_out",
            "driver": "see see_own_settings configure_own_services buy grant_remote_access see_users invite_users "
            "remove_users return",
            "lessor": "see_registration end_lease",
            "selling_partner": "see_registration",
            "assistance": "see_registration",
        },
    ),
    "privacy mode": (
        replace(FINE, is_private=True),
        {
            "secondary_user": "see see_own_settings configure_own_services leave",
            "main_user": "see see_own_settings configure_own_services buy grant_remote_access see_users invite_users "
            "remove_users remove sell lease_out",
            "driver": "see see_own_settings configure_own_services buy grant_remote_access see_users invite_users "
            "remove_users return",
            "lessor": "see_registration end_lease",
            "selling_partner": "see_registration",
            "assistance": "see_registration",
        },
    ),
    "without Connect": (
        replace(FINE, has_connect=False, is_linked=False, has_remote_access=False),
        {
            "secondary_user": "see see_own_settings configure_own_services leave",
            "main_user": "see see_own_settings configure_own_services buy see_users invite_users remove_users remove "
            "sell lease_out",
            "driver": "see see_own_settings configure_own_services buy see_users invite_users remove_users return",
            "lessor": "see_registration end_lease",
            "selling_partner": "see_registration",
            "assistance": "see_registration",
        },
    ),
    "sale begun": (
        replace(FINE, is_being_sold=True),
        {
            "secondary_user": f"{USE} leave",
            "main_user": f"{USE} grant_remote_access see_users remove_users remove sell",
            "driver": f"{USE} grant_remote_access see_users remove_users return",
            "lessor": "see_registration end_lease",
            "selling_partner": "see_registration",
            "assistance": "see_registration",
        },
    ),
    "released, nobody's": (
        NOBODYS,
        {
            "lessor": "see_registration end_lease",
            "selling_partner": "see_registration invite_main_user add_again check_proof",
            "other_partner": "invite_main_user check_proof",
            "assistance": "see_registration invite_main_user add_again check_proof",
        },
    ),
}


@pytest.mark.rule("USR-004", "USR-010", "USR-012", "USR-017", "GAR-008", "GAR-019", "C-24", "C-25")
@pytest.mark.parametrize("name", TABLE)
@pytest.mark.parametrize("who", WHO)
def test_everybody_may_what_the_table_says_and_nothing_else(name, who):
    state, allowed = TABLE[name]

    may = {what for what in WHAT if not rules.unmet(who=who, permission=what, state=state)}

    assert may == set(allowed.get(who, "").split())


@given(who=st.sampled_from(["stranger", "guest", "former_user"]), what=st.sampled_from(WHAT), state=STATES)
@pytest.mark.rule("USR-015", "GAR-019")
def test_who_does_not_use_the_car_may_nothing_in_any_state(who, what, state):
    assert rules.unmet(who=who, permission=what, state=state) == ("role",)


@given(what=st.sampled_from(WHAT), state=STATES)
@pytest.mark.rule("USR-004")
def test_a_secondary_user_may_nothing_that_the_main_user_may_not_but_leave(what, state):
    secondary = not rules.unmet(who="secondary_user", permission=what, state=state)
    main = not rules.unmet(who="main_user", permission=what, state=state)

    assert main or not secondary or what == "leave"


@given(who=st.sampled_from(WHO), what=st.sampled_from(["command", "unlock"]), state=STATES)
@pytest.mark.rule("USR-012", "USR-013", "REM-001")
def test_nobody_commands_a_car_without_the_main_users_grant(who, what, state):
    allowed = not rules.unmet(who=who, permission=what, state=state)

    assert allowed <= (state.has_remote_access and state.is_linked and not state.is_private and state.has_connect)


@given(who=st.sampled_from(WHO), what=st.sampled_from(WHAT), state=STATES)
def test_a_car_that_is_nobodys_is_used_by_nobody(who, what, state):
    nobodys = replace(state, has_main_user=False)

    assert who not in rules.USERS or rules.unmet(who=who, permission=what, state=nobodys)


@given(who=st.text(max_size=20), what=st.sampled_from(WHAT))
def test_a_word_that_the_table_does_not_know_may_nothing(who, what):
    assert who in WHO or not rules.may(who, what)


@pytest.mark.django_db
def test_everybody_is_known_for_what_they_are_to_a_car(clock):
    seller = facts.partner_staff()
    second, former = facts.person(), facts.person()
    car = facts.vehicle(secondary_users=[second, former], sold_by=facts.partner_of(seller))
    main_user = queries.main_user_of(vehicle=car)
    actions.remove_secondary_user(by=main_user, vin=car.vin, account_id=former.id)
    others = facts.partner_staff(of=facts.partner(name="Partner Lyon", country="FR", city="Lyon"))

    found = {
        name: queries.who_are(account=person, vehicle=car)
        for name, person in {
            "main": main_user,
            "second": second,
            "former": former,
            "seller": seller,
            "other": others,
            "assistant": facts.assistant(),
            "stranger": facts.person(),
        }.items()
    }

    assert found == {
        "main": ("main_user",),
        "second": ("secondary_user",),
        "former": ("former_user",),
        "seller": ("selling_partner",),
        "other": ("other_partner",),
        "assistant": ("assistance",),
        "stranger": ("stranger",),
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "permission", "refusal"),
    [
        ("second", "buy", MainUserOnly),
        ("second", "sell", MainUserOnly),
        ("main", "invite_users", CarIsBeingSold),
        ("stranger", "see", NotFound),
        ("assistant", "sell", NotFound),
    ],
)
def test_a_refusal_says_what_is_the_case(who, permission, refusal):
    second = facts.person()
    car = facts.vehicle(secondary_users=[second])
    main = queries.main_user_of(vehicle=car)
    actions.begin_sale(by=main, vin=car.vin, buyer_email="buyer@example.org")
    people = {"second": second, "main": main, "stranger": facts.person(), "assistant": facts.assistant()}

    with pytest.raises(refusal):
        queries.require(account=people[who], vehicle=car, permission=permission)


@pytest.mark.django_db
@pytest.mark.parametrize("permission", ["sell", "remove", "lease_out"])
def test_a_leased_car_is_not_the_drivers_to_give_away(permission, clock):
    car = facts.vehicle()
    driver = facts.leased_to_driver(car)

    with pytest.raises(LeasedCar):
        queries.require(account=driver, vehicle=car, permission=permission)
