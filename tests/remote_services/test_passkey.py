"""A passkey instead of the PIN: asked about one command, and good for nothing else."""

import json

import pytest
from tests import link_facts as facts
from tests.passkey_facts import UNVERIFIED, Device

from vettura.identity.actions import PasskeyQuestion
from vettura.identity.errors import PasskeyMissing, StepUpRequired
from vettura.remote_services import actions, errors
from vettura.vehicle_link.models import RemoteCommand
from vettura.vehicles import actions as vehicles


@pytest.fixture
def main(db, clock):
    return facts.account()


@pytest.fixture
def car(main):
    return facts.online(facts.vehicle(main_user=main))


def wish(person, car, *, key, type="unlock", **params):
    return {"by": person, "vin": car.vin, "type": type, "params": params, "command_id": key}


def test_a_passkey_opens_the_car_once(main, car):
    device, asked = Device(main), wish(main, car, key=facts.new_id())
    step_up = device.answers(actions.ask_for_passkey(**asked))

    first = actions.request_command(**asked, step_up=step_up)
    again = actions.request_command(**asked, step_up=step_up)

    assert (first.status, again.id) == ("sent", first.id)
    assert RemoteCommand.objects.count() == 1


@pytest.mark.parametrize("other", ["id", "type", "car", "person", "device", "unverified", "late", "token"])
def test_the_answer_to_one_question_passes_for_no_other(main, car, other, clock):
    device, key = Device(main), facts.new_id()
    step_up = device.answers(actions.ask_for_passkey(**wish(main, car, key=key)))
    asked = wish(main, car, key=key)
    if other == "id":
        asked["command_id"] = facts.new_id()
    if other == "type":
        asked["type"] = "trunk_unlock"
    if other == "car":
        asked["vin"] = facts.online(facts.vehicle(facts.OTHER_VIN, main_user=main)).vin
    if other == "person":
        asked["by"] = facts.account("second@example.org")
        facts.vehicles.assign_user(vehicle=car, account=asked["by"], role="secondary_user", at=facts.clock.now())
    if other == "device":
        stranger = Device(facts.account("stranger@example.org"))
        step_up = stranger.answers(actions.ask_for_passkey(**wish(main, car, key=key)))
    if other == "unverified":
        question = actions.ask_for_passkey(**wish(main, car, key=key))
        step_up = device.answers(question, flags=UNVERIFIED)
    if other == "late":
        clock.advance(minutes=3)
    if other == "token":
        step_up = step_up | {"token": step_up["token"][:-1] + "x"}

    with pytest.raises(errors.StepUpRequired):
        actions.request_command(**asked, step_up=step_up)

    assert not RemoteCommand.objects.exists()


def test_whoever_has_no_passkey_is_told_so(main, car):
    with pytest.raises(PasskeyMissing):
        actions.ask_for_passkey(**wish(main, car, key=facts.new_id()))


def test_a_passkey_opens_the_car_on_the_portals_page_even_while_the_pin_is_locked(main, car, client):
    device, key = Device(main), str(facts.new_id())
    client.force_login(main)
    address = f"/vehicles/{car.vin}/commands/unlock/pin/"
    for _ in range(3):
        locked = client.post(address, {"pin": "0000", "key": str(facts.new_id())})
    said = locked.content.decode()
    asked = client.post(
        f"/api/v1/vehicles/{car.vin}/commands/passkey",
        {"type": "unlock"},
        content_type="application/json",
        headers={"Idempotency-Key": key},
    ).json()
    answer = device.answers(PasskeyQuestion(**asked))

    opened = client.post(address, {"key": key, "token": answer["token"], "passkey": json.dumps(answer["passkey"])})

    assert (locked.status_code, "A passkey or a new PIN works at once" in said, "/account/pin/" in said) == (
        423,
        True,
        True,
    )
    assert "data-step-up-passkey" in said
    assert (opened.status_code, RemoteCommand.objects.get().type) == (302, "unlock")


def test_without_a_passkey_none_is_offered(main, car, client):
    client.force_login(main)

    for page in (f"/vehicles/{car.vin}/", f"/vehicles/{car.vin}/commands/unlock/pin/"):
        assert "data-step-up-passkey" not in client.get(page).content.decode()


def test_a_passkey_invites_the_person_it_was_asked_about_and_nobody_else(main, car):
    device = Device(main)
    step_up = device.answers(vehicles.ask_for_passkey_to_invite(by=main, vin=car.vin, email="friend@example.org"))
    wish = {"by": main, "vin": car.vin, "language": "en", "last_day": None, "step_up": step_up}

    with pytest.raises(StepUpRequired):
        vehicles.invite_driver(email="other@example.org", **wish)

    assert vehicles.invite_driver(email="Friend@example.org", **wish).email == "friend@example.org"
