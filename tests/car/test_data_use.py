"""How much data a car uses: counted where it really goes, by way and by service, and what the adviser says."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vettura_car.car import Car
from vettura_car.data_use import HOTSPOT, MEGABYTE, MESSAGES, Wish, advise
from vettura_car.errors import NotPossible
from vettura_car.head_unit import Menu
from vettura_car.screens.data_use import amount

PHONE = "Phone 1"
GENERATIONS = ["911-7", "718", "MAC-1", "CAY-2", "PAN-2", "CAY-3", "MAC-2", "911-8", "TAY"]


def used(car, bearer):
    return {line: round(count / MEGABYTE) for line, count in car.condition.data_use.used.get(bearer, {}).items()}


def only(car, platform, *services):
    """A car that has these services and no others."""
    car.take_document(platform.contracts(car, *services, "no-such-service"))
    car.restart()
    return car


def page(car):
    return f"/at/{Menu(car).shown_by('data_use').id}"


# -- what is counted -----------------------------------------------------------------------------------------------------


def test_each_service_is_counted_while_it_runs_and_not_before(ready_car, platform):
    car = only(ready_car("TAY"), platform, "real_time_traffic", "satellite_view")
    rates = car.build.pack.terms.data_rates
    car.consumption.pass_time(3600)
    before = used(car, "integrated_sim")

    car.tick("traffic_layer", True)
    car.consumption.pass_time(3600)
    car.tick("satellite_layer", True)
    car.consumption.pass_time(7200)

    assert before == {}
    assert used(car, "integrated_sim") == {
        "real_time_traffic": 3 * rates["real_time_traffic"],
        "satellite_view": 2 * rates["satellite_view"],
    }


def test_a_car_that_is_switched_off_takes_nothing(ready_car):
    car = ready_car("TAY")
    car.tick("traffic_layer", True)

    car.set_ignition("off")

    assert car.consumption.running() == {}


def test_music_counts_for_the_service_and_through_a_phone_in_the_cars_hotspot_for_the_hotspot(ready_car, platform):
    car = only(ready_car("CAY-3"), platform, "music_streaming")
    rates = car.build.pack.terms.data_rates
    car.telephone.choose_source("bluetooth")
    car.telephone.play("Spotify")
    car.consumption.pass_time(3600)

    for tick in ("share_data", "wifi_data"):
        car.tick(tick, True)
    car.networking.set_phone(PHONE, "is_client", True)
    car.consumption.pass_time(3600)

    assert used(car, "integrated_sim") == {
        "music_streaming": rates["music_streaming"],
        HOTSPOT: rates["hotspot"] + rates["music_streaming"],
    }


def test_music_that_a_phone_holds_takes_no_data(ready_car, platform):
    car = only(ready_car("CAY-3"), platform, "music_streaming")
    car.telephone.choose_source("bluetooth")

    car.telephone.play("Music")

    assert car.consumption.running() == {}


def test_a_device_that_the_car_does_not_let_out_takes_nothing(ready_car, platform):
    car = only(ready_car("CAY-3"), platform)
    car.networking.set_phone(PHONE, "is_client", True)

    car.consumption.pass_time(3600)

    assert car.condition.data_use.used == {}


def test_map_data_count_with_their_true_size(ready_car, platform):
    car = only(ready_car("911-7"), platform, "map_updates")
    package = next(each for each in car.map.data.packages if not each.by_region)
    car.map.choose_package(package.id)
    size = car.condition.map.job.megabytes

    car.pass_time(1_000_000)

    assert used(car, "integrated_sim") == {"map_updates": size}


def test_every_way_has_its_own_counter(ready_car, platform):
    car = only(ready_car("CAY-3"), platform, "news")
    car.consumption.pass_time(3600)
    car.networking.insert_sim(True)
    car.networking.enter_pin("1234")
    car.consumption.pass_time(7200)
    car.networking.set_phone(PHONE, "hotspot_on", True)
    car.networking.choose_hotspot("Hotspot 1")
    car.networking.join_hotspot("vettura-1")
    car.consumption.pass_time(10_800)

    assert {way: used(car, way) for way in car.condition.data_use.used} == {
        "integrated_sim": {"news": 1},
        "inserted_sim": {"news": 2},
        "phone_hotspot": {"news": 3},
    }


def test_wifi_that_was_brought_up_from_outside_is_called_so(ready_car, platform):
    car = only(ready_car("TAY"), platform, "news")
    car.networking.bring_up_hotspot(PHONE, True)

    car.consumption.pass_time(3600)

    assert used(car, "outside_wifi") == {"news": 1}


@pytest.mark.rule("TRB-007")
def test_without_volume_the_online_services_stop_and_the_screen_says_so(ready_car, platform, page_of):
    car = only(ready_car("911-7"), platform, "news")
    car.networking.insert_sim(True)
    car.networking.enter_pin("1234")
    running = car.consumption.running()

    page_of(car).post("/do/sim_fact", {"fact": "has_volume", "on": "0"})
    shown = page_of(car).get(page(car)).text

    assert running == {"news": 1.0}
    assert (car.consumption.running(), car.entitlement.of("news").reason) == ({}, "no_data")
    assert 'data-volume="none"' in shown


# -- the counters --------------------------------------------------------------------------------------------------------


def test_the_counters_outlive_the_process(make_car, tmp_path):
    car = make_car("TAY")
    car.consumption.note(MESSAGES, 1234)
    car.touched()

    again = Car(car.build, tmp_path)

    assert again.condition.data_use.used == {"integrated_sim": {MESSAGES: 1234}}


@pytest.mark.parametrize("generation", GENERATIONS)
def test_the_screen_is_in_every_menu_and_its_button_sets_the_counters_to_zero(make_car, page_of, generation):
    car = make_car(generation)
    car.consumption.note(MESSAGES, 2_500_000)
    way = car.connection.way
    before = page_of(car).get(page(car)).text

    page_of(car).post("/do/reset_data_use")
    after = page_of(car).get(page(car)).text

    assert re.findall(r'data-bearer="(\w+)"', before) == [way]
    assert 'data-bytes="2500000"' in before
    assert "2,5 MB" in before
    assert "data-bearer" not in after
    # the day as the car's country counts it
    assert f"{car.condition.data_use.since.astimezone(car.local_now().tzinfo):%d.%m.%Y}" in after


@pytest.mark.parametrize("language", ["en", "it", "de"])
def test_the_screen_behind_the_symbol_leads_to_it(make_car, page_of, language):
    car = make_car("TAY", language=language)

    assert f'href="{page(car)}"' in page_of(car).get("/connection").text


def test_factory_settings_forget_what_was_used_and_asked(make_car):
    car = make_car("911-8")
    car.consumption.note(MESSAGES, 1000)
    car.consumption.ask("12000", streams=True, uses_hotspot=False)

    car.reset_to_factory()

    state = car.condition.data_use
    # the reset itself is told to the platform only when the car is linked
    assert (state.used, state.wish) == ({}, None)
    assert state.since is not None


# -- the adviser ---------------------------------------------------------------------------------------------------------


def advice(pack, kilometers, *, streams=True, uses_hotspot=False):
    return advise(Wish(kilometers=kilometers, streams=streams, uses_hotspot=uses_hotspot), pack.terms.data_volumes)


@pytest.mark.rule("TEL-001")
@pytest.mark.parametrize("kilometers", [1, 9999, 10_000])
def test_up_to_ten_thousand_kilometers_with_streaming_take_half_to_one_gigabyte(pack, kilometers):
    assert advice(pack, kilometers)[:3] == (500, 1000, False)


@pytest.mark.rule("TEL-002")
@pytest.mark.parametrize("kilometers", [10_001, 24_999, 25_000])
def test_up_to_twenty_five_thousand_kilometers_take_two_gigabytes(pack, kilometers):
    assert advice(pack, kilometers)[:3] == (2000, 2000, False)


@pytest.mark.rule("C-32")
@pytest.mark.parametrize("kilometers", [25_001, 49_999, 50_000])
def test_between_the_printed_limits_the_answer_lies_between_and_is_flagged(pack, kilometers):
    assert advice(pack, kilometers)[:3] == (2000, 5000, True)


@pytest.mark.rule("TEL-003")
@pytest.mark.parametrize("kilometers", [50_001, 500_000])
def test_more_than_fifty_thousand_kilometers_take_five_gigabytes(pack, kilometers):
    assert advice(pack, kilometers)[:3] == (5000, 5000, False)


@pytest.mark.rule("C-32")
@pytest.mark.parametrize(
    ("kilometers", "most"),
    [(10_000, 500), (10_001, 2000), (25_000, 2000), (25_001, 2000), (50_000, 2000), (50_001, 5000)],
)
def test_without_streaming_it_is_less_than_the_lower_end(pack, kilometers, most):
    assert advice(pack, kilometers, streams=False)[:2] == (None, most)


@given(st.integers(1, 500_000), st.integers(1, 500_000), st.booleans())
def test_who_drives_more_is_never_told_less(pack, one, other, streams):
    less, more = sorted((one, other))

    assert advice(pack, less, streams=streams).most <= advice(pack, more, streams=streams).most


@pytest.mark.parametrize("kilometers", [10_000, 25_000, 50_000])
def test_the_rates_of_the_car_agree_with_the_adviser(pack, kilometers):
    """A month at 50 km/h on average, with music and real-time traffic all the way."""
    rates, found = pack.terms.data_rates, advice(pack, kilometers)
    used = kilometers / 12 / 50 * (rates["music_streaming"] + rates["real_time_traffic"])

    assert found.least * 0.9 <= used <= found.most


@pytest.mark.rule("TEL-004", "TEL-005")
@pytest.mark.parametrize(
    ("form", "notices"),
    [
        ({"value": "10.000", "streams": "1"}, ["estimate"]),
        ({"value": "10 000", "hotspot": "1"}, ["hotspot", "estimate"]),
        ({"value": "30000", "streams": "1", "hotspot": "1"}, ["hotspot", "interpolated", "estimate"]),
        ({"value": "50001"}, ["estimate"]),
    ],
)
def test_every_answer_is_called_an_estimate_and_the_hotspot_adds_to_it(make_car, page_of, form, notices):
    car = make_car("PAN-2")

    page_of(car).post("/do/advise", form)
    shown = page_of(car).get(page(car)).text

    assert re.findall(r'data-notice="(\w+)"', shown) == notices
    assert "È una stima." in shown


@pytest.mark.parametrize("typed", ["", "much", "0", "-5", "500001", "1e4", "１２"])
def test_what_is_no_number_of_kilometers_is_refused(make_car, typed):
    car = make_car("TAY")

    with pytest.raises(NotPossible, match="kilometers"):
        car.consumption.ask(typed, streams=True, uses_hotspot=False)
    assert car.consumption.advice is None


@pytest.mark.parametrize(
    ("count", "language", "written"),
    [(0, "en", "0 kB"), (48_211, "de", "48 kB"), (1_250_000, "de", "1,2 MB"), (270e6, "en", "270 MB"), (2e9, "it", "2 GB"), (1.34e9, "it", "1,3 GB")],
)  # fmt: skip
def test_amounts_are_written_as_a_person_reads_them(count, language, written):
    assert amount(count, language) == written
