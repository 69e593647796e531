"""The map of a car: its layers, the view from the road, driving along roads, and map updates."""

import contextlib
import re
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from tests.car.conftest import PACK_DIR, VIN, Platform, connect

from vettura_car import cartography
from vettura_car.build import load_build
from vettura_car.car import Car
from vettura_car.cartography import SCALES, Facts
from vettura_car.errors import NotPossible
from vettura_car.head_unit import Menu
from vettura_car.map_state import Job
from vettura_car.mapping import SATELLITE_LAYER, SPEEDS, TRAFFIC_LAYER
from vettura_car.roads import Roads, distance
from vettura_car.traffic import SimulatedTraffic

G1, G2, G3, TAY = ["911-7", "718", "MAC-1", "CAY-2"], ["PAN-2"], ["CAY-3", "MAC-2", "911-8"], ["TAY"]
ALL = [*G1, *G2, *G3, *TAY]
BLOCKED = "GB"


def map_page(car):
    menu = Menu(car)
    return f"/at/{menu.parent(menu.shown_by('map')).id}"


def shown(car, page_of):
    """What the map view says of itself."""
    html = page_of(car).get(map_page(car)).text
    return dict(re.findall(r'data-(traffic|satellite|figure)="(\w+)"', html)), html


def walk(car, task, *picks):
    """Use every entry of the task's path that is more than a door; ``picks`` are what one chooses or types."""
    menu = Menu(car)
    picks = iter(picks)
    walked = car.build.head_unit.walk(task, car.build.generation.code)
    for node in walked[:-1]:
        if node.does:
            menu.use(node, next(picks, ""))
    menu.use(walked[-1])
    return menu, walked


def on(car, road_id):
    """Stand on this road."""
    track = car.map.roads.tracks[road_id]
    (car.condition.latitude, car.condition.longitude), _ = track.at(track.length / 3)
    car.map.put_on(road_id)
    return car


def drive(car, speed=50):
    car.set_ignition("drive")
    car.set_gear("D")
    car.change(parking_brake=False)
    car.map.set_speed(speed)
    return car


# -- real-time traffic -------------------------------------------------------------------------------------------------


@pytest.mark.rule("NAV-001", "NAV-002", "PCM-023", "PCM-024", "C-50")
@pytest.mark.parametrize("generation", ALL)
def test_traffic_is_drawn_once_it_is_switched_on_in_the_map_view(ready_car, page_of, generation):
    car = ready_car(generation)
    before, _ = shown(car, page_of)

    menu, walked = walk(car, "LIVE_TRAFFIC_ON")

    after, html = shown(car, page_of)
    assert before["traffic"] == "false"
    assert menu.is_ticked(walked[-1])
    assert after["traffic"] == "true"
    assert "map__flow" in html


@pytest.mark.rule("NAV-001")
@pytest.mark.parametrize("generation", ["911-7", "PAN-2", "CAY-3", "TAY"])
def test_without_a_connection_traffic_shows_nothing_and_points_to_the_connection(ready_car, page_of, generation):
    car = ready_car(generation)
    car.set_network(has_coverage=False)

    walk(car, "LIVE_TRAFFIC_ON")

    state, html = shown(car, page_of)
    assert (car.condition.ticks[TRAFFIC_LAYER], state["traffic"]) == (True, "false")
    assert "map__flow" not in html
    assert 'data-hint="no_data"' in html
    assert 'href="/connection"' in html[html.index('data-hint="no_data"') :]
    car.set_network(has_coverage=True)
    assert shown(car, page_of)[0]["traffic"] == "true"


def test_without_a_contract_traffic_says_so(make_car, page_of, platform):
    car = make_car("TAY", language="en")
    car.take_document(platform.users())
    connect(car)

    walk(car, "LIVE_TRAFFIC_ON")

    assert "No traffic data: No active contract" in shown(car, page_of)[1]


@pytest.mark.rule("NAV-004")
def test_a_road_without_traffic_data_stays_as_it_is(ready_car, page_of):
    car = ready_car("TAY")
    car.tick(TRAFFIC_LAYER, True)
    roads = {track.road.id: track.road for track in car.map.roads.tracks.values()}

    html = shown(car, page_of)[1]

    drawn = set(re.findall(r'data-road="([^"]+)"', html))
    assert drawn
    assert all(roads[road_id].traffic for road_id in drawn)
    assert car.map.spot.road.id not in drawn


@pytest.mark.rule("NAV-004")
@given(moment=st.datetimes(min_value=datetime(2024, 1, 1), max_value=datetime(2030, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
@settings(max_examples=25, deadline=None)
def test_traffic_covers_a_road_from_end_to_end_or_not_at_all_and_is_the_same_everywhere(pack, moment):
    for track in Roads(pack.map_sheets.values()).tracks.values():
        stretches = SimulatedTraffic().on(track, moment)
        assert stretches == SimulatedTraffic().on(track, moment)
        assert bool(stretches) == track.road.traffic
        if stretches:
            assert (stretches[0].start, round(stretches[-1].end)) == (0, round(track.length))
            assert all(one.end == other.start for one, other in pairwise(stretches))


# -- pictures from above and from the road -----------------------------------------------------------------------------


@pytest.mark.rule("NAV-005", "PCM-025", "PCM-026", "C-50")
@pytest.mark.parametrize("generation", ALL)
def test_the_map_shows_the_earth_once_it_is_switched_on_at_its_edge(ready_car, page_of, generation):
    car = ready_car(generation)
    before, html = shown(car, page_of)

    walk(car, "GOOGLE_EARTH_ON")

    assert re.findall(r'data-edge="(\w+)"', html) == ["top" if generation == "PAN-2" else "right"]
    assert (before["satellite"], shown(car, page_of)[0]["satellite"]) == ("false", "true")


@pytest.mark.rule("PCM-026")
def test_where_the_service_does_not_exist_there_is_no_such_entry(ready_car, page_of):
    assert "GOOGLE Earth" not in shown(ready_car("TAY", country="CN"), page_of)[1]
    assert "GOOGLE Earth" in shown(ready_car("TAY"), page_of)[1]


@pytest.mark.rule("NAV-006")
@pytest.mark.parametrize("generation", ALL)
@pytest.mark.parametrize(("road", "expected"), [("torino-a1", "true"), ("torino-a3", "false")])
def test_the_figure_stands_only_where_there_are_pictures_of_the_street(ready_car, page_of, generation, road, expected):
    car = on(ready_car(generation), road)
    without, _ = shown(car, page_of)

    walk(car, "GOOGLE_EARTH_ON")

    state, html = shown(car, page_of)
    assert (without["figure"], state["figure"]) == ("false", expected)
    assert ('data-does="street_view"' in html) == (expected == "true")


@pytest.mark.rule("PCM-027")
@pytest.mark.parametrize("generation", ALL)
def test_the_figure_opens_the_view_from_the_road(ready_car, page_of, generation):
    car = on(ready_car(generation), "torino-a1")
    car.tick(SATELLITE_LAYER, True)

    walk(car, "STREET_VIEW")

    assert 'data-street_view="true"' in shown(car, page_of)[1].replace("data-street-view", "data-street_view")
    page_of(car).post("/do/street_view_close")
    assert "data-street-view" not in shown(car, page_of)[1]


@pytest.mark.rule("PCM-028")
@pytest.mark.parametrize("generation", ALL)
def test_zooming_past_the_limit_opens_it_too(ready_car, generation):
    car = on(ready_car(generation), "torino-a1")
    car.tick(SATELLITE_LAYER, True)
    menu = Menu(car)
    zoom_in, zoom_out = menu.shown_by("zoom_in"), menu.shown_by("zoom_out")
    opened = []

    for _ in SCALES:
        menu.use(zoom_in)
        opened.append((car.condition.map.scale == len(SCALES) - 1, car.map.street_view_is_open))

    assert opened.index((True, False)) < opened.index((True, True))
    menu.use(zoom_out)
    assert (car.map.street_view_is_open, car.condition.map.scale) == (False, len(SCALES) - 1)


def test_without_pictures_from_above_zooming_ends_at_the_limit(ready_car):
    car = on(ready_car("TAY"), "torino-a1")

    for _ in range(20):
        car.map.zoom(1)

    assert (car.map.street_view_is_open, car.condition.map.scale) == (False, len(SCALES) - 1)


@pytest.mark.rule("NAV-007")
@pytest.mark.parametrize(("country", "road", "allowed"), [("GB", "reading-a1", False), ("IT", "torino-a1", True)])
def test_while_driving_the_country_decides_about_the_view_from_the_road(ready_car, country, road, allowed):
    car = on(ready_car("CAY-3", country=country), road)
    car.tick(SATELLITE_LAYER, True)
    figure = Menu(car).shown_by("street_view")
    drive(car)

    if allowed:
        Menu(car).use(figure)
    else:
        with pytest.raises(NotPossible, match="street_view_while_driving"):
            Menu(car).use(figure)

    assert car.map.street_view_is_open == allowed
    car.set_gear("P")
    Menu(car).use(figure)
    assert car.map.street_view_is_open


@pytest.mark.rule("NAV-007")
def test_setting_off_closes_it_where_it_is_not_allowed_and_stopping_does_not_open_it_again(ready_car):
    car = on(ready_car("CAY-3", country="GB"), "reading-a1")
    car.tick(SATELLITE_LAYER, True)
    car.map.open_street_view()

    drive(car)
    while_driving = car.map.street_view_is_open
    car.set_gear("P")

    assert (while_driving, car.map.street_view_is_open) == (False, False)


FACTS = st.builds(
    Facts, traffic_on=st.booleans(), satellite_on=st.booleans(), traffic_reason=st.sampled_from([None, "no_data"]),
    satellite_reason=st.sampled_from([None, "no_data", "no_contract"]), is_covered=st.booleans(),
    speed=st.sampled_from([0.0, 1.0, 130.0]), allows_while_driving=st.booleans(),
)  # fmt: skip


@pytest.mark.rule("NAV-001", "NAV-002", "NAV-005", "NAV-006", "NAV-007")
@given(facts=FACTS)
def test_no_layer_without_its_switch_and_its_service_and_no_view_while_driving_where_forbidden(facts):
    if cartography.against_street_view(facts) is None:
        assert cartography.shows_figure(facts)
        assert facts.speed == 0 or facts.allows_while_driving
    assert cartography.draws_traffic(facts) == (facts.traffic_on and not facts.traffic_reason)
    assert not cartography.shows_figure(replace(facts, satellite_on=False))
    assert not cartography.shows_figure(replace(facts, is_covered=False))


# -- driving -----------------------------------------------------------------------------------------------------------


def test_a_car_that_drives_stays_on_its_road_and_goes_as_fast_as_it_is_told(ready_car):
    car = drive(on(ready_car("TAY"), "torino-r1"), speed=80)
    before = car.map.place, car.condition.mileage

    for _ in range(10):
        car.pass_time(1)

    assert car.map.spot.road.id == "torino-r1"
    assert distance(before[0], car.map.place) == pytest.approx(80 / 3.6 * 10, rel=0.05)
    assert car.condition.mileage - before[1] == pytest.approx(0.222, abs=0.01)


def test_at_the_end_of_the_road_it_goes_on_or_turns_back_and_never_jumps(ready_car):
    car = drive(on(ready_car("TAY"), "torino-a2"), speed=130)
    roads = set()

    for _ in range(600):
        before = car.map.place
        car.pass_time(1)
        roads.add(car.map.spot.road.id)
        assert distance(before, car.map.place) < 130 / 3.6 + 61

    assert len(roads) > 1


def test_backwards_it_goes_back_and_slowly(ready_car):
    car = drive(on(ready_car("TAY"), "torino-r1"), speed=80)
    start = car.map.spot.along
    car.set_gear("R")

    car.pass_time(10)

    assert car.map.spot.along - start == pytest.approx(-15 / 3.6 * 10, rel=0.05)


@pytest.mark.parametrize(
    ("act", "data"),
    [("speed", {"speed": "51"}), ("speed", {"speed": "-1"}), ("along", {"percent": "101"}), ("road", {"road": "madrid-a1"}),
     ("drop", {"at.x": "no", "at.y": "1"}), ("map_region", {"region": "atlantis"})],
)  # fmt: skip
def test_a_switch_on_the_road_refuses_what_does_not_exist(ready_car, page_of, act, data):
    car = ready_car("911-7")
    before = car.map.place, car.condition.course.speed

    page_of(car).post(f"/do/{act}", data=data)

    assert (car.map.place, car.condition.course.speed) == before


def test_touching_the_small_map_puts_the_car_on_the_nearest_road_there(ready_car, page_of):
    car = ready_car("TAY")
    before = car.map.place

    page_of(car).post("/do/drop", data={"at.x": "200", "at.y": "20"})

    assert distance(before, car.map.place) > 300
    assert car.map.place[0] > before[0]
    assert car.map.place[1] > before[1]
    assert car.map.spot is not None
    assert page_of(car).get("/map.svg").headers["content-type"].startswith("image/svg+xml")


def test_a_car_where_the_map_has_no_road_shows_an_empty_map_and_still_drives(ready_car, page_of):
    car = ready_car("TAY", latitude=10.0, longitude=10.0, language="en")
    drive(car).pass_time(10)

    _, html = shown(car, page_of)

    assert "No road here" in html
    assert car.condition.longitude > 10.0


# -- map updates -------------------------------------------------------------------------------------------------------


def load(car, seconds=3600):
    for _ in range(60):
        car.pass_time(seconds / 60)


@pytest.mark.rule("PCM-034", "PCM-035", "NAV-011", "NAV-014", "NAV-020")
@pytest.mark.parametrize("generation", [*G1, *G2])
def test_a_map_update_is_chosen_by_package_and_region_and_loads(ready_car, page_of, generation):
    car = ready_car(generation, language="en")
    menu = Menu(car)
    walked = car.build.head_unit.walk("MAP_UPDATE", generation)
    choose = next(node for node in walked if node.does == "choose_map_package")
    menu.use(choose, "roads")
    page = page_of(car).get(f"/at/{choose.id}").text
    for region in ("italy", "alps", "france"):
        page_of(car).post("/do/map_region", data={"region": region})

    menu.use(walked[-1])

    job = car.condition.map.job
    assert 'data-region="italy"' in page
    assert 'data-advice="wifi"' in page
    assert (sorted(job.names), job.megabytes) == (["alps", "france", "italy"], 510)
    load(car)
    newest = car.map.newest
    assert (car.condition.map.job, car.map.version("italy"), car.map.version("germany")) == (None, newest, "2024.1")
    assert f"The map is now version {newest}." in page_of(car).get("/").text


@pytest.mark.rule("NAV-011", "NAV-012")
@pytest.mark.parametrize("generation", [*G1, *G2])
def test_four_regions_are_refused_with_the_limit_and_who_helps(ready_car, page_of, generation):
    car = ready_car(generation, language="en")
    menu = Menu(car)
    walked = car.build.head_unit.walk("MAP_UPDATE", generation)
    choose = next(node for node in walked if node.does == "choose_map_package")
    menu.use(choose, "roads")
    for region in ("italy", "alps", "france", "germany"):
        car.map.choose_region(region)

    answer = page_of(car, referer=f"http://localhost:8100/at/{choose.id}").post(f"/use/{walked[-1].id}").text

    alert = re.search(r'role="alert">(.*?)</p>', answer)[1]
    assert "at most 3 regions" in alert
    assert "Porsche partner" in alert
    assert car.condition.map.job is None
    car.map.choose_region("germany")
    menu.use(walked[-1])
    assert car.condition.map.job is not None


@pytest.mark.rule("NAV-014")
@pytest.mark.parametrize("generation", ["911-7", "PAN-2"])
def test_a_package_without_regions_starts_directly(ready_car, generation):
    car = ready_car(generation)
    choose = next(
        node for node in car.build.head_unit.walk("MAP_UPDATE", generation) if node.does == "choose_map_package"
    )

    Menu(car).use(choose, "poi")

    assert (car.condition.map.job.package, car.condition.map.job.megabytes) == ("poi", 45)


@pytest.mark.rule("NAV-013")
@pytest.mark.parametrize("generation", [*G1, *G2])
def test_without_a_connection_the_update_stands_there_and_cannot_be_chosen(ready_car, page_of, generation):
    car = ready_car(generation)
    walked = car.build.head_unit.walk("MAP_UPDATE", generation)
    entry = next(node for node in walked if node.shows == "map_update")
    above = walked[walked.index(entry) - 1]
    online = page_of(car).get(f"/at/{above.id}").text
    car.set_network(has_coverage=False)

    offline = page_of(car).get(f"/at/{above.id}").text

    assert f'href="/at/{entry.id}"' in online
    assert f'href="/at/{entry.id}"' not in offline
    assert f'data-disabled="{entry.id}"' in offline
    assert 'href="/connection"' in page_of(car).get(f"/at/{entry.id}").text


@pytest.mark.rule("NAV-001", "NAV-013")
def test_an_update_does_not_start_without_data(ready_car):
    car = ready_car("911-7")
    car.set_network(has_coverage=False)
    car.condition.map.package = "poi"

    with pytest.raises(NotPossible, match="no_data"):
        car.map.start_update()


def test_an_update_does_not_start_without_a_contract(make_car, platform):
    car = make_car("PAN-2")
    car.take_document(platform.users())
    connect(car)
    car.condition.map.package = "poi"

    with pytest.raises(NotPossible, match="no_contract"):
        car.map.start_update()


@pytest.mark.rule("NAV-020")
@pytest.mark.parametrize("wifi", [True, False])
def test_wifi_is_recommended_while_an_update_loads_over_a_mobile_network(ready_car, page_of, wifi):
    car = ready_car("911-7")
    if wifi:
        car.networking.set_phone("Phone 1", "hotspot_on", True)
        car.networking.choose_hotspot("Hotspot 1")
        car.networking.join_hotspot("vettura-1")
    car.map.choose_package("poi")
    entry = next(node for node in car.build.head_unit.walk("MAP_UPDATE", "911-7") if node.shows == "map_update")

    html = page_of(car).get(f"/at/{entry.id}").text

    assert 'data-job="0"' in html
    assert ('data-advice="wifi"' in html) == (not wifi)


def test_an_update_waits_without_a_connection_and_goes_on_where_it_was(ready_car, page_of):
    car = ready_car("911-7", language="en")
    car.map.choose_package("poi")
    car.pass_time(9)
    car.set_network(has_coverage=False)
    half = car.condition.map.job.loaded

    car.pass_time(600)

    entry = next(node for node in car.build.head_unit.walk("MAP_UPDATE", "911-7") if node.shows == "map_update")
    assert 0 < half == car.condition.map.job.loaded
    assert "Paused: No data connection" in page_of(car).get(f"/at/{entry.id}").text
    car.set_network(has_coverage=True)
    car.pass_time(1)
    assert car.condition.map.job.loaded > half
    load(car)
    assert car.map.version("poi") == car.map.newest


def test_an_update_survives_a_restart_of_the_car_and_a_factory_reset(ready_car, tmp_path):
    car = ready_car("911-7")
    car.map.choose_package("poi")
    car.pass_time(9)
    car.touched()

    again = Car(car.build, tmp_path, speed=1000)
    again.reset_to_factory()

    assert again.condition.map.job == car.condition.map.job


def test_an_update_can_be_dropped_and_a_second_one_waits_its_turn(ready_car):
    car = ready_car("911-7")
    car.map.choose_package("poi")

    with pytest.raises(NotPossible, match="map_update_running"):
        car.map.choose_package("poi")
    car.map.cancel_update()

    assert (car.condition.map.job, car.map.version("poi")) == (None, "2024.1")


def test_what_is_new_already_is_not_loaded_again(ready_car):
    car = ready_car("911-7")
    car.map.choose_package("poi")
    load(car)

    with pytest.raises(NotPossible, match="map_is_current"):
        car.map.choose_package("poi")


@pytest.mark.rule("NAV-015", "NAV-016", "C-31")
@pytest.mark.parametrize("generation", G3)
def test_the_unit_finds_updates_itself_and_gives_notice_on_every_screen(ready_car, page_of, generation):
    car = ready_car(generation, language="en")
    car.networking.set_roaming(True, is_confirmed=True)
    car.networking.cross_border("FR")
    car.pass_time(1)

    pages = [page_of(car).get(path).text for path in ("/", map_page(car), "/account")]

    assert car.build.head_unit.walk("MAP_UPDATE", generation) == ()
    assert car.condition.map.found.regions == ["italy", "france"]
    assert all(f"A new map is available: {car.map.newest} (Italy, France, 400 MB)" in page for page in pages)
    page_of(car).post("/do/map_found")
    assert car.condition.map.job.names == ["italy", "france"]
    load(car)
    assert car.map.version("italy") == car.map.newest
    assert f"The map is now version {car.map.newest}." in page_of(car).get("/").text


@pytest.mark.rule("NAV-016")
def test_a_notice_that_was_put_off_does_not_come_back_for_the_same_map(ready_car, page_of):
    car = ready_car("CAY-3")
    car.pass_time(1)

    page_of(car).post("/do/map_not_now")
    car.pass_time(1)

    assert car.condition.map.found is None
    assert "data-notice" not in page_of(car).get("/").text


@pytest.mark.rule("NAV-015", "C-03", "C-50")
@pytest.mark.parametrize("generation", [*G1, *G2, *TAY])
def test_other_units_look_for_nothing(ready_car, generation):
    car = ready_car(generation)

    car.pass_time(60)

    assert car.condition.map.found is None
    assert bool(car.map.data) == (generation != "TAY")


REGIONS = ("italy", "alps", "germany", "france", "iberia")


class AnyUseOfTheMap(RuleBasedStateMachine):
    """Whatever is done in whatever order: never more regions than the limit, never a view while driving where forbidden."""

    def __init__(self) -> None:
        super().__init__()
        build = load_build(
            vin=VIN, folder=PACK_DIR, pack=self.pack, generation=self.code, country=BLOCKED, drive="COMBUSTION"
        )
        self.car = Car(build, None)
        platform = Platform()
        self.car.take_document(platform.users())
        self.car.take_document(platform.contracts(self.car))
        connect(self.car)

    def attempt(self, act, *args):
        with contextlib.suppress(NotPossible):
            act(*args)

    @rule(region=st.sampled_from(REGIONS))
    def region(self, region):
        self.attempt(self.car.map.choose_region, region)

    @rule(package=st.sampled_from(["roads", "poi"]))
    def package(self, package):
        self.attempt(self.car.map.choose_package, package)

    @rule()
    def start(self):
        self.attempt(self.car.map.start_update)

    @rule()
    def start_what_was_found(self):
        self.attempt(self.car.map.start_found)

    @rule()
    def cancel(self):
        self.car.map.cancel_update()

    @rule(covered=st.booleans())
    def coverage(self, covered):
        self.car.set_network(has_coverage=covered)

    @rule(seconds=st.sampled_from([1, 30, 300]))
    def wait(self, seconds):
        job, goes_on = self.car.condition.map.job, self.car.has_data and self.car.condition.ignition != "off"
        before = job.loaded if job else 0
        self.car.pass_time(seconds)
        assert job is None or goes_on or job.loaded == before

    @rule(ignition=st.sampled_from(["off", "on", "drive"]))
    def turn_key(self, ignition):
        self.car.set_ignition(ignition)

    @rule(gear=st.sampled_from("PRND"), speed=st.sampled_from(SPEEDS), brake=st.booleans())
    def shift(self, gear, speed, brake):
        self.attempt(self.car.set_gear, gear)
        self.car.map.set_speed(speed)
        self.car.change(parking_brake=brake)

    @rule(step=st.sampled_from([1, 1, 1, -1]))
    def zoom(self, step):
        self.attempt(self.car.map.zoom, step)

    @rule(is_on=st.booleans())
    def earth(self, is_on):
        self.car.tick(SATELLITE_LAYER, is_on)

    @rule(road=st.sampled_from(["reading-a1", "reading-a3", "reading-r1"]))
    def road(self, road):
        self.attempt(self.car.map.put_on, road)

    @rule()
    def look(self):
        self.attempt(self.car.map.open_street_view)

    @rule(country=st.sampled_from(["GB", "FR"]))
    def border(self, country):
        self.car.networking.cross_border(country)

    @precondition(lambda self: self.car.condition.ignition == "drive")
    @rule()
    def set_off(self):
        self.car.set_gear("D")
        self.car.change(parking_brake=False)

    @invariant()
    def no_more_regions_than_one_update_takes(self):
        job = self.car.condition.map.job
        assert job is None or len(job.names) <= 3
        assert job is None or job.loaded <= job.megabytes

    @invariant()
    def no_view_while_driving_where_it_is_forbidden(self):
        map_ = self.car.map
        if map_.street_view_is_open:
            assert map_.facts.speed == 0 or map_.country != BLOCKED
            assert map_.facts.is_covered
            assert self.car.condition.ticks[SATELLITE_LAYER]
            assert self.car.has_data


@pytest.mark.rule("NAV-007", "NAV-011")
@pytest.mark.parametrize("code", ["PAN-2", "CAY-3"])
def test_whatever_is_done_the_rules_of_the_map_hold(pack, code):
    machine = type(f"AnyUseOfTheMap{code[:3]}", (AnyUseOfTheMap,), {"pack": pack, "code": code})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


@given(seconds=st.lists(st.floats(min_value=0, max_value=500), max_size=20))
def test_progress_is_a_share_of_the_whole(seconds):
    job = Job(package="poi", names=["poi"], version="2", megabytes=45)
    for each in seconds:
        job.loaded = min(job.megabytes, job.loaded + each)
        assert 0 <= job.percent <= 100
