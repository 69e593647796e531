""" "Show me": the steps of an article on the head unit of the reader's car, also without a script and without a car of one's own."""

import pytest
from tests import vehicle_facts

pytestmark = pytest.mark.django_db


@pytest.mark.rule("KB-002")
def test_a_stranger_who_has_picked_a_car_is_shown_each_step_on_its_head_unit(client):
    article = client.get("/help/pairing-code/", {"car": "911-7", "country": "IT"}).content.decode()
    assert 'href="/help/pairing-code/show/?country=IT&amp;car=911-7"' in article

    page = client.get("/help/pairing-code/show/", {"car": "911-7", "country": "IT"}).content.decode()

    assert 'Press the key <span class="key">OPT</span>.' in page
    assert page.count('<template shadowrootmode="open">') == 5
    assert page.count(" data-here") == 4


def test_a_stranger_who_has_picked_none_is_asked_for_the_car_and_offered_those_that_have_something_to_show(client):
    page = client.get("/help/roaming-on/show/", {"country": "IT"}).content.decode()

    assert 'href="?car=CAY-3&amp;country=IT"' in page
    assert 'href="?car=TAY' not in page  # roaming is always on there


@pytest.mark.rule("C-07")
def test_whoever_is_signed_in_is_shown_the_own_car_with_its_own_words(client):
    owner = vehicle_facts.person(country="DE")
    car = vehicle_facts.vehicle(main_user=owner, generation="CAY-3")
    client.force_login(owner)

    page = client.get("/help/data-off/show/", headers={"accept-language": "de"}).content.decode()

    assert car.vin[-6:] in page
    assert 'Wählen Sie <span class="chip">Geräteverwaltung</span>.' in page


def test_where_there_is_nothing_to_set_nothing_is_shown(client):
    article = client.get("/help/roaming-on/", {"car": "TAY", "country": "IT"}).content.decode()
    page = client.get("/help/roaming-on/show/", {"car": "TAY", "country": "IT"})

    assert "/help/roaming-on/show/" not in article
    assert page.status_code == 200
    assert "data-here" not in page.content.decode()


def test_an_article_that_names_several_ways_shows_each_of_them(client):
    page = client.get("/help/own-destinations/show/", {"car": "CAY-3", "country": "IT"}).content.decode()
    other = client.get(
        "/help/own-destinations/show/", {"car": "CAY-3", "country": "IT", "task": "OWN_POI"}
    ).content.decode()

    assert page.count("&amp;task=") == 2
    assert ">Personal destinations</a>" in page
    assert ">Portal destinations</a>" in page
    assert page != other


def test_an_unknown_article_has_nothing_to_show(client):
    assert client.get("/help/no-such-article/show/").status_code == 404
