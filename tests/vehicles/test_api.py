"""Cars and their users for programs."""

import pytest
from tests import vehicle_facts as facts

from vettura.vehicles import queries
from vettura.vehicles.models import Assignment, Invitation

pytestmark = pytest.mark.django_db
PROOF = {"step_up": {"pin": "1234"}}


@pytest.fixture
def as_person(client):
    def sign_in(account):
        client.force_login(account)
        return client

    return sign_in


@pytest.mark.rule("ID-026")
@pytest.mark.parametrize(
    "path", ["/api/v1/vehicles", "/api/v1/vehicles/WP0ZZZY1ZLSA00001", "/api/v1/vehicles/WP0ZZZY1ZLSA00001/users"]
)
def test_nobody_in_particular_gets_nothing(client, path):
    assert client.get(path).status_code == 401


@pytest.mark.rule("GAR-001", "GAR-002", "GAR-010")
def test_the_callers_cars_are_listed_with_their_roles(as_person):
    person = facts.person()
    own = facts.vehicle(main_user=person, plate="TO 001 A", sold_by=facts.partner(), remote_access=True)
    facts.vehicle()

    answer = as_person(person).get("/api/v1/vehicles").json()

    assert answer == {
        "items": [
            {
                "vin": own.vin,
                "model_line": own.model_line,
                "generation": "TAY",
                "model_name": own.model_name,
                "model_year": own.model_year,
                "drive": own.drive,
                "country": "IT",
                "plate": "TO 001 A",
                "equipment": own.equipment,
                "role": "main_user",
                "partner": "Partner Torino",
                "simulated": False,
                "connected": True,
                "linked": True,
                "remote_access": True,
                "privacy_mode": False,
                "pairing_code": None,
            }
        ],
        "next": None,
    }


@pytest.mark.rule("PAI-004")
@pytest.mark.parametrize(("generation", "is_shown"), [("CAY-3", True), ("CAY-2", False), ("TAY", False)])
def test_an_app_gets_the_callers_own_code_where_apps_show_it(as_person, generation, is_shown):
    owner, friend = facts.person(), facts.person()
    car = facts.vehicle(main_user=owner, secondary_users=[friend], generation=generation)

    for person in (owner, friend):
        client = as_person(person)
        shown = queries.pairing_code_for(account=person, vehicle=car) if is_shown else None
        assert client.get(f"/api/v1/vehicles/{car.vin}").json()["pairing_code"] == shown
        assert client.get("/api/v1/vehicles").json()["items"][0]["pairing_code"] == shown


def test_a_long_list_is_walked_by_its_cursor_and_misses_nothing(as_person):
    person = facts.person()
    cars = {facts.vehicle(main_user=person).vin for _ in range(5)}
    client, seen, cursor = as_person(person), [], ""

    while True:
        answer = client.get(f"/api/v1/vehicles?limit=2{cursor}").json()
        seen += [each["vin"] for each in answer["items"]]
        assert len(answer["items"]) <= 2
        if answer["next"] is None:
            break
        cursor = f"&after={answer['next']}"

    assert len(seen) == 5
    assert set(seen) == cars


@pytest.mark.parametrize("limit", ["0", "101", "many"])
def test_a_page_has_a_sensible_size(as_person, limit):
    assert as_person(facts.person()).get(f"/api/v1/vehicles?limit={limit}").status_code == 422


@pytest.mark.rule("ID-026")
@pytest.mark.parametrize(
    ("method", "rest"), [("get", ""), ("get", "/users"), ("post", "/users"), ("delete", "/users/{id}")]
)
def test_a_strangers_car_is_not_found_whatever_is_asked(as_person, method, rest):
    friend = facts.person()
    car = facts.vehicle(secondary_users=[friend])
    client = as_person(facts.person())
    body = {"data": {"email": "third@example.org"}, "content_type": "application/json"} if method == "post" else {}

    response = getattr(client, method)(f"/api/v1/vehicles/{car.vin}{rest.format(id=friend.id)}", **body)

    assert (response.status_code, response.json()["code"]) == (404, "not_found")
    assert Assignment.objects.filter(vehicle=car, until=None).count() == 2
    assert not Invitation.objects.exists()


def test_a_car_that_does_not_exist_looks_like_a_strangers(as_person):
    client = as_person(facts.person())

    answers = [client.get(f"/api/v1/vehicles/{vin}").json() for vin in (facts.vehicle().vin, facts.new_vin())]

    without_instance = [{k: v for k, v in each.items() if k != "instance"} for each in answers]
    assert without_instance[0] == without_instance[1]


@pytest.mark.rule("USR-005", "USR-006", "USR-010")
def test_the_main_user_invites_lists_and_removes(as_person):
    owner, friend = facts.with_pin(facts.person()), facts.person()
    car = facts.vehicle(main_user=owner, secondary_users=[friend])
    client, path = as_person(owner), f"/api/v1/vehicles/{car.vin}/users"

    invited = client.post(path, {"email": "Third@Example.org"} | PROOF, content_type="application/json")
    listed = client.get(path).json()["items"]
    removed = [client.delete(f"{path}/{each}").status_code for each in (friend.id, invited.json()["id"])]

    assert invited.status_code == 201
    assert sorted((each["email"], each["role"], each["status"]) for each in listed) == sorted(
        [
            (owner.email, "main_user", "active"),
            (friend.email, "secondary_user", "active"),
            ("third@example.org", "secondary_user", "invited"),
        ]
    )
    assert removed == [204, 204]
    assert [each.account for each in queries.users_of(vehicle=car)] == [owner]
    assert queries.open_invitations_of(vehicle=car) == []


def test_inviting_asks_once_more_who_it_is_counts_and_locks(as_person):
    owner = facts.with_pin(facts.person())
    car = facts.vehicle(main_user=owner)
    client, path = as_person(owner), f"/api/v1/vehicles/{car.vin}/users"
    wrong = {"email": "third@example.org", "step_up": {"pin": "0000"}}

    answers = [
        client.post(path, body, content_type="application/json") for body in ({"email": wrong["email"]}, *[wrong] * 3)
    ]

    told = [(each.status_code, each.json()["code"], each.json().get("attempts_left")) for each in answers]
    required = "identity.step_up_required"
    assert told == [(403, required, 3), (403, required, 2), (403, required, 1), (423, "identity.pin_locked", None)]
    assert not Invitation.objects.exists()


def test_an_address_that_is_none_is_refused(as_person):
    owner = facts.person()
    car = facts.vehicle(main_user=owner)

    response = as_person(owner).post(
        f"/api/v1/vehicles/{car.vin}/users", {"email": "friend"}, content_type="application/json"
    )

    assert response.status_code == 422
    assert not Invitation.objects.exists()


@pytest.mark.rule("USR-005", "USR-008", "USR-010")
def test_a_secondary_user_manages_nobody_and_sees_nobody(as_person):
    owner, friend = facts.person(), facts.person()
    car = facts.vehicle(main_user=owner, secondary_users=[friend])
    client, path = as_person(friend), f"/api/v1/vehicles/{car.vin}/users"

    answers = [
        client.get(path),
        client.post(path, {"email": "third@example.org"}, content_type="application/json"),
        client.delete(f"{path}/{owner.id}"),
    ]

    assert [(each.status_code, each.json()["code"]) for each in answers] == [(403, "vehicles.main_user_only")] * 3
    assert owner.email not in answers[0].content.decode()
    assert len(queries.users_of(vehicle=car)) == 2
    assert not Invitation.objects.exists()


def test_pages_of_users_hold_people_and_invitations_each_once(as_person):
    owner = facts.person()
    car = facts.vehicle(main_user=owner, secondary_users=[facts.person() for _ in range(3)])
    for number in range(3):
        facts.secondary_invitation(car=car, email=f"friend{number}@example.org")
    client, seen, cursor = as_person(owner), [], ""

    while cursor is not None:
        answer = client.get(f"/api/v1/vehicles/{car.vin}/users?limit=2{cursor}").json()
        seen += [each["email"] for each in answer["items"]]
        cursor = f"&after={answer['next']}" if answer["next"] else None

    assert len(seen) == len(set(seen)) == 7


def test_an_invitation_with_the_same_key_is_sent_once(as_person):
    owner = facts.with_pin(facts.person())
    car = facts.vehicle(main_user=owner)
    client = as_person(owner)

    answers = [
        client.post(
            f"/api/v1/vehicles/{car.vin}/users",
            {"email": "friend@example.org"} | PROOF,
            content_type="application/json",
            headers={"Idempotency-Key": "one"},
        )
        for _ in range(2)
    ]

    assert [each.status_code for each in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert len(facts.mails_to("friend@example.org")) == 1
