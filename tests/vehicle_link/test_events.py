"""Events of cars: handled once, answered as often as they come."""

import pytest
from tests import link_facts as facts

from vettura.foundation import uplink
from vettura.foundation.errors import Refusal
from vettura.vehicle_link import actions
from vettura.vehicle_link.models import ReceivedEvent
from vettura.vehicles.models import Vehicle
from vettura_wire import payloads, topics


class NotNow(Refusal):
    code = "somewhere.not_now"


@pytest.fixture
def handled(monkeypatch):
    """Handlers of two made-up types, and what reached them."""
    seen = []

    def greet(message: uplink.CarEvent):
        seen.append(message)
        return {"greeting": message.data["name"]}

    def refuse(message: uplink.CarEvent):
        seen.append(message)
        Vehicle.objects.filter(vin=message.vin).update(plate="half done")
        raise NotNow

    for type_name, handler in (("greeted", greet), ("too_early", refuse)):
        monkeypatch.setitem(uplink._handlers, type_name, handler)
    return seen


def event(type: str, id: str = "e1", **data) -> payloads.Event:
    return payloads.Event(id=id, type=type, at=facts.clock.real_now(), data=data)


def test_an_event_is_handled_once_and_its_reply_kept(db, handled):
    car = facts.vehicle()

    for _ in range(3):
        actions.record_event(vin=car.vin, event=event("greeted", name="Ada"))

    assert [message.data for message in handled] == [{"name": "Ada"}]
    assert ReceivedEvent.objects.get().reply == {"greeting": "Ada"}


def test_a_refusal_is_a_reply_and_leaves_nothing_half_done(db, handled):
    car = facts.vehicle()

    actions.record_event(vin=car.vin, event=event("too_early"))

    car.refresh_from_db()
    assert ReceivedEvent.objects.get().reply == {"accepted": False, "error": "not_now"}
    assert car.plate == ""


def test_two_cars_may_use_the_same_event_id(db, handled):
    cars = [facts.vehicle(), facts.vehicle(facts.OTHER_VIN)]

    for car in cars:
        actions.record_event(vin=car.vin, event=event("greeted", name=car.vin))

    assert [message.vin for message in handled] == [facts.VIN, facts.OTHER_VIN]


def test_the_moment_of_an_event_is_world_time(db, clock, handled):
    car = facts.vehicle()
    clock.shift_by(facts.timedelta(days=3))

    actions.record_event(vin=car.vin, event=event("greeted", name="Ada"))

    assert handled[0].at == clock.now()


def test_a_hello_under_another_name_is_not_believed(db):
    car = facts.vehicle()

    with pytest.raises(actions.UnusableMessage):
        actions.record_hello(vin=car.vin, hello=facts.hello(facts.OTHER_VIN))


@pytest.mark.rule("REM-002")
def test_remote_access_is_granted_by_the_cars_own_message(link, car):
    person = facts.account()
    known = facts.vehicle(main_user=person, remote_access=False)
    sign_in = facts.vehicles.begin_car_sign_in(vin=known.vin, event_id="s1")
    facts.vehicles.confirm_car_sign_in(by=person, user_code=sign_in.user_code)

    with car() as client:
        client.say_hello()
        data = {"granted": True, "account_id": str(person.id)}
        client.say(topics.EVENT, payloads.Event(id="g1", type="remote_access", at=facts.real_now(), data=data))
        replies = client.hear(topics.REPLY, count=2)

    assert (replies[1].to, replies[1].body["accepted"]) == ("g1", True)
    assert facts.has_remote_access(known)
