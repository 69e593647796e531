import asyncio
import re

import pytest
from tests.car.conftest import HOST, MAIN, Browser, connect

from vettura_car.head_unit import Menu
from vettura_car.network import Joined
from vettura_car.pages import STATIC, changes
from vettura_wire.payloads import Reply


def text_of(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_another_host_name_is_refused(make_car):
    assert Browser(make_car(), host="evil.example").get("/").status_code == 421


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost:8000"])
def test_another_origin_cannot_press_a_switch(make_car, page_of, origin):
    car = make_car()

    response = page_of(car, origin=origin).post("/do/lock", data={"locked": "0"})

    assert response.status_code == 403
    assert all(car.condition.doors_locked.values())


def test_an_act_without_an_origin_is_refused(make_car):
    car = make_car()

    assert Browser(car).post("/do/lock", data={"locked": "0"}).status_code == 403


def test_the_page_loads_nothing_from_elsewhere(make_car, page_of):
    response = page_of(make_car()).get("/")

    assert response.headers["content-security-policy"].startswith("default-src 'none'")
    assert not re.findall(r"(?:src|href)=\"(?:https?:)?//", response.text)
    assert sum(path.stat().st_size for path in STATIC.glob("*.js")) < 60_000


def test_a_switch_works_without_script_and_comes_back_to_where_one_was(make_car, page_of):
    car = make_car()

    response = page_of(car, referer=f"http://{HOST}/account").post(
        "/do/lock", data={"locked": "0"}, follow_redirects=False
    )

    assert (response.status_code, response.headers["location"]) == (303, "/account")
    assert not any(car.condition.doors_locked.values())


def test_a_refused_switch_says_why(make_car, page_of):
    response = page_of(make_car(language="en")).post("/do/part", data={"part": "driver_door", "on": "1"})

    assert "Unlock the car first." in text_of(response.text)


@pytest.mark.parametrize(
    ("act", "data"),
    [("battery", {"percent": "101"}), ("battery", {"percent": "-1"}), ("gear", {"gear": "X"}), ("radio", {"radio": "5G"}),
     ("radio", {"radio": "wifi"}), ("call", {"over": "Nobody"}), ("sim_fact", {"fact": "pin", "on": "1"}),
     ("phone_fact", {"phone": "Phone 1", "fact": "password", "on": "1"}),
     ("ignition", {"ignition": "maybe"}), ("place", {"place": "Atlantis"}), ("part", {"part": "roof", "on": "1"})],
)  # fmt: skip
def test_a_switch_knows_only_its_own_positions(make_car, page_of, act, data):
    car = make_car()
    before = page_of(car).get("/state.json").json()

    page_of(car).post(f"/do/{act}", data=data)

    after = page_of(car).get("/state.json").json()
    assert {**before, "world_now": None} == {**after, "world_now": None}


def test_texts_from_outside_are_escaped(make_car, page_of, platform):
    car = make_car()
    users = [{"account_id": MAIN, "name": "<script>alert(1)</script>", "role": "main_user"}]
    car.take_document(platform.document("users", {"users": users, "signed_in": MAIN}))

    response = page_of(car).get("/account")

    assert "<script>alert" not in response.text
    assert "&lt;script&gt;alert" in response.text


# -- the symbol ------------------------------------------------------------------------------------------------------


def online_by(car, bearer):
    """Bring the car online over WiFi, by the hotspot of the phone it knows, if that is the bearer."""
    if bearer == "WiFi":
        phone = car.condition.network.phones[0]
        phone.hotspot_on = True
        car.condition.network.hotspot = Joined(name=phone.hotspot_name, password=phone.password)
    return car


@pytest.mark.rule("CON-022", "CON-025", "CON-026", "CON-027", "CON-028", "CON-029", "C-05", "C-06")
@pytest.mark.parametrize(
    ("covered", "radio", "bearer", "label", "connected"),
    [
        (True, "LTE", "mobile", "LTE", "true"),
        (True, "3G", "mobile", "3G", "true"),
        (True, "E", "mobile", "E", "true"),
        (True, "LTE", "WiFi", "WiFi", "true"),
        (False, "LTE", "mobile", "", "false"),
        (False, "LTE", "WiFi", "", "false"),
    ],
)
@pytest.mark.parametrize("generation", ["911-7", "PAN-2", "TAY"])
def test_the_status_bar_has_one_symbol_with_the_right_letters(
    make_car, page_of, generation, covered, radio, bearer, label, connected
):
    response = page_of(online_by(make_car(generation, has_coverage=covered, radio=radio), bearer)).get("/")

    symbols = re.findall(r'data-corner="\w+" data-connected="(\w+)"[^>]*>.*?<b[^>]*>(.*?)</b>', response.text)
    assert symbols == [(connected, label)]


@pytest.mark.rule("CON-023", "CON-024", "CON-030", "CON-031", "C-04", "C-53")
@pytest.mark.parametrize("bearer", ["mobile", "WiFi"])
@pytest.mark.parametrize(
    ("generation", "corner"),
    [("911-7", "bottom_left"), ("718", "bottom_left"), ("MAC-1", "bottom_left"), ("CAY-2", "bottom_left"), ("PAN-2", "top_right"),
     ("CAY-3", "top_right"), ("MAC-2", "top_right"), ("911-8", "top_right"), ("TAY", "top_right")],
)  # fmt: skip
def test_the_symbol_stands_in_the_corner_of_its_generation(make_car, page_of, generation, corner, bearer):
    car = online_by(make_car(generation), bearer)

    response = page_of(car).get("/")

    assert (car.connection_label == "WiFi") == (bearer == "WiFi")
    assert re.findall(r'data-corner="(\w+)"', response.text) == [corner]
    status, screen = response.text.index('class="status"'), response.text.index('class="glass__inside"')
    assert (status > screen) == (corner == "bottom_left")


# -- people and access -----------------------------------------------------------------------------------------------


def pairing_page(car):
    return f"/at/{Menu(car).shown_by('pairing').id}"


@pytest.mark.rule("PAI-011", "C-11")
@pytest.mark.parametrize("language", ["it", "en", "de"])
def test_a_secondary_users_code_gives_the_printed_error_although_data_is_up(make_car, page_of, language):
    car = make_car("CAY-3", language=language)
    client = page_of(car)
    client.post("/do/pair", data={"value": "12345678"})
    car.take_reply(Reply(vin=car.vin, to=car.request.event_id, body={"accepted": False, "error": "no_data_connection"}))

    response = client.get(pairing_page(car))

    alert = re.search(r'role="alert">(.*?)</p>', response.text)
    assert "Nessuna connessione dati" in alert[1]
    assert car.connection_label == "LTE"


@pytest.mark.rule("PAI-012")
def test_without_data_the_same_error_stands_beside_an_empty_symbol(make_car, page_of):
    car = make_car("CAY-3", has_coverage=False)
    client = page_of(car)

    client.post("/do/pair", data={"value": "12345678"})

    assert "Nessuna connessione dati" in client.get(pairing_page(car)).text
    assert car.connection_label == ""


@pytest.mark.rule("PAI-001")
def test_seven_digits_are_refused_on_the_screen(make_car, page_of):
    car = make_car("911-7", language="en")

    response = page_of(car, referer=f"http://{HOST}{pairing_page(car)}").post("/do/pair", data={"value": "1234567"})

    assert "exactly 8 digits" in text_of(response.text)
    assert car.condition.pending_events == []


@pytest.mark.rule("PAI-007")
def test_a_car_without_a_code_signs_in_by_code_and_picture(make_car, page_of):
    car = make_car("TAY", language="en")
    client = page_of(car)
    client.post("/do/sign_in")
    reply = {
        "user_code": "ABCD-EFGH",
        "verification_url": "http://localhost:8000/car/?code=ABCD-EFGH",
        "expires_at": "2999-01-01T00:00:00Z",
    }
    car.take_reply(Reply(vin=car.vin, to=car.request.event_id, body=reply))

    response = client.get("/account")

    assert "ABCD-EFGH" in text_of(response.text)
    assert "<svg" in response.text[response.text.index('class="qr"') :]
    assert 'id="code"' not in response.text


@pytest.mark.rule("REM-002")
def test_remote_access_is_offered_to_the_main_user_only(make_car, page_of, platform):
    car = make_car("TAY", language="en")
    car.take_document(platform.users(signed_in=None, remote_access=False))
    nobody = page_of(car).get("/account").text
    car.take_document(platform.users(signed_in=MAIN, remote_access=False))

    main_user = page_of(car).get("/account").text

    assert "/do/grant_remote_access" not in nobody
    assert "Confirm as Giulia Ferraro" in main_user


@pytest.mark.rule("PCM-040", "PCM-041", "TRB-014")
@pytest.mark.parametrize("generation", ["911-7", "718", "MAC-1", "CAY-2", "PAN-2", "CAY-3", "MAC-2", "911-8"])
def test_licence_information_lists_every_contract_with_its_days(ready_car, page_of, generation):
    car = ready_car(generation, language="en")

    response = page_of(car).get(f"/at/{Menu(car).shown_by('contracts').id}")

    services = re.findall(r'data-service="(\w+)" data-days="(\d+)"', response.text)
    assert {service for service, _ in services} == {service.id for service in car.build.services()}
    assert {days for _, days in services} == {"30"}
    assert "30 days left" in text_of(response.text)


@pytest.mark.rule("STO-033", "STO-052", "C-71")
def test_the_services_say_why_they_are_not_active(make_car, page_of, platform):
    car = make_car("TAY", language="en")
    car.take_document(platform.users(remote_access=False))
    car.take_document(platform.contracts(car, "remote_lock", "weather"))
    connect(car)

    response = page_of(car).get(f"/at/{Menu(car).shown_by('services').id}")

    standing = dict(
        re.findall(r'data-service="(\w+)" data-active="(?:true|false)"(?: data-reason="(\w+)")?', response.text)
    )
    assert standing["weather"] == ""
    assert standing["remote_lock"] == "remote_access_missing"
    assert standing["news"] == "no_contract"


@pytest.mark.rule("PAI-011", "C-11")
def test_the_entry_to_grant_remote_access_asks_for_the_main_users_code_and_shows_the_printed_error(
    make_car, page_of, platform
):
    car = make_car("CAY-3", language="it")
    car.take_document(platform.users(signed_in=None, remote_access=False))
    client = page_of(car)
    client.post("/do/pair_for_remote_access", data={"value": "12345678"})
    asked = car.condition.pending_events[-1].data
    car.take_reply(Reply(vin=car.vin, to=car.request.event_id, body={"accepted": False, "error": "no_data_connection"}))

    response = client.get("/account")

    assert asked == {"code": "12345678", "purpose": "remote_access"}
    assert response.text.count("Nessuna connessione dati") == 1


def test_a_refusal_that_the_car_does_not_know_is_said_plainly(make_car, page_of):
    car = make_car("TAY", language="en")
    client = page_of(car)
    client.post("/do/sign_in")
    car.take_reply(
        Reply(vin=car.vin, to=car.request.event_id, body={"user_code": None, "error": "pairing_code_needed"})
    )

    assert "The platform refused this." in text_of(client.get("/account").text)


@pytest.mark.rule("PRI-001")
def test_each_service_has_its_own_privacy_switch(make_car, page_of):
    car = make_car("TAY")
    client = page_of(car)
    shown = client.get(f"/at/{Menu(car).shown_by('privacy_services').id}").text

    client.post("/do/service_privacy", data={"service": "weather"})

    switches = {service.id for service in car.build.services() if f'value="{service.id}"' in shown}
    assert switches == {service.id for service in car.build.services() if service.class_ != "vehicle_tracking"}
    assert car.condition.private_services == ["weather"]


@pytest.mark.parametrize("generation", ["911-7", "PAN-2", "CAY-3", "TAY"])
@pytest.mark.parametrize("language", ["en", "it", "de"])
def test_every_screen_can_be_opened_in_every_language(make_car, page_of, generation, language):
    car = make_car(generation, language=language)
    client = page_of(car)
    menu = Menu(car)

    addresses = ["/", "/account", *(f"/at/{node.id}" for root in menu.roots for node in root.walk_all())]

    assert {client.get(address).status_code for address in addresses} == {200}


def test_an_unknown_entry_is_not_found(make_car, page_of):
    assert page_of(make_car()).get("/at/nothing").status_code == 404
    assert page_of(make_car()).post("/use/nothing").status_code == 404
    assert page_of(make_car()).post("/do/nothing").status_code == 404


def test_a_head_unit_without_ignition_is_dark(make_car, page_of):
    response = page_of(make_car(ignition="off", language="en")).get("/")

    assert "The head unit is off" in text_of(response.text)
    assert 'class="status"' not in response.text


async def first_changes(car, count):
    stream = changes(car)
    found = [await anext(stream)]
    for _ in range(count):
        car.touched()
        found.append(await anext(stream))
    await stream.aclose()
    return found


def test_the_page_hears_of_every_change(make_car):
    car = make_car()

    assert asyncio.run(first_changes(car, 2)) == ["retry: 1000\n\n", "data: changed\n\n", "data: changed\n\n"]
    assert car._listeners == []


@pytest.mark.rule("PCM-040")
@pytest.mark.parametrize("generation", ["PAN-2", "CAY-3", "MAC-2", "911-8"])
def test_licence_information_stands_on_the_top_edge_of_the_apps(ready_car, page_of, generation):
    car = ready_car(generation)
    licences = next(node for node in car.build.head_unit.nodes(generation) if node.shows == "contracts")

    shown = page_of(car).get("/at/apps").text

    assert re.search(rf'class="edge edge--top"><li><a href="/at/{re.escape(licences.id)}"', shown)
