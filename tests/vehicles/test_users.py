"""Who may do what with a car, and how rights end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import vehicle_facts as facts

from vettura.foundation.errors import NotFound
from vettura.foundation.models import OutboxEvent
from vettura.vehicles import actions, queries, reactions, rules
from vettura.vehicles.errors import MainUserOnly
from vettura.vehicles.models import Assignment

ALL = ["see", "buy", "command", "grant_remote_access", "invite_users", "configure_own_services"]


@pytest.mark.rule("USR-003", "USR-004", "USR-012", "USR-017", "C-25")
@pytest.mark.parametrize(
    ("role", "permissions"),
    [("main_user", ALL), ("secondary_user", ["see", "command", "configure_own_services"]), (None, [])],
)
def test_each_role_has_its_permissions_and_no_others(role, permissions):
    assert [each for each in ALL if rules.may(role, each)] == permissions


@given(role=st.one_of(st.none(), st.text(max_size=20)), permission=st.sampled_from(ALL))
def test_an_unknown_role_may_nothing(role, permission):
    assert rules.may(role, permission) == (
        role == "main_user" or (role == "secondary_user" and permission in {"see", "command", "configure_own_services"})
    )


@given(role=st.sampled_from(["main_user", "secondary_user", None]), signed_in=st.booleans(), paired=st.booleans())
def test_remote_access_is_granted_by_the_main_user_in_the_car_and_in_no_other_way(role, signed_in, paired):
    granted = rules.may_grant_remote_access(role=role, is_signed_in=signed_in, is_paired=paired)

    assert granted == (role == "main_user" and (signed_in or paired))


@pytest.mark.django_db
@pytest.mark.rule("GAR-001", "GAR-010", "C-26")
def test_one_account_holds_any_number_of_cars_each_with_its_role(clock):
    person = facts.person()
    own = [facts.vehicle(main_user=person) for _ in range(3)]
    clock.advance(minutes=1)
    shared = facts.vehicle(secondary_users=[person])

    garage = queries.garage_of(account=person)

    assert {each.vin: each.role for each in garage} == {
        **{each.vin: "main_user" for each in own},
        shared.vin: "secondary_user",
    }
    assert garage[-1].vin == shared.vin


@pytest.mark.django_db
def test_a_garage_of_many_cars_takes_one_query(django_assert_num_queries):
    person = facts.person()
    for _ in range(4):
        facts.vehicle(main_user=person, sold_by=facts.partner())

    with django_assert_num_queries(1):
        names = [(each.vin, each.saved_partner.name) for each in queries.garage_of(account=person)]

    assert len(names) == 4


@pytest.mark.django_db
@pytest.mark.rule("ID-026")
def test_for_a_stranger_a_car_does_not_exist():
    car = facts.vehicle()

    with pytest.raises(NotFound):
        queries.vehicle_for(account=facts.person(), vin=car.vin)


@pytest.mark.django_db
@pytest.mark.rule("USR-010", "IMP-23")
def test_a_removed_secondary_user_loses_every_right_at_once():
    owner, friend = facts.person(), facts.person()
    car = facts.vehicle(main_user=owner, secondary_users=[friend], generation="CAY-3", signed_in=True)
    code = queries.pairing_code_for(account=friend, vehicle=car)
    facts.sign_in(car, friend)

    actions.remove_secondary_user(by=owner, vin=car.vin, account_id=friend.id)

    with pytest.raises(NotFound):
        queries.vehicle_for(account=friend, vin=car.vin)
    assert queries.garage_of(account=friend) == []
    car.refresh_from_db()
    assert car.signed_in_account is None
    assert actions.enter_pairing_code(vin=car.vin, code=code, purpose="sign_in").error == "code_wrong"
    assert [each.account for each in queries.users_of(vehicle=car)] == [owner]


@pytest.mark.django_db
def test_removing_twice_is_the_same_as_once():
    owner, friend = facts.person(), facts.person()
    car = facts.vehicle(main_user=owner, secondary_users=[friend])

    for _ in range(2):
        actions.remove_secondary_user(by=owner, vin=car.vin, account_id=friend.id)

    assert OutboxEvent.objects.filter(type="vehicles.UserRemoved").count() == 1


@pytest.mark.django_db
@pytest.mark.rule("USR-010")
def test_a_secondary_user_can_remove_nobody():
    owner, friend, third = facts.person(), facts.person(), facts.person()
    car = facts.vehicle(main_user=owner, secondary_users=[friend, third])

    for victim in (owner, third, friend):
        with pytest.raises(MainUserOnly):
            actions.remove_secondary_user(by=friend, vin=car.vin, account_id=victim.id)

    assert len(queries.users_of(vehicle=car)) == 3


@pytest.mark.django_db
def test_the_main_user_is_not_removed_as_a_driver():
    owner = facts.person()
    car = facts.vehicle(main_user=owner)

    with pytest.raises(NotFound):
        actions.remove_secondary_user(by=owner, vin=car.vin, account_id=owner.id)

    assert queries.main_user_of(vehicle=car) == owner


@pytest.mark.django_db
def test_a_stranger_can_remove_nobody():
    friend = facts.person()
    car = facts.vehicle(secondary_users=[friend])

    with pytest.raises(NotFound):
        actions.remove_secondary_user(by=facts.person(), vin=car.vin, account_id=friend.id)

    assert Assignment.objects.filter(vehicle=car, until=None).count() == 2


@pytest.mark.django_db
def test_a_removed_person_can_be_invited_again_and_gets_another_code(clock):
    owner, friend = facts.person(), facts.person(email="friend@example.org")
    car = facts.vehicle(main_user=owner, secondary_users=[friend], generation="CAY-3")
    former = queries.pairing_code_for(account=friend, vehicle=car)
    actions.remove_secondary_user(by=owner, vin=car.vin, account_id=friend.id)
    clock.advance(minutes=1)

    sent = facts.secondary_invitation(car=car)
    actions.accept_invitation(token=sent.token, by=friend, share_with_partner=None)

    assert queries.role_of(account=friend, vehicle=car) == "secondary_user"
    assert queries.pairing_code_for(account=friend, vehicle=car) not in (None, former)


@pytest.mark.django_db
def test_the_car_is_told_of_its_users_and_of_nothing_else_about_them():
    owner, friend = facts.person(given_name="Grace"), facts.person(given_name="Alan", family_name="Verdi")
    car = facts.vehicle(main_user=owner, secondary_users=[friend], signed_in=True, remote_access=True)

    assert queries.users_document(vehicle=car) == {
        "users": [
            {"account_id": str(owner.id), "name": "Grace Rossi", "role": "main_user"},
            {"account_id": str(friend.id), "name": "Alan Verdi", "role": "secondary_user"},
        ],
        "visitor": None,
        "main_linked": True,
        "signed_in": str(owner.id),
        "remote_access": True,
    }


@pytest.mark.django_db
@pytest.mark.rule("ID-031")
def test_a_new_name_reaches_every_car_of_the_person(clock):
    person = facts.person()
    cars = [facts.vehicle(main_user=person), facts.vehicle(secondary_users=[person])]
    OutboxEvent.objects.all().delete()

    reactions.tell_cars_of_new_name(
        reactions.NameChanged(account_id=person.id, given_name="Ada", family_name="Neri", at=clock.now())
    )

    told = OutboxEvent.objects.filter(type="vehicles.UsersChanged").values_list("stream", flat=True)
    assert sorted(told) == sorted(each.vin for each in cars)
