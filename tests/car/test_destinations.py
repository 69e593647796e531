"""Places in the car: listed in each generation's own place, changed on the screen, and driven to."""

import uuid
from datetime import timedelta

import pytest
from tests.car.conftest import MAIN, SECOND, connect, reports

from vettura_car.errors import NotPossible
from vettura_car.head_unit import Menu
from vettura_wire import destinations as wire
from vettura_wire import events
from vettura_wire.clock import real_now

G1, G2, G3 = ["911-7", "718", "MAC-1", "CAY-2"], ["PAN-2"], ["CAY-3", "MAC-2", "911-8"]
ALL = [*G1, *G2, *G3, "TAY"]
STUTTGART = {"latitude": 48.7758, "longitude": 9.1829}


def entry(name="Museo", *, id=None, at=None, kind="destination", **changes) -> wire.Destination:
    words = {} if changes.get("deleted") else {"name": name, **STUTTGART, "kind": kind}
    return wire.Destination(
        id=id or str(uuid.uuid4()), changed_at=at or real_now() - timedelta(hours=1), **(words | changes)
    )


def told(platform, *entries, of=MAIN, name="destinations"):
    return platform.document(name, {"account_id": of, "entries": [wire.to_json(each) for each in entries]})


def names(entries) -> list[str]:
    return [each.name for each in entries]


def walk(car, task, value=""):
    menu = Menu(car)
    walked = car.build.head_unit.walk(task, car.build.generation.code)
    for node in walked:
        assert menu.is_there(node), node.id
    if walked[-1].does:
        menu.use(walked[-1], value)
    return walked[-1]


def said(car) -> list[dict]:
    """The changes that go up now, taken by the broker."""
    return [
        payload.data["entry"] for _, payload in reports(car) if getattr(payload, "type", "") == "destination_changed"
    ]


# -- every path of the instructions ----------------------------------------------------------------------------------


@pytest.mark.rule("PCM-030")
@pytest.mark.parametrize("generation", ALL)
def test_portal_destinations_are_listed_under_the_favorites(ready_car, platform, page_of, generation):
    car = ready_car(generation)
    car.take_document(told(platform, entry("Nonna"), entry("Alba")))

    node = walk(car, "PORTAL_DESTINATIONS")

    assert node.shows == "portal_destinations"
    page = page_of(car).get(f"/at/{node.id}").text
    assert page.index("Alba") < page.index("Nonna")


@pytest.mark.rule("PCM-031", "NAV-010")
@pytest.mark.parametrize("generation", G1)
def test_between_hard_keys_own_poi_are_loaded_and_then_on_the_unit(ready_car, platform, page_of, generation):
    car = ready_car(generation)
    car.take_document(told(platform, entry("Wilhelma", kind="poi")))
    before = names(car.destinations.own())

    node = walk(car, "OWN_POI")
    after = page_of(car).post(f"/use/{node.id}").text

    assert (before, names(car.destinations.own())) == ([], ["Wilhelma"])
    assert "Wilhelma" in after


@pytest.mark.rule("PCM-032", "PCM-033", "NAV-010")
@pytest.mark.parametrize("generation", [*G2, *G3])
def test_on_glass_an_own_poi_is_chosen_and_guidance_starts(ready_car, platform, generation):
    car = ready_car(generation)
    poi = entry("Wilhelma", kind="poi")
    car.take_document(told(platform, entry("Nonna"), poi))

    walk(car, "OWN_POI", poi.id)

    assert car.condition.guidance.name == "Wilhelma"


@pytest.mark.rule("NAV-010")
def test_the_same_list_is_found_in_every_generation_by_its_own_path(ready_car, platform, tmp_path):
    found = {}
    for generation in (G1[0], G2[0], G3[0]):
        folder = tmp_path / generation
        folder.mkdir()
        car = ready_car(generation, folder=folder)
        car.take_document(told(platform, entry("Wilhelma", kind="poi"), entry("Nonna")))
        if car.destinations.needs_loading:
            walk(car, "OWN_POI")
        found[generation] = (names(car.destinations.own()), names(car.destinations.portal()))

    assert set(map(str, found.values())) == {"(['Wilhelma'], ['Nonna'])"}


@pytest.mark.rule("PCM-030")
def test_where_the_menu_has_no_place_for_own_poi_they_are_among_the_portals(ready_car, platform):
    car = ready_car("TAY")
    car.take_document(told(platform, entry("Wilhelma", kind="poi"), entry("Nonna")))

    assert names(car.destinations.portal()) == ["Nonna", "Wilhelma"]
    assert car.build.head_unit.walk("OWN_POI", "TAY") == ()


# -- whose list it is --------------------------------------------------------------------------------------------------


@pytest.mark.rule("USR-003", "USR-011")
def test_each_person_finds_their_own_list_and_nothing_is_left_at_sign_out(ready_car, platform):
    car = ready_car("TAY")
    car.take_document(told(platform, entry("Nonna")))
    car.destinations.choose(car.destinations.portal()[0].id)

    car.sign_out()
    after_sign_out = (
        names(car.destinations.portal()),
        car.condition.guidance,
        car.condition.documents["destinations"].body,
    )
    reports(car)
    car.take_document(platform.users(signed_in=SECOND))
    car.take_document(told(platform, entry("Palestra"), of=SECOND))

    assert after_sign_out == ([], None, {})
    assert names(car.destinations.portal()) == ["Palestra"]


@pytest.mark.rule("USR-014", "TAY-006")
def test_a_guest_has_no_list_and_can_keep_nothing(ready_car, platform, page_of):
    car = ready_car("TAY")
    car.take_document(told(platform, entry("Nonna")))
    node = walk(car, "PORTAL_DESTINATIONS")

    car.start_guest()

    page = page_of(car).get(f"/at/{node.id}").text
    assert ("Nonna" in page, 'data-reason="guest_no_lists"' in page) == (False, True)
    with pytest.raises(NotPossible, match="guest_no_lists"):
        car.destinations.save_position("Here")
    assert said(car) == []


@pytest.mark.rule("USR-007", "USR-011", "STO-052")
def test_without_the_service_there_is_no_list(make_car, platform):
    car = make_car("TAY")
    car.take_document(platform.users())
    car.take_document(platform.contracts(car, "weather"))
    connect(car)
    car.take_document(told(platform, entry("Nonna")))

    assert (car.destinations.reason, names(car.destinations.portal())) == ("no_contract", [])
    with pytest.raises(NotPossible, match="no_contract"):
        car.destinations.save_position("Here")


def test_a_visitor_has_no_list_in_somebody_elses_car(ready_car, platform):
    car = ready_car("TAY")
    body = platform.users(signed_in="visitor").body | {
        "visitor": {"account_id": "visitor", "name": "Vera", "role": "visitor"}
    }
    car.take_document(platform.document("users", body))

    assert car.destinations.reason == "visitor_no_lists"


# -- without a connection ----------------------------------------------------------------------------------------------


@pytest.mark.rule("NAV-008")
@pytest.mark.parametrize("generation", ["911-7", "PAN-2", "CAY-3", "TAY"])
def test_offline_the_list_stays_and_the_hint_is_the_connection(ready_car, platform, page_of, generation):
    car = ready_car(generation)
    car.take_document(told(platform, entry("Nonna")))
    node = walk(car, "PORTAL_DESTINATIONS")
    online = page_of(car).get(f"/at/{node.id}").text

    car.set_network(has_coverage=False)
    offline = page_of(car).get(f"/at/{node.id}").text

    assert ("data-hint" in online, "Nonna" in online) == (False, True)
    assert ('data-hint="connection"' in offline, "Nonna" in offline) == (True, True)


@pytest.mark.rule("NAV-008", "PCM-031")
def test_offline_nothing_can_be_loaded(ready_car, platform):
    car = ready_car("911-7")
    car.take_document(told(platform, entry(kind="poi")))
    car.set_network(has_coverage=False)

    with pytest.raises(NotPossible, match="no_data"):
        car.destinations.load()


def test_changes_made_offline_wait_and_are_there_meanwhile(ready_car, platform):
    car = ready_car("TAY")
    known = entry("Nonna")
    car.take_document(told(platform, known))
    car.set_privacy(True)

    car.destinations.save_position("Here")
    car.destinations.save({"name": "Nonna Pia", "address": "Alba"}, id=known.id)
    there, quiet = names(car.destinations.portal()), said(car)
    car.set_privacy(False)

    assert (there, quiet) == (["Here", "Nonna Pia"], [])
    assert [each["name"] for each in said(car)] == ["Here", "Nonna Pia"]
    assert said(car) == []
    assert names(car.destinations.portal()) == there


# -- the second route --------------------------------------------------------------------------------------------------


@pytest.mark.rule("NAV-018")
@pytest.mark.parametrize("generation", ["911-7", "PAN-2", "CAY-3"])
def test_what_the_app_made_is_listed_once_its_phone_was_in_the_hotspot(ready_car, platform, generation):
    car = ready_car(generation)
    car.take_document(told(platform, entry("App POI", kind="poi"), name="app_poi"))
    before = names(car.destinations.own())

    car.networking.set_phone("Phone 1", "is_client", True)
    joined = names(car.destinations.own())
    car.networking.set_phone("Phone 1", "is_near", False)

    assert (before, joined, names(car.destinations.own())) == ([], ["App POI"], ["App POI"])


@pytest.mark.rule("NAV-018")
def test_a_phone_without_the_app_brings_nothing(ready_car, platform):
    car = ready_car("CAY-3")
    car.take_document(told(platform, entry("App POI", kind="poi"), name="app_poi"))
    car.networking.set_phone("Phone 1", "has_app", False)

    car.networking.set_phone("Phone 1", "is_client", True)
    without = names(car.destinations.own())
    car.networking.set_phone("Phone 1", "has_app", True)

    assert (without, names(car.destinations.own())) == ([], ["App POI"])


@pytest.mark.rule("NAV-018")
def test_the_same_entry_by_both_routes_is_one_entry_in_its_newest_version(ready_car, platform):
    car = ready_car("CAY-3")
    old = entry("Old", kind="poi")
    new = entry("New", kind="poi", id=old.id, at=old.changed_at + timedelta(seconds=1))
    car.take_document(told(platform, new))
    car.take_document(told(platform, old, name="app_poi"))

    car.networking.set_phone("Phone 1", "is_client", True)

    assert names(car.destinations.own()) == ["New"]


# -- changes on the screen ---------------------------------------------------------------------------------------------


def test_a_change_is_kept_until_a_document_names_it_or_a_later_one(ready_car, platform):
    car = ready_car("TAY")
    known = entry("Nonna")
    car.take_document(told(platform, known))
    car.destinations.save({"name": "Mine", "address": "Alba"}, id=known.id)
    [mine] = said(car)

    car.take_document(told(platform, known))
    still = names(car.destinations.portal())
    later = entry("Theirs", id=known.id, at=real_now() + timedelta(seconds=1))
    car.take_document(told(platform, later))

    assert (still, names(car.destinations.portal())) == (["Mine"], ["Theirs"])
    assert mine["changed_at"] > known.changed_at.isoformat()


def test_a_change_is_dated_after_what_it_saw_though_the_clock_is_slow(ready_car, platform):
    car = ready_car("TAY")
    ahead = entry("Nonna", at=real_now() + timedelta(hours=2))
    car.take_document(told(platform, ahead))

    car.destinations.delete(ahead.id)

    assert names(car.destinations.portal()) == []
    assert (
        said(car)[0]["changed_at"] == wire.to_json(entry(at=ahead.changed_at + timedelta(microseconds=1)))["changed_at"]
    )


@pytest.mark.parametrize(
    "words",
    [
        {"name": "", "address": "x"}, {"name": "x"}, {"name": "x", "latitude": "91", "longitude": "0"},
        {"name": "x", "latitude": "45"}, {"name": "x", "latitude": "abc", "longitude": "7"}, {"name": "x" * 61, "address": "y"},
        {"name": "x", "latitude": "nan", "longitude": "7"},
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_and_nothing_is_sent(ready_car, words):
    car = ready_car("TAY")
    reports(car)

    with pytest.raises(NotPossible, match="destination_unfit"):
        car.destinations.save(words)

    assert (names(car.destinations.portal()), said(car)) == ([], [])


def test_a_full_list_takes_no_more(ready_car, platform):
    car = ready_car("TAY")
    limit = car.build.pack.terms.destinations_per_car
    car.take_document(told(platform, *(entry(f"{n}") for n in range(limit))))

    with pytest.raises(NotPossible, match="list_full"):
        car.destinations.save_position("One more")


def test_the_list_survives_a_restart_of_the_car(ready_car, make_car, platform):
    car = ready_car("CAY-3")
    car.take_document(told(platform, entry("App POI", kind="poi"), name="app_poi"))
    car.networking.set_phone("Phone 1", "is_client", True)
    car.destinations.save_position("Here")
    reports(car)

    again = make_car("CAY-3")

    assert (names(again.destinations.portal()), names(again.destinations.own())) == (["Here"], ["App POI"])


def test_a_reset_leaves_nothing(ready_car, platform):
    car = ready_car("TAY")
    car.take_document(told(platform, entry("Nonna")))
    car.destinations.choose(car.destinations.portal()[0].id)

    car.reset_to_factory()

    assert (names(car.destinations.portal()), car.condition.guidance) == ([], None)


# -- on the page -------------------------------------------------------------------------------------------------------


def test_a_place_is_added_changed_guided_to_and_deleted_on_the_screen(ready_car, platform, page_of):
    car = ready_car("CAY-3", language="en")
    browser = page_of(car)
    browser.post("/do/save_destination", {"name": "Lido", "latitude": "45,07", "longitude": "7.68"})
    [lido] = car.destinations.portal()
    browser.post("/do/save_destination", {"id": lido.id, "name": "Lido Sud", "latitude": "45.07", "longitude": "7.68"})
    guided = browser.post("/do/choose_destination", {"id": lido.id})
    start = browser.get("/").text
    ended = browser.post("/do/end_guidance", {})
    browser.post("/do/delete_destination", {"id": lido.id})

    assert (guided.url.path, "Lido Sud" in guided.text, 'data-guided="on"' in guided.text) == ("/guidance", True, True)
    assert "Guidance to Lido Sud" in start
    assert "data-guidance" not in ended.text
    assert names(car.destinations.portal()) == []
    assert browser.get(f"/destination/{lido.id}").headers["location"].startswith("/at/")


def test_an_address_alone_is_listed_and_not_guided_to(ready_car, platform, page_of):
    car = ready_car("TAY", language="en")
    car.take_document(told(platform, entry("Alba", latitude=None, longitude=None, address="Via Roma 1, Alba")))

    answer = page_of(car, referer="http://localhost:8100/").post(
        "/do/choose_destination", {"id": car.destinations.portal()[0].id}
    )

    assert "has an address only" in answer.text
    assert car.condition.guidance is None


def test_what_is_not_on_the_unit_is_not_chosen(ready_car):
    car = ready_car("TAY")

    for id in ("", "unknown"):
        with pytest.raises(NotPossible, match="no_destination"):
            car.destinations.choose(id)


def test_a_document_that_holds_nonsense_shows_what_is_sound(ready_car, platform):
    car = ready_car("TAY")
    sound, nowhere = entry("Nonna"), {"id": "x", "changed_at": "2026-01-01T00:00:00Z", "name": "Nowhere"}
    car.take_document(
        platform.document("destinations", {"account_id": MAIN, "entries": [wire.to_json(sound), nowhere]})
    )
    first = names(car.destinations.portal())
    car.take_document(platform.document(events.DESTINATIONS, {"entries": "none"}))

    assert (first, names(car.destinations.portal())) == (["Nonna"], [])
