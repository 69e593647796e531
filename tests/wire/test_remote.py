"""Parameters of remote commands: what both ends take, and what both refuse."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vettura_wire import remote
from vettura_wire.errors import IllParameters

TIMER = {"id": 1, "enabled": True, "time": "07:30", "weekdays": ["monday"], "climate": True, "target_percent": 80}
PROFILE = {
    "id": 1, "name": "Home", "enabled": True, "minimum_percent": 30, "target_percent": 80,
    "position": {"latitude": 45.07, "longitude": 7.69, "radius": 200},
    "preferred_times": [{"begins": "22:00", "ends": "06:00"}],
}  # fmt: skip
AREA = {"latitude": 45.07, "longitude": 7.69, "radius": 500}
GOOD = [
    ("lock", {}),
    ("climate_start", {}),
    ("climate_start", {"temperature": 21, "seats": ["front_left"]}),
    ("set_charge_target", {"target_percent": 80}),
    ("set_departure_timers", {"timers": [TIMER, {"id": 2, "enabled": False, "time": "23:59", "date": "2026-12-01"}]}),
    ("set_departure_timers", {"timers": []}),
    ("set_charging_profiles", {"profiles": [PROFILE]}),
    ("set_location_alarms", {"alarms": [{"id": 1, "name": "School", "enabled": True, "area": AREA, "on": "leave"}]}),
    ("set_speed_alarms", {"alarms": [{"id": 1, "enabled": True, "limit_kmh": 130}]}),
    ("set_valet_alarm", {"enabled": True, "limit_kmh": 50, "radius": 1000}),
    ("set_valet_alarm", {"enabled": False}),
    ("set_intelligent_climate", {"enabled": True}),
]
BAD = [
    ("fly", {}, "type"),
    ("lock", {"force": True}, "force"),
    ("climate_start", {"temperature": "warm"}, "temperature"),
    ("climate_start", {"temperature": float("nan")}, "temperature"),
    ("climate_start", {"seats": ["roof"]}, "seats[0]"),
    ("climate_start", {"seats": ["front_left", "front_left"]}, "seats"),
    ("set_charge_target", {}, "target_percent"),
    ("set_charge_target", {"target_percent": True}, "target_percent"),
    ("set_departure_timers", {"timers": [TIMER | {"time": "24:00"}]}, "timers[0].time"),
    ("set_departure_timers", {"timers": [TIMER, TIMER]}, "timers[1].id"),
    ("set_departure_timers", {"timers": [TIMER | {"weekdays": []}]}, "timers[0].weekdays"),
    ("set_departure_timers", {"timers": [TIMER | {"date": "2026-12-01"}]}, "timers[0].weekdays"),
    ("set_departure_timers", {"timers": [TIMER | {"weekdays": [], "date": "2026-02-30"}]}, "timers[0].date"),
    ("set_departure_timers", {"timers": [TIMER | {"id": number} for number in range(1, 7)]}, "timers"),
    ("set_charging_profiles", {"profiles": [PROFILE | {"target_percent": 20}]}, "profiles[0].target_percent"),
    ("set_charging_profiles", {"profiles": [PROFILE | {"name": " "}]}, "profiles[0].name"),
    (
        "set_charging_profiles",
        {"profiles": [PROFILE | {"preferred_times": [{"begins": "7", "ends": "8"}]}]},
        "profiles[0].preferred_times",
    ),
    (
        "set_location_alarms",
        {"alarms": [{"id": 1, "name": "School", "enabled": True, "area": AREA | {"radius": 1}}]},
        "alarms[0].area.radius",
    ),
    ("set_speed_alarms", {"alarms": [{"id": 1, "enabled": True, "limit_kmh": 0}]}, "alarms[0].limit_kmh"),
    ("set_valet_alarm", {"enabled": True}, "limit_kmh"),
]


@pytest.mark.parametrize(("type_", "params"), GOOD)
def test_what_means_something_is_taken_and_written_back_as_it_was(type_, params):
    read = remote.parameters_of(type_, params)

    assert remote.parameters_of(type_, remote.plain(read)) == read


@pytest.mark.parametrize(("type_", "params", "place"), BAD)
def test_what_means_nothing_is_refused_with_its_place(type_, params, place):
    with pytest.raises(IllParameters) as refused:
        remote.parameters_of(type_, params)

    assert refused.value.name == place


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(type_=st.sampled_from(sorted(remote.PARAMETERS)), params=st.dictionaries(st.text(max_size=8), JSON, max_size=3))
def test_nothing_from_outside_breaks_the_reader(type_, params):
    try:
        read = remote.parameters_of(type_, params)
    except IllParameters:
        return
    assert remote.parameters_of(type_, remote.plain(read)) == read


@pytest.mark.parametrize(("name", "value", "is_so"), [
    ("departure_timers", {"timers": [TIMER]}, True),
    ("departure_timers", {"timers": [TIMER | {"time": 7}]}, False),
    ("departure_timers", [TIMER], False),
    ("mood", {}, False),
])  # fmt: skip
def test_a_car_may_say_only_of_known_settings_what_they_may_be(name, value, is_so):
    assert remote.fits(name, value) is is_so
