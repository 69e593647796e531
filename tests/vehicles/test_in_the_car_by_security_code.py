"""Anybody with an account signs in to any car of the newest kind, with address and security code."""

from datetime import timedelta
from uuid import uuid4

import msgspec
import pytest
from tests import link_facts, store_facts
from tests import vehicle_facts as facts

from vettura.catalog import queries as catalog
from vettura.foundation.errors import NotFound
from vettura.foundation.models import OutboxEvent
from vettura.identity import actions as identity
from vettura.remote_services import actions as remote
from vettura.vehicle_link.queries import document_of
from vettura.vehicle_link.reactions import tell_the_car_its_users
from vettura.vehicles import actions, queries
from vettura.vehicles.events import UsersChanged
from vettura.vehicles.models import RemoteAccessGrant, SecurityCodeChallenge
from vettura_wire.security_code import CodeChallenge, prove

pytestmark = pytest.mark.django_db
ACCEPTED = {"accepted": True, "error": None}
WRONG = {"accepted": False, "error": "code_wrong"}
LOCKED = {"accepted": False, "error": "locked"}
SPENT = {"accepted": False, "error": "challenge_spent"}


def stranger(**more):
    return facts.security_code(facts.person(given_name="Anna", family_name="Keller", **more))


@pytest.mark.rule("TAY-014", "TAY-016")
def test_somebody_without_any_car_signs_in_and_the_garage_stays_empty(clock):
    car, visitor = facts.vehicle(), stranger()

    answer = facts.type_security_code(car, email=visitor.email.upper())

    car.refresh_from_db()
    assert (answer, car.signed_in_account) == (ACCEPTED, visitor)
    assert queries.garage_of(account=visitor) == []
    assert (car.linked_at, queries.role_of(account=visitor, vehicle=car)) == (None, None)
    assert queries.users_document(vehicle=car)["visitor"] == {
        "account_id": str(visitor.id), "name": "Anna Keller", "role": "visitor",
    }  # fmt: skip


@pytest.mark.rule("TAY-001", "TAY-014")
def test_a_user_of_the_car_whom_it_knows_types_the_code_only():
    owner = facts.security_code(facts.person())
    car = facts.vehicle(main_user=owner)

    answer = facts.type_security_code(car, account_id=owner.id)

    car.refresh_from_db()
    document = queries.users_document(vehicle=car)
    assert (answer, car.signed_in_account) == (ACCEPTED, owner)
    assert car.linked_at is not None
    assert (document["signed_in"], document["visitor"]) == (str(owner.id), None)


@pytest.mark.rule("TAY-014")
@pytest.mark.parametrize("code", ["482914", "", "48291"])
def test_a_wrong_code_or_none_signs_nobody_in(code):
    car, visitor = facts.vehicle(), stranger()

    assert facts.type_security_code(car, code, email=visitor.email) == WRONG

    car.refresh_from_db()
    assert car.signed_in_account is None


@pytest.mark.rule("TAY-014", "ID-012")
def test_an_unknown_address_and_one_without_a_code_look_like_a_wrong_code():
    car, without = facts.vehicle(), facts.person()

    for who in ({"email": "nobody@example.org"}, {"email": without.email}, {"account_id": uuid4()}, {}):
        assert facts.type_security_code(car, **who) == WRONG

    car.refresh_from_db()
    assert (car.signed_in_account, car.wrong_codes) == (None, 4)


@pytest.mark.rule("PAI-005", "C-71")
def test_a_car_with_pairing_codes_takes_no_security_code():
    owner = facts.security_code(facts.person())
    car = facts.vehicle(main_user=owner, generation="CAY-3")

    answer = facts.type_security_code(car, account_id=owner.id)

    assert answer == {"accepted": False, "error": "pairing_code_needed"}
    assert not SecurityCodeChallenge.objects.exists()


def test_a_challenge_is_answered_once():
    car, visitor = facts.vehicle(), stranger()
    challenge = msgspec.convert(facts.tell(car, "security_code_requested", email=visitor.email), CodeChallenge)
    proof = msgspec.to_builtins(prove(challenge, vin=car.vin, code=facts.SECURITY_CODE, private=b"1" * 32))

    assert facts.tell(car, "security_code_proof", **proof) == ACCEPTED
    facts.tell(car, "signed_out")
    assert facts.tell(car, "security_code_proof", **proof) == SPENT

    car.refresh_from_db()
    assert car.signed_in_account is None


def test_a_challenge_is_one_cars_and_a_proof_for_one_car():
    (car, other), visitor = (facts.vehicle(), facts.vehicle()), stranger()
    challenge = msgspec.convert(facts.tell(car, "security_code_requested", email=visitor.email), CodeChallenge)
    proof = msgspec.to_builtins(prove(challenge, vin=other.vin, code=facts.SECURITY_CODE, private=b"1" * 32))

    assert facts.tell(other, "security_code_proof", **proof) == SPENT
    assert facts.tell(car, "security_code_proof", **proof) == WRONG


def test_a_challenge_has_to_be_answered_soon(clock):
    car, visitor = facts.vehicle(), stranger()

    def answered_after(wait):
        challenge = msgspec.convert(facts.tell(car, "security_code_requested", email=visitor.email), CodeChallenge)
        clock.advance(wait)
        proof = prove(challenge, vin=car.vin, code=facts.SECURITY_CODE, private=b"1" * 32)
        return facts.tell(car, "security_code_proof", **msgspec.to_builtins(proof))

    assert answered_after(timedelta(minutes=2)) == SPENT
    assert answered_after(timedelta(minutes=2) - timedelta(microseconds=1)) == ACCEPTED


def test_the_same_message_gets_the_same_challenge_and_a_newer_one_ends_it():
    car, visitor = facts.vehicle(), stranger()

    first, again = (facts.tell(car, "security_code_requested", event_id="1", email=visitor.email) for _ in range(2))
    facts.tell(car, "security_code_requested", event_id="2", email=visitor.email)
    proof = prove(msgspec.convert(first, CodeChallenge), vin=car.vin, code=facts.SECURITY_CODE, private=b"1" * 32)

    assert first == again
    assert facts.tell(car, "security_code_proof", **msgspec.to_builtins(proof)) == SPENT


@pytest.mark.parametrize("data", [{}, {"challenge": 1, "key": "a", "proof": "b"}])
def test_what_is_no_proof_is_refused(data):
    assert facts.tell(facts.vehicle(), "security_code_proof", **data) == SPENT


@pytest.mark.rule("DAT-001")
def test_the_code_is_in_none_of_our_tables():
    car, visitor = facts.vehicle(), stranger()
    facts.tell(car, "security_code_requested", email=visitor.email)

    row = SecurityCodeChallenge.objects.values().get()

    assert all(facts.SECURITY_CODE.encode() not in bytes(str(value), "utf-8") for value in row.values())


def test_wrong_codes_lock_the_car_for_every_person_longer_each_time(clock):
    car, visitor, other = facts.vehicle(), stranger(), stranger()
    terms = catalog.terms()
    wait = terms.security_code_lock_duration
    for person in (visitor, stranger(), stranger()):
        for _ in range(terms.security_code_attempts):
            assert facts.type_security_code(car, "000001", email=person.email) == WRONG
        assert facts.type_security_code(car, email=other.email) == LOCKED
        clock.advance(wait - timedelta(microseconds=1))
        assert facts.type_security_code(car, email=other.email) == LOCKED
        clock.advance(timedelta(microseconds=1))
        wait *= 2

    assert facts.type_security_code(car, email=other.email) == ACCEPTED
    car.refresh_from_db()
    assert (car.wrong_codes, car.code_locks, car.codes_locked_until) == (0, 0, None)


def test_wrong_codes_lock_the_account_in_every_car(clock):
    visitor = stranger()
    for _ in range(catalog.terms().security_code_attempts):
        facts.type_security_code(facts.vehicle(), "000001", email=visitor.email)

    assert facts.type_security_code(facts.vehicle(), email=visitor.email) == LOCKED
    clock.shift_by(timedelta(days=30))
    assert facts.type_security_code(facts.vehicle(), email=visitor.email) == LOCKED
    clock.advance(catalog.terms().security_code_lock_duration)
    assert facts.type_security_code(facts.vehicle(), email=visitor.email) == ACCEPTED


def test_pairing_codes_lock_longer_each_time_too(clock):
    owner = facts.person()
    car = facts.vehicle(main_user=owner, generation="CAY-3")
    code = queries.pairing_code_for(account=owner, vehicle=car)
    terms = catalog.terms()
    for wait in (terms.pairing_code_lock_duration, terms.pairing_code_lock_duration * 2):
        for _ in range(terms.pairing_code_attempts):
            actions.enter_pairing_code(vin=car.vin, code="", purpose="sign_in")
        clock.advance(wait - timedelta(microseconds=1))
        assert actions.enter_pairing_code(vin=car.vin, code=code, purpose="sign_in").error == "locked"
        clock.advance(timedelta(microseconds=1))

    assert actions.enter_pairing_code(vin=car.vin, code=code, purpose="sign_in").error is None


@pytest.mark.rule("TAY-017", "TAY-018", "USR-012")
def test_remote_services_need_an_assignment_that_the_main_user_gives(clock):
    owner = facts.person()
    car = facts.vehicle(main_user=owner, remote_access=True)
    store_facts.entitlements.start_inclusive_contracts(vin=car.vin, at=clock.now())
    link_facts.ensure_keys()
    visitor = stranger(email="anna@example.org")
    facts.type_security_code(car, email=visitor.email)

    def lock():
        return remote.request_command(by=visitor, vin=car.vin, type="lock", params={}, step_up=None, command_id=uuid4())

    with pytest.raises(NotFound):
        lock()
    invited = facts.secondary_invitation(car=car, email=visitor.email)
    actions.accept_invitation(token=invited.token, by=visitor, share_with_partner=None)

    assert lock().status == "queued"


@pytest.mark.rule("USR-017", "REM-002")
def test_a_visitor_cannot_grant_remote_access():
    car, visitor = facts.vehicle(), stranger()
    facts.type_security_code(car, email=visitor.email)

    answer = facts.tell(car, "remote_access", granted=True, account_id=str(visitor.id))

    assert answer == {"accepted": False, "error": "vehicles.main_user_only"}
    assert not RemoteAccessGrant.objects.exists()


def reset(person):
    identity.reset_security_code(account=person, password=facts.PASSWORD, code="739164")
    actions.distrust_former_code(account_id=person.id)


@pytest.mark.rule("REM-005", "REM-006")
def test_the_reset_of_the_main_users_code_ends_remote_access_until_it_is_granted_again(clock):
    owner = facts.security_code(facts.person())
    cars = [facts.vehicle(main_user=owner, remote_access=True) for _ in range(2)]
    anothers = facts.vehicle(remote_access=True, secondary_users=[owner])

    for _ in range(2):
        reset(owner)

    assert [queries.has_remote_access(vehicle=car) for car in (*cars, anothers)] == [False, False, True]
    ended = RemoteAccessGrant.objects.filter(vehicle__in=cars).values_list("revoked_because", flat=True)
    assert list(ended) == ["security_code_reset"] * 2
    assert OutboxEvent.objects.filter(type="vehicles.RemoteAccessRevoked").count() == 2
    clock.advance(minutes=1)
    assert facts.type_security_code(cars[0], "739164", account_id=owner.id) == ACCEPTED
    actions.grant_remote_access(vin=cars[0].vin, account_id=owner.id)
    assert queries.has_remote_access(vehicle=cars[0])


@pytest.mark.rule("REM-006")
def test_the_reset_signs_out_whoever_may_have_known_the_former_code():
    owner = facts.security_code(facts.person())
    car, older = (
        facts.vehicle(main_user=owner, signed_in=True),
        facts.vehicle(main_user=owner, generation="CAY-3", signed_in=True),
    )
    somebody_elses = facts.vehicle()
    facts.type_security_code(somebody_elses, account_id=owner.id)

    reset(owner)

    for each, expected in ((car, None), (somebody_elses, None), (older, owner)):
        each.refresh_from_db()
        assert each.signed_in_account == expected


@pytest.mark.rule("REM-005")
def test_a_secondary_users_reset_ends_no_remote_access():
    friend = facts.security_code(facts.person())
    car = facts.vehicle(secondary_users=[friend], remote_access=True)

    reset(friend)

    assert queries.has_remote_access(vehicle=car)


@pytest.mark.rule("REM-005")
def test_the_consequences_are_named_before_the_reset(client):
    owner = facts.security_code(facts.person())
    facts.vehicle(main_user=owner, remote_access=True, plate="GA 120 TY")
    client.force_login(owner, backend="allauth.account.auth_backends.AuthenticationBackend")

    page = client.get("/account/security-code/reset/").content.decode()

    assert "Remote access ends for these cars" in page
    assert "GA 120 TY" in page


@pytest.mark.rule("PAI-004")
@pytest.mark.parametrize(
    ("generation", "is_shown"), [("PAN-2", True), ("CAY-3", True), ("MAC-2", True), ("911-8", True), ("911-7", False),
     ("718", False), ("MAC-1", False), ("CAY-2", False), ("TAY", False)],
)  # fmt: skip
def test_apps_show_the_code_that_the_portal_shows_only_for_the_generations_in_the_middle(generation, is_shown):
    owner, friend = facts.person(), facts.person()
    car = facts.vehicle(main_user=owner, secondary_users=[friend], generation=generation)

    for person in (owner, friend):
        code = queries.pairing_codes_in_app(account=person, vehicles=[car]).get(car.vin)
        assert code == (queries.pairing_code_for(account=person, vehicle=car) if is_shown else None)


@pytest.mark.rule("PAI-005", "C-71")
def test_the_main_user_unpairs_the_head_unit_in_the_car(clock):
    owner = facts.person()
    car = facts.vehicle(main_user=owner, generation="CAY-3", remote_access=True)

    for _ in range(2):
        assert facts.tell(car, "unpaired", account_id=str(owner.id)) == ACCEPTED

    car.refresh_from_db()
    assert (car.linked_at, car.signed_in_account, queries.has_remote_access(vehicle=car)) == (None, None, False)
    assert RemoteAccessGrant.objects.get().revoked_because == "unpaired"
    assert OutboxEvent.objects.filter(type="vehicles.HeadUnitUnpaired").count() == 1
    facts.sign_in(car, owner)
    car.refresh_from_db()
    assert queries.is_linked(vehicle=car)


@pytest.mark.parametrize("who", ["friend", "nobody"])
def test_nobody_else_unpairs_it(who):
    friend = facts.person()
    car = facts.vehicle(generation="CAY-3", remote_access=True, secondary_users=[friend])
    facts.sign_in(car, friend)

    answer = facts.tell(car, "unpaired", account_id=str(friend.id) if who == "friend" else "")

    car.refresh_from_db()
    assert answer == {"accepted": False, "error": "vehicles.main_user_only"}
    assert queries.is_linked(vehicle=car)


def test_who_deletes_the_account_is_signed_out_of_every_car(clock):
    car, visitor = facts.vehicle(), stranger()
    facts.type_security_code(car, email=visitor.email)
    actions.change_settings_in_car(
        vin=car.vin, account_id=visitor.id, changed={"stations": ["Radio 3"]}, at=clock.now()
    )

    for _ in range(2):
        actions.forget_driver(account_id=visitor.id)

    car.refresh_from_db()
    assert car.signed_in_account is None
    assert queries.settings_of(account=visitor) == []


def test_a_car_that_never_had_a_profile_is_sent_none(clock):
    link_facts.ensure_keys()
    car = facts.vehicle()

    tell_the_car_its_users(UsersChanged(vin=car.vin, at=clock.now()))

    assert document_of(vehicle=car, name="users") is not None
    assert document_of(vehicle=car, name="settings") is None
