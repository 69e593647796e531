"""The connection assistant: every cause is made at the switches, found first, and gone when one does what it says."""

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vettura_car.assistant import NO_INTERNET, TOPICS, Facts, steps
from vettura_car.checkup import facts_of
from vettura_car.connection import Abilities, Card, Circumstances, Hotspot, Reason, connect
from vettura_car.head_unit import Menu
from vettura_wire.clock import real_now

PHONE = "Phone 1"
G1, TOP_RIGHT = ["911-7", "718", "MAC-1", "CAY-2"], ["PAN-2", "CAY-3", "MAC-2", "911-8", "TAY"]


def due(car, topic="services"):
    return [step.name for step in steps(topic, facts_of(car)) if step.is_due]


def step(car, name, topic="services"):
    return next(each for each in steps(topic, facts_of(car)) if each.name == name)


def page(car, topic="services"):
    return f"/at/{Menu(car).shown_by(f'assistant_{topic}').id}"


def press(browser, *acts):
    for act, form in acts:
        browser.post(f"/do/{act}", form)


def by_card(car):
    """A car of a country without integrated SIM: its owner's card is in it, and open."""
    assert car.connection.way == "inserted_sim"
    return car


# -- cause 1: no Internet --------------------------------------------------------------------------------------------------

OPERATOR = ("sim_fact", {"fact": "has_volume", "on": "1"})
CAUSES = {
    "data_off": ([], "tick", ("use", "data")),
    "no_volume": ([("sim_fact", {"fact": "has_volume", "on": "0"})], "mobile_operator", OPERATOR),
    "no_coverage": ([("coverage", {"on": "0"})], None, ("coverage", {"on": "1"})),
    "roaming_off": ([("place", {"place": "Zürich"})], None, ("use", "roaming")),
    "no_sim": ([("sim_in", {"on": "0"})], "mobile_operator", ("sim_in", {"on": "1"})),
    "pin_needed": ([("forget_pin", {}), ("restart", {})], None, ("pin", {"value": "1234"})),
    "wrong_apn": ([("apn", {"value": "other.example"})], "mobile_operator", ("apn", {"value": "internet.example"})),
}


@pytest.mark.rule("TRB-001", "TRB-002", "TRB-005", "TRB-007", "TRB-008", "TRB-009", "TRB-010", "TRB-011")
@pytest.mark.parametrize("cause", list(CAUSES))
def test_a_cause_at_the_card_is_found_first_and_gone_when_one_does_what_it_says(ready_car, page_of, cause):
    car = by_card(ready_car("CAY-3", country="RU"))
    browser, menu = page_of(car), Menu(car)
    made, contact, remedy = CAUSES[cause]
    before = due(car)

    press(browser, *made)
    if cause == "data_off":
        menu.use(menu.node(menu.shown_by("devices").children[1].id))
    found, shown = due(car), browser.get(page(car)).text
    if remedy[0] == "use":
        menu.use(
            next(node for node in menu._nodes.values() if node.state == remedy[1] and node.kind == "tick"), "confirmed"
        )
    else:
        press(browser, remedy)

    assert before == ["support"]
    assert found[:2] == ["symbol", cause]
    assert re.findall(r'data-step="(\w+)"', shown)[:2] == ["symbol", cause]
    assert contact in (None, "tick") or f'data-contact="{contact}"' in shown
    assert (due(car), car.connection.is_up) == (["support"], True)


@pytest.mark.rule("TRB-010", "TRB-011")
def test_a_card_that_is_beyond_help_is_named_with_the_operator(ready_car):
    car = by_card(ready_car("CAY-3", country="RU"))
    car.condition.network.sim.puk_tries = 0

    found = step(car, Reason.SIM_DEAD)

    assert (found.contact, found.rules) == ("mobile_operator", ("TRB-010", "TRB-011"))


@pytest.mark.rule("TRB-012")
@pytest.mark.parametrize("generation", ["911-7", "PAN-2", "911-8"])
def test_a_card_in_the_reader_of_a_car_with_integrated_sim_is_to_be_removed(ready_car, page_of, generation):
    car = ready_car(generation)
    browser = page_of(car)
    press(browser, ("sim_in", {"on": "1"}))
    found = due(car)

    press(browser, ("sim_in", {"on": "0"}))

    assert found[:3] == ["symbol", "card_in_reader", "pin_needed"]
    assert (car.connection.way, due(car)) == ("integrated_sim", ["support"])


def test_removing_the_card_is_not_advised_where_it_does_not_help(ready_car, page_of):
    car = ready_car("911-7")
    press(page_of(car), ("sim_in", {"on": "1"}), ("coverage", {"on": "0"}))

    assert due(car)[:2] == ["symbol", "no_coverage"]


HOTSPOT_ON = ("phone_fact", {"phone": PHONE, "fact": "hotspot_on", "on": "1"})
ROAMS = ("phone_fact", {"phone": PHONE, "fact": "roaming_on", "on": "1"})
RENAMED = {"phone": PHONE, "hotspot": "Hotspot 1", "password": "vettura-9"}
PHONE_CAUSES = {
    "hotspot_off": ([("phone_fact", {"phone": PHONE, "fact": "hotspot_on", "on": "0"})], HOTSPOT_ON),
    "wrong_password": ([("hotspot_name", RENAMED)], ("hotspot_name", RENAMED | {"password": "vettura-1"})),
    "no_volume": (
        [("phone_fact", {"phone": PHONE, "fact": "has_volume", "on": "0"})],
        ("phone_fact", {"phone": PHONE, "fact": "has_volume", "on": "1"}),
    ),
    "phone_roaming_off": ([("place", {"place": "Zürich"})], ROAMS),
    "call": ([("radio", {"radio": "E"}), ("call", {"over": PHONE})], ("call", {"over": ""})),
}


@pytest.mark.rule("TRB-009", "TRB-007", "CON-042")
@pytest.mark.parametrize("cause", list(PHONE_CAUSES))
def test_a_phone_as_source_is_gone_through_as_the_card_is(ready_car, page_of, cause):
    car = ready_car("CAY-3", country="AL")
    browser = page_of(car)
    press(browser, ("sim_in", {"on": "0"}), HOTSPOT_ON)
    car.networking.choose_hotspot("Hotspot 1")
    car.networking.join_hotspot("vettura-1")
    car.tick("roaming", True)
    made, remedy = PHONE_CAUSES[cause]
    before = (car.connection.way, due(car))

    press(browser, *made)
    found = due(car)
    press(browser, remedy)

    assert before == ("phone_hotspot", ["support"])
    assert found == ["symbol", cause]
    assert (car.connection.way, due(car)) == ("phone_hotspot", ["support"])


@pytest.mark.rule("TRB-002", "TRB-003", "TRB-004", "C-04")
@pytest.mark.parametrize("generation", [*G1, *TOP_RIGHT])
def test_the_assistant_says_where_the_symbol_stands_in_this_generation(ready_car, page_of, generation):
    car = ready_car(generation, language="en")
    press(page_of(car), ("coverage", {"on": "0"}))

    shown = page_of(car).get(page(car)).text

    corner, rule = ("at the bottom left", "TRB-004") if generation in G1 else ("at the top right", "TRB-003")
    assert f"neither E, 3G, LTE nor WiFi stands {corner}" in shown
    assert f'data-rules="TRB-001 TRB-002 {rule}"' in shown


CARDS = st.none() | st.builds(
    Card, lock=st.sampled_from(["open", "pin", "puk", "dead"]), apn_fits=st.booleans(), has_volume=st.booleans(),
    carries_both=st.booleans(), is_lent=st.booleans(),
)  # fmt: skip
HOTSPOTS = st.none() | st.builds(
    Hotspot, is_found=st.booleans(), password_fits=st.booleans(), data_use_refused=st.booleans(),
    has_volume=st.booleans(), roaming_on=st.booleans(), carries_both=st.booleans(),
)  # fmt: skip
SITUATIONS = st.builds(
    Circumstances, has_coverage=st.booleans(), radio=st.sampled_from(["LTE", "3G", "E"]), is_abroad=st.booleans(),
    data_on=st.booleans(), roaming_on=st.booleans(), card=CARDS, hotspot=HOTSPOTS,
    call=st.sampled_from(["none", "card", "hotspot_phone", "other_phone"]),
)  # fmt: skip
WAYS = st.lists(st.sampled_from(["integrated_sim", "inserted_sim", "phone_hotspot"]), unique=True, min_size=1).map(
    tuple
)


@pytest.mark.rule("TRB-001")
@given(WAYS, SITUATIONS, st.booleans(), st.booleans())
def test_in_every_situation_a_cause_is_named_exactly_when_there_is_no_connection(ways, now, automatic, has_card):
    abilities = Abilities(ways=ways, roaming_is_automatic=automatic, has_card=has_card)
    connection = connect(abilities, now)
    found = steps("services", Facts(connection=connection, abilities=abilities, now=now))
    causes = [each.name for each in found if each.name in NO_INTERNET]

    assert bool(causes) == (not connection.is_up)
    # what the status of the connection says is among them
    assert connection.is_up or connection.reason in causes


# -- cause 2: no contract --------------------------------------------------------------------------------------------------


@pytest.mark.rule("TRB-001", "TRB-013")
def test_without_a_contract_the_assistant_names_the_service_and_the_portal_but_only_after_the_internet(
    ready_car, platform, page_of
):
    car = ready_car("TAY", language="en")
    car.take_document(platform.contracts(car, *[each.id for each in car.build.services() if each.id != "news"]))
    car.restart()
    online = due(car)
    shown = page_of(car).get(page(car)).text

    press(page_of(car), ("coverage", {"on": "0"}))
    offline = due(car)
    press(page_of(car), ("coverage", {"on": "1"}))
    car.take_document(platform.contracts(car))
    waiting = due(car)
    press(page_of(car), ("restart", {}))

    assert online == ["no_contract"]
    assert "Accept or order it in My Porsche" in shown
    assert 'data-contact="portal"' in shown
    assert "News" in shown
    assert offline == ["symbol", "no_coverage", "no_contract"]
    assert waiting == ["restart_needed"]
    assert due(car) == ["support"]


@pytest.mark.rule("TRB-014", "TRB-015")
def test_validity_compares_the_end_of_the_contract_with_today_first(ready_car, platform, page_of):
    car = ready_car("TAY", language="de")
    body = platform.contracts(car).body
    for entry in body["services"]:
        if entry["id"] == "weather":
            entry["ends_at"] = (real_now() - timedelta(days=3)).isoformat()
    car.take_document(platform.document("contracts", {"services": [e for e in body["services"] if e["id"] != "news"]}))
    car.restart()

    shown = page_of(car).get(page(car, "validity")).text

    assert due(car, "validity") == ["ended", "no_contract"]
    assert re.search(r"Heute: \d\d\.\d\d\.\d{4}\. Wetter \(\d\d\.\d\d\.\d{4}\)", shown)
    licences = Menu(car).shown_by("contracts")
    assert licences is None or f'href="/at/{licences.id}"' in shown


@pytest.mark.rule("TRB-014")
def test_the_remaining_time_is_one_touch_away(ready_car, platform, page_of):
    car = ready_car("CAY-3", language="en")
    car.take_document(platform.contracts(car, "news", days=9))
    car.restart()
    browser = page_of(car)

    address = re.search(r'href="(/at/[^"]*)" class="button"', browser.get(page(car, "validity")).text)[1]

    assert 'data-days="9"' in browser.get(address).text


def test_an_unlinked_car_asks_for_the_pairing_code(make_car, page_of):
    car = make_car("911-7")

    assert due(car) == ["not_linked"]
    assert f'href="/at/{Menu(car).shown_by("pairing").id}"' in page_of(car).get(page(car)).text


def test_privacy_mode_is_named_and_switched_off_where_the_assistant_leads(ready_car, page_of):
    car = ready_car("TAY")
    press(page_of(car), ("privacy", {}))
    found = due(car)

    press(page_of(car), ("privacy", {}))

    assert found == ["privacy_on"]
    assert due(car) == ["support"]


@pytest.mark.rule("TRB-016")
@pytest.mark.parametrize("country", ["IT", "DE"])
def test_when_nothing_fits_support_is_named_with_the_number_of_the_country(ready_car, page_of, country):
    car = ready_car("TAY", country=country)

    shown = page_of(car).get(page(car)).text

    assert due(car) == ["support"]
    assert 'data-contact="support"' in shown
    assert car.build.pack.countries[country].support_phone.replace(" ", "\u00a0") in shown


# -- slow, calls only, abroad ----------------------------------------------------------------------------------------------


@pytest.mark.rule("CON-050", "CON-051")
@pytest.mark.parametrize(("radio", "wrong"), [("LTE", []), ("3G", []), ("E", ["better_network"])])
def test_slow_loading_begins_with_the_letter(ready_car, page_of, radio, wrong):
    car = ready_car("TAY", language="en")
    press(page_of(car), ("radio", {"radio": radio}))

    assert steps("slow", facts_of(car))[0].name == "indicator"
    assert due(car, "slow") == wrong
    assert f"The indicator shows {radio}." in page_of(car).get(page(car, "slow")).text


@pytest.mark.rule("CON-050")
def test_without_a_connection_slow_loading_leads_to_its_cause(ready_car, page_of):
    car = ready_car("TAY")
    press(page_of(car), ("coverage", {"on": "0"}))

    assert due(car, "slow") == ["indicator", "first_connect"]
    assert f'href="{page(car)}"' in page_of(car).get(page(car, "slow")).text


@pytest.mark.rule("CON-032", "CON-033", "CON-034")
def test_a_phone_for_calls_only_is_joined_then_its_hotspot_goes_off_and_its_data_are_refused(make_car, page_of):
    car = make_car("CAY-3")
    browser = page_of(car)
    press(
        browser, ("forget_phone", {"phone": PHONE}), ("phone_fact", {"phone": PHONE, "fact": "hotspot_on", "on": "1"})
    )
    found = [due(car, "calls")]
    assert "Disattivare l’hotspot nel telefono." in browser.get(page(car, "calls")).text

    for act in (
        ("pair_phone", {"phone": PHONE}),
        ("phone_fact", {"phone": PHONE, "fact": "hotspot_on", "on": "0"}),
        ("data_use", {"phone": PHONE, "on": "0"}),
    ):
        press(browser, act)
        found.append(due(car, "calls"))

    assert [each.name for each in steps("calls", facts_of(car))] == ["bluetooth", "phone_hotspot_off", "no_phone_data"]
    assert found == [["bluetooth", "phone_hotspot_off"], ["phone_hotspot_off", "no_phone_data"], ["no_phone_data"], []]


@pytest.mark.rule("CON-021")
def test_abroad_with_an_own_card_a_roaming_option_is_advised_and_roaming_is_missing(ready_car, page_of):
    car = by_card(ready_car("CAY-3", country="RU", language="en"))
    press(page_of(car), ("place", {"place": "Zürich"}))

    shown = page_of(car).get(page(car, "abroad")).text

    assert [each.name for each in steps("abroad", facts_of(car))] == ["roaming_option", "roaming_in_car"]
    assert due(car, "abroad") == ["roaming_in_car"]
    assert "Take a roaming option with included volume." in shown
    assert 'data-contact="mobile_operator"' in shown


@pytest.mark.rule("C-27", "CON-018", "CON-047")
def test_the_integrated_sim_costs_nothing_abroad_and_the_newest_needs_no_switch(ready_car):
    old, new = ready_car("CAY-3"), ready_car("TAY")
    for car in (old, new):
        car.networking.cross_border("FR")

    assert [each.name for each in steps("abroad", facts_of(old))] == ["no_charge", "roaming_in_car"]
    assert due(old, "abroad") == ["roaming_in_car"]
    assert [each.name for each in steps("abroad", facts_of(new))] == ["no_charge", "roaming_automatic"]


# -- in every head unit ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("generation", [*G1, *TOP_RIGHT])
def test_every_topic_stands_in_every_menu_and_behind_the_symbol(ready_car, page_of, generation):
    car = ready_car(generation)
    browser = page_of(car)
    overview = Menu(car).shown_by("assistant")

    assert f'href="/at/{overview.id}"' in browser.get("/connection").text
    shown = browser.get(f"/at/{overview.id}").text
    for topic in TOPICS:
        assert f'href="{page(car, topic)}"' in shown
        assert f'data-topic="{topic}"' in browser.get(page(car, topic)).text


@pytest.mark.parametrize("generation", [*G1, *TOP_RIGHT])
def test_every_cause_leads_to_where_it_is_put_right(make_car, generation):
    car = make_car(generation)
    menu, abilities = Menu(car), car.abilities
    needed = {cause.opens for name, cause in NO_INTERNET.items() if cause.opens} - (
        set() if "phone_hotspot" in abilities.ways else {"choose_hotspot"}
    )
    if generation == "TAY":
        # its SIM is built in, its roaming goes by itself, and privacy mode stands for its data (PCM-009, CON-018)
        needed -= {"data", "sim", "apn", "roaming"}

    assert {word for word in needed if menu.door_to(word) is None} == set()
