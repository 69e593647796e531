"""Who is told by message that an alarm tripped or that a command came to nothing, what stands there, and who is not told."""

import pytest
from tests import identity_facts, vehicle_facts
from tests import link_facts as facts

from vettura.notifications import queries as notifications
from vettura.remote_services import actions
from vettura.remote_services.models import Incident
from vettura.remote_services.rules import telling
from vettura.vehicle_link import actions as link
from vettura.vehicle_link import queries as twins
from vettura.vehicles import actions as vehicles

SPEED = {"kind": "speed", "alarm_id": 1, "name": "Motorway", "latitude": 45.07, "longitude": 7.69, "speed": 143.4}
LEFT = {"kind": "location_left", "alarm_id": 1, "name": "School", "latitude": 45.07, "longitude": 7.69}
WATCH = {"id": 1, "enabled": True, "limit_kmh": 130}


@pytest.fixture
def main(db, clock):
    return facts.account()


@pytest.fixture
def driver(db, clock):
    return identity_facts.account(language="de")


@pytest.fixture
def car(main, driver):
    car = facts.online(facts.vehicle(main_user=main))
    vehicle_facts.accept(vehicle_facts.secondary_invitation(car=car, email=driver.email).token, driver)
    vehicle_facts.deliver_events()
    return car


def trips(car, **what):
    vehicle_facts.tell(car, "alarm", **what)
    vehicle_facts.deliver_events()


def inbox(person):
    return list(notifications.messages_of(recipient_id=person.id))


def mails(person):
    return list(notifications.mails_to(recipient_id=person.id))


def ask(person, car, type="lock", **params):
    return actions.request_command(
        by=person, vin=car.vin, type=type, params=params, step_up=None, command_id=facts.new_id()
    )


def ends(car, command, status, **more):
    link.record_results(results=[(car.vin, facts.result(command, status, **more))])
    vehicle_facts.deliver_events()


def test_the_main_user_is_told_once_in_the_inbox_and_by_mail(main, driver, car):
    trips(car, **SPEED)
    vehicle_facts.deliver_events()

    (message,) = inbox(main)
    assert (message.kind, message.subject) == ("alarm", "Speed alarm · Taycan 4S")
    assert "143 km/h" in message.body
    assert message.body.endswith(f"/vehicles/{car.vin}/alarms/")
    assert [each.template for each in mails(main)] == ["remote_services/mail/alarm"]
    assert inbox(driver) == []


def test_whoever_set_the_alarm_is_told_too_in_their_own_language(main, driver, car):
    command = ask(driver, car, "set_speed_alarms", alarms=[WATCH])
    ends(car, command, "done", settings={"speed_alarms": {"alarms": [WATCH]}})

    trips(car, **SPEED)

    assert [each.subject for each in inbox(driver)] == ["Geschwindigkeitsalarm · Taycan 4S"]
    assert len(inbox(main)) == 1


def test_whoever_set_the_alarm_and_left_the_car_is_told_nothing(main, driver, car):
    command = ask(driver, car, "set_speed_alarms", alarms=[WATCH])
    ends(car, command, "done", settings={"speed_alarms": {"alarms": [WATCH]}})
    vehicles.remove_secondary_user(by=main, vin=car.vin, account_id=driver.id)

    trips(car, **SPEED)

    assert inbox(driver) == []


def test_who_added_another_alarm_to_the_list_has_not_set_this_one():
    one, two = ({"id": number, "enabled": True, "limit_kmh": 100} for number in (1, 2))
    first, second = facts.new_id(), facts.new_id()
    asked = [(second, {"alarms": [one, two]}), (first, {"alarms": [one]})]

    assert telling.setter(alarm_id=1, asked=asked) == first
    assert telling.setter(alarm_id=2, asked=asked) == second
    assert telling.setter(alarm_id=3, asked=asked) is None
    assert telling.setter(alarm_id=0, asked=[(first, {"enabled": True, "limit_kmh": 50})]) == first


def test_the_place_and_the_name_of_an_area_stand_in_the_mail_and_not_in_the_inbox_that_programs_read(main, car, clock):
    trips(car, **LEFT)

    (message,) = inbox(main)
    assert not any(word in message.subject + message.body for word in ("School", "45.07"))
    _, written = vehicle_facts.mails_to(main.email)[-1]
    assert "School" in written
    assert "45.07000° / 7.69000°" in written


def test_while_the_platform_may_not_know_where_the_car_is_the_mail_says_no_place(main):
    car = facts.online(facts.vehicle(main_user=main, remote_access=False))

    trips(car, **LEFT)

    _, written = vehicle_facts.mails_to(main.email)[-1]
    assert "School" not in written
    assert "45.07" not in written


def test_a_call_for_help_is_no_alarm(main, car):
    vehicle_facts.tell(car, "breakdown_call", latitude=45.0, longitude=7.5)
    vehicle_facts.deliver_events()

    assert Incident.objects.count() == 1
    assert [each.kind for each in inbox(main)] == ["breakdown"]


def test_whoever_asked_reads_that_a_command_failed_and_gets_no_mail_while_looking(main, driver, car):
    command = ask(driver, car)

    ends(car, command, "failed", cause="door_open")

    (message,) = inbox(driver)
    assert (message.kind, message.subject) == ("command", "Fahrzeug verriegeln: nicht ausgeführt · Taycan 4S")
    assert "Tür" in message.body
    assert message.body.endswith(f"/vehicles/{car.vin}/")
    assert (mails(driver), inbox(main)) == ([], [])


def test_a_command_that_nobody_answered_is_told_by_mail_too_and_not_called_undone(main, car, clock):
    ask(main, car)
    clock.advance(minutes=20)

    link.expire_commands(at=clock.real_now())
    vehicle_facts.deliver_events()

    assert [each.subject for each in inbox(main)] == ["Lock car: no answer · Taycan 4S"]
    assert [each.template for each in mails(main)] == ["remote_services/mail/command"]


def test_what_was_done_or_replaced_is_not_told(main, car):
    ends(car, ask(main, car), "done")

    assert inbox(main) == []


def test_a_late_answer_makes_no_message_of_what_was_unknown(main, car, clock):
    command = ask(main, car)
    clock.advance(minutes=20)
    link.expire_commands(at=clock.real_now())
    link.record_results(results=[(car.vin, facts.result(command, "done"))])
    vehicle_facts.deliver_events()

    assert twins.known_command(command_id=command.id).status == "done"
    assert inbox(main) == []


def test_whoever_left_the_car_is_not_told_how_their_command_ended(main, driver, car):
    command = ask(driver, car)
    vehicles.remove_secondary_user(by=main, vin=car.vin, account_id=driver.id)
    ends(car, command, "failed")

    assert inbox(driver) == []


@pytest.mark.parametrize("language", ["en", "it", "de"])
def test_messages_are_written_in_the_persons_language_throughout(db, clock, language):
    person = identity_facts.account(language=language)
    car = facts.online(facts.vehicle(main_user=person))

    trips(car, **SPEED)
    ends(car, ask(person, car), "failed")

    words = {"en": "Speed: 143 km/h", "it": "Velocità: 143 km/h", "de": "Geschwindigkeit: 143 km/h"}
    told = "\n".join(each.body for each in inbox(person))
    assert words[language] in told
    assert {each.language for each in inbox(person)} == {language}
