"""What a person is asked about their cars when a program wants access, and where they end it."""

import pytest
from django.test import Client
from tests import identity_facts as people
from tests import link_facts as facts
from tests.identity.oidc.conftest import programs, signing_key
from tests.identity.oidc.relying_party import RelyingParty, answer_in
from tests.program_facts import Api, token

from vettura.foundation.errors import NotFound
from vettura.foundation.models import OutboxEvent
from vettura.identity import actions, queries
from vettura.identity.actions import programs as program_actions
from vettura.identity.errors import TooManyPrograms
from vettura.identity.models import ProgramGrant

__all__ = ["programs", "signing_key"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("programs")]
VINS = [facts.VIN, facts.OTHER_VIN]


@pytest.fixture
def person():
    person = facts.account()
    for vin in VINS:
        facts.vehicle(vin, main_user=person)
    return person


@pytest.fixture
def party(person):
    return RelyingParty(browser=people.signed_in(person))


def answered(party, page, **chosen):
    body = {"request": page.context["signed"], "action": "grant", "scopes": ["openid", "status", "vehicles"], **chosen}
    return answer_in(party.browser.post(party.path("authorization_endpoint"), body))


def grant() -> ProgramGrant:
    return ProgramGrant.objects.latest("started_at", "id")


def test_the_page_asks_for_which_cars_and_apart_of_which_the_place(party):
    page = party.ask(scope="openid status location").content.decode()

    for vin in VINS:
        assert f'name="cars" value="{vin}" checked' in page
        assert f'name="places" value="{vin}">' in page
    assert "See where your vehicles are" not in page


def test_a_program_that_wants_nothing_with_cars_asks_about_none(party):
    assert 'name="cars"' not in party.ask(scope="openid email").content.decode()


def test_a_program_gets_the_cars_and_places_that_were_chosen_and_no_others(party):
    answered(party, party.ask(scope="openid status location"), cars=[facts.VIN], places=VINS)

    assert (grant().cars, grant().places, grant().scopes) == (
        [facts.VIN],
        [facts.VIN],
        ["openid", "status", "location"],
    )


@pytest.mark.rule("DAT-012")
def test_without_a_place_the_scope_of_the_place_is_not_granted(party):
    answered(party, party.ask(scope="openid status location"), cars=VINS, scopes=["openid", "status", "location"])

    assert (sorted(grant().cars), grant().places, grant().scopes) == (VINS, [], ["openid", "status"])


def test_somebody_elses_car_cannot_be_opened(party):
    facts.vehicle("WP0ZZZY1ZLSA00009")

    answered(party, party.ask(scope="openid status"), cars=["WP0ZZZY1ZLSA00009"], places=["WP0ZZZY1ZLSA00009"])

    assert (grant().cars, grant().places) == ([], [])


def test_the_answer_is_remembered_with_its_cars(party):
    answered(party, party.ask(scope="openid status"), cars=[facts.VIN])

    assert "code" in answer_in(party.ask(scope="openid status"))

    assert grant().cars == [facts.VIN]


def test_a_device_asks_the_same(party, person):
    device = RelyingParty("app", None, browser=party.browser)
    codes = device.post("device_authorization_endpoint", scope="openid status location").json()
    page = party.browser.get("/device/", {"code": codes["user_code"]}).content.decode()
    assert f'name="places" value="{facts.VIN}">' in page

    party.browser.post("/device/", {"code": codes["user_code"], "action": "confirm", "cars": VINS, "places": VINS[:1]})

    assert (sorted(grant().cars), grant().places) == (VINS, VINS[:1])


def test_the_page_of_programs_names_each_car_and_ends_it(party, person):
    value = token(person, "vehicles", cars=VINS, places=VINS)
    page = party.browser.get("/account/programs/").content.decode()
    assert page.count("sees where it is") == 2

    hidden = party.browser.post(
        "/account/programs/end/car/", {"client_id": "charts", "vin": facts.VIN, "what": "place"}, follow=True
    )
    ended = party.browser.post(
        "/account/programs/end/car/", {"client_id": "charts", "vin": facts.OTHER_VIN, "what": "car"}, follow=True
    )

    assert "does not see any more where" in hidden.content.decode()
    assert "has no access to" in ended.content.decode()
    assert [each["vin"] for each in Api(value).get("/api/v1/vehicles").json()["items"]] == [facts.VIN]


def test_a_program_of_ones_own_signs_in_its_maker_by_a_code_and_nobody_else(party, person):
    own = actions.create_own_program(by=person, name="  My charts ")
    device = RelyingParty(own.id, None)
    codes = device.post("device_authorization_endpoint", scope="openid status").json()
    answer = {"code": codes["user_code"], "action": "confirm", "cars": VINS}
    stranger = people.signed_in(facts.account("stranger@example.org"))

    assert stranger.post("/device/", answer).status_code == 422
    assert party.browser.post("/device/", answer).status_code == 200

    tokens = device.post(
        "token_endpoint",
        grant_type="urn:ietf:params:oauth:grant-type:device_code",
        device_code=codes["device_code"],
    ).json()
    assert Api(tokens["access_token"]).get("/api/v1/me").json()["id"] == str(person.id)
    assert own.name == "My charts"
    actions.remove_own_program(by=person, client_id=own.id)
    assert Api(tokens["access_token"]).get("/api/v1/me").status_code == 401


def test_nobody_makes_programs_without_end_or_removes_those_of_others(person):
    own = [actions.create_own_program(by=person, name=f"{n}") for n in range(10)]

    with pytest.raises(TooManyPrograms):
        actions.create_own_program(by=person, name="one more")
    with pytest.raises(NotFound):
        actions.remove_own_program(by=facts.account("stranger@example.org"), client_id=own[0].id)
    assert len(queries.own_programs(account=person)) == 10
    assert Client().get("/account/programs/").status_code == 302


def test_ending_a_programs_access_is_announced_so_that_whoever_watches_is_asked_again(person):
    token(person, "status")

    actions.revoke_program_car(account=person, client_id="charts", vin=facts.VIN, only_place=True)
    actions.revoke_program(account=person, client_id="charts")
    actions.revoke_program(account=person, client_id="charts")

    told = OutboxEvent.objects.filter(type="identity.ProgramAccessChanged", stream=str(person.id))
    assert told.count() == 2


def test_the_programs_that_a_person_made_go_with_the_account(person):
    actions.create_own_program(by=person, name="My charts")
    actions.remove_own_program(by=person, client_id=actions.create_own_program(by=person, name="Other").id)

    program_actions.remove_all_own_programs(account=person)

    assert queries.own_programs(account=person) == []
