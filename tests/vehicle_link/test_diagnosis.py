"""Why a car is not online: what is known of its link, and what only somebody in the car can see."""

from datetime import timedelta

import pytest
from django.utils import translation
from tests import link_facts, vehicle_facts

from vettura.foundation import clock, diagnosis
from vettura.foundation.diagnosis import UNKNOWN, Diagnosis, Inquiry
from vettura.vehicle_link import actions
from vettura.vehicle_link.models import VehicleLink
from vettura.vehicles.models import Vehicle
from vettura_wire import payloads

pytestmark = pytest.mark.django_db
NO_SYMBOL = {"symbol": "no"}
OWN_CARD = {**NO_SYMBOL, "source": "card", "data_allowed": "yes", "volume": "yes"}


def why(car: Vehicle, topic: str = "connection", **told: str) -> Diagnosis:
    """What its main user is told."""
    return diagnosis.diagnose(
        Inquiry(topic=topic, country=car.country, at=clock.now(), role="main_user", vin=car.vin, told=told)
    )


def code(found: Diagnosis) -> str:
    """What is the cause, or is asked."""
    what = found.cause or found.question
    return what.code if what else ""


def car(generation: str = "TAY", country: str = "IT", *, online: bool = False) -> Vehicle:
    link_facts.ensure_keys()
    found = vehicle_facts.vehicle(generation=generation, country=country, signed_in=True)
    if online:
        link_facts.online(found)
    return found


def away(car: Vehicle, *, because: str = "", hours: int = 1) -> Vehicle:
    """A car that was connected, and left."""
    link_facts.online(car)
    at = clock.real_now() - timedelta(hours=hours)
    actions.record_offline(vin=car.vin, offline=payloads.Offline(at=at, because=because))
    return car


def test_of_a_car_that_is_online_nothing_is_asked():
    found = why(car(online=True))
    assert (found.cause, found.question) == (None, None)
    online = next(step for step in found.steps if step.check == "vehicle_link.the_car_is_connected")
    assert online.outcome.evidence[0].text == "Connected over LTE."


@pytest.mark.rule("TRB-005")
def test_data_switched_off_in_the_car_are_found_before_anything_is_asked():
    found = why(away(car("MAC-1"), because=payloads.DATA_OFF))
    assert found.cause.code == "data_off"
    assert found.cause.evidence[0].at is not None
    assert (found.cause.task, found.cause.article) == ("DATA_OFF", "data-off")


@pytest.mark.rule("TRB-002", "TRB-003", "TRB-004", "C-04")
@pytest.mark.parametrize(
    ("generation", "corner"),
    [
        ("PAN-2", "top right"),
        ("CAY-3", "top right"),
        ("TAY", "top right"),
        ("MAC-1", "bottom left"),
        ("718", "bottom left"),
    ],
)
def test_it_asks_for_the_symbol_where_this_car_shows_it(generation, corner):
    asked = why(car(generation)).question
    assert asked.code == "symbol"
    assert corner in asked.text


@pytest.mark.rule("TRB-001")
def test_a_symbol_rules_the_internet_out_so_that_the_contract_is_looked_at():
    somebody = car()
    found = diagnosis.diagnose(
        Inquiry(
            topic="service", service="music_streaming", country="IT", at=clock.now(), role="main_user",
            vin=somebody.vin, told={"symbol": "yes"},
        )
    )  # fmt: skip
    assert found.cause.code == "contract_missing"


@pytest.mark.rule("TRB-012")
def test_a_card_beside_the_built_in_sim_is_to_be_taken_out():
    mine = car("CAY-3", "DE")
    assert code(why(mine, **NO_SYMBOL)) == "card_in_reader"
    found = why(mine, **NO_SYMBOL, card_in_reader="yes")
    assert "Take the card out" in found.cause.text
    link_facts.online(mine)
    assert code(why(mine)) == ""


def test_a_car_without_a_slot_for_a_card_is_not_asked_for_one():
    assert code(why(car("TAY", "DE"), **NO_SYMBOL)) == "reception"


@pytest.mark.parametrize(
    ("told", "cause", "contact"),
    [
        pytest.param({"source": "card", "data_allowed": "no"}, "data_not_allowed", None, id="not allowed", marks=pytest.mark.rule("TRB-005", "TRB-006")),
        pytest.param({"source": "card", "data_allowed": "yes", "volume": "no"}, "volume_used_up", "operator", id="no volume", marks=pytest.mark.rule("TRB-007")),
        pytest.param({"source": "phone", "volume": "no"}, "volume_used_up", "operator", id="phone without volume", marks=pytest.mark.rule("TRB-007")),
        pytest.param({"source": "card", "data_allowed": "yes", "volume": "yes", "abroad": "yes", "roaming_car": "no"}, "roaming_off_in_car", None, id="roaming in the car", marks=pytest.mark.rule("TRB-009")),
        pytest.param({"source": "phone", "volume": "yes", "abroad": "yes", "roaming_car": "yes", "roaming_phone": "no"}, "roaming_off_in_phone", None, id="roaming in the phone", marks=pytest.mark.rule("TRB-009")),
        pytest.param({"source": "card", "data_allowed": "yes", "volume": "yes", "abroad": "no", "works": "no"}, "sim_broken", "operator", id="broken card", marks=pytest.mark.rule("TRB-010", "TRB-011")),
        pytest.param({"source": "card", "data_allowed": "yes", "volume": "yes", "abroad": "no", "works": "yes", "reception": "no"}, "signal_lost", None, id="no reception", marks=pytest.mark.rule("TRB-008")),
        pytest.param({"source": "neither"}, "no_source", None, id="nothing"),
    ],
)  # fmt: skip
def test_without_a_built_in_sim_the_answers_lead_to_the_cause(told, cause, contact):
    somebody = car("MAC-1", country_without_integrated_sim())
    found = why(somebody, **NO_SYMBOL, **told)
    assert found.cause is not None, found.question
    assert (found.cause.code, found.cause.contact) == (cause, contact)


@pytest.mark.rule("TRB-016", "SUP-006")
def test_when_nothing_holds_support_is_left():
    told = {
        "source": "card",
        "data_allowed": "yes",
        "volume": "yes",
        "abroad": "no",
        "works": "yes",
        "reception": "yes",
    }
    found = why(car("MAC-1", country_without_integrated_sim()), **NO_SYMBOL, **told)
    assert (found.cause, found.question) == (None, None)


def test_who_cannot_tell_is_asked_the_next_thing_and_comes_to_an_end():
    somebody, told = car("CAY-3", country_without_integrated_sim()), {}
    while (question := why(somebody, **told).question) is not None:
        assert question.code not in told
        told[question.code] = UNKNOWN
    assert why(somebody, **told).cause is None
    assert len(told) <= 8


@pytest.mark.rule("TRB-008")
def test_who_is_not_at_the_car_is_told_that_it_comes_back_by_itself():
    found = why(away(car()), symbol="away")
    assert found.cause.code == "out_of_reach"
    assert "broke off" in found.cause.evidence[0].text or "signed off" in found.cause.evidence[0].text


def test_a_car_that_shows_a_network_and_does_not_report_is_to_be_started_anew():
    found = why(away(car()), symbol="yes")
    assert (found.cause.code, found.cause.contact) == ("not_reporting", "support")


def test_a_car_that_is_not_let_in_is_a_matter_for_support():
    mine = away(car())
    VehicleLink.objects.filter(vehicle=mine).update(certificate_revoked_at=clock.now())
    found = why(mine)
    assert (found.cause.code, found.cause.contact) == ("certificate_revoked", "support")


def test_a_service_outside_of_the_car_needs_no_connection():
    found = diagnosis.diagnose(
        Inquiry(
            topic="service",
            service="parking_plus",
            country="DE",
            at=clock.now(),
            role="main_user",
            vin=car("TAY", "DE").vin,
        )
    )
    assert not any(step.check.startswith("vehicle_link.") for step in found.steps)


@pytest.mark.parametrize("language", ["it", "de"])
def test_it_asks_in_the_language_of_the_reader(language):
    somebody = car("CAY-3", "DE")
    english = why(somebody).question.text
    with translation.override(language):
        assert why(somebody).question.text != english


def country_without_integrated_sim() -> str:
    """A country in which the built-in SIM does not work, and a phone's hotspot does."""
    from vettura.catalog import queries as catalog

    return next(each.iso2 for each in catalog.countries() if not each.integrated_sim and each.phone_hotspot)
