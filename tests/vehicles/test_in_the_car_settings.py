"""Profiles: seat, climate and favorites are kept with the person and found in the next car."""

from datetime import timedelta

import pytest
from tests import link_facts
from tests import vehicle_facts as facts

from vettura.foundation.errors import NotFound
from vettura.foundation.models import OutboxEvent
from vettura.vehicle_link.queries import document_of
from vettura.vehicle_link.reactions import tell_the_car_its_users, tell_the_car_the_profile
from vettura.vehicles import actions, queries
from vettura.vehicles.errors import SettingUnfit
from vettura.vehicles.events import PersonalSettingsChanged, UsersChanged

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def driver(**more):
    return facts.security_code(facts.person(**more))


def car_of(person, **more):
    return facts.vehicle(main_user=person, signed_in=True, **more)


def set_in(car, person, **changed):
    return facts.tell(car, "settings_changed", account_id=str(person.id), settings=changed)


def profile(person, car):
    return queries.profile_of(account_id=person.id, vehicle=car)


@pytest.mark.rule("TAY-002", "TAY-003", "TAY-012")
def test_what_a_person_sets_in_a_car_is_kept_with_the_account():
    owner = driver()
    car = car_of(owner)

    set_in(car, owner, seat_position=70, temperature=19.5, stations=["Radio 3"])
    set_in(car, owner, seat_position=75)

    assert profile(owner, car) == {"seat_position": 75, "stations": ["Radio 3"], "temperature": 19.5}
    assert {each.vehicle for each in queries.settings_of(account=owner)} == {None}


@pytest.mark.rule("TAY-013", "TAY-015", "TAY-016")
def test_it_is_there_in_every_other_car_also_in_somebody_elses():
    owner, other = driver(), facts.vehicle()
    set_in(car_of(owner), owner, favorites=["Via Po 1, Torino"])

    facts.type_security_code(other, email=owner.email)

    other.refresh_from_db()
    assert queries.settings_document(vehicle=other) == {
        "account_id": str(owner.id), "settings": {"favorites": ["Via Po 1, Torino"]},
    }  # fmt: skip


@pytest.mark.rule("TAY-013")
def test_a_change_in_one_car_reaches_the_other_in_which_the_person_is_signed_in_too(clock):
    link_facts.ensure_keys()
    owner = driver()
    cars = [car_of(owner) for _ in range(2)]
    older = car_of(owner, generation="CAY-3")

    set_in(cars[0], owner, weather_places=["Torino"])

    told = {event.stream for event in OutboxEvent.objects.filter(type="vehicles.PersonalSettingsChanged")}
    assert told == {car.vin for car in cars}
    assert older.vin not in told
    tell_the_car_the_profile(PersonalSettingsChanged(vin=cars[1].vin, account_id=owner.id, at=clock.now()))
    assert document_of(vehicle=cars[1], name="settings").body["settings"] == {"weather_places": ["Torino"]}


@pytest.mark.rule("USR-003", "USR-009", "TAY-003", "C-25")
@pytest.mark.parametrize("generation", ["TAY", "CAY-3", "911-7"])
def test_each_user_of_a_car_has_settings_of_their_own(generation, clock):
    owner, friend = driver(), driver()
    car = car_of(owner, secondary_users=[friend], generation=generation)
    set_in(car, owner, seat_position=10, favorites=["Home"])

    facts.sign_in(car, friend)
    assert queries.settings_document(vehicle=facts_again(car)) == {"account_id": str(friend.id), "settings": {}}
    set_in(car, friend, seat_position=90)
    facts.sign_in(car, owner)

    assert profile(friend, car) == {"seat_position": 90}
    assert queries.settings_document(vehicle=facts_again(car))["settings"] == {
        "favorites": ["Home"],
        "seat_position": 10,
    }


def facts_again(car):
    car.refresh_from_db()
    return car


@pytest.mark.rule("C-25", "PAI-003")
def test_where_a_code_ties_a_person_to_one_car_each_car_has_its_own_and_loads_it_once_the_code_is_typed():
    owner = driver()
    car, other = (car_of(owner, generation="911-7") for _ in range(2))

    set_in(car, owner, stations=["Radio 3"])
    facts.tell(car, "signed_out")
    assert queries.settings_document(vehicle=facts_again(car)) == {"account_id": None, "settings": {}}
    facts.sign_in(car, owner)

    assert queries.settings_document(vehicle=facts_again(car))["settings"] == {"stations": ["Radio 3"]}
    assert queries.settings_document(vehicle=facts_again(other))["settings"] == {}


@pytest.mark.rule("USR-009", "TAY-005", "TAY-006")
def test_only_the_person_who_is_signed_in_has_settings_kept():
    owner, friend = driver(), driver()
    car = car_of(owner, secondary_users=[friend])

    set_in(car, friend, seat_position=90)
    facts.tell(car, "settings_changed", account_id=None, settings={"seat_position": 90})
    facts.tell(car, "settings_changed", account_id=str(owner.id), settings="everything")
    facts.tell(car, "signed_out")
    set_in(car, owner, seat_position=90)

    assert queries.settings_of(account=owner) == queries.settings_of(account=friend) == []


def test_a_setting_that_the_wire_does_not_know_is_left_out_and_the_others_count():
    owner = driver()
    car = car_of(owner)

    set_in(car, owner, seat_position=101, massage=3, temperature=20)

    assert profile(owner, car) == {"temperature": 20}


def test_of_each_setting_the_latest_change_counts_whatever_comes_last(clock):
    owner = driver()
    cars = [car_of(owner) for _ in range(2)]
    at = clock.now()

    for car, value, moment in ((cars[0], 40, at), (cars[1], 60, at - timedelta(microseconds=1)), (cars[1], 80, at)):
        actions.change_settings_in_car(vin=car.vin, account_id=owner.id, changed={"seat_height": value}, at=moment)
    assert profile(owner, cars[0]) == {"seat_height": 40}
    later = at + timedelta(microseconds=1)
    actions.change_settings_in_car(vin=cars[1].vin, account_id=owner.id, changed={"seat_height": 20}, at=later)

    assert profile(owner, cars[0]) == {"seat_height": 20}


def test_signing_out_takes_the_profile_out_of_the_car(clock):
    link_facts.ensure_keys()
    owner = driver()
    car = car_of(owner)
    set_in(car, owner, favorites=["Home"])
    tell_the_car_its_users(UsersChanged(vin=car.vin, at=clock.now()))
    assert document_of(vehicle=car, name="settings").body["settings"] == {"favorites": ["Home"]}

    facts.tell(car, "signed_out")
    tell_the_car_its_users(UsersChanged(vin=car.vin, at=clock.now()))

    assert document_of(vehicle=car, name="settings").body == {"account_id": None, "settings": {}}


@pytest.mark.rule("USR-010", "C-44")
def test_a_car_of_its_own_profile_forgets_who_no_longer_uses_it():
    owner, friend = driver(), driver()
    car = car_of(owner, secondary_users=[friend], generation="CAY-3")
    facts.sign_in(car, friend)
    set_in(car, friend, favorites=["Work"])

    for _ in range(2):
        actions.forget_settings(vin=car.vin, account_id=friend.id)

    assert queries.settings_of(account=friend) == []


@pytest.mark.rule("PAI-003", "USR-003", "USR-009")
@pytest.mark.parametrize("generation", ["TAY", "911-7"])
def test_what_a_person_chooses_in_the_portal_is_in_the_car_and_nobody_elses(generation, client):
    owner, friend = driver(), driver()
    car = car_of(owner, secondary_users=[friend], generation=generation)
    client.force_login(owner, backend=BACKEND)

    answer = client.post(
        f"/vehicles/{car.vin}/settings/",
        {"favorites": " Home \n\nWork\nHome", "stations": "", "weather_places": "Torino"},
    )

    assert answer.status_code == 302
    kept = queries.settings_document(vehicle=facts_again(car))["settings"]
    assert (kept["favorites"], kept["weather_places"]) == (["Home", "Work"], ["Torino"])
    # a list belongs to a service, and radio over the internet is not for every generation
    assert kept.get("stations") == ([] if generation == "TAY" else None)
    assert profile(friend, car) == {}
    assert OutboxEvent.objects.filter(type="vehicles.PersonalSettingsChanged", stream=car.vin).count() == 1
    client.force_login(friend, backend=BACKEND)
    assert "Torino" not in client.get(f"/vehicles/{car.vin}/settings/").content.decode()


@pytest.mark.parametrize("typed", ["\n".join(f"Radio {each}" for each in range(21)), "a" * 61])
def test_what_is_too_much_is_refused_and_kept_in_the_form(client, typed):
    owner = driver()
    car = car_of(owner)
    client.force_login(owner, backend=BACKEND)

    answer = client.post(f"/vehicles/{car.vin}/settings/", {"stations": typed})

    assert answer.status_code == 422
    assert typed in answer.content.decode()
    assert profile(owner, car) == {}


def test_a_setting_that_does_not_fit_is_refused():
    owner = driver()
    car = car_of(owner)

    with pytest.raises(SettingUnfit):
        actions.change_settings(by=owner, vin=car.vin, changed={"seat_position": 101})
    with pytest.raises(NotFound):
        actions.change_settings(by=facts.person(), vin=car.vin, changed={"seat_position": 50})

    assert profile(owner, car) == {}


@pytest.mark.rule("TAY-012")
def test_the_portal_shows_what_was_set_in_the_car(client):
    owner = driver()
    car = car_of(owner)
    set_in(car, owner, seat_position=75, stations=["Radio 3"])
    client.force_login(owner, backend=BACKEND)

    page = client.get(f"/vehicles/{car.vin}/settings/").content.decode()

    assert "75 %" in page
    assert "Radio 3" in page


def test_the_portal_offers_only_lists_that_services_of_the_car_use(client):
    owner = driver()
    car = car_of(owner, equipment=())
    client.force_login(owner, backend=BACKEND)

    answer = client.post(f"/vehicles/{car.vin}/settings/", {"stations": "Radio 3"})

    assert queries.lists_used_in(vehicle=car) == []
    assert (answer.status_code, profile(owner, car)) == (302, {})
    assert "No service of this car" in client.get(f"/vehicles/{car.vin}/settings/").content.decode()
