"""Why a car is silent: one sentence, and since when."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from tests import link_facts as facts
from tests import vehicle_facts

from vettura.vehicle_link import actions, queries, rules
from vettura.vehicle_link.process.ingest import Arrived, work_on
from vettura.vehicle_link.rules import KnownOfCar, SilenceCause, silence_of
from vettura.vehicles import actions as vehicles
from vettura_wire import payloads, signals, topics

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=400)


def ago(**span) -> datetime:
    return NOW - timedelta(**span)


def known(**changes) -> KnownOfCar:
    """A car that is there and reported a minute ago."""
    facts = {"registered_at": LONG_AGO, "is_online": True, "connected_at": ago(days=1), "newest_at": ago(minutes=1)}
    return KnownOfCar(**{**facts, **changes})


GONE = {"is_online": False, "last_seen_at": ago(hours=3), "newest_at": ago(hours=3)}


@pytest.mark.parametrize(
    ("facts", "cause", "since"),
    [
        ({"is_online": False, "connected_at": None, "newest_at": None}, "never_connected", LONG_AGO),
        ({**GONE, "revoked_at": ago(days=2)}, "certificate_revoked", ago(days=2)),
        ({**GONE, "certificate_expires_at": ago(hours=1)}, "certificate_expired", ago(hours=1)),
        ({**GONE, "left_at": ago(hours=2), "left_because": "data_off"}, "data_off", ago(hours=2)),
        ({**GONE, "left_at": ago(hours=2), "left_because": "good_bye"}, "signed_off", ago(hours=2)),
        ({**GONE, "left_at": ago(hours=2), "left_because": "lost"}, "connection_lost", ago(hours=2)),
        (GONE, "connection_lost", ago(hours=3)),
        ({"privacy_since": ago(minutes=5)}, "privacy", ago(minutes=5)),
        (
            {**GONE, "left_because": "lost", "left_at": ago(hours=1), "privacy_since": ago(days=1)},
            "privacy",
            ago(days=1),
        ),
        ({"clock_ahead": timedelta(hours=-3)}, "clock_off", ago(days=1)),
        ({"clock_ahead": timedelta(hours=3)}, "clock_off", ago(days=1)),
        ({"newest_at": ago(hours=9), "is_asleep": True}, "asleep", ago(hours=9)),
        ({"newest_at": ago(hours=9)}, "no_report", ago(hours=9)),
        ({"newest_at": None}, "no_report", ago(days=1)),
    ],
)
def test_every_silence_has_its_cause_and_a_moment(facts, cause, since):
    silence = silence_of(known(**facts), at=NOW)

    assert (silence.cause, silence.since) == (cause, since)


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"is_asleep": True},
        {"newest_at": None, "connected_at": ago(seconds=10)},
        {"clock_ahead": timedelta(minutes=4)},
        {"certificate_expires_at": NOW + timedelta(days=1)},
    ],
)
def test_a_car_whose_values_are_fresh_is_not_silent(facts):
    assert silence_of(known(**facts), at=NOW) is None


MOMENTS = st.none() | st.integers(0, 30 * 24).map(lambda hours: ago(hours=hours))


@given(
    st.builds(
        KnownOfCar,
        registered_at=st.just(LONG_AGO),
        is_online=st.booleans(),
        connected_at=MOMENTS,
        last_seen_at=MOMENTS,
        left_at=MOMENTS,
        left_because=st.sampled_from(["", "lost", "good_bye", "data_off", "of a newer car"]),
        privacy_since=MOMENTS,
        revoked_at=MOMENTS,
        certificate_expires_at=MOMENTS,
        clock_ahead=st.timedeltas(timedelta(days=-1), timedelta(days=1)),
        is_asleep=st.booleans(),
        newest_at=MOMENTS,
    )
)
def test_whatever_is_known_a_car_out_of_reach_has_a_cause(car):
    silence = silence_of(car, at=NOW)

    assert silence is not None or car.is_online
    assert silence is None or silence.text


@pytest.mark.parametrize("cause", SilenceCause)
def test_every_cause_is_a_sentence_in_every_language(cause):
    told = set()
    for language in ("en", "it", "de"):
        with translation.override(language):
            told.add(str(rules.SENTENCES[cause]))

    assert len(told) == 3
    assert all(sentence.endswith(".") for sentence in told)


# -- how the platform comes to know it -------------------------------------------------------------------------------


def silence_of_car(car) -> rules.Silence | None:
    car.refresh_from_db()
    return queries.twins_of(vehicles=[car])[car.vin].silence


def cause_of(car) -> str | None:
    silence = silence_of_car(car)
    return silence and str(silence.cause)


def test_a_car_that_never_came_is_told_from_one_that_left_and_how(db, clock):
    car = facts.vehicle()
    told = [cause_of(car)]
    for offline in (
        payloads.Offline(),
        payloads.Offline(at=clock.real_now()),
        payloads.Offline(at=clock.real_now(), because=payloads.DATA_OFF),
    ):
        facts.online(car)
        told.append(cause_of(car))
        actions.record_offline(vin=car.vin, offline=offline)
        told.append(cause_of(car))

    assert told == ["never_connected", None, "connection_lost", None, "signed_off", None, "data_off"]


def test_a_good_bye_that_comes_late_says_when_it_was(db, clock):
    car = facts.online(facts.vehicle())
    left_at, shown_at = clock.real_now(), clock.now()
    clock.advance(hours=2)

    actions.record_offline(vin=car.vin, offline=payloads.Offline(at=left_at))

    assert silence_of_car(car).since == shown_at


def test_a_will_after_a_good_bye_changes_nothing(db, clock):
    car = facts.online(facts.vehicle())
    actions.record_offline(vin=car.vin, offline=payloads.Offline(at=clock.real_now(), because=payloads.DATA_OFF))

    actions.record_offline(vin=car.vin, offline=payloads.Offline())

    assert cause_of(car) == "data_off"


def test_a_parked_car_sleeps_and_one_that_charges_does_not(db, clock):
    car = facts.online(facts.vehicle())
    values = {signals.IGNITION: signals.IGNITION_LOCKED, signals.CHARGING: False}
    actions.record_states(states=[(car.vin, payloads.State(seq=1, measured_at=clock.real_now(), values=values))])
    told = [cause_of(car)]
    clock.advance(hours=1)
    told.append(cause_of(car))
    actions.record_states(
        states=[(car.vin, payloads.State(seq=2, measured_at=clock.real_now(), values={signals.CHARGING: True}))]
    )
    clock.advance(hours=1)
    told.append(cause_of(car))

    assert told == [None, "asleep", "no_report"]


@pytest.mark.rule("C-77")
def test_privacy_mode_explains_the_silence(db, clock):
    car = facts.online(facts.vehicle())
    vehicles.set_privacy_mode(vin=car.vin, on=True, at=clock.now())

    assert (cause_of(car), silence_of_car(car).since) == ("privacy", clock.now())


def test_a_clock_is_judged_by_when_the_broker_took_the_hello(transactional_db, clock):
    car = facts.vehicle()
    hello = payloads.encode(facts.hello(car.vin, sent_at=clock.real_now() - timedelta(hours=1)))
    topic = f"$MQTT.msgs.vehicles.{car.vin}.up.{topics.HELLO}"

    work_on([Arrived(topic, hello, 1, clock.real_now() - timedelta(hours=1))])
    waited = cause_of(car)
    work_on([Arrived(topic, hello, 2, clock.real_now())])

    assert (waited, cause_of(car)) == (None, "clock_off")


def test_the_end_of_a_certificate_is_known_from_the_door(db, clock):
    car = facts.online(facts.vehicle())
    actions.note_certificates(expiring={car.vin: clock.real_now() + timedelta(hours=1)})
    actions.record_offline(vin=car.vin)
    before = cause_of(car)
    clock.advance(hours=2)

    assert (before, cause_of(car)) == ("connection_lost", "certificate_expired")


def test_a_car_that_comes_in_shows_until_when_it_may(transactional_db, nats_server, link, car):
    known = facts.vehicle()
    with car() as client:
        client.say_hello()
        facts.eventually(lambda: queries.twins_of(vehicles=[known])[known.vin].is_online)

    stored = queries.link_of(vin=known.vin)
    assert stored.certificate_expires_at > facts.real_now() + timedelta(days=300)
    assert abs(stored.clock_ahead) < timedelta(minutes=1)


# -- where it is shown -----------------------------------------------------------------------------------------------


def test_the_page_of_a_silent_car_says_why(transactional_db, clock):
    person = facts.account()
    car = facts.online(facts.vehicle(main_user=person))
    actions.record_offline(vin=car.vin)
    browser = Client()
    browser.force_login(person)

    page = browser.get(f"/vehicles/{car.vin}/commands/controls/").content.decode()
    short = browser.get(f"/vehicles/{car.vin}/commands/controls/?short=1").content.decode()

    assert "The connection broke off" in page
    assert "The connection broke off" not in short


def test_a_car_that_speaks_is_not_explained(transactional_db, clock):
    person = facts.account()
    car = facts.online(facts.vehicle(main_user=person))
    browser = Client()
    browser.force_login(person)

    assert "Since" not in browser.get(f"/vehicles/{car.vin}/commands/controls/").content.decode()


@pytest.mark.django_db
@pytest.mark.rule("DAT-009")
@pytest.mark.parametrize(("shares", "is_shown"), [(True, True), (False, False)])
def test_a_partner_sees_why_a_car_is_silent_if_its_main_user_shares_data(client, clock, shares, is_shown):
    sent, buyer = vehicle_facts.sale(), vehicle_facts.person(email="buyer@example.org")
    car = vehicle_facts.accept(sent.token, buyer, share=shares)
    client.force_login(vehicle_facts.partner_staff(of=sent.invitation.partner))

    page = client.get(f"/desk/vehicles/{car.vin}/").content.decode()

    assert ("The car has never been connected." in page) is is_shown


@pytest.mark.django_db
def test_assistance_sees_why_a_car_is_silent_and_since_when(client, clock):
    car = vehicle_facts.vehicle()
    facts.online(car)
    actions.record_offline(vin=car.vin)
    client.force_login(vehicle_facts.assistant())

    page = client.get(f"/desk/vehicles/{car.vin}/").content.decode()

    assert "The connection broke off" in page
    assert "just now" in page
