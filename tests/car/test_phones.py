"""What phones may do in a car, as facts and answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vettura_car.phones import (
    ANDROID,
    AUDIO,
    HFP,
    IPHONES,
    MESSAGES,
    SAP,
    SOURCES,
    STREAMS,
    Handset,
    against_carplay,
    bluetooth_links,
    counts_for_carplay,
    deletes,
    mail_access,
    ready_sources,
    running_carplay,
    sources,
)

EVERYTHING = frozenset({"bluetooth", "usb", "aux", "carplay", "wireless_carplay", "messages", "mail"})
OLDEST, MARK = "iPhone 5", 0.33

functions = st.frozensets(st.sampled_from(sorted(EVERYTHING)))
profiles = st.sampled_from([frozenset(), frozenset({HFP, AUDIO, MESSAGES}), frozenset({SAP}), frozenset({AUDIO})])


def handset(name):
    return st.builds(
        Handset,
        name=st.just(name),
        system=st.sampled_from([ANDROID, *IPHONES]),
        is_near=st.booleans(),
        is_paired=st.booleans(),
        cable=st.sampled_from(["", "usb", "aux"]),
        profiles=profiles,
        wants_carplay=st.booleans(),
        has_mail=st.booleans(),
    )


phones = st.tuples(handset("one"), handset("two"), handset("three"))
IPHONE = Handset(name="one", system="iPhone 15", is_paired=True, profiles=frozenset({HFP, AUDIO, MESSAGES}))


@pytest.mark.rule("MED-009")
@pytest.mark.parametrize(("system", "counts"), [("iPhone 4s", False), ("iPhone 5", True), ("iPhone 5c", True), ("iPhone 15", True), (ANDROID, False)])  # fmt: skip
def test_carplay_counts_for_the_iphone_5_and_newer(system, counts):
    assert counts_for_carplay(system, oldest=OLDEST) == counts


@pytest.mark.rule("MED-009")
def test_the_oldest_phone_of_the_pack_is_a_phone(pack):
    assert pack.terms.carplay_minimum_phone in IPHONES


@pytest.mark.rule("MED-003")
@pytest.mark.parametrize(
    ("facts", "has", "reason"),
    [
        ({}, {"carplay", "wireless_carplay"}, None),
        ({}, {"carplay"}, "carplay_needs_cable"),
        ({"cable": "usb"}, {"carplay"}, None),
        ({"cable": "aux"}, {"carplay"}, "carplay_needs_cable"),
        ({"is_paired": False}, {"carplay", "wireless_carplay"}, "carplay_pair_first"),
        ({"is_paired": False, "cable": "usb"}, {"carplay"}, None),
        ({"is_near": False}, {"carplay", "wireless_carplay"}, "phone_away"),
        ({"system": ANDROID}, {"carplay", "wireless_carplay"}, "carplay_needs_iphone"),
        ({"system": "iPhone 4s"}, {"carplay", "wireless_carplay"}, "carplay_needs_newer"),
        ({"cable": "usb"}, {"wireless_carplay", "usb"}, "no_carplay_here"),
    ],
)
def test_carplay_runs_by_cable_and_without_one_only_where_the_car_can(facts, has, reason):
    phone = Handset(**({"name": "one", "system": "iPhone 15", "is_paired": True} | facts))

    assert against_carplay(phone, functions=has, oldest=OLDEST) == reason


@pytest.mark.rule("MED-001")
@given(all_phones=phones, has=functions)
def test_carplay_and_a_bluetooth_link_are_never_up_together(all_phones, has):
    running = running_carplay(all_phones, functions=has, oldest=OLDEST)

    links = bluetooth_links(all_phones, carplay=running)

    assert running is None or not any(links.values())
    for phone in all_phones:
        assert not links[phone.name] or (phone.is_paired and phone.is_near)
        if running is None and phone.is_paired and phone.is_near:
            assert links[phone.name] == phone.profiles


@pytest.mark.rule("MED-016")
@given(all_phones=phones, has=functions)
def test_a_phone_that_is_neither_paired_nor_chosen_connects_by_nothing(all_phones, has):
    running = running_carplay(all_phones, functions=has, oldest=OLDEST)
    links = bluetooth_links(all_phones, carplay=running)

    for phone in all_phones:
        if not phone.is_paired:
            assert not links[phone.name]
        if not phone.wants_carplay:
            assert running != phone.name


@pytest.mark.rule("MED-005")
@given(has=functions, all_phones=phones)
def test_music_comes_from_no_more_than_the_four_sources_that_the_car_has(has, all_phones):
    running = running_carplay(all_phones, functions=has, oldest=OLDEST)
    ready = ready_sources(all_phones, functions=has, carplay=running)

    assert set(ready) <= set(sources(has)) <= set(SOURCES) & has
    assert not {"bluetooth", "carplay"} <= set(ready)
    assert running is None or ready["carplay"] == running
    for source in {"usb", "aux"} & set(ready):
        assert next(phone for phone in all_phones if phone.name == ready[source]).cable == source


@pytest.mark.rule("MED-007")
def test_streams_come_by_bluetooth_and_carplay_alone():
    assert {"bluetooth", "carplay"} == STREAMS


@pytest.mark.rule("MED-011", "MED-013")
@pytest.mark.parametrize(
    ("phone", "has", "access"),
    [
        (None, EVERYTHING, "no_phone"),
        (Handset(name="one"), EVERYTHING, "no_account"),
        (Handset(name="one", has_mail=True), EVERYTHING, "ready"),
        (Handset(name="one", has_mail=True), EVERYTHING - {"mail"}, "not_available"),
        (Handset(name="one", system="iPhone 15", has_mail=True), EVERYTHING, "not_available"),
    ],
)
def test_mail_is_androids_with_an_account_and_never_an_iphones(phone, has, access):
    assert mail_access(phone, functions=has) == access


@pytest.mark.rule("PCM-038", "C-58")
@pytest.mark.parametrize(
    ("begin", "end", "is_one"),
    [
        (0.33, 0.10, True),
        (0.30, 0.15, True),
        (0.33, 0.60, False),
        (0.33, 0.30, False),
        (0.60, 0.20, False),
        (0.10, 0.00, False),
        (0.90, 0.33, False),
    ],
)
def test_the_swipe_that_deletes_goes_left_from_the_end_of_the_first_third(begin, end, is_one):
    assert deletes(begin=begin, end=end, mark=MARK) == is_one


@pytest.mark.rule("PCM-038")
@given(begin=st.floats(0, 1), end=st.floats(0, 1))
def test_no_swipe_to_the_right_and_none_from_elsewhere_deletes(begin, end):
    if end >= begin or not 0.2 <= begin <= 0.45:
        assert not deletes(begin=begin, end=end, mark=MARK)
