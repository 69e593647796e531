"""People in a car that knows them by account: security code, guests, keys, and the profile that comes along."""

import re
import secrets
from datetime import timedelta

import msgspec
import pytest
from tests.car.conftest import MAIN, SECOND, VIN, connect, reports
from tests.car.test_pages import HOST, Browser, text_of

from vettura_car.car import Car
from vettura_car.condition import KeyMemory
from vettura_car.errors import NotPossible
from vettura_car.head_unit import Menu
from vettura_wire import events
from vettura_wire.clock import real_now
from vettura_wire.payloads import Event, Reply
from vettura_wire.security_code import CodeChallenge, CodeProof, challenge_of, is_proven, stretched

CODE = "482913"
VISITOR = "visitor-account"
ANNA = {"account_id": VISITOR, "name": "Anna Keller", "role": "visitor"}


def page_of(car, **headers):
    return Browser(car, **{"origin": f"http://{HOST}", **headers})


class Door:
    """The platform's end of a sign-in by security code."""

    def __init__(self, car: Car, code: str = CODE) -> None:
        self.car = car
        self.private, self.nonce, self.salt = (secrets.token_bytes(size) for size in (32, 32, 16))
        self.verifier = stretched(code, self.salt)

    def challenge(self) -> CodeChallenge:
        return challenge_of(
            id="c-1",
            salt=self.salt,
            nonce=self.nonce,
            private=self.private,
            expires_at=real_now() + timedelta(minutes=2),
        )

    def answer_request(self) -> None:
        self._reply(msgspec.to_builtins(self.challenge()))

    def answer_proof(self) -> bool:
        proof = msgspec.convert(self.last_event().data, CodeProof)
        is_right = is_proven(proof, vin=VIN, nonce=self.nonce, private=self.private, verifier=self.verifier)
        self._reply({"accepted": is_right, "error": None if is_right else "code_wrong"})
        return is_right

    def last_event(self) -> Event:
        return self.car.condition.pending_events[-1]

    def _reply(self, body) -> None:
        self.car.take_reply(Reply(vin=VIN, to=self.car.request.event_id, body=body))


def users(platform, signed_in=None, visitor=None, remote_access=True):
    document = platform.users(signed_in=signed_in, remote_access=remote_access)
    return msgspec.structs.replace(document, body={**document.body, "visitor": visitor})


def profile(platform, account_id, **settings):
    return platform.document("settings", {"account_id": account_id, "settings": settings})


def sign_in(car, platform, account_id, **settings):
    """The platform says that somebody is signed in, and what comes along."""
    visitor = ANNA if account_id == VISITOR else None
    car.take_document(users(platform, signed_in=account_id, visitor=visitor))
    car.take_document(profile(platform, account_id, **settings))


def said(car, event_type):
    return [event.data for event in car.condition.pending_events if event.type == event_type]


@pytest.fixture
def ready(make_car, platform):
    """A car with contracts for everything and nobody signed in."""

    def make(generation="TAY", **options):
        car = make_car(generation, **options)
        car.take_document(users(platform))
        car.take_document(platform.contracts(car))
        connect(car)
        reports(car)
        return car

    return make


# -- the security code ------------------------------------------------------------------------------------------------


@pytest.mark.rule("TAY-014", "PAI-007", "DAT-001")
def test_the_typed_code_is_proven_and_neither_sent_nor_kept(ready, tmp_path):
    car = ready()
    door = Door(car)

    car.sign_in_by_code(CODE, email=" anna@example.org ")
    assert door.last_event().data == {"email": "anna@example.org"}
    door.answer_request()

    assert door.answer_proof()
    assert car.request.state == "accepted"
    for path in tmp_path.iterdir():
        assert CODE not in path.read_text()
    assert CODE not in repr(vars(car.profiles))


@pytest.mark.rule("TAY-014", "TAY-004")
def test_a_wrong_code_is_said_on_the_screen_and_a_guest_may_drive(ready):
    car = ready(language="en")
    door = Door(car)
    car.sign_in_by_code("000001", email="anna@example.org")
    door.answer_request()
    assert not door.answer_proof()

    page = page_of(car).get("/who/other").text

    assert "Address and code do not fit" in text_of(page)
    assert 'action="/do/start_guest"' in page
    assert car.signed_in is None


@pytest.mark.rule("TAY-004")
@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ({"accepted": False, "error": "locked"}, "Too many wrong codes"),
        ({"accepted": False, "error": "what"}, "refused"),
    ],
)
def test_a_platform_that_gives_no_challenge_is_said_too(ready, reply, words):
    car = ready(language="en")
    car.sign_in_by_code(CODE, email="anna@example.org")
    car.take_reply(Reply(vin=VIN, to=car.request.event_id, body=reply))

    page = page_of(car).get("/account").text

    assert words in text_of(page)
    assert 'action="/do/start_guest"' in page
    assert CODE not in repr(vars(car.profiles))


@pytest.mark.rule("TAY-004")
def test_without_data_nobody_signs_in_and_a_guest_may_drive(ready):
    car = ready(language="en", has_coverage=False)

    car.sign_in_by_code(CODE, email="anna@example.org")

    assert "Without one you can continue as guest" in text_of(page_of(car).get("/account").text)
    car.start_guest()
    assert car.condition.guest


@pytest.mark.parametrize(
    ("code", "who", "reason"),
    [("48291", {"email": "a@b.example"}, "code_digits"), ("4829133", {"email": "a@b.example"}, "code_digits"),
     ("48a913", {"email": "a@b.example"}, "code_digits"), (CODE, {}, "email_missing"), (CODE, {"email": "anna"}, "email_missing")],
)  # fmt: skip
def test_what_cannot_be_right_is_not_asked(ready, code, who, reason):
    car = ready()

    with pytest.raises(NotPossible, match=reason):
        car.sign_in_by_code(code, **who)

    assert car.condition.pending_events == []


@pytest.mark.rule("C-71")
def test_a_car_with_pairing_codes_has_no_pad_for_security_codes(ready):
    car = ready("CAY-3")

    with pytest.raises(NotPossible):
        car.sign_in_by_code(CODE, account_id=MAIN)

    assert page_of(car).get("/who/other").status_code == 404


@pytest.mark.rule("C-77")
def test_in_privacy_mode_nothing_is_asked(ready):
    car = ready()
    car.set_privacy(True)

    with pytest.raises(NotPossible, match="privacy_on"):
        car.sign_in_by_code(CODE, account_id=MAIN)

    assert CODE not in repr(vars(car.profiles))


def test_a_code_that_nobody_asks_for_in_time_is_forgotten(ready):
    car = ready()
    car.sign_in_by_code(CODE, account_id=MAIN)
    car.request.asked_at -= timedelta(minutes=1)

    car.pass_time(1)

    assert (car.request.state, car.request.error) == ("refused", "no_answer")
    assert CODE not in repr(vars(car.profiles))


def test_a_challenge_after_a_restart_of_the_car_proves_nothing(ready):
    car = ready()
    car.sign_in_by_code(CODE, account_id=MAIN)
    car.profiles.forget_typed()

    Door(car).answer_request()

    assert car.request.state == "refused"
    assert said(car, events.SECURITY_CODE_PROOF) == []


@pytest.mark.rule("TAY-001", "TAY-015", "TAY-016")
def test_a_visitor_uses_every_service_that_is_active_and_no_other(make_car, platform):
    car = make_car()
    car.take_document(platform.contracts(car, "weather", "real_time_traffic"))
    connect(car)
    sign_in(car, platform, VISITOR)

    assert car.signed_in.name == "Anna Keller"
    assert car.entitlement.of("weather").is_active
    assert car.entitlement.of("news").reason == "no_contract"


@pytest.mark.rule("TAY-017", "TAY-018", "USR-012")
def test_remote_services_are_for_users_of_the_car(ready, platform):
    car = ready()

    sign_in(car, platform, VISITOR)
    as_visitor = car.entitlement.of("remote_lock").reason
    sign_in(car, platform, SECOND)

    assert as_visitor == "assignment_needed"
    assert car.entitlement.of("remote_lock").is_active


@pytest.mark.rule("USR-013", "USR-016", "C-24", "SEC-028")
@pytest.mark.parametrize("who", [SECOND, VISITOR, "guest"])
@pytest.mark.parametrize("service", ["breakdown_call", "car_security"])
def test_breakdown_call_and_tracking_of_others_stand_under_the_main_users_grant(ready, platform, who, service):
    car = ready()

    def standing(granted):
        visitor = ANNA if who == VISITOR else None
        car.take_document(users(platform, None if who == "guest" else who, visitor, remote_access=granted))
        return car.entitlement.of(service)

    if who == "guest":
        car.start_guest()

    assert standing(granted=True).is_active
    assert standing(granted=False).reason == "remote_access_missing"
    car.end_guest()
    car.take_document(users(platform, signed_in=MAIN, remote_access=False))
    assert car.entitlement.of(service).is_active


# -- guests -----------------------------------------------------------------------------------------------------------


@pytest.mark.rule("USR-014")
def test_a_guest_uses_what_is_active_and_finds_nothing_personal(ready, platform):
    car = ready()
    sign_in(car, platform, MAIN, favorites=["Via Po 1"], stations=["Radio 3"], weather_places=["Torino"])

    car.start_guest()

    assert car.signed_in is None
    assert car.entitlement.of("online_navigation").is_active
    assert [car.condition.settings[name] for name in ("favorites", "stations", "weather_places")] == [[], [], []]
    assert "Via Po 1" not in page_of(car).get("/mine").text
    car.profiles.add("favorites", "Hotel")
    assert car.condition.settings["favorites"] == ["Hotel"]


@pytest.mark.rule("USR-015", "TAY-007")
def test_a_guest_has_no_remote_services(ready):
    car = ready()
    car.start_guest()

    remote = [service for service in car.build.services() if service.needs_remote_access]

    assert remote
    assert {car.entitlement.of(service.id).reason for service in remote} == {"guest_no_remote"}


@pytest.mark.rule("TAY-005", "TAY-006", "USR-014")
def test_nothing_is_left_of_a_guest(ready, tmp_path):
    car = ready()
    car.set_personal("seat_position", 20)
    car.start_guest()
    car.set_personal("seat_position", 80)
    car.set_personal("temperature", 25)
    car.profiles.add("stations", "Guest FM")
    car.tick("hazard_tone", True)

    car.end_guest()

    assert (car.condition.settings["seat_position"], car.condition.target_temperature) == (20, 21.0)
    assert car.condition.settings["stations"] == []
    assert (car.condition.ticks, said(car, events.SETTINGS_CHANGED)) == ({}, [])
    assert "Guest FM" not in "".join(path.read_text() for path in tmp_path.iterdir())


@pytest.mark.rule("TAY-005")
def test_a_guest_session_survives_a_pulled_plug_and_still_ends_clean(ready, make_car):
    car = ready()
    car.set_personal("seat_position", 20)
    car.start_guest()
    car.set_personal("seat_position", 80)

    again = make_car()
    again.end_guest()

    assert again.condition.settings["seat_position"] == 20


def test_whoever_was_signed_in_is_signed_out_by_a_guest(ready, platform):
    car = ready()
    sign_in(car, platform, MAIN)

    car.start_guest()
    car.take_document(users(platform, signed_in=MAIN))

    assert said(car, events.SIGNED_OUT) == [{}]
    assert (car.condition.guest, car.users.signed_in) == (True, None)


def test_signing_in_ends_the_guest(ready, platform):
    car = ready()
    car.set_personal("seat_position", 20)
    car.start_guest()
    car.set_personal("seat_position", 80)
    car.sign_in_by_code(CODE, account_id=MAIN)

    sign_in(car, platform, MAIN, favorites=["Home"])

    assert (car.condition.guest, car.signed_in.account_id) == (False, MAIN)
    assert (car.condition.settings["seat_position"], car.condition.settings["favorites"]) == (20, ["Home"])


# -- profiles ---------------------------------------------------------------------------------------------------------


@pytest.mark.rule("TAY-003", "USR-003", "USR-009", "USR-011")
def test_each_person_finds_the_own_seat_climate_and_lists(ready, platform):
    car = ready()

    sign_in(car, platform, MAIN, seat_position=10, temperature=18, favorites=["Home"])
    of_main_user = dict(car.condition.settings)
    sign_in(car, platform, SECOND, seat_position=90, temperature=24, favorites=["Work"])

    assert (of_main_user["seat_position"], of_main_user["favorites"]) == (10, ["Home"])
    assert (car.condition.settings["seat_position"], car.condition.settings["favorites"]) == (90, ["Work"])
    assert car.condition.target_temperature == 24.0


@pytest.mark.rule("TAY-002", "TAY-012")
def test_what_a_person_sets_goes_to_the_account(ready, platform):
    car = ready()
    sign_in(car, platform, MAIN)

    car.profiles.step("seat_height", 1)
    car.profiles.add("stations", "Radio 3")

    assert said(car, events.SETTINGS_CHANGED) == [
        {"account_id": MAIN, "settings": {"seat_height": 55}},
        {"account_id": MAIN, "settings": {"stations": ["Radio 3"]}},
    ]


def test_what_the_platform_has_not_heard_yet_is_not_overwritten(ready, platform):
    car = ready()
    sign_in(car, platform, MAIN, seat_height=10, seat_backrest=10)
    car.set_personal("seat_height", 70)

    car.take_document(profile(platform, MAIN, seat_height=10, seat_backrest=15))

    assert (car.condition.settings["seat_height"], car.condition.settings["seat_backrest"]) == (70, 15)


def test_somebody_elses_profile_is_not_put_to_use(ready, platform):
    car = ready()
    sign_in(car, platform, MAIN, favorites=["Home"])

    car.take_document(profile(platform, SECOND, favorites=["Work"]))

    assert car.condition.settings["favorites"] == []


def test_settings_that_the_car_does_not_know_are_left_out(ready, platform):
    car = ready()

    sign_in(car, platform, MAIN, seat_position=1000, massage=3, stations=["Radio 3"])

    assert (car.condition.settings["seat_position"], car.condition.settings["stations"]) == (50, ["Radio 3"])
    assert "massage" not in car.condition.settings


@pytest.mark.rule("TAY-012")
def test_nothing_personal_stays_in_the_car_after_signing_out(ready, platform, tmp_path):
    car = ready()
    sign_in(car, platform, VISITOR, favorites=["Via Po 1"], seat_position=30)

    car.sign_out()
    reports(car)

    assert (car.signed_in, car.condition.profile_of, car.condition.settings["favorites"]) == (None, None, [])
    assert car.condition.settings["seat_position"] == 30
    assert "Via Po 1" not in (tmp_path / "state.json").read_text()


def test_what_was_set_goes_up_before_the_good_bye(ready, platform):
    car = ready()
    sign_in(car, platform, MAIN)
    car.set_personal("seat_height", 70)

    car.sign_out()

    types = [event.type for event in car.condition.pending_events]
    assert types.index(events.SETTINGS_CHANGED) < types.index(events.SIGNED_OUT)


@pytest.mark.rule("TAY-015", "USR-014")
def test_a_list_needs_a_person_and_an_active_service(make_car, platform):
    car = make_car()
    car.take_document(users(platform))
    car.take_document(platform.contracts(car, "weather"))
    connect(car)

    with pytest.raises(NotPossible, match="sign_in_first"):
        car.profiles.add("weather_places", "Torino")
    sign_in(car, platform, MAIN)
    with pytest.raises(NotPossible, match="no_contract"):
        car.profiles.add("stations", "Radio 3")
    car.profiles.add("weather_places", "Torino")

    assert car.condition.settings["weather_places"] == ["Torino"]


@pytest.mark.rule("PAI-003", "PAI-006")
@pytest.mark.parametrize("generation", ["911-7", "CAY-3"])
def test_the_configuration_is_loaded_once_the_code_is_accepted(ready, platform, generation):
    car = ready(generation)
    car.enter_pairing_code("12345678")
    car.take_reply(Reply(vin=VIN, to=car.request.event_id, body={"accepted": True, "error": None}))

    sign_in(car, platform, MAIN, weather_places=["Torino"])

    assert car.condition.settings["weather_places"] == ["Torino"]
    assert all(car.entitlement.of(service.id).is_active for service in car.build.services())


@pytest.mark.rule("REM-004")
def test_factory_settings_forget_people_keys_and_settings(ready, platform, tmp_path):
    car = ready()
    sign_in(car, platform, VISITOR, favorites=["Via Po 1"], seat_position=30)

    car.reset_to_factory()

    assert (car.condition.keys, car.condition.settings["seat_position"]) == ({}, 50)
    assert "Via Po 1" not in (tmp_path / "state.json").read_text()


def test_the_main_user_unpairs_the_head_unit_and_nobody_else(ready, platform):
    car = ready("CAY-3")
    sign_in(car, platform, SECOND)
    with pytest.raises(NotPossible, match="only_main_user"):
        car.unpair()

    sign_in(car, platform, MAIN)
    car.unpair()

    assert said(car, events.UNPAIRED) == [{"account_id": MAIN}]


# -- keys -------------------------------------------------------------------------------------------------------------


@pytest.mark.rule("TAY-009", "TAY-010")
def test_a_key_remembers_who_used_it_last_and_nothing_else(ready, platform):
    car = ready()
    sign_in(car, platform, MAIN, seat_position=10, favorites=["Home"])
    car.take_key("2")
    car.start_guest()

    assert car.condition.keys == {
        "1": KeyMemory(account_id=MAIN, name="Giulia Ferraro"),
        "2": KeyMemory(is_guest=True),
    }
    assert {field.name for field in msgspec.structs.fields(KeyMemory)} == {"account_id", "name", "is_guest"}


@pytest.mark.rule("TAY-010")
def test_driving_off_is_using_the_key(ready, platform):
    car = ready()
    sign_in(car, platform, MAIN)
    car.take_key("2")
    assert "2" not in car.condition.keys

    car.set_ignition("drive")

    assert car.condition.keys["2"].account_id == MAIN


@pytest.mark.rule("TAY-011")
def test_the_car_proposes_who_used_the_key_last(ready, platform):
    car = ready(language="en")
    sign_in(car, platform, VISITOR)
    assert car.proposed is None
    car.sign_out()
    car.take_key("2")
    without = page_of(car).get("/").text
    car.take_key("1")

    start = page_of(car).get("/").text

    assert "data-proposes" not in without
    assert re.findall(r'data-proposes="([\w-]+)"', start) == [VISITOR]
    assert f'href="/who/{VISITOR}"' in start
    assert "Last with key 1: Anna Keller" in text_of(start)
    assert "Anna Keller" in page_of(car).get(f"/who/{VISITOR}").text


@pytest.mark.rule("TAY-011")
def test_a_key_that_a_guest_used_last_proposes_a_guest(ready):
    car = ready(language="en")
    car.start_guest()
    car.end_guest()

    page = page_of(car).get("/account").text

    assert 'data-proposes="guest"' in page
    assert "Last with key 1: Guest" in text_of(page)


def test_there_are_two_keys(ready):
    with pytest.raises(NotPossible, match="unknown_option"):
        ready().take_key("3")


# -- pages ------------------------------------------------------------------------------------------------------------


def test_the_screen_lists_the_users_of_the_car_another_account_and_the_guest(ready):
    page = page_of(ready(language="en")).get("/account").text

    assert re.findall(r'href="/who/([\w-]+)"', page) == [MAIN, SECOND, "other"]
    assert 'action="/do/start_guest"' in page
    assert 'action="/do/sign_in"' in page


def test_somebody_whom_the_car_does_not_know_has_no_pad(ready):
    assert page_of(ready()).get("/who/somebody").status_code == 404


def test_the_pad_asks_a_known_person_for_the_code_only(ready):
    car = ready(language="en")
    client = page_of(car)

    client.post("/do/security_code", data={"account_id": MAIN, "value": CODE})

    assert 'name="email"' not in client.get(f"/who/{MAIN}").text
    assert 'name="email"' in client.get("/who/other").text
    assert said(car, events.SECURITY_CODE_REQUESTED) == [{"account_id": MAIN}]


def test_settings_are_moved_on_the_screen(ready, platform):
    car = ready()
    sign_in(car, platform, MAIN)
    client = page_of(car, referer=f"http://{HOST}/mine")

    client.post("/do/step", data={"step": "seat_position:1"})
    client.post("/do/step", data={"step": "temperature:-1"})
    client.post("/do/seat_heating", data={"level": "2"})
    client.post("/do/add_entry", data={"list": "favorites", "entry": " Via Po 1 "})
    client.post("/do/add_entry", data={"list": "favorites", "entry": "Via Po 1"})
    page = client.post("/do/add_entry", data={"list": "favorites", "entry": "Work"})
    client.post("/do/remove_entry", data={"list": "favorites", "entry": "Work"})

    kept = car.condition.settings
    assert (kept["seat_position"], kept["temperature"], kept["seat_heating"]) == (55, 20.5, 2)
    assert kept["favorites"] == ["Via Po 1"]
    assert page.url.path == "/mine"


@pytest.mark.parametrize(
    ("act", "data"),
    [("step", {"step": "roof:1"}), ("step", {"step": "seat_position:9"}), ("seat_heating", {"level": "4"}), ("take_key", {"key": "9"}),
     ("add_entry", {"list": "roof", "entry": "a"}), ("add_entry", {"list": "favorites", "entry": " "}),
     ("add_entry", {"list": "favorites", "entry": "a" * 61})],
)  # fmt: skip
def test_the_screen_knows_only_its_own_values(ready, platform, act, data):
    car = ready()
    sign_in(car, platform, MAIN)
    before = dict(car.condition.settings)

    page_of(car).post(f"/do/{act}", data=data)

    assert (car.condition.settings, car.condition.key) == (before, "1")


def test_a_setting_stops_at_its_end(ready):
    car = ready()
    car.set_personal("seat_position", 100)

    car.profiles.step("seat_position", 1)

    assert car.condition.settings["seat_position"] == 100


def test_what_a_person_called_their_favorite_is_escaped(ready, platform):
    car = ready()
    sign_in(car, platform, MAIN, favorites=["<script>alert(1)</script>"])

    assert "<script>alert" not in page_of(car).get("/mine").text


@pytest.mark.parametrize("language", ["en", "it", "de"])
@pytest.mark.parametrize("who", [MAIN, VISITOR, "guest", None])
def test_every_screen_of_people_opens_in_every_language(ready, platform, language, who):
    car = ready(language=language)
    if who == "guest":
        car.start_guest()
    elif who:
        sign_in(car, platform, who)

    for address in ("/", "/account", "/who/other", "/mine", f"/at/{Menu(car).shown_by('profile').id}"):
        assert page_of(car).get(address).status_code == 200


def test_a_change_by_the_platform_reaches_the_page(ready, platform):
    car = ready()
    told = []
    car.listen(lambda: told.append(1))

    car.take_document(profile(platform, MAIN, seat_height=10))

    assert told
