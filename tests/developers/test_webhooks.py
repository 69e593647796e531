"""Webhooks: who is told what, how it is proven, and what becomes of what nobody takes."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob
from tests import link_facts as facts
from tests import vehicle_facts, webhook_facts
from tests.program_facts import Api, token

from vettura.developers import actions, errors, queries, reactions, rules, tasks
from vettura.developers.models import Delivery, Webhook
from vettura.foundation import outbox
from vettura.foundation.models import OutboxEvent
from vettura.identity import actions as identity
from vettura.vehicle_link import actions as link
from vettura.vehicle_link.models import VehicleLink
from vettura.vehicles import actions as vehicles
from vettura_wire import payloads, signals

pytestmark = pytest.mark.django_db
CHARGE, MILEAGE, LATITUDE = signals.STATE_OF_CHARGE, signals.MILEAGE, signals.LATITUDE


def made(receiver, person, car, *, prove=True, **more) -> Webhook:
    """A webhook of this receiver that has proven itself unless said."""
    wanted = {"events": [rules.STATE_CHANGED], "cars": [car.vin]} | more
    hook = actions.create_webhook(by=person, url=receiver.url, **wanted)
    receiver.secret = hook.secret
    if prove:
        actions.prove_webhook(by=person, webhook_id=hook.webhook.id)
        receiver.requests.clear()
    return hook.webhook


def report(car, clock, seq, **values):
    named = {"charge": CHARGE, "mileage": MILEAGE, "latitude": LATITUDE}
    clock.advance(seconds=1)
    said = {named[name]: value for name, value in values.items()}
    link.record_states(states=[(car.vin, payloads.State(seq=seq, measured_at=clock.real_now(), values=said))])


def work():
    """What the worker does: announcements are handed out, and what waits is sent."""
    for event in OutboxEvent.objects.filter(delivered_at=None).order_by("id"):
        outbox.deliver(event_id=event.id)
    for job in ProcrastinateJob.objects.filter(task_name=actions.SEND, status="todo").order_by("id"):
        tasks.send_delivery(**job.args)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = %s", [job.id])


def test_an_address_proves_that_it_knows_the_secret_and_is_told_nothing_before(receiver, person, car, clock):
    hook = made(receiver, person, car, prove=False)
    report(car, clock, 1, charge=80.0)
    work()
    assert receiver.requests == []

    actions.prove_webhook(by=person, webhook_id=hook.id)
    report(car, clock, 2, charge=79.0)
    work()

    assert receiver.taken[-1]["data"] == {"signals": {CHARGE: 79.0}}
    assert receiver.has_signed()


@pytest.mark.parametrize("wrong", ["secret", "status"])
def test_an_address_that_does_not_know_the_secret_is_not_proven(receiver, person, car, wrong):
    hook = made(receiver, person, car, prove=False)
    receiver.secret = "guessed" if wrong == "secret" else receiver.secret
    receiver.status = 500 if wrong == "status" else 200

    with pytest.raises(errors.ChallengeFailed):
        actions.prove_webhook(by=person, webhook_id=hook.id)

    assert Webhook.objects.get().proven_at is None


def test_only_what_is_new_of_the_chosen_signals_is_told(receiver, person, car, clock):
    made(receiver, person, car, signals=[CHARGE])
    report(car, clock, 1, charge=80.0, mileage=5.0)
    report(car, clock, 2, charge=80.0, mileage=6.0)
    report(car, clock, 3, charge=79.0, mileage=6.0)
    work()

    assert [each["data"]["signals"] for each in receiver.taken] == [{CHARGE: 80.0}, {CHARGE: 79.0}]


def test_a_car_that_nobody_wants_to_be_told_of_announces_nothing(receiver, person, car, clock):
    hook = made(receiver, person, car)
    actions.delete_webhook(by=person, webhook_id=hook.id)
    report(car, clock, 1, charge=80.0)

    assert not VehicleLink.objects.filter(is_watched=True).exists()
    assert not OutboxEvent.objects.filter(type="vehicle_link.SignalsChanged").exists()


def test_the_end_of_a_command_is_told_and_its_correction_too(receiver, person, car, clock):
    made(receiver, person, car, events=[rules.COMMAND_FINISHED])
    facts.online(car)
    command = facts.command(car, type="lock")
    clock.advance(minutes=10)
    link.expire_commands(at=clock.real_now())
    link.record_results(results=[(car.vin, facts.result(command, "done"))])
    work()

    told = [(each["type"], each["data"]["type"], each["data"]["status"]) for each in receiver.taken]
    assert told == [("command.finished", "lock", "unknown"), ("command.finished", "lock", "done")]


def test_contracts_that_begin_and_end_are_told(receiver, person, car, clock):
    work()  # those that the car came with
    made(receiver, person, car, events=[rules.CONTRACT_STARTED, rules.CONTRACT_ENDED])
    contract = {"vin": car.vin, "contract_id": car.id, "service_id": "music", "at": clock.now()}

    reactions.tell_of_contract(reactions.entitlements.ContractStarted(phase="paid", **contract))
    reactions.tell_of_contract_end(reactions.entitlements.ContractEnded(because="term", **contract))
    work()

    assert [(each["type"], each["data"]["service"]) for each in receiver.taken] == [
        ("contract.started", "music"),
        ("contract.ended", "music"),
    ]


def test_an_alarm_is_told_to_whoever_may_know_of_alarms(receiver, person, car, clock):
    allowed = Api(token(person, "webhooks", "alarms"))
    hooks = []
    for api in (allowed, Api(token(person, "webhooks", "status", client_id="other"))):
        body = {"url": receiver.url, "events": [rules.ALARM_RAISED], "cars": [car.vin]}
        hooks.append(api.send("/api/v1/webhooks", body).json())
        receiver.secret = hooks[-1]["secret"]
        assert api.send(f"/api/v1/webhooks/{hooks[-1]['id']}/verification", {}).status_code == 200

    reactions.tell_of_alarm(
        reactions.remote_services.IncidentReported(vin=car.vin, incident_id=car.id, kind="speed", at=clock.now())
    )
    work()

    assert [(each["type"], each["data"]["kind"]) for each in receiver.taken] == [("alarm.raised", "speed")]
    assert Delivery.objects.get().webhook_id == UUID(hooks[0]["id"])


def test_what_is_not_taken_is_tried_again_with_growing_pauses_and_then_given_up(receiver, person, car, clock):
    made(receiver, person, car)
    receiver.status = 503
    report(car, clock, 1, charge=80.0)
    work()
    for pause in rules.PAUSES:
        before = len(receiver.requests)
        clock.advance(pause - timedelta(seconds=1))
        assert actions.send_due(at=clock.real_now()) == 0
        work()
        assert len(receiver.requests) == before
        clock.advance(seconds=1)
        assert actions.send_due(at=clock.real_now()) == 1
        work()

    dead = Delivery.objects.get()
    assert (dead.attempts, dead.last_answer, dead.dead_at) == (8, "HTTP 503", clock.real_now())
    ids = {headers["Vettura-Delivery"] for headers, _ in receiver.requests}
    assert ids == {str(dead.id)}

    receiver.status = 200
    actions.replay(by=person, delivery_id=dead.id)
    work()

    assert [each["id"] for each in receiver.taken] == [str(dead.id)]
    assert queries.dead_letters_of(account=person) == []


def test_what_a_worker_never_came_back_with_is_handed_out_again_and_sent_once(receiver, person, car, clock):
    made(receiver, person, car)
    report(car, clock, 1, charge=80.0)
    for event in OutboxEvent.objects.filter(delivered_at=None):
        outbox.deliver(event_id=event.id)
    early = actions.send_due(at=clock.real_now())
    clock.advance(rules.HANDED_OUT_FOR)
    handed_out = (early, actions.send_due(at=clock.real_now()), actions.send_due(at=clock.real_now()))
    work()

    assert (handed_out, len(receiver.taken)) == ((0, 1, 0), 1)


def test_what_was_taken_is_not_sent_again(receiver, person, car, clock):
    made(receiver, person, car)
    report(car, clock, 1, charge=80.0)
    work()
    work()
    [delivery] = Delivery.objects.all()

    with pytest.raises(errors.NotDead):
        actions.replay(by=person, delivery_id=delivery.id)
    assert len(receiver.taken) == 1


def test_a_redirection_is_not_followed_and_counts_as_not_taken(receiver, person, car, clock):
    made(receiver, person, car)
    receiver.status = 302
    report(car, clock, 1, charge=80.0)
    work()

    assert (len(receiver.requests), Delivery.objects.get().last_answer) == (1, "HTTP 302")


def test_after_a_change_of_the_secret_both_are_good_for_a_day(receiver, person, car, clock):
    hook = made(receiver, person, car)
    former = receiver.secret
    new = actions.rotate_secret(by=person, webhook_id=hook.id).secret
    report(car, clock, 1, charge=80.0)
    work()
    both = []
    for receiver.secret in (former, new):
        both.append(receiver.has_signed())
    clock.advance(days=1)
    report(car, clock, 2, charge=79.0)
    work()
    later = []
    for receiver.secret in (former, new):
        later.append(receiver.has_signed())

    assert (both, later, former != new) == ([True, True], [False, True], True)


def test_whoever_does_not_use_the_car_any_more_is_told_nothing_of_what_happened_before_either(
    receiver, person, car, clock
):
    friend = vehicle_facts.person()
    vehicles.assign_user(vehicle=car, account=friend, role="secondary_user", at=clock.now())
    made(receiver, friend, car)
    report(car, clock, 1, charge=80.0)
    for event in OutboxEvent.objects.filter(delivered_at=None):
        outbox.deliver(event_id=event.id)
    vehicles.remove_secondary_user(by=person, vin=car.vin, account_id=friend.id)
    report(car, clock, 2, charge=79.0)
    work()

    assert receiver.taken == []
    assert not Delivery.objects.exists()


@pytest.mark.rule("DAT-012")
def test_a_program_is_told_what_its_scopes_open_for_its_cars_until_its_access_ends(receiver, person, car, clock):
    other = facts.vehicle(facts.OTHER_VIN, main_user=person)
    api = Api(token(person, "webhooks", "status", cars=[car.vin]))
    body = {"url": receiver.url, "events": [rules.STATE_CHANGED, rules.CONTRACT_ENDED]}
    assert api.send("/api/v1/webhooks", body | {"cars": [other.vin]}).status_code == 404
    hook = api.send("/api/v1/webhooks", body | {"cars": [car.vin]}).json()
    receiver.secret = hook["secret"]
    assert api.send(f"/api/v1/webhooks/{hook['id']}/verification", {}).json()["is_proven"] is True

    report(car, clock, 1, charge=80.0, latitude=45.0)
    reactions.tell_of_contract_end(
        reactions.entitlements.ContractEnded(
            vin=car.vin, contract_id=car.id, service_id="music", because="term", at=clock.now()
        )
    )
    work()
    told = [each["data"] for each in receiver.taken]
    identity.revoke_program(account=person, client_id="charts")
    report(car, clock, 2, charge=79.0)
    work()

    assert told == [{"signals": {CHARGE: 80.0}}]
    assert len(receiver.taken) == 1


def test_a_program_sees_its_own_webhooks_only_and_the_secret_once(person, car):
    theirs = webhook_facts.webhook(person, car)
    api = Api(token(person, "webhooks"))
    own = api.send(
        "/api/v1/webhooks", {"url": "https://charts.example/x", "events": ["state.changed"], "cars": [car.vin]}
    ).json()

    assert own["secret"].startswith("whsec_")
    assert [each["id"] for each in api.get("/api/v1/webhooks").json()["items"]] == [own["id"]]
    assert "secret" not in api.get(f"/api/v1/webhooks/{own['id']}").json()
    assert api.get(f"/api/v1/webhooks/{theirs.id}").status_code == 404
    assert api.delete(f"/api/v1/webhooks/{theirs.id}").status_code == 404
    assert Api(token(person, "status")).get("/api/v1/webhooks").status_code == 403
    assert api.delete(f"/api/v1/webhooks/{own['id']}").status_code == 204


def test_another_address_has_to_prove_itself_anew(receiver, person, car):
    hook = made(receiver, person, car)

    kept = actions.change_webhook(by=person, webhook_id=hook.id, changes={"signals": [CHARGE]}).proven_at
    changed = actions.change_webhook(by=person, webhook_id=hook.id, changes={"url": "https://charts.example/new"})

    assert (kept is not None, changed.proven_at) == (True, None)


def test_dead_letters_are_listed_in_pages_and_sent_again_by_their_program_only(person, car, client):
    hook = webhook_facts.webhook(person, car)
    dead = [webhook_facts.dead_letter(hook) for _ in range(3)]
    client.force_login(person)
    address = f"/api/v1/webhooks/{hook.id}/deliveries"

    first = client.get(address, {"state": "dead", "limit": 2}).json()
    second = client.get(address, {"state": "dead", "limit": 2, "before": first["next"]}).json()

    assert {each["id"] for each in first["items"] + second["items"]} == {str(each.id) for each in dead}
    assert second["next"] is None
    assert Api(token(person, "webhooks")).send(f"{address}/{dead[0].id}/replay", {}).status_code == 404
    again = client.post(f"{address}/{dead[0].id}/replay")
    assert (again.status_code, again.json()["state"]) == (202, "waiting")


def test_what_goes_with_an_account_is_told_to_nobody(receiver, person, car, clock):
    made(receiver, person, car)
    actions.delete_webhooks_of(account_id=person.id)
    report(car, clock, 1, charge=80.0)
    work()

    assert receiver.taken == []


def test_nobody_has_webhooks_without_end(person, car):
    for _ in range(rules.MOST_WEBHOOKS):
        webhook_facts.webhook(person, car)

    with pytest.raises(errors.TooManyWebhooks):
        webhook_facts.webhook(person, car)


def test_old_deliveries_are_forgotten(person, car, clock):
    webhook_facts.dead_letter(webhook_facts.webhook(person, car))
    clock.advance(rules.DELIVERIES_ARE_KEPT)
    kept = actions.forget_old(at=clock.real_now())
    clock.advance(seconds=1)

    assert (kept, actions.forget_old(at=clock.real_now())) == (0, 1)
