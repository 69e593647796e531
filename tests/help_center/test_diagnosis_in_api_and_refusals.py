"""Programs ask why, as far as their scopes go; and whatever is refused for a cause that can be looked for says where."""

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from tests import program_facts, vehicle_facts

from vettura.foundation import diagnosis as engine
from vettura.foundation.errors import NotFound, Refusal
from vettura.help_center import diagnosis, queries
from vettura.portal.refusals import RefusalMiddleware

pytestmark = pytest.mark.django_db


class NoMusic(Refusal):
    """Something with a cause that can be looked for."""

    code = "radio.no_music"
    why = "radio"


def of(car, topic: str, **query: object) -> tuple[str, dict[str, object]]:
    return f"/api/v1/vehicles/{car.vin}/diagnosis/{topic}", query


def test_a_program_gets_the_question_and_comes_back_with_the_answer(client, owner, car, radio):
    client.force_login(owner)

    first = client.get(*of(car, radio, lang="de")).json()
    then = client.get(*of(car, radio, told=["own_volume:yes"])).json()

    assert (first["verdict"], first["question"]["code"], first["lang"]) == ("question", "own_volume", "de")
    assert [each["value"] for each in first["question"]["options"]] == ["yes", "no"]
    assert then["verdict"] == "cause"
    assert then["cause"]["code"] == "expired"
    assert then["cause"]["remedy"] == {"text": "Choose a contract", "href": "/store/?vin=x"}
    assert then["cause"]["path"]
    assert then["cause"]["article"] == "renew-a-service"
    assert then["cause"]["evidence"][0]["at"].endswith("Z")
    assert then["checked"][0]["check"] == "radio.online"
    assert then["page"] == f"/help/why/radio/?vin={car.vin}&told=own_volume%3Ayes"


def test_every_topic_and_service_is_listed_with_its_address(client, owner, car, radio):
    client.force_login(owner)

    items = client.get(f"/api/v1/vehicles/{car.vin}/diagnosis").json()["items"]

    assert items[0] == {
        "topic": "radio",
        "service": None,
        "title": "Why is there no music?",
        "href": f"/api/v1/vehicles/{car.vin}/diagnosis/radio",
    }
    assert all(client.get(each["href"]).status_code == 200 for each in items[:3])


def test_a_program_without_the_scope_of_states_gets_the_cause_and_no_evidence(owner, car, radio):
    query = {"told": ["own_volume:yes"]}
    climate = program_facts.Api(program_facts.token(owner, "climate"))
    status = program_facts.Api(program_facts.token(owner, "status", client_id="status"))
    store = program_facts.Api(program_facts.token(owner, "store", client_id="store"))

    told, more = climate.get(*of(car, radio, **query)).json(), status.get(*of(car, radio, **query)).json()

    assert (told["cause"]["code"], told["cause"]["evidence"], told["checked"]) == ("expired", [], [])
    assert len(more["checked"][0]["evidence"]) == 1
    assert more["cause"]["evidence"] == []
    assert store.get(*of(car, radio)).status_code == 403


def test_a_car_of_somebody_else_and_an_unknown_topic_do_not_exist(client, car, radio):
    client.force_login(vehicle_facts.person())
    assert client.get(*of(car, radio)).status_code == 404

    client.force_login(vehicle_facts.person(email="second@example.org"))
    mine = vehicle_facts.vehicle(main_user=vehicle_facts.person(email="third@example.org"))
    assert client.get(*of(mine, "no_such_topic")).status_code == 404


def refused(request: HttpRequest, refusal: Refusal) -> str:
    """The page that a refusal becomes."""
    request.user = vehicle_facts.person()
    request.headers = {**request.headers, "HX-Request": "true"}
    answer = RefusalMiddleware(lambda _request: None).process_exception(request, refusal)
    return answer.content.decode()


def test_a_refused_page_links_to_its_cause_with_the_car_and_the_service(radio):
    page = refused(RequestFactory().get("/x/", {"vin": "WP0ZZZY1ZLS000001"}), NoMusic())
    of_service = refused(RequestFactory().get("/x/"), NoMusic(service="remote_lock", vin="WP0ZZZY1ZLS000002"))

    assert 'href="/help/why/radio/?vin=WP0ZZZY1ZLS000001"' in page
    assert 'href="/help/why/service/?vin=WP0ZZZY1ZLS000002&amp;service=remote_lock"' in of_service
    assert "/help/why/" not in refused(RequestFactory().get("/x/"), NotFound())


def test_a_refused_command_says_where_its_cause_is_looked_for(client, owner):
    car = vehicle_facts.vehicle(main_user=owner)
    client.force_login(owner)

    answer = client.post(f"/api/v1/vehicles/{car.vin}/commands", {"type": "lock"}, content_type="application/json")

    assert answer.status_code == 409
    assert answer.json()["diagnosis"] == f"/api/v1/vehicles/{car.vin}/diagnosis/service?service=remote_lock"
    assert client.get(answer.json()["diagnosis"]).status_code == 200


def _refusals(of_class: type[Refusal]) -> list[type[Refusal]]:
    return [each for sub in of_class.__subclasses__() for each in (sub, *_refusals(sub))]


def test_every_refusal_and_every_article_that_names_a_topic_names_one_that_exists():
    named = {each.why for each in _refusals(Refusal) if each.why and each.__module__.startswith("vettura.")}
    assert {each for each in named if not engine.is_topic(each)} == set()

    for article in queries.help_of_pack().articles.values():
        topic, service = diagnosis.of_article(article)
        if topic:
            assert diagnosis.title_of(topic=topic, service=service)
