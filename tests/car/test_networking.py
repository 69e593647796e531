"""A car's connection, made and lost at its switches and on its screens."""

import re

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from vettura_car.build import load_build
from vettura_car.car import Car
from vettura_car.connection import Reason
from vettura_car.errors import NotPossible
from vettura_car.head_unit import CONFIRMED, Menu

G1, G2, G3 = ["911-7", "718", "MAC-1", "CAY-2"], ["PAN-2"], ["CAY-3", "MAC-2", "911-8"]
INSERTED = [*G1, *G2, *G3]
ALL = [*INSERTED, "TAY"]
PHONE, STRANGER = "Phone 1", "Phone 2"


def with_card(car, *, pin=True):
    """Put the card in and type its PIN."""
    car.networking.insert_sim(True)
    if pin:
        car.networking.enter_pin("1234")
    return car


def walk(car, task, *, typed="", choices=()):
    """Use every entry of the task's path that is more than a door, as a person does; ``choices`` are what one picks."""
    menu = Menu(car)
    picks = iter(choices)
    walked = car.build.head_unit.walk(task, car.build.generation.code)
    for node in walked[:-1]:
        if node.does:
            menu.use(node, next(picks, ""))
    menu.use(walked[-1], typed)
    return menu, walked


def online_by_hotspot(car, name="Hotspot 1", password="vettura-1"):
    car.networking.set_phone(PHONE, "hotspot_on", True)
    car.networking.choose_hotspot(name)
    car.networking.join_hotspot(password)
    return car


# -- every path of the instructions, in every generation -------------------------------------------------------------


@pytest.mark.rule("PCM-001", "PCM-002", "PCM-003", "PCM-004", "CON-017")
@pytest.mark.parametrize("device_root", ["SET", "DEVICES"])
@pytest.mark.parametrize("generation", INSERTED)
def test_roaming_on_is_a_tick_and_connects_abroad(make_car, generation, device_root):
    car = with_card(make_car(generation, country="IT"))
    object.__setattr__(car.build, "device_root", device_root)
    car.networking.cross_border("FR")
    before = car.connection

    menu, walked = walk(car, "ROAMING_ON", typed=CONFIRMED)

    assert before.reason == Reason.ROAMING_OFF
    assert menu.is_ticked(walked[-1])
    assert (car.condition.ticks["roaming"], car.connection.way) == (True, "inserted_sim")
    menu.use(walked[-1])
    assert not menu.is_ticked(walked[-1])
    assert car.connection.reason == Reason.ROAMING_OFF


@pytest.mark.rule("CON-018", "CON-019", "PCM-003")
def test_the_newest_has_nothing_to_walk_and_roams_all_the_same(make_car):
    car = make_car("TAY")

    car.networking.cross_border("CH")

    assert car.build.head_unit.walk("ROAMING_ON", "TAY") == ()
    assert car.connection.is_up


@pytest.mark.rule("PCM-005", "PCM-006", "PCM-007", "PCM-008", "PCM-009")
@pytest.mark.parametrize("way", ["integrated_sim", "inserted_sim", "phone_hotspot"])
@pytest.mark.parametrize("generation", INSERTED)
def test_data_off_ends_every_way(make_car, generation, way):
    car = make_car(generation)
    if way == "inserted_sim":
        with_card(car)
    if way == "phone_hotspot":
        online_by_hotspot(car)
    before = car.connection.way

    walk(car, "DATA_OFF")

    assert before == way
    assert (car.connection.reason, car.connection_label) == (Reason.DATA_OFF, "")


@pytest.mark.rule("PCM-010")
@pytest.mark.parametrize("generation", [*G2, *G3])
def test_sim_access_off_lets_no_data_through_the_phones_sim(make_car, generation):
    car = make_car(generation)
    car.networking.set_sim_access(True)
    before = car.connection.way

    walk(car, "SIM_ACCESS_OFF")

    assert before == "inserted_sim"
    assert car.condition.network.lender is None
    assert car.connection.way == "integrated_sim"


@pytest.mark.rule("PCM-011", "PCM-012", "PCM-013", "PCM-014", "PCM-015", "PCM-016")
@pytest.mark.parametrize("generation", G1)
def test_hands_free_cuts_sim_access_and_is_used_the_next_time(make_car, generation, page_of):
    car = make_car(generation)
    car.networking.set_sim_access(True)
    details = car.build.head_unit.walk("SIM_ACCESS_OFF", generation)[-2]
    before = ticked_profiles(page_of(car).get(f"/at/{details.id}").text)

    walk(car, "SIM_ACCESS_OFF", choices=[PHONE])
    after = ticked_profiles(page_of(car).get(f"/at/{details.id}").text)
    car.set_ignition("off")
    car.networking.set_phone(PHONE, "is_near", False)
    car.set_ignition("on")
    away = ticked_profiles(page_of(car).get(f"/at/{details.id}").text)
    car.networking.set_phone(PHONE, "is_near", True)

    assert before == {"hfp": "false", "sap": "true", "audio": "true", "messages": "true"}
    assert after == {"hfp": "true", "sap": "false", "audio": "true", "messages": "true"}
    assert set(away.values()) == {"false"}
    assert ticked_profiles(page_of(car).get(f"/at/{details.id}").text) == after
    assert car.connection.way == "integrated_sim"


@pytest.mark.rule("PCM-017", "PCM-018", "PCM-019")
@pytest.mark.parametrize("generation", INSERTED)
def test_a_stored_pin_is_not_asked_for_again(make_car, generation, page_of):
    car = with_card(make_car(generation), pin=False)
    asked = page_of(car).get("/").text

    walk(car, "SIM_PIN_SAVE", typed="1234")
    car.restart()

    assert 'data-asks="pin"' in asked
    assert car.condition.network.stored_pin == "1234"
    assert 'data-asks="pin"' not in page_of(car).get("/").text
    assert car.connection.way == "inserted_sim"


@pytest.mark.rule("CON-042", "CON-043", "CON-044", "CON-045", "CON-046", "PCM-029", "C-08")
@pytest.mark.parametrize("generation", INSERTED)
def test_the_hotspot_of_a_phone_is_found_chosen_and_joined(make_car, generation, page_of):
    car = make_car(generation)
    client = page_of(car)
    *_, door, hotspot, field = car.build.head_unit.walk("JOIN_PHONE_HOTSPOT", generation)
    nothing = client.get(f"/at/{door.id}").text
    for phone in (PHONE, STRANGER):
        car.networking.set_phone(phone, "hotspot_on", True)

    found = client.get(f"/at/{door.id}").text
    client.post(f"/use/{hotspot.id}", data={"value": "Hotspot 2"})
    client.post(f"/use/{field.id}", data={"value": "vettura-2"})

    assert 'data-found="0"' in nothing
    assert 'value="Hotspot 1"' in found
    assert 'value="Hotspot 2"' in found
    assert (car.connection.way, car.connection.bearer, car.connection_label) == ("phone_hotspot", "wifi", "WiFi")


@pytest.mark.rule("PCM-036", "PCM-037", "TEL-006", "TEL-007", "C-08")
@pytest.mark.parametrize("generation", ALL)
def test_every_tick_of_the_path_is_needed_before_the_cars_hotspot_lets_anybody_out(make_car, generation):
    car = make_car(generation)
    menu = Menu(car)
    ticks = [node for node in car.build.head_unit.walk("CAR_HOTSPOT_ON", generation) if node.kind == "tick"]
    car.networking.set_phone(PHONE, "is_client", True)
    phone = car.condition.network.phone(PHONE)
    seen = []

    for number in range(2 ** len(ticks)):
        for place, node in enumerate(ticks):
            if menu.is_ticked(node) != bool(number & 1 << place):
                menu.use(node)
        seen.append(car.networking.way_of_client(phone))

    assert seen == ["own_mobile"] * (2 ** len(ticks) - 1) + ["car"]


@pytest.mark.parametrize(
    "task", ["ROAMING_ON", "SIM_ACCESS_OFF", "SIM_PIN_SAVE", "JOIN_PHONE_HOTSPOT", "DATA_OFF", "CAR_HOTSPOT_ON"]
)
@pytest.mark.parametrize("generation", ALL)
def test_every_screen_on_the_way_opens(make_car, page_of, generation, task):
    car = with_card(make_car(generation)) if generation != "TAY" else make_car(generation)
    client = page_of(car)

    walked = car.build.head_unit.walk(task, generation)

    assert bool(walked) == bool(car.build.head_unit.task(task, generation).path)
    assert {client.get(f"/at/{node.id}").status_code for node in walked} <= {200}


def ticked_profiles(page):
    return {name: checked for checked, name in re.findall(r'aria-checked="(\w+)"[^>]*data-profile="(\w+)"', page)}


# -- roaming ---------------------------------------------------------------------------------------------------------


@pytest.mark.rule("CON-020")
@pytest.mark.parametrize("generation", ["911-7", "PAN-2", "CAY-3"])
def test_what_roaming_costs_is_read_and_confirmed_first(make_car, page_of, generation):
    car = with_card(make_car(generation, language="en"))
    client = page_of(car)
    *_, door, roaming = car.build.head_unit.walk("ROAMING_ON", generation)
    shown = client.get(f"/at/{door.id}").text

    client.post(f"/use/{roaming.id}")
    unconfirmed = car.condition.ticks.get("roaming", False)
    client.post(f"/use/{roaming.id}", data={"value": CONFIRMED})

    assert "Roaming can cost extra" in shown
    assert (unconfirmed, car.condition.ticks["roaming"]) == (False, True)


@pytest.mark.rule("CON-047", "C-27")
def test_with_the_integrated_sim_roaming_goes_on_without_a_notice_and_is_free(make_car, page_of):
    car = make_car("CAY-3", language="en")
    client = page_of(car)
    *_, door, roaming = car.build.head_unit.walk("ROAMING_ON", "CAY-3")
    car.networking.cross_border("FR")

    shown = client.get(f"/at/{door.id}").text
    client.post(f"/use/{roaming.id}")

    assert "Roaming can cost extra" not in shown
    assert (car.connection.way, car.connection.cost) == ("integrated_sim", "free")


@pytest.mark.rule("CON-017", "TRB-009")
def test_abroad_the_screen_names_the_switch_that_is_missing(make_car, page_of):
    car = online_by_hotspot(make_car("CAY-2", language="en"))
    car.networking.cross_border("FR")
    in_the_car = page_of(car).get("/connection").text
    with_card(car)
    car.networking.set_sim("has_volume", False)
    car.tick("roaming", True)

    assert 'data-reason="roaming_off"' in in_the_car
    assert 'data-reason="phone_roaming_off"' in page_of(car).get("/connection").text


@pytest.mark.rule("CON-017")
@pytest.mark.parametrize(
    ("country", "home", "abroad"), [("IT", "Torino", "Lyon"), ("DE", "Stuttgart", "Torino"), ("CN", "home", "Torino")]
)
def test_the_switch_of_the_place_crosses_borders_and_comes_home(make_car, page_of, country, home, abroad):
    car = make_car("CAY-3", country=country)
    client = page_of(car)
    seen = []

    for place in (None, abroad, home):
        if place is not None:
            client.post("/do/place", data={"place": place})
        pressed = re.findall(r'name="place" value="([^"]+)" class="segment" aria-pressed="true"', client.get("/").text)
        seen.append((pressed, car.connection.is_up))

    assert seen == [([home], True), ([abroad], False), ([home], True)]


# -- the card --------------------------------------------------------------------------------------------------------


@pytest.mark.rule("CON-004", "CON-048")
def test_the_newest_has_no_reader_and_never_asks_for_a_pin(make_car, page_of):
    car = make_car("TAY")

    for act in (lambda: car.networking.insert_sim(True), lambda: car.networking.save_apn("internet.example")):
        with pytest.raises(NotPossible, match="no_reader"):
            act()
    car.restart()

    page = page_of(car).get("/").text
    assert "data-asks" not in page
    assert "/do/sim_in" not in page
    assert car.connection.is_up


def test_three_wrong_pins_block_the_card_and_the_puk_opens_it(make_car):
    car = with_card(make_car("911-7"), pin=False)

    for code in ("pin_wrong", "pin_wrong", "pin_blocked"):
        with pytest.raises(NotPossible, match=code):
            car.networking.enter_pin("9999")
    blocked = car.connection.reason
    with pytest.raises(NotPossible, match="puk_wrong"):
        car.networking.enter_puk("11111111", "2468")
    car.networking.enter_puk("87654321", "2468")

    assert blocked == Reason.PUK_NEEDED
    assert (car.condition.network.sim.pin, car.connection.way) == ("2468", "inserted_sim")


def test_ten_wrong_puks_end_the_card(make_car):
    car = with_card(make_car("911-7"), pin=False)
    car.condition.network.sim.pin_tries = 0

    for _ in range(10):
        with pytest.raises(NotPossible, match="puk_wrong"):
            car.networking.enter_puk("11111111", "2468")

    assert car.connection.reason == Reason.SIM_DEAD
    with pytest.raises(NotPossible, match="nothing_to_do"):
        car.networking.enter_puk("87654321", "2468")


def test_a_wrong_pin_that_was_stored_costs_one_try_and_is_forgotten(make_car):
    car = with_card(make_car("911-7"))
    car.networking.store_pin()
    car.condition.network.sim.pin = "2468"

    car.restart()
    car.restart()

    assert (car.condition.network.stored_pin, car.condition.network.sim.pin_tries) == (None, 2)


@pytest.mark.rule("PCM-017")
def test_an_open_card_is_locked_again_by_a_restart_unless_its_pin_is_stored(make_car):
    car = with_card(make_car("CAY-3"))

    car.restart()

    assert car.connection.reason == Reason.PIN_NEEDED


def test_a_pin_cannot_be_stored_where_there_is_none(make_car):
    car = make_car("CAY-3")
    with pytest.raises(NotPossible, match="no_sim"):
        car.networking.store_pin()
    with_card(car, pin=False)
    with pytest.raises(NotPossible, match="pin_first"):
        car.networking.store_pin()
    car.networking.ask_for_pin(False)
    with pytest.raises(NotPossible, match="sim_without_pin"):
        car.networking.store_pin()

    assert car.connection.is_up


@pytest.mark.rule("CON-009")
@pytest.mark.parametrize("generation", INSERTED)
def test_a_card_without_volume_connects_nothing_and_says_so(make_car, page_of, generation):
    car = with_card(make_car(generation, language="en"))

    car.networking.set_sim("has_volume", False)

    assert 'data-reason="no_volume"' in page_of(car).get("/connection").text
    assert not car.has_data


@pytest.mark.rule("CON-036", "CON-037", "CON-038", "CON-039")
@pytest.mark.parametrize("generation", ["911-7", "PAN-2", "CAY-3"])
def test_access_points_are_offered_typed_kept_and_must_fit(make_car, page_of, generation):
    car = with_card(make_car(generation, language="en"))
    car.networking.store_pin()
    client = page_of(car)

    shown = client.get("/at/apn").text
    client.post("/do/apn", data={"value": "wrong.example"})
    wrong = car.connection.reason
    client.post("/do/apn", data={"value": " web.example "})
    again = make_car(generation)

    assert 'value="internet.example"' in shown
    assert 'value="web.example"' in shown
    assert "Your mobile operator tells you" in shown
    assert wrong == Reason.WRONG_APN
    assert (again.condition.network.apn_in_use, again.connection.way) == ("web.example", "inserted_sim")


@pytest.mark.parametrize("apn", ["", "   ", "x" * 101])
def test_an_empty_or_endless_access_point_is_refused(make_car, apn):
    with pytest.raises(NotPossible, match="apn_empty"):
        make_car("911-7").networking.save_apn(apn)


@pytest.mark.rule("CON-005")
def test_a_new_car_without_a_sim_of_its_own_comes_with_its_owners_card(make_car):
    car = make_car("CAY-3", country="CN")

    assert car.connection.way == "inserted_sim"


@pytest.mark.rule("TRB-008")
def test_after_a_loss_of_signal_the_connection_returns_without_other_change(make_car):
    car = with_card(make_car("MAC-2"))
    before = car.connection

    car.set_network(has_coverage=False)
    lost = car.connection.reason
    car.set_network(has_coverage=True)

    assert (lost, car.connection) == (Reason.NO_COVERAGE, before)


# -- phones ----------------------------------------------------------------------------------------------------------


@pytest.mark.rule("CON-034", "CON-035")
@pytest.mark.parametrize("generation", ALL)
def test_after_pairing_the_unit_asks_about_data_and_a_no_holds(make_car, page_of, generation):
    car = make_car(generation)
    client = page_of(car)
    client.post("/do/pair_phone", data={"phone": STRANGER})
    asked = client.get("/account").text

    client.post("/do/data_use", data={"phone": STRANGER, "on": "0"})
    car.networking.set_phone(STRANGER, "hotspot_on", True)

    assert 'data-asks="data_use"' in asked
    assert 'data-asks="data_use"' not in client.get("/account").text
    if generation == "TAY":
        car.networking.bring_up_hotspot(STRANGER, True)
    else:
        car.networking.choose_hotspot("Hotspot 2")
        with pytest.raises(NotPossible, match="data_use_refused"):
            car.networking.join_hotspot("vettura-2")
        car.networking.choose_phone(STRANGER)
        car.networking.use_profile("sap")
    assert car.connection.way == "integrated_sim"


@pytest.mark.rule("CON-034")
def test_a_no_given_later_ends_the_use_at_once(make_car):
    car = online_by_hotspot(make_car("PAN-2"))

    car.networking.answer_data_use(PHONE, False)

    assert (car.connection.way, car.condition.network.hotspot) == ("integrated_sim", None)


@pytest.mark.rule("CON-045")
@pytest.mark.parametrize(("password", "code"), [("1234567", "password_short"), ("12345678", "password_wrong")])
def test_a_short_or_wrong_password_is_refused(make_car, password, code):
    car = make_car("CAY-3")
    car.networking.set_phone(PHONE, "hotspot_on", True)
    car.networking.choose_hotspot("Hotspot 1")

    with pytest.raises(NotPossible, match=code):
        car.networking.join_hotspot(password)

    assert car.connection.way == "integrated_sim"


@pytest.mark.rule("CON-042")
def test_a_hotspot_that_goes_off_is_lost_and_found_again(make_car):
    car = online_by_hotspot(make_car("911-8"))

    car.networking.set_phone(PHONE, "is_near", False)
    away = car.connection.way
    car.networking.set_phone(PHONE, "is_near", True)

    assert (away, car.connection.way) == ("integrated_sim", "phone_hotspot")


def test_a_hotspot_with_a_new_password_says_so(make_car):
    car = online_by_hotspot(make_car("CAY-2"))
    with_card(car)
    car.networking.set_sim("has_volume", False)

    car.networking.name_hotspot(PHONE, hotspot="Hotspot 1", password="another-password")

    assert car.connection.reason == Reason.WRONG_PASSWORD


@pytest.mark.rule("CON-014")
def test_where_the_country_has_no_hotspot_the_screen_offers_none(make_car, page_of):
    car = make_car("CAY-3", country="CN")
    car.networking.set_phone(PHONE, "hotspot_on", True)
    door = car.build.head_unit.walk("JOIN_PHONE_HOTSPOT", "CAY-3")[-3]

    with pytest.raises(NotPossible, match="no_hotspot_here"):
        car.networking.choose_hotspot("Hotspot 1")

    assert "Hotspot 1" not in page_of(car, **{"x-parts": "1"}).get(f"/at/{door.id}").json()["unit"]


@pytest.mark.rule("C-53")
def test_only_a_car_without_instructions_has_its_wifi_brought_up_from_outside(make_car):
    newest, older = make_car("TAY"), make_car("CAY-3")

    newest.networking.bring_up_hotspot(PHONE, True)

    assert (newest.connection_label, newest.abilities.ways) == ("WiFi", ("integrated_sim",))
    with pytest.raises(NotPossible, match="unknown_option"):
        older.networking.bring_up_hotspot(PHONE, True)


def test_a_phone_is_a_hotspot_or_a_client_and_never_both(make_car):
    car = make_car("CAY-3")
    phone = car.condition.network.phone(PHONE)

    car.networking.set_phone(PHONE, "is_client", True)
    car.networking.set_phone(PHONE, "hotspot_on", True)
    first = (phone.hotspot_on, phone.is_client)
    car.networking.set_phone(PHONE, "is_client", True)

    assert (first, (phone.hotspot_on, phone.is_client)) == ((True, False), (False, True))


# -- calls -----------------------------------------------------------------------------------------------------------


@pytest.mark.rule("CON-003", "CON-007", "CON-010")
@pytest.mark.parametrize("card", [True, False])
@pytest.mark.parametrize("generation", ALL)
def test_a_bluetooth_call_leaves_data_up(make_car, generation, card):
    car = make_car(generation, radio="E")
    if card and generation != "TAY":
        with_card(car)

    car.networking.call(PHONE)

    assert (car.condition.network.call, car.has_data) == (PHONE, True)


@pytest.mark.rule("CON-008")
def test_a_call_over_the_card_is_refused_while_the_integrated_sim_has_the_data(make_car):
    car = make_car("PAN-2")

    with pytest.raises(NotPossible, match="no_sim"):
        car.networking.call("card")
    with_card(car)
    car.networking.call("card")

    assert (car.connection.way, car.condition.network.call) == ("inserted_sim", "card")


@pytest.mark.rule("CON-011")
def test_where_the_country_forbids_it_nobody_calls_over_the_card(make_car):
    car = make_car("CAY-3", country="CN")

    with pytest.raises(NotPossible, match="voice_not_allowed"):
        car.networking.call("card")


@pytest.mark.rule("CON-012", "CON-013", "CON-016")
@pytest.mark.parametrize("by", ["card", "hotspot"])
@pytest.mark.parametrize(("radio", "carries_both", "stays"), [("LTE", True, True), ("LTE", False, False), ("E", True, False)])  # fmt: skip
def test_what_a_call_stops_comes_back_after_it(make_car, by, radio, carries_both, stays):
    car = with_card(make_car("718", radio=radio))
    if by == "hotspot":
        car.networking.set_sim("has_volume", False)
        online_by_hotspot(car)
        car.networking.set_phone(PHONE, "carries_both", carries_both)
    else:
        car.networking.set_sim("carries_both", carries_both)
    before = car.connection

    car.networking.call("card" if by == "card" else PHONE)
    during = car.connection
    car.networking.call("")

    assert (during.is_up, during.reason) == (stays, None if stays else Reason.CALL)
    assert (before.is_up, car.connection) == (True, before)


@pytest.mark.parametrize("loss", ["card", "coverage", "phone"])
def test_a_call_ends_with_what_carries_it(make_car, loss):
    car = with_card(make_car("718"))
    car.networking.call(PHONE if loss == "phone" else "card")

    if loss == "card":
        car.networking.insert_sim(False)
    elif loss == "coverage":
        car.set_network(has_coverage=False)
    else:
        car.networking.set_phone(PHONE, "is_near", False)

    assert car.condition.network.call is None


# -- the screens -----------------------------------------------------------------------------------------------------


@pytest.mark.rule("CON-051")
@pytest.mark.parametrize("address", ["/connection", "services"])
@pytest.mark.parametrize(("radio", "is_advised"), [("E", True), ("LTE", False)])
def test_on_edge_a_hint_recommends_3g_or_lte(make_car, page_of, radio, is_advised, address):
    car = make_car("CAY-3", language="en", radio=radio)
    address = f"/at/{Menu(car).shown_by('services').id}" if address == "services" else address

    assert ("3G or LTE is recommended" in page_of(car).get(address).text) == is_advised


@pytest.mark.rule("CON-049")
def test_the_screen_says_how_long_something_loads(make_car, page_of):
    seconds = {
        radio: page_of(make_car("CAY-3", language="en", radio=radio)).get("/connection").text.split("loads in about ")[1].split("\u00a0s")[0]
        for radio in ("E", "3G", "LTE")
    }  # fmt: skip

    assert int(seconds["E"]) > int(seconds["3G"]) > int(seconds["LTE"])


@pytest.mark.rule("CON-001", "CON-005", "CON-040")
@pytest.mark.parametrize(
    ("generation", "country", "ways"),
    [
        ("911-7", "IT", ["integrated_sim", "inserted_sim", "phone_hotspot"]),
        ("CAY-3", "RU", ["inserted_sim"]),
        ("TAY", "IT", ["integrated_sim"]),
    ],
)
def test_the_screen_names_the_ways_of_this_car(make_car, page_of, generation, country, ways):
    page = page_of(make_car(generation, country=country)).get("/connection").text

    assert re.findall(r'data-way="(\w+)"', page) == ways


@pytest.mark.rule("TEL-008", "TEL-009")
@pytest.mark.parametrize("generation", ["CAY-3", "TAY"])
def test_a_client_without_a_package_is_said_to_use_its_own_mobile_data(make_car, page_of, generation):
    car = make_car(generation, language="en")
    for tick in car.networking.needed_ticks:
        car.tick(tick, True)
    car.networking.set_phone(PHONE, "is_client", True)
    car.networking.set_package(False)
    manager = Menu(car).shown_by("devices")

    page = page_of(car).get(f"/at/{manager.id}").text

    assert 'data-client="own_mobile"' in page
    assert "uses its own mobile data" in page
    assert car.has_data


def test_a_factory_reset_forgets_pin_phones_hotspot_and_access_point_but_not_the_card(make_car):
    car = online_by_hotspot(with_card(make_car("911-8")))
    car.networking.store_pin()
    car.networking.save_apn("web.example")

    car.reset_to_factory()

    network = car.condition.network
    assert (network.stored_pin, network.apn, network.hotspot) == (None, None, None)
    assert [phone for phone in network.phones if phone.is_paired] == []
    assert network.sim.is_in


def test_a_condition_that_was_kept_before_there_were_phones_still_loads(make_car, tmp_path):
    (tmp_path / "state.json").write_bytes(b'{"radio":"wifi","phones":["Phone"],"mileage":77.0}')

    car = make_car("CAY-3")

    assert (car.condition.mileage, car.connection_label) == (77.0, "LTE")


# -- whatever is pressed in whatever order ---------------------------------------------------------------------------


class AnyOrder(RuleBasedStateMachine):
    """Switches and entries of the connection in any order leave no contradiction."""

    make = None

    def __init__(self) -> None:
        super().__init__()
        self.car = type(self).make()

    def attempt(self, act, *args, **options):
        try:
            act(*args, **options)
        except NotPossible:
            return

    @rule(on=st.booleans())
    def coverage(self, on):
        self.car.set_network(has_coverage=on)

    @rule(radio=st.sampled_from(["LTE", "3G", "E"]))
    def radio(self, radio):
        self.car.set_network(radio=radio)

    @rule(on=st.booleans())
    def insert(self, on):
        self.attempt(self.car.networking.insert_sim, on)

    @rule(pin=st.sampled_from(["1234", "9999"]), store=st.booleans())
    def pin(self, pin, store):
        self.attempt(self.car.networking.enter_pin, pin, store=store)

    @rule(phone=st.sampled_from([PHONE, STRANGER]), fact=st.sampled_from(["is_near", "hotspot_on", "is_client"]), on=st.booleans())  # fmt: skip
    def phone(self, phone, fact, on):
        self.attempt(self.car.networking.set_phone, phone, fact, on)

    @rule(phone=st.sampled_from([PHONE, STRANGER]), may=st.booleans())
    def pair(self, phone, may):
        self.attempt(self.car.networking.pair, phone)
        self.attempt(self.car.networking.answer_data_use, phone, may)

    @rule(on=st.booleans())
    def sim_access(self, on):
        self.attempt(self.car.networking.set_sim_access, on)

    @rule(number=st.sampled_from("12"))
    def join(self, number):
        self.attempt(self.car.networking.choose_hotspot, f"Hotspot {number}")
        self.attempt(self.car.networking.join_hotspot, f"vettura-{number}")

    @rule(over=st.sampled_from(["", "card", PHONE, STRANGER]))
    def call(self, over):
        self.attempt(self.car.networking.call, over)

    @rule(country=st.sampled_from(["IT", "FR"]))
    def border(self, country):
        self.car.networking.cross_border(country)

    @rule(state=st.sampled_from(["data", "roaming", "share_data", "wifi_data"]), on=st.booleans())
    def tick(self, state, on):
        self.car.tick(state, on)

    @rule()
    def restart(self):
        self.car.restart()

    @invariant()
    def nothing_contradicts(self):
        car, network = self.car, self.car.condition.network
        now = car.connection
        assert now.is_up == bool(car.connection_label) == car.has_data
        assert not (now.way == "integrated_sim" and network.call == "card")
        assert not (now.way == "integrated_sim" and network.sim.is_in)
        assert now.way != "phone_hotspot" or network.phone(self.source()).data_use is not False
        assert network.call is None or car.condition.has_coverage
        assert sum("sap" in network.links(phone) for phone in network.phones) <= 1
        assert not car.networking.lets_clients_out or now.is_up
        assert all(not (phone.is_client and phone.hotspot_on) for phone in network.phones)

    def source(self):
        hotspot = self.car.condition.network.hotspot
        return next(phone.name for phone in self.car.condition.network.phones if phone.hotspot_name == hotspot.name)


@pytest.mark.rule("CON-008", "CON-034")
@pytest.mark.parametrize("generation", ["911-7", "PAN-2", "TAY"])
def test_no_order_of_switches_leaves_a_contradiction(pack, tmp_path, generation):
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
