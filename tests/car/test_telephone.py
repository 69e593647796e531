"""Phones in the car: joined, deleted, with CarPlay, music, messages, e-mail and calendar, at the switches and on the screens."""

import re
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from vettura_car.build import load_build
from vettura_car.car import Car
from vettura_car.errors import NotPossible
from vettura_car.head_unit import Menu

G1, G2, G3 = ["911-7", "718", "MAC-1", "CAY-2"], ["PAN-2"], ["CAY-3", "MAC-2", "911-8"]
ALL = [*G1, *G2, *G3, "TAY"]
TOUCH = [*G2, *G3, "TAY"]
WITH_CARPLAY = [generation for generation in ALL if generation != "CAY-2"]
IPHONE, ANDROID = "Phone 1", "Phone 2"


def fit(car, *equipment):
    """Build the car with this equipment, and no other."""
    object.__setattr__(car.build, "equipment", frozenset(equipment))
    car.networking.settle()
    return car


def with_carplay(car):
    fit(car, *car.build.equipment, "carplay")
    car.telephone.plug(IPHONE, "usb")
    car.telephone.start_carplay(IPHONE)
    return car


def links(car, name):
    return car.condition.network.links(car.condition.network.phone(name))


def shown(car, page_of, what):
    """The screen of the first entry that shows this."""
    node = next(node for node in car.build.head_unit.nodes(car.build.generation.code) if node.shows == what)
    return page_of(car, **{"x-parts": "1"}).get(f"/at/{node.id}").json()["unit"]


# -- the paths of the instructions -----------------------------------------------------------------------------------


@pytest.mark.rule("PCM-038", "MED-016", "C-58")
@pytest.mark.parametrize("generation", TOUCH)
def test_the_path_of_the_swipe_deletes_the_phone_for_good(make_car, generation):
    car = make_car(generation)
    car.networking.pair(ANDROID)
    *_, gesture = car.build.head_unit.walk("DELETE_PHONE", generation)

    Menu(car).use(gesture, IPHONE)
    car.networking.set_phone(IPHONE, "is_near", False)
    car.set_ignition("off")
    car.set_ignition("on")
    car.networking.set_phone(IPHONE, "is_near", True)

    assert links(car, IPHONE) == frozenset()
    assert links(car, ANDROID) == {"hfp", "audio", "messages"}


@pytest.mark.rule("PCM-038")
@pytest.mark.parametrize("generation", G1)
def test_units_without_touch_have_no_such_path_and_delete_by_the_entry(make_car, page_of, generation):
    car = make_car(generation)
    client = page_of(car)

    client.post("/do/swipe_phone", data={"phone": IPHONE, "begin": "0.33", "end": "0.05"})
    after_swipe = links(car, IPHONE)
    client.post("/do/forget_phone", data={"phone": IPHONE})

    assert car.build.head_unit.walk("DELETE_PHONE", generation) == ()
    assert "data-swipe" not in shown(car, page_of, "devices")
    assert (bool(after_swipe), links(car, IPHONE)) == (True, frozenset())


@pytest.mark.rule("PCM-038", "MED-016")
@pytest.mark.parametrize("generation", TOUCH)
@pytest.mark.parametrize(
    ("begin", "end", "is_gone"),
    [(0.33, 0.05, True), (0.30, 0.10, True), (0.33, 0.70, False), (0.80, 0.30, False), (0.05, 0.0, False)],
)
def test_only_the_right_swipe_on_the_screen_deletes(make_car, page_of, generation, begin, end, is_gone):
    car = make_car(generation)

    answer = page_of(car).post("/do/swipe_phone", data={"phone": IPHONE, "begin": str(begin), "end": str(end)})

    assert answer.status_code == 200
    assert 'role="alert"' not in answer.text
    assert (links(car, IPHONE) == frozenset()) == is_gone


@pytest.mark.parametrize(("begin", "end"), [("nan", "0"), ("", ""), ("2", "0"), ("0.33", "-1")])
def test_a_swipe_outside_the_screen_is_refused(make_car, page_of, begin, end):
    car = make_car("TAY")

    page_of(car).post("/do/swipe_phone", data={"phone": IPHONE, "begin": begin, "end": end})

    assert links(car, IPHONE)


@pytest.mark.rule("PCM-044", "MED-014")
@pytest.mark.parametrize("generation", ALL)
def test_a_chosen_message_is_read_out_in_full(make_car, page_of, generation):
    car = make_car(generation, language="en")
    message, loudspeaker = car.build.head_unit.walk("READ_MESSAGE", generation)
    client = page_of(car)
    car.telephone.receive(IPHONE, "Giulia", "The door of the garage is open")
    listed = shown(car, page_of, "messages")

    client.post(f"/use/{message.id}", data={"value": f"{IPHONE}:3"})
    before = client.get(f"/at/{message.id}").text
    client.post(f"/use/{loudspeaker.id}")
    during = client.get(f"/at/{message.id}").text
    client.post("/do/stop_reading")

    assert "Giulia" in listed
    assert f'action="/use/{loudspeaker.id}"' in before
    assert 'data-speak="The door of the garage is open"' in before
    assert 'data-reading="false"' in before
    assert 'data-reading="true">The door of the garage is open<' in during
    assert "Being read aloud" in during
    assert 'data-reading="false"' in client.get(f"/at/{message.id}").text


def test_reading_ends_by_itself_when_no_browser_speaks(make_car):
    car = make_car("TAY")
    car.telephone.read_message()
    car.pass_time(1)
    early = car.condition.phone_use.is_reading
    car.condition.phone_use.reads_until -= timedelta(minutes=1)

    car.pass_time(1)

    assert (early, car.condition.phone_use.is_reading) == (True, False)


def test_a_factory_reset_forgets_drafts_and_music_and_leaves_the_phones_what_is_theirs(make_car):
    car = make_car("CAY-3")
    car.telephone.choose_source("bluetooth")
    car.telephone.write_message("Draft")

    car.reset_to_factory()

    use = car.condition.phone_use
    assert (use.draft, use.source, use.message) == ("", None, None)
    assert [bool(phone.messages) for phone in car.condition.network.phones] == [True, True]


@pytest.mark.rule("PCM-045", "MED-015")
@pytest.mark.parametrize("generation", ALL)
def test_what_is_said_fills_the_field_of_the_message(make_car, page_of, generation):
    car = make_car(generation, language="en")
    field, microphone = car.build.head_unit.walk("DICTATE", generation)
    client = page_of(car)
    client.post("/do/spoken", data={"spoken": "I am on my way"})

    client.post(f"/use/{microphone.id}", data={"value": "Hello,"})
    by_switch = client.get(f"/at/{field.id}").text
    client.post("/do/heard", data={"value": "and hungry", "typed": "Hello, I am on my way"})

    assert f'formaction="/use/{microphone.id}"' in by_switch
    assert ">Hello, I am on my way</textarea>" in by_switch
    assert ">Hello, I am on my way and hungry</textarea>" in client.get(f"/at/{field.id}").text


def test_silence_fills_nothing_and_says_so(make_car):
    car = make_car("TAY")

    with pytest.raises(NotPossible, match="nothing_said"):
        car.telephone.dictate(typed="Hello")

    assert car.condition.phone_use.draft == ""


def test_an_answer_goes_to_the_sender_of_the_chosen_message(make_car):
    car = make_car("CAY-3")
    with pytest.raises(NotPossible, match="no_messages"):
        car.telephone.send_message("Too early")
    car.telephone.choose_message(f"{IPHONE}:2")
    with pytest.raises(NotPossible, match="text_missing"):
        car.telephone.send_message("  ")

    car.telephone.send_message("Yes")

    assert [(sent.to, sent.text) for sent in car.condition.network.phone(IPHONE).sent] == [("Marco", "Yes")]


@pytest.mark.parametrize("task", ["DELETE_PHONE", "READ_MESSAGE", "DICTATE"])
@pytest.mark.parametrize("generation", ALL)
def test_every_screen_on_the_way_opens(make_car, page_of, generation, task):
    car = make_car(generation)

    walked = car.build.head_unit.walk(task, generation)

    assert bool(walked) == bool(car.build.head_unit.task(task, generation).path)
    assert {page_of(car).get(f"/at/{node.id}").status_code for node in walked} <= {200}


# -- Bluetooth and its profiles --------------------------------------------------------------------------------------


def test_the_device_manager_lists_stored_phones_with_what_they_are_joined_for(make_car, page_of):
    car = make_car("CAY-3", language="en")
    before = re.findall(r'class="phone" data-phone="([^"]+)"', shown(car, page_of, "devices"))
    car.networking.pair(ANDROID)
    car.telephone.use_for(ANDROID, "audio", False)

    page = shown(car, page_of, "devices")

    assert before == [IPHONE]
    assert re.findall(r'class="phone" data-phone="([^"]+)"', page) == [IPHONE, ANDROID]
    assert "calls, music, messages" in page
    assert "calls, messages" in page
    assert "Delete Phone 2" in page


def test_a_profile_that_is_not_wanted_stays_down_until_it_is(make_car):
    car = make_car("TAY")

    car.telephone.use_for(IPHONE, "messages", False)
    car.restart()
    without = (links(car, IPHONE), car.telephone.messages)
    car.telephone.use_for(IPHONE, "messages", True)

    assert without == ({"hfp", "audio"}, [])
    assert len(car.telephone.messages) == 2
    with pytest.raises(NotPossible, match="unknown_option"):
        car.telephone.use_for(IPHONE, "hfp", False)
    with pytest.raises(NotPossible, match="unknown_option"):
        car.telephone.use_for(ANDROID, "audio", False)


def test_a_phone_that_goes_away_takes_its_cable_and_its_message_along(make_car):
    car = make_car("CAY-3")
    car.telephone.plug(IPHONE, "usb")
    car.telephone.choose_message()
    car.telephone.read_message()

    car.networking.set_phone(IPHONE, "is_near", False)

    assert car.condition.network.phone(IPHONE).cable == ""
    assert (car.telephone.open_message, car.condition.phone_use.is_reading) == (None, False)


# -- CarPlay ---------------------------------------------------------------------------------------------------------


@pytest.mark.rule("MED-001")
@pytest.mark.parametrize("generation", WITH_CARPLAY)
def test_carplay_takes_the_bluetooth_links_down_and_they_come_back(make_car, page_of, generation):
    car = make_car(generation)
    car.networking.pair(ANDROID)
    before = {name: links(car, name) for name in (IPHONE, ANDROID)}

    with_carplay(car)
    during = {name: links(car, name) for name in (IPHONE, ANDROID)}
    reported = page_of(car).get("/state.json").json()
    car.telephone.stop_carplay()

    assert all(before.values())
    assert during == {IPHONE: frozenset(), ANDROID: frozenset()}
    assert (reported["carplay"], reported["bluetooth"]) == (IPHONE, {IPHONE: [], ANDROID: []})
    assert {name: links(car, name) for name in (IPHONE, ANDROID)} == before


@pytest.mark.rule("MED-002")
@pytest.mark.parametrize("generation", WITH_CARPLAY)
def test_the_data_of_the_integrated_sim_stay_up(make_car, generation):
    car = make_car(generation)
    before = car.connection

    with_carplay(car)

    assert (before.way, car.connection) == ("integrated_sim", before)


@pytest.mark.rule("MED-001")
def test_a_sim_that_is_lent_by_bluetooth_goes_down_with_it(make_car):
    car = make_car("PAN-2")
    car.networking.pair(ANDROID)
    car.networking.answer_data_use(ANDROID, True)
    car.networking.choose_phone(ANDROID)
    car.networking.use_profile("sap")
    before = car.connection.way

    with_carplay(car)

    assert (before, car.connection.way) == ("inserted_sim", "integrated_sim")


@pytest.mark.rule("MED-003")
@pytest.mark.parametrize("generation", ["911-8", "TAY"])
@pytest.mark.parametrize("country", ["IT", "CN"])
@pytest.mark.parametrize("is_fitted", [True, False])
def test_without_a_cable_it_takes_model_country_and_equipment(make_car, generation, country, is_fitted):
    car = fit(make_car(generation, country=country), "carplay", *(["wireless_carplay"] if is_fitted else []))

    if is_fitted and country == "IT":
        car.telephone.start_carplay(IPHONE)
    else:
        with pytest.raises(NotPossible, match="carplay_needs_cable"):
            car.telephone.start_carplay(IPHONE)
        car.telephone.plug(IPHONE, "usb")
        car.telephone.start_carplay(IPHONE)

    assert car.condition.network.carplay == IPHONE


@pytest.mark.rule("MED-003")
@pytest.mark.parametrize("generation", ["911-7", "PAN-2", "CAY-3"])
def test_a_model_that_cannot_needs_the_cable_whatever_it_is_fitted_with(make_car, generation):
    car = fit(make_car(generation), "carplay", "wireless_carplay")

    with pytest.raises(NotPossible, match="carplay_needs_cable"):
        car.telephone.start_carplay(IPHONE)


@pytest.mark.rule("MED-003")
@pytest.mark.parametrize(("generation", "equipment"), [("CAY-2", ("carplay",)), ("718", ("phone_messages",))])
def test_a_car_that_is_not_made_for_it_neither_offers_nor_starts_carplay(make_car, page_of, generation, equipment):
    car = fit(make_car(generation), *equipment)
    car.telephone.plug(IPHONE, "usb")

    with pytest.raises(NotPossible, match="no_carplay_here"):
        car.telephone.start_carplay(IPHONE)

    assert not Menu(car).is_there(Menu(car).node("carplay"))
    assert "/do/start_carplay" not in shown(car, page_of, "devices")


@pytest.mark.rule("MED-009")
@pytest.mark.parametrize(("system", "problem"), [("iPhone 4s", "carplay_needs_newer"), ("Android", "carplay_needs_iphone"), ("iPhone 5", None)])  # fmt: skip
def test_old_iphones_and_other_phones_are_refused_with_the_reason_on_the_screen(make_car, page_of, system, problem):
    car = make_car("CAY-3", language="en")
    car.networking.set_phone(ANDROID, "is_near", False)
    client = page_of(car)
    client.post("/do/phone_system", data={"phone": IPHONE, "system": system})
    client.post("/do/phone_cable", data={"phone": IPHONE, "cable": "usb"})

    page = shown(car, page_of, "carplay")
    client.post("/do/start_carplay", data={"phone": IPHONE})

    assert f'data-against="{problem or "nothing"}"' in page
    assert car.condition.network.carplay == (None if problem else IPHONE)


@pytest.mark.rule("MED-017")
def test_only_apps_that_carplay_supports_are_shown(make_car, page_of):
    car = with_carplay(make_car("CAY-3"))
    before = re.findall(r'data-app="([^"]+)"', shown(car, page_of, "carplay"))

    page_of(car).post("/do/phone_app", data={"phone": IPHONE, "fact": "Maps", "on": "0"})

    assert "Photos" in car.condition.network.phone(IPHONE).apps
    assert before == ["Music", "Spotify", "Maps"]
    assert re.findall(r'data-app="([^"]+)"', shown(car, page_of, "carplay")) == ["Music", "Spotify"]


def test_carplay_ends_with_its_cable_and_the_ignition_and_comes_back_by_itself_until_it_is_ended(make_car):
    car = with_carplay(make_car("CAY-3"))
    seen = []

    for act in (
        lambda: car.telephone.plug(IPHONE, ""),
        lambda: car.telephone.plug(IPHONE, "usb"),
        lambda: car.set_ignition("off"),
        lambda: car.set_ignition("on"),
        car.telephone.stop_carplay,
        car.restart,
    ):
        act()
        seen.append((car.condition.network.carplay, bool(links(car, IPHONE))))

    assert seen == [(None, True), (IPHONE, False), (None, True), (IPHONE, False), (None, True), (None, True)]
    with pytest.raises(NotPossible, match="nothing_to_do"):
        car.telephone.stop_carplay()


@pytest.mark.rule("MED-016")
def test_a_deleted_phone_does_not_start_carplay_by_itself_either(make_car):
    car = with_carplay(make_car("CAY-3"))

    car.networking.forget_phone(IPHONE)
    car.telephone.plug(IPHONE, "")
    car.telephone.plug(IPHONE, "usb")
    car.restart()

    assert (car.condition.network.carplay, links(car, IPHONE)) == (None, frozenset())


def test_the_phone_of_carplay_carries_calls_and_others_do_not(make_car):
    car = make_car("CAY-3")
    car.networking.pair(ANDROID)
    car.networking.call(ANDROID)

    with_carplay(car)
    after = car.condition.network.call
    with pytest.raises(NotPossible, match="no_phone"):
        car.networking.call(ANDROID)
    car.networking.call(IPHONE)

    assert (after, car.condition.network.call) == (None, IPHONE)


# -- music -----------------------------------------------------------------------------------------------------------


@pytest.mark.rule("MED-005")
@pytest.mark.parametrize(
    ("generation", "equipment", "offered"),
    [
        ("CAY-2", (), ["bluetooth", "usb", "aux"]),
        ("718", ("carplay",), ["bluetooth", "usb", "aux", "carplay"]),
        ("718", (), ["bluetooth", "usb", "aux"]),
        ("CAY-3", ("carplay",), ["bluetooth", "usb", "carplay"]),
    ],
)
def test_the_sources_are_those_of_model_and_equipment(make_car, page_of, generation, equipment, offered):
    car = fit(make_car(generation), *equipment)

    assert list(car.telephone.sources) == offered
    assert re.findall(r'value="(\w+)" class="segment"', shown(car, page_of, "music")) == offered
    with pytest.raises(NotPossible, match="unknown_option"):
        car.telephone.choose_source("tape")


@pytest.mark.rule("MED-007")
@pytest.mark.parametrize(
    ("source", "streams"), [("bluetooth", True), ("carplay", True), ("usb", False), ("aux", False)]
)
def test_streams_play_by_bluetooth_and_carplay_and_not_by_usb_or_aux(make_car, page_of, source, streams):
    car = fit(make_car("718", language="en"), "carplay")
    if source == "carplay":
        with_carplay(car)
    elif source != "bluetooth":
        car.telephone.plug(IPHONE, source)
    car.telephone.choose_source(source)

    if streams:
        car.telephone.play("Spotify")
    else:
        with pytest.raises(NotPossible, match="no_stream_here"):
            car.telephone.play("Spotify")
    page = shown(car, page_of, "music")
    playing = car.condition.phone_use.playing
    car.telephone.play("Music")

    assert (playing == "Spotify") == streams
    assert ("Streaming plays by Bluetooth or CarPlay" in page) != streams
    assert car.condition.phone_use.playing == "Music"


def test_music_stops_with_its_source(make_car):
    car = make_car("CAY-3")
    car.telephone.choose_source("bluetooth")
    car.telephone.play("Spotify")

    with_carplay(car)

    assert (car.condition.phone_use.source, car.condition.phone_use.playing) == (None, None)
    with pytest.raises(NotPossible, match="source_not_ready"):
        car.telephone.choose_source("bluetooth")
    with pytest.raises(NotPossible, match="source_not_ready"):
        car.telephone.play("Music")


# -- messages, e-mail, calendar --------------------------------------------------------------------------------------


@pytest.mark.rule("PCM-044", "PCM-045")
def test_a_car_without_the_equipment_has_no_messages(make_car, page_of):
    car = fit(make_car("CAY-3"), "connect_plus")
    messages = next(node for node in car.build.head_unit.nodes("CAY-3") if node.shows == "messages")

    assert (car.telephone.messages, Menu(car).is_there(messages)) == ([], False)
    with pytest.raises(NotPossible, match="no_messages"):
        car.telephone.choose_message()
    with pytest.raises(NotPossible, match="not_equipped"):
        car.telephone.dictate("Hello")


@pytest.mark.rule("MED-001")
def test_while_carplay_runs_the_messages_are_there(make_car, page_of):
    car = with_carplay(make_car("CAY-3", language="en"))

    assert "Messages are in CarPlay" in shown(car, page_of, "messages")


@pytest.mark.rule("MED-011", "MED-013")
def test_mail_is_shown_from_an_android_with_an_account_and_never_from_an_iphone(make_car, page_of):
    car = make_car("CAY-3", language="en")
    client = page_of(car)
    client.post("/do/phone_fact", data={"phone": IPHONE, "fact": "has_mail", "on": "1"})
    seen = [shown(car, page_of, "mails")]
    car.networking.pair(ANDROID)
    seen.append(shown(car, page_of, "mails"))
    client.post("/do/phone_fact", data={"phone": ANDROID, "fact": "has_mail", "on": "1"})
    seen.append(shown(car, page_of, "mails"))
    for name in (IPHONE, ANDROID):
        car.networking.set_phone(name, "is_near", False)
    seen.append(shown(car, page_of, "mails"))

    assert [re.search(r'data-mail="(\w+)"', page)[1] for page in seen] == [
        "not_available",
        "no_account",
        "ready",
        "no_phone",
    ]
    assert "Set up a mail account on the phone" in seen[1]
    assert ["Your appointment on Monday" in page for page in seen] == [False, False, True, False]


@pytest.mark.rule("TEL-008", "TEL-009", "TEL-010", "TEL-011")
@pytest.mark.parametrize("has_package", [True, False])
@pytest.mark.parametrize("generation", ALL)
def test_the_app_brings_the_calendar_over_the_cars_hotspot_with_or_without_a_package(
    make_car, page_of, generation, has_package
):
    car = make_car(generation, language="en")
    for tick in car.networking.needed_ticks:
        car.tick(tick, True)
    car.networking.set_package(has_package)
    client = page_of(car)
    client.post("/do/phone_appointment", data={"phone": IPHONE, "at": "09:30", "title": "Tyres"})
    before = shown(car, page_of, "calendar")

    client.post("/do/phone_fact", data={"phone": IPHONE, "fact": "is_client", "on": "1"})
    joined = shown(car, page_of, "calendar")
    way = car.networking.way_of_client(car.condition.network.phone(IPHONE))
    client.post("/do/phone_fact", data={"phone": IPHONE, "fact": "has_app", "on": "0"})

    assert "Join the phone to the car" in before
    assert re.findall(r'<time class="[^"]+">(\d\d:\d\d)', joined) == ["09:30", "14:00", "20:00"]
    assert "Tyres" in joined
    assert way == ("car" if has_package else "own_mobile")
    assert "Join the phone to the car" in shown(car, page_of, "calendar")


# -- the switches ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda telephone: telephone.set_system(IPHONE, "Telegraph"), "unknown_option"),
        (lambda telephone: telephone.plug(IPHONE, "aux"), "unknown_option"),
        (lambda telephone: telephone.plug("Phone 3", "usb"), "unknown_option"),
        (lambda telephone: telephone.install(IPHONE, "Telegraph", True), "unknown_option"),
        (lambda telephone: telephone.receive(IPHONE, " ", "Hello"), "text_missing"),
        (lambda telephone: telephone.receive(IPHONE, "Anna", ""), "text_missing"),
        (lambda telephone: telephone.add_appointment(IPHONE, "25:00", "Tyres"), "time_missing"),
        (lambda telephone: telephone.add_appointment(IPHONE, "10:00", ""), "text_missing"),
    ],
)
def test_what_a_phone_cannot_be_or_get_is_refused(make_car, act, code):
    with pytest.raises(NotPossible, match=code):
        act(make_car("CAY-3").telephone)


def test_one_socket_takes_one_phone_and_only_one_that_is_there(make_car):
    car = make_car("CAY-3")
    car.telephone.plug(IPHONE, "usb")
    car.telephone.plug(ANDROID, "usb")
    car.networking.set_phone(IPHONE, "is_near", False)

    with pytest.raises(NotPossible, match="phone_away"):
        car.telephone.plug(IPHONE, "usb")

    assert [phone.cable for phone in car.condition.network.phones] == ["", "usb"]


def test_what_phones_carry_is_kept_over_a_restart_of_the_program(make_car):
    car = make_car("CAY-3")
    car.telephone.receive(IPHONE, "Giulia", "Hello")
    with_carplay(car)

    again = make_car("CAY-3")

    assert again.condition.network.carplay == IPHONE
    assert again.condition.network.phone(IPHONE).messages[0].sender == "Giulia"


# -- whatever is done in whatever order ------------------------------------------------------------------------------


class AnyOrder(RuleBasedStateMachine):
    """Phones come, go, are paired, plugged, deleted and run CarPlay in any order."""

    make = None

    def __init__(self) -> None:
        super().__init__()
        self.car = type(self).make()
        self.strangers = {ANDROID}

    def attempt(self, act, *args, **options):
        try:
            act(*args, **options)
        except NotPossible:
            return False
        return True

    @rule(name=st.sampled_from([IPHONE, ANDROID]), on=st.booleans())
    def near(self, name, on):
        self.car.networking.set_phone(name, "is_near", on)

    @rule(name=st.sampled_from([IPHONE, ANDROID]))
    def pair(self, name):
        if self.attempt(self.car.networking.pair, name):
            self.strangers.discard(name)

    @rule(name=st.sampled_from([IPHONE, ANDROID]), system=st.sampled_from(["Android", "iPhone 4s", "iPhone 15"]))
    def system(self, name, system):
        self.car.telephone.set_system(name, system)

    @rule(name=st.sampled_from([IPHONE, ANDROID]), cable=st.sampled_from(["", "usb", "aux"]))
    def cable(self, name, cable):
        self.attempt(self.car.telephone.plug, name, cable)

    @rule(name=st.sampled_from([IPHONE, ANDROID]))
    def start(self, name):
        if self.attempt(self.car.telephone.start_carplay, name):
            self.strangers.discard(name)

    @rule()
    def stop(self):
        running = self.car.telephone.carplay
        if self.attempt(self.car.telephone.stop_carplay) and not running.is_paired:
            self.strangers.add(running.name)

    @rule(name=st.sampled_from([IPHONE, ANDROID]))
    def delete(self, name):
        if self.attempt(self.car.networking.forget_phone, name):
            self.strangers.add(name)

    @rule(name=st.sampled_from([IPHONE, ANDROID]), begin=st.floats(0, 1), end=st.floats(0, 1))
    def swipe(self, name, begin, end):
        self.attempt(self.car.telephone.swipe, name, begin=begin, end=end)
        if not self.car.condition.network.phone(name).is_known:
            self.strangers.add(name)

    @rule(source=st.sampled_from(["bluetooth", "usb", "aux", "carplay"]), app=st.sampled_from(["", "Music", "Spotify"]))
    def music(self, source, app):
        self.attempt(self.car.telephone.choose_source, source)
        self.attempt(self.car.telephone.play, app)

    @rule()
    def read(self):
        self.attempt(self.car.telephone.read_message)

    @rule(name=st.sampled_from([IPHONE, ANDROID, ""]))
    def call(self, name):
        self.attempt(self.car.networking.call, name)

    @rule(ignition=st.sampled_from(["off", "on"]))
    def ignition(self, ignition):
        self.car.set_ignition(ignition)

    @rule()
    def restart(self):
        self.car.restart()

    @invariant()
    def nothing_contradicts(self):
        car, network, use = self.car, self.car.condition.network, self.car.condition.phone_use
        joined = {phone.name for phone in network.phones if network.links(phone)}
        assert network.carplay is None or not joined
        assert not self.strangers & {network.carplay, *joined}
        assert network.carplay is None or car.condition.ignition != "off"
        assert car.connection.way == "integrated_sim"
        assert use.source is None or use.source in car.telephone.ready_sources
        assert use.playing is None or car.telephone.can_play(use.playing)
        assert use.playing != "Spotify" or use.source in ("bluetooth", "carplay")
        assert not use.is_reading or car.telephone.open_message is not None
        assert network.call is None or car.telephone.carries_calls(network.phone(network.call))


@pytest.mark.rule("MED-001", "MED-002", "MED-007", "MED-016")
@pytest.mark.parametrize("generation", ["911-7", "CAY-3", "TAY"])
def test_no_order_leaves_carplay_beside_bluetooth_or_a_deleted_phone_connected(pack, tmp_path, generation):
    build = load_build(
        vin="WP0ZZZY1ZLSA00001", folder=tmp_path, pack=pack, generation=generation, country="IT", language="en"
    )

    class Machine(AnyOrder):
        make = staticmethod(lambda: Car(build, None))

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


# -- the calendar that the app brings ----------------------------------------------------------------------------------


@pytest.fixture
def with_brought_calendar(ready_car, platform):
    """A car for whose main user the app has brought entries, and whose phones hold none themselves."""

    def make(generation="TAY"):
        car = ready_car(generation)
        now = car.world_now()
        entries = [
            {"starts_at": (now + timedelta(days=days)).isoformat(), "ends_at": (now + timedelta(days=days, hours=1)).isoformat(),
             "title": title, "place": "Via Po 1"}
            for title, days in (("Today", 0), ("In two days", 2))
        ]  # fmt: skip
        car.take_document(platform.document("app_calendar", {"account_id": "main-account", "entries": entries}))
        for phone in car.condition.network.phones:
            phone.appointments = []
        return car

    return make


def join_app(car):
    for tick in car.networking.needed_ticks:
        car.tick(tick, True)
    car.networking.set_phone(IPHONE, "is_client", True)


@pytest.mark.rule("APP-006", "APP-001")
@pytest.mark.parametrize("generation", ["911-8", "CAY-3", "PAN-2", "MAC-2", "TAY"])
def test_what_the_app_brought_of_today_is_shown_while_the_app_is_joined(with_brought_calendar, page_of, generation):
    car = with_brought_calendar(generation)

    without = [entry.title for entry in car.telephone.appointments]
    join_app(car)
    joined = [entry.title for entry in car.telephone.appointments]
    text = shown(car, page_of, "calendar")
    car.networking.set_phone(IPHONE, "has_app", False)

    assert (without, joined, car.telephone.appointments) == ([], ["Today"], [])
    assert "Today" in text


@pytest.mark.rule("APP-006")
def test_what_the_app_brought_is_nobody_elses_and_gone_after_signing_out(with_brought_calendar, platform):
    car = with_brought_calendar()
    join_app(car)

    car.take_document(platform.users(signed_in="second-account"))
    as_another = car.telephone.appointments
    car.take_document(platform.users(signed_in=None))

    assert (as_another, car.telephone.appointments) == ([], [])
