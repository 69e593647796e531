import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vettura_wire import payloads, signals, topics
from vettura_wire.errors import MalformedPayload, UnknownTopic
from vettura_wire.payloads import Event, Hello, Offline, Result, State

VIN = "WP0ZZZY1ZLSA00001"


@pytest.mark.parametrize("kind", sorted(topics.UP_KINDS))
def test_a_topic_is_taken_apart_as_it_was_made(kind):
    topic = topics.up(VIN, kind)

    assert topics.parse(topic) == (VIN, "up", kind)
    assert topics.parse(topics.to_subject(topic)) == (VIN, "up", kind)
    assert topics.parse("$MQTT.msgs." + topics.to_subject(topic)) == (VIN, "up", kind)


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "vehicles/+/up/state",
        f"vehicles/{VIN}/up/command",
        f"vehicles/{VIN}/down/hello",
        f"x/{VIN}/up/state",
        f"vehicles/{VIN}/up/state/more",
        f"vehicles/{VIN[:-1]}/up/state",
        f"vehicles/{VIN[:-1]}O/up/state",
    ],
)
def test_anything_else_is_no_topic(topic):
    with pytest.raises(UnknownTopic):
        topics.parse(topic)


@given(text=st.text())
def test_no_text_breaks_the_reading_of_topics(text):
    try:
        parsed = topics.parse(text)
    except UnknownTopic:
        return
    assert topics.is_vin(parsed.vin)


@given(data=st.binary(), kind=st.sampled_from([Hello, State, Event, Result, Offline]))
def test_no_bytes_break_the_reading_of_payloads(data, kind):
    with contextlib.suppress(MalformedPayload):
        assert isinstance(payloads.decode(data, kind), kind)


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(MalformedPayload):
        payloads.decode(b'{"seq":1,"measured_at":"2025-11-22T22:00:00","values":{}}', State)


def test_an_unknown_field_is_ignored():
    state = payloads.decode(b'{"seq":1,"measured_at":"2025-11-22T22:00:00Z","values":{},"new":1}', State)

    assert state.seq == 1


def test_an_empty_will_is_an_offline_without_a_time():
    assert payloads.decode(b"", Offline) == Offline(at=None)


def test_every_signal_has_its_own_path_and_word():
    assert len(signals.BY_SHORT) == len(signals.SIGNALS)
    assert all(path.startswith("Vehicle.") for path in signals.SIGNALS)


@pytest.mark.parametrize(
    ("path", "value", "fits"),
    [
        (signals.CHARGING, True, True),
        (signals.CHARGING, 1, False),
        (signals.MILEAGE, 12, True),
        (signals.MILEAGE, True, False),
        (signals.FUEL_LEVEL, 50, True),
        (signals.FUEL_LEVEL, 50.5, False),
        (signals.IGNITION, "ON", True),
        ("Vehicle.No", 1, False),
    ],
)
def test_a_value_fits_its_signal_or_not(path, value, fits):
    assert signals.fits(path, value) is fits
