"""The pages of the list, and the same for programs."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests import destination_facts as facts
from tests import link_facts, vehicle_facts

from vettura.navigation import actions, queries
from vettura.navigation.models import Destination

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
API = "/api/v1/vehicles"


@pytest.fixture(autouse=True)
def keys():
    link_facts.ensure_keys()


@pytest.fixture
def owner():
    return vehicle_facts.person()


@pytest.fixture
def car(owner):
    return vehicle_facts.vehicle(main_user=owner, signed_in=True)


@pytest.fixture
def browser(owner):
    client = Client()
    client.force_login(owner, backend=BACKEND)
    return client


def listed(car, owner) -> list[str]:
    return [each.name for each in queries.entries_of(account=owner, vehicle=car) if each.deleted_at is None]


def page(browser, car, more="") -> str:
    return browser.get(f"/vehicles/{car.vin}/destinations/{more}").content.decode()


def fields(**changes):
    return {"kind": "destination", "name": "Museo", "category": "sight", "address": "Via Po 1"} | changes


# -- pages --------------------------------------------------------------------------------------------------------------


def test_the_page_of_the_car_leads_to_the_list(browser, car):
    assert f"/vehicles/{car.vin}/destinations/" in browser.get(f"/vehicles/{car.vin}/").content.decode()


@pytest.mark.rule("NAV-009")
def test_a_place_is_added_released_and_taken(browser, car, owner):
    empty = page(browser, car)
    added = browser.post(
        f"/vehicles/{car.vin}/destinations/add/", fields(latitude="45.0703", longitude="7.6869"), follow=True
    )
    released = browser.post(f"/vehicles/{car.vin}/destinations/release/", follow=True)
    vehicle_facts.tell(car, "document_applied", name="destinations", version=1)

    assert "Update destination lists in the vehicle" not in empty
    assert "Update destination lists in the vehicle" in added.content.decode()
    assert "1 added" in added.content.decode()
    assert "on its way to the car" in released.content.decode()
    taken = page(browser, car)
    assert "The car took your list" in taken
    assert "Nothing is new since then" in taken


def test_a_known_place_brings_its_position_and_its_name(browser, car, owner):
    browser.post(f"/vehicles/{car.vin}/destinations/add/", fields(name="", address="", place="FR:Lyon"))

    [row] = queries.entries_of(account=owner, vehicle=car)
    assert (row.name, row.latitude, row.longitude) == ("Lyon", 45.764, 4.8357)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": ""}, "Give it a name"),
        ({"address": ""}, "Say where it is"),
        ({"latitude": "abc", "longitude": "7"}, "The latitude is a number"),
        ({"latitude": "45", "longitude": ""}, "needs latitude and longitude"),
        ({"latitude": "99", "longitude": "7"}, "The latitude is a number"),
        ({"place": "XX:Nowhere"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_kept_is_told_at_its_field(browser, car, owner, changes, says):
    answer = browser.post(f"/vehicles/{car.vin}/destinations/add/", fields(**changes))

    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert listed(car, owner) == []


def test_an_entry_is_changed_deleted_and_put_back(browser, car, owner):
    row = facts.destination(car, owner)
    there = f"/vehicles/{car.vin}/destinations/{row.id}/"
    browser.post(there, fields(name="Museo Egizio", latitude="45.07", longitude="7.68"))
    changed = listed(car, owner)

    gone = browser.post(f"{there}delete/", follow=True).content.decode()
    deleted = listed(car, owner)
    browser.post(f"{there}put-back/")

    assert (changed, deleted, listed(car, owner)) == (["Museo Egizio"], [], ["Museo Egizio"])
    assert "Museo Egizio was deleted" in gone
    assert "Undo" in gone


def test_a_file_is_taken_line_by_line_and_what_is_wrong_comes_back_to_be_mended(browser, car, owner):
    address = f"/vehicles/{car.vin}/destinations/import/"
    file = SimpleUploadedFile("places.csv", b"name,address,latitude\r\nMuseo,Via Po 1,\r\nFar,,91\r\n")

    answer = browser.post(address, {"file": file})
    text = answer.content.decode()
    mended = browser.post(address, {"lines": "name,address\r\nFar,Via Po 9\r\n"}, follow=True)

    assert (answer.status_code, answer.headers.get("Location")) == (422, None)
    assert "1 entry was added" in text
    assert "Line 3:" in text
    assert "Far,,91" in text
    assert "1 entry was added" in mended.content.decode()
    assert listed(car, owner) == ["Far", "Museo"]


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"<gpx", "Line 1: This cannot be read"), (b"a,b\n", "one of them has to be"), (b"\xff", "not text in UTF-8")],
)
def test_a_file_that_cannot_be_read_says_so(browser, car, content, says):
    answer = browser.post(f"/vehicles/{car.vin}/destinations/import/", {"file": SimpleUploadedFile("x.csv", content)})

    assert answer.status_code == 422
    assert says in answer.content.decode()


def test_nothing_at_all_and_too_much_are_no_files(browser, car):
    address = f"/vehicles/{car.vin}/destinations/import/"

    nothing = browser.post(address, {})
    huge = browser.post(address, {"file": SimpleUploadedFile("x.csv", b"name,address\n" + b"x" * 1_000_001)})

    assert (nothing.status_code, huge.status_code) == (422, 422)
    assert "Choose a file" in nothing.content.decode()
    assert "too large" in huge.content.decode()


def test_the_list_is_taken_out_as_csv_and_as_gpx(browser, car, owner):
    facts.destination(car, owner, name="With <position>")
    facts.destination(car, owner, name="Address only", latitude=None, longitude=None)

    as_csv = browser.get(f"/vehicles/{car.vin}/destinations/export.csv")
    as_gpx = browser.get(f"/vehicles/{car.vin}/destinations/export.gpx")

    assert as_csv["Content-Disposition"] == 'attachment; filename="destinations.csv"'
    assert as_csv.content.decode().count("\r\n") == 3
    assert "<name>With &lt;position&gt;</name>" in as_gpx.content.decode()
    assert "Address only" not in as_gpx.content.decode()


def test_a_long_list_asks_no_more_of_the_database_than_a_short_one(browser, car, owner):
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries_asked:
            page(browser, car)
        return len(queries_asked)

    facts.destination(car, owner, released=True)
    page(browser, car)
    short = asked()
    for n in range(30):
        facts.destination(car, owner, name=f"{n}")
    for row in Destination.objects.all()[:10]:
        actions.delete_destination(by=owner, vin=car.vin, destination_id=row.id)

    assert asked() == short
    assert short <= 20


# -- programs -----------------------------------------------------------------------------------------------------------


def send(browser, method, path, body=None, **headers):
    return browser.generic(
        method,
        f"{API}/{path}",
        json.dumps(body) if body is not None else "",
        content_type="application/json",
        headers=headers,
    )


@pytest.mark.rule("NAV-017")
def test_a_program_keeps_reads_changes_and_deletes(browser, car, owner):
    place = {"name": "Bar", "kind": "poi", "latitude": 45.07, "longitude": 7.68}
    made = send(browser, "POST", f"{car.vin}/destinations", place)
    there = f"{car.vin}/destinations/{made.json()['id']}"
    changed = send(browser, "PATCH", there, {"note": "closed", "name": None})
    read = send(browser, "GET", there)
    gone = [send(browser, "DELETE", there).status_code for _ in range(2)]

    assert (made.status_code, made.json()["origin"], made.json()["change"]) == (201, "app", "new")
    assert (changed.json()["note"], changed.json()["name"], read.json()) == ("closed", "Bar", changed.json())
    assert (gone, send(browser, "GET", there).status_code) == ([204, 204], 404)


def test_the_same_key_makes_one_entry_and_another_request_under_it_is_refused(browser, car, owner):
    place = {"name": "Bar", "address": "Via Po 1"}
    first, second = (
        send(browser, "POST", f"{car.vin}/destinations", place, **{"Idempotency-Key": "k"}) for _ in range(2)
    )
    other = send(browser, "POST", f"{car.vin}/destinations", place | {"name": "Caffè"}, **{"Idempotency-Key": "k"})

    assert first.json() == second.json()
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert listed(car, owner) == ["Bar"]


def test_pages_have_a_cursor(browser, car, owner):
    for name in ("a", "b", "c"):
        facts.destination(car, owner, name=name)

    first = send(browser, "GET", f"{car.vin}/destinations?limit=2").json()
    second = send(browser, "GET", f"{car.vin}/destinations?limit=2&after={first['next']}").json()

    assert [each["name"] for each in first["items"] + second["items"]] == ["a", "b", "c"]
    assert second["next"] is None


def test_a_problem_says_which_field_is_wrong(browser, car, owner):
    answer = send(browser, "POST", f"{car.vin}/destinations", {"name": "Far", "latitude": 99, "longitude": 7})

    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert (answer.json()["code"], answer.json()["field"]) == ("navigation.destination_unfit", "latitude")
    assert listed(car, owner) == []


def test_a_position_is_taken_away_by_null(browser, car, owner):
    row = facts.destination(car, owner)

    send(browser, "PATCH", f"{car.vin}/destinations/{row.id}", {"latitude": None, "longitude": None})

    row.refresh_from_db()
    assert (row.latitude, row.longitude, row.address) == (None, None, "Via Po 1, Torino")


@pytest.mark.rule("NAV-009")
def test_a_program_releases_the_list_too(browser, car, owner):
    facts.destination(car, owner)
    before = send(browser, "GET", f"{car.vin}/destinations/release").json()

    after = send(browser, "POST", f"{car.vin}/destinations/release").json()

    assert (before["released_at"], before["new"]) == (None, 1)
    assert after["released_at"] is not None
    assert (after["taken_at"], after["new"]) == (None, 0)


def test_a_program_asks_no_more_of_the_database_for_a_long_list_than_for_a_short_one(browser, car, owner):
    def asked() -> int:
        with CaptureQueriesContext(connection) as questions:
            assert browser.get(f"{API}/{car.vin}/destinations").status_code == 200
        return len(questions)

    facts.destination(car, owner, released=True)
    asked()
    short = asked()
    for n in range(30):
        facts.destination(car, owner, name=f"{n}")

    assert asked() == short
