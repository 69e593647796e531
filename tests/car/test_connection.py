"""How a car gets to the Internet, as facts and answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vettura_car.connection import (
    RADIOS,
    Abilities,
    Card,
    Circumstances,
    Hotspot,
    Reason,
    against_call,
    client_way,
    connect,
    passes_internet,
    roaming_may_cost,
    seconds_to_load,
)
from vettura_car.connection import ways as ways_of
from vettura_car.network import abilities_of

G1, G2, G3 = ["911-7", "718", "MAC-1", "CAY-2"], ["PAN-2"], ["CAY-3", "MAC-2", "911-8"]
INSERTED = [*G1, *G2, *G3]
ALL = [*INSERTED, "TAY"]

OLD = Abilities(ways=("integrated_sim", "inserted_sim", "phone_hotspot"))
WITHOUT_INTEGRATED = Abilities(ways=("inserted_sim", "phone_hotspot"))
NEWEST = Abilities(
    ways=("integrated_sim",), unstated=("phone_hotspot",), roaming_is_automatic=True, voice_by_sim=True, has_card=False
)

abilities = st.builds(
    Abilities,
    ways=st.sets(st.sampled_from(["integrated_sim", "inserted_sim", "phone_hotspot"])).map(lambda found: tuple(sorted(found))),
    roaming_is_automatic=st.booleans(),
    voice_by_sim=st.booleans(),
    has_card=st.booleans(),
)  # fmt: skip
cards = st.builds(
    Card,
    lock=st.sampled_from(["open", "pin", "puk", "dead"]),
    apn_fits=st.booleans(),
    has_volume=st.booleans(),
    carries_both=st.booleans(),
    is_lent=st.booleans(),
)
hotspots = st.builds(
    Hotspot,
    is_found=st.booleans(),
    password_fits=st.booleans(),
    data_use_refused=st.booleans(),
    has_volume=st.booleans(),
    roaming_on=st.booleans(),
    carries_both=st.booleans(),
)
circumstances = st.builds(
    Circumstances,
    has_coverage=st.booleans(),
    radio=st.sampled_from(RADIOS),
    is_abroad=st.booleans(),
    data_on=st.booleans(),
    roaming_on=st.booleans(),
    card=st.none() | cards,
    hotspot=st.none() | hotspots,
    call=st.sampled_from(["none", "card", "hotspot_phone", "other_phone"]),
)


@pytest.fixture
def abilities_in(make_car):
    def of(generation, country="IT"):
        return abilities_of(make_car(generation, country=country).build)

    return of


# -- which ways there are --------------------------------------------------------------------------------------------


@pytest.mark.rule("CON-001", "CON-005", "CON-014", "CON-040")
@pytest.mark.parametrize("generation", INSERTED)
def test_all_but_the_newest_have_three_ways_where_the_country_has_them(abilities_in, generation):
    assert abilities_in(generation).ways == ("integrated_sim", "inserted_sim", "phone_hotspot")


@pytest.mark.rule("CON-005", "CON-006", "CON-014")
@pytest.mark.parametrize("generation", INSERTED)
def test_a_country_without_integrated_sim_and_hotspot_leaves_the_card(abilities_in, generation):
    assert abilities_in(generation, "CN").ways == ("inserted_sim",)


@pytest.mark.rule("CON-002", "CON-004", "C-53")
@pytest.mark.parametrize("country", ["IT", "CN"])
def test_the_newest_has_its_built_in_sim_in_every_country_and_no_card(abilities_in, country):
    found = abilities_in("TAY", country)

    assert found.ways == ("integrated_sim",)
    assert not found.has_card


@pytest.mark.rule("CON-040", "CON-006")
@given(
    integrated=st.sampled_from(["always", "by_country"]), inserted=st.booleans(), hotspot=st.booleans(),
    country_sim=st.booleans(), country_hotspot=st.booleans(),
)  # fmt: skip
def test_the_ways_are_never_more_than_the_three_and_never_against_the_country(
    integrated, inserted, hotspot, country_sim, country_hotspot
):
    found = ways_of(
        integrated_sim=integrated, inserted_sim=inserted, phone_hotspot=hotspot,
        country_has_integrated_sim=country_sim, country_has_hotspot=country_hotspot,
    )  # fmt: skip

    assert set(found) <= {"integrated_sim", "inserted_sim", "phone_hotspot"}
    assert country_sim or integrated == "always" or "integrated_sim" not in found
    assert country_hotspot or "phone_hotspot" not in found


# -- what holds whatever happens -------------------------------------------------------------------------------------


@pytest.mark.rule("CON-022", "CON-028", "C-05")
@given(abilities=abilities, now=circumstances)
def test_a_car_is_connected_with_a_label_or_has_one_reason(abilities, now):
    answer = connect(abilities, now)

    assert answer.is_up == bool(answer.label) == (answer.reason is None) == bool(answer.bearer)
    assert answer.way is None or answer.way in abilities.ways
    assert answer.label in ("", "WiFi", *RADIOS)


@pytest.mark.rule("CON-008")
@given(abilities=abilities, now=circumstances)
def test_data_by_the_integrated_sim_and_a_call_over_a_card_never_meet(abilities, now):
    answer = connect(abilities, now)

    assert not (
        answer.way == "integrated_sim"
        and (now.call == "card" or (now.card is not None and "inserted_sim" in abilities.ways))
    )


@pytest.mark.rule("CON-013")
@given(abilities=abilities, now=circumstances)
def test_after_a_call_data_are_as_they_would_have_been_without_it(abilities, now):
    calm = Circumstances(**{**vars(now), "call": "none"})

    answer, after = connect(abilities, now), connect(abilities, calm)

    assert after.reason != Reason.CALL
    assert answer.is_up <= after.is_up


@given(abilities=abilities, now=circumstances)
def test_nothing_connects_without_network_or_with_data_off(abilities, now):
    assert connect(abilities, now).is_up <= (now.has_coverage and now.data_on)


@pytest.mark.rule("CON-017", "CON-018")
@given(abilities=abilities, now=circumstances)
def test_abroad_nothing_connects_without_roaming_unless_it_is_automatic(abilities, now):
    answer = connect(abilities, now)

    assert not (answer.is_up and now.is_abroad and not (abilities.roaming_is_automatic or now.roaming_on))
    assert (answer.cost == "none") == (not answer.is_up or not now.is_abroad)


# -- the ways one by one ---------------------------------------------------------------------------------------------


@pytest.mark.rule("CON-009", "TRB-012")
@pytest.mark.parametrize(
    ("card", "reason"),
    [
        (Card(lock="pin", has_volume=False), Reason.PIN_NEEDED),
        (Card(lock="puk"), Reason.PUK_NEEDED),
        (Card(lock="dead"), Reason.SIM_DEAD),
        (Card(apn_fits=False, has_volume=False), Reason.WRONG_APN),
        (Card(has_volume=False), Reason.NO_VOLUME),
    ],
)
def test_a_card_that_does_not_work_says_why_and_keeps_the_integrated_sim_silent(card, reason):
    blocked = connect(OLD, Circumstances(card=card))
    removed = connect(OLD, Circumstances())

    assert (blocked.way, blocked.reason, blocked.tried) == (None, reason, "inserted_sim")
    assert removed.way == "integrated_sim"


@pytest.mark.parametrize(
    ("hotspot", "reason"),
    [
        (Hotspot(is_found=False, password_fits=False), Reason.HOTSPOT_OFF),
        (Hotspot(password_fits=False), Reason.WRONG_PASSWORD),
        (Hotspot(data_use_refused=True), Reason.DATA_USE_REFUSED),
        (Hotspot(has_volume=False), Reason.NO_VOLUME),
    ],
)
@pytest.mark.rule("CON-034", "CON-042")
def test_a_hotspot_that_does_not_work_leaves_the_car_to_its_next_way_or_says_why(hotspot, reason):
    alone = connect(WITHOUT_INTEGRATED, Circumstances(hotspot=hotspot, card=Card(has_volume=False)))

    assert connect(OLD, Circumstances(hotspot=hotspot)).way == "integrated_sim"
    assert (alone.reason, alone.tried) == (reason, "phone_hotspot")


@pytest.mark.parametrize(
    ("found", "now", "reason"),
    [
        (WITHOUT_INTEGRATED, Circumstances(), Reason.NO_SIM),
        (Abilities(ways=("phone_hotspot",), has_card=False), Circumstances(), Reason.HOTSPOT_OFF),
        (Abilities(ways=(), has_card=False), Circumstances(), Reason.NO_WAY),
        (OLD, Circumstances(data_on=False, has_coverage=False), Reason.DATA_OFF),
        (OLD, Circumstances(has_coverage=False), Reason.NO_COVERAGE),
    ],
)
def test_the_reason_is_the_first_that_one_can_mend(found, now, reason):
    assert connect(found, now).reason == reason


@pytest.mark.rule("CON-017", "CON-047", "C-27")
@pytest.mark.parametrize(
    ("card", "way", "cost"), [(Card(), "inserted_sim", "by_tariff"), (None, "integrated_sim", "free")]
)
def test_roaming_needs_its_switch_and_the_source_decides_what_it_costs(pack, card, way, cost):
    off = connect(OLD, Circumstances(card=card, is_abroad=True))
    on = connect(OLD, Circumstances(card=card, is_abroad=True, roaming_on=True))

    assert (off.way, off.reason) == (None, Reason.ROAMING_OFF)
    assert (on.way, on.cost) == (way, cost)
    assert pack.terms.integrated_sim_roaming_cost == 0


@pytest.mark.rule("CON-018")
def test_the_newest_roams_by_itself_and_free():
    answer = connect(NEWEST, Circumstances(is_abroad=True))

    assert (answer.way, answer.cost) == ("integrated_sim", "free")


@pytest.mark.rule("C-27")
def test_abroad_over_a_hotspot_the_phone_too_must_roam():
    now = Circumstances(hotspot=Hotspot(), card=Card(has_volume=False), is_abroad=True, roaming_on=True)

    assert connect(OLD, now).reason == Reason.PHONE_ROAMING_OFF


@pytest.mark.rule("CON-020")
@pytest.mark.parametrize(
    ("now", "may_cost"),
    [
        (Circumstances(card=Card()), True),
        (Circumstances(hotspot=Hotspot()), True),
        (Circumstances(), False),
    ],
)
def test_a_cost_notice_is_due_for_card_and_phone_but_not_for_the_integrated_sim(now, may_cost):
    assert roaming_may_cost(OLD, now) == may_cost


# -- calls -----------------------------------------------------------------------------------------------------------


@pytest.mark.rule("CON-003", "CON-007")
@pytest.mark.parametrize("found", [OLD, NEWEST])
@pytest.mark.parametrize("radio", RADIOS)
def test_with_the_integrated_sim_a_bluetooth_call_leaves_data_up(found, radio):
    assert connect(found, Circumstances(radio=radio, call="other_phone")).way == "integrated_sim"


@pytest.mark.rule("CON-010")
@pytest.mark.parametrize("radio", RADIOS)
def test_with_the_card_a_bluetooth_call_leaves_data_up(radio):
    assert connect(OLD, Circumstances(radio=radio, card=Card(), call="other_phone")).way == "inserted_sim"


@pytest.mark.rule("CON-012", "CON-013")
@pytest.mark.parametrize(
    ("radio", "carries_both", "stays"),
    [("LTE", True, True), ("LTE", False, False), ("E", True, False), ("E", False, False), ("3G", False, True)],
)
def test_during_a_call_over_the_card_the_network_and_the_operator_decide(radio, carries_both, stays):
    answer = connect(OLD, Circumstances(radio=radio, card=Card(carries_both=carries_both), call="card"))

    assert (answer.is_up, answer.reason) == (stays, None if stays else Reason.CALL)


@pytest.mark.rule("CON-013", "CON-015", "CON-016")
@pytest.mark.parametrize(
    ("radio", "carries_both", "stays"), [("LTE", True, True), ("LTE", False, False), ("E", True, False)]
)
def test_during_a_call_of_the_phone_its_hotspot_follows_the_network_and_the_operator(radio, carries_both, stays):
    now = Circumstances(radio=radio, hotspot=Hotspot(carries_both=carries_both), call="hotspot_phone")

    assert connect(Abilities(ways=("phone_hotspot",)), now).is_up == stays


@pytest.mark.rule("CON-011")
@pytest.mark.parametrize(("allowed", "problem"), [(True, None), (False, "voice_not_allowed")])
def test_whether_one_may_call_over_the_card_is_the_countrys_matter(allowed, problem):
    found = Abilities(ways=("inserted_sim",), voice_by_sim=allowed)

    assert against_call(found, Circumstances(card=Card()), over_card=True) == problem
    assert against_call(found, Circumstances(card=Card()), over_card=False) is None


# -- what the connection is worth, and who else uses it --------------------------------------------------------------


@pytest.mark.rule("CON-049")
def test_the_same_content_loads_faster_from_edge_over_3g_to_lte():
    assert seconds_to_load(2, "E") > seconds_to_load(2, "3G") > seconds_to_load(2, "LTE")


@pytest.mark.rule("CON-051")
@pytest.mark.parametrize(("radio", "is_slow"), [("E", True), ("3G", False), ("LTE", False)])
def test_edge_alone_is_called_slow(radio, is_slow):
    assert connect(OLD, Circumstances(radio=radio)).is_slow == is_slow


TICKS = frozenset({"data", "share_data", "wifi_data"})


@pytest.mark.rule("TEL-007", "PCM-037")
@given(on=st.sets(st.sampled_from(sorted(TICKS))).map(frozenset))
def test_the_cars_hotspot_lets_nobody_out_unless_all_three_ticks_are_set(on):
    online = connect(OLD, Circumstances())

    assert passes_internet(needed=TICKS, on=on, connection=online, has_package=True) == (on == TICKS)


@pytest.mark.rule("TEL-006", "PCM-036")
@pytest.mark.parametrize("ticked", [True, False])
def test_the_newest_needs_one_tick(ticked):
    on = frozenset({"wifi_data"}) if ticked else frozenset()
    online = connect(NEWEST, Circumstances())

    assert passes_internet(needed=frozenset({"wifi_data"}), on=on, connection=online, has_package=True) == ticked


@pytest.mark.rule("TEL-008", "TEL-009")
def test_without_a_data_package_a_phone_keeps_to_its_own_mobile_link():
    passes = passes_internet(needed=TICKS, on=TICKS, connection=connect(OLD, Circumstances()), has_package=False)

    assert not passes
    assert client_way(car_passes=passes, has_mobile=True) == "own_mobile"
    assert client_way(car_passes=passes, has_mobile=False) == "none"
    assert client_way(car_passes=True, has_mobile=True) == "car"
