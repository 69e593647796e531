"""A car and its main user part: removed or sold, with nothing of the one left at the other."""

import pytest
from tests import link_facts, store_facts
from tests import vehicle_facts as facts

from vettura.entitlements.models import Contract
from vettura.foundation import audit
from vettura.foundation.errors import NotAllowed, NotFound
from vettura.foundation.models import OutboxEvent
from vettura.identity.events import AccountDeleted
from vettura.remote_services import actions as remote
from vettura.store import actions as store
from vettura.store import queries as store_queries
from vettura.store.errors import OnlyMainUserBuys
from vettura.store.models import Cart, Order
from vettura.vehicle_link import actions as link
from vettura.vehicle_link import queries as twins
from vettura.vehicle_link.models import RemoteCommand
from vettura.vehicles import actions, queries, reactions
from vettura.vehicles.errors import (
    BuyerMissing,
    CarIsBeingSold,
    InvitationForSomebodyElse,
    MainUserOnly,
    SoldToOneself,
    VehicleHasMainUser,
)
from vettura.vehicles.models import (
    Assignment,
    Invitation,
    PairingCode,
    PartnerSharing,
    PersonalSetting,
    RemoteAccessGrant,
    Sale,
)
from vettura_wire import payloads, signals

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return facts.person()


@pytest.fixture
def second():
    return facts.person()


@pytest.fixture
def car(owner, second, clock):
    return facts.vehicle(main_user=owner, secondary_users=[second], plate="TO 001 A", remote_access=True)


def announced(name):
    return [event.body for event in OutboxEvent.objects.filter(type__endswith=f".{name}").order_by("id")]


@pytest.mark.rule("GAR-007", "GAR-012", "GAR-019")
def test_a_removed_car_is_gone_and_the_others_stay(owner, car):
    other = facts.vehicle(main_user=owner)

    actions.remove_vehicle(by=owner, vin=car.vin)

    assert [each.vin for each in queries.garage_of(account=owner)] == [other.vin]
    with pytest.raises(NotFound):
        queries.vehicle_for(account=owner, vin=car.vin)
    assert queries.main_user_of(vehicle=car) is None


@pytest.mark.rule("ID-033", "ID-035")
def test_the_account_stays_in_force_when_its_only_car_was_removed(owner, car, client):
    actions.remove_vehicle(by=owner, vin=car.vin)

    owner.refresh_from_db()
    client.force_login(owner)
    assert owner.is_active
    assert "No vehicle yet" in client.get("/vehicles/").content.decode()


def test_removing_twice_is_the_same_as_once(owner, car):
    actions.remove_vehicle(by=owner, vin=car.vin)
    before = OutboxEvent.objects.count()

    actions.remove_vehicle(by=owner, vin=car.vin)

    assert OutboxEvent.objects.count() == before


def test_only_the_main_user_removes_a_car(owner, second, car):
    with pytest.raises(MainUserOnly):
        actions.remove_vehicle(by=second, vin=car.vin)
    with pytest.raises(NotFound):
        actions.remove_vehicle(by=facts.person(), vin=car.vin)

    assert queries.main_user_of(vehicle=car) == owner
    assert announced("MainUserParted") == []


def test_everything_of_the_people_ends_with_the_main_users_time(owner, second, clock):
    car = facts.vehicle(
        main_user=owner, secondary_users=[second], generation="911-7", plate="TO 001 A", remote_access=True
    )
    facts.secondary_invitation(car=car, email="friend@example.org")
    PersonalSetting.objects.create(account=owner, vehicle=car, name="seat", value=[1], changed_at=car.registered_at)
    everywhere = PersonalSetting.objects.create(account=owner, name="seat", value=[2], changed_at=car.registered_at)

    actions.remove_vehicle(by=owner, vin=car.vin)

    car.refresh_from_db()
    assert (car.plate, car.linked_at, car.signed_in_account_id) == ("", None, None)
    assert not Assignment.objects.filter(vehicle=car, until=None).exists()
    assert not PairingCode.objects.filter(vehicle=car).exists()
    assert list(PersonalSetting.objects.all()) == [everywhere]
    assert RemoteAccessGrant.objects.get(vehicle=car).revoked_because == "removed"
    assert Invitation.objects.get(email="friend@example.org").state(clock.now()) == "voided"
    assert queries.users_document(vehicle=car) == {
        "users": [],
        "visitor": None,
        "main_linked": False,
        "signed_in": None,
        "remote_access": False,
    }
    [parted] = announced("MainUserParted")
    assert (parted["vin"], parted["account_id"], parted["because"]) == (car.vin, str(owner.id), "removed")


def test_a_permission_for_the_partner_ends_with_the_car_and_its_proof_stays(clock):
    staff, buyer = facts.partner_staff(), facts.person(email="buyer@example.org")
    sent = facts.sale(staff=staff)
    car = facts.accept(sent.token, buyer, share=True)
    clock.advance(days=1)

    actions.remove_vehicle(by=buyer, vin=car.vin)

    partner = facts.partner_of(staff)
    assert not queries.shares_with(account=buyer, partner=partner, vehicle=car)
    given, ended = PartnerSharing.objects.order_by("at")
    assert (given.decision, ended.decision, ended.at) == (True, False, clock.now())
    # the proof names the text that was in force, like any other decision, and the way in: here nobody came by a page
    assert (ended.version, ended.text_digest, ended.channel) == (given.version, given.text_digest, "operator")
    assert [each["decision"] for each in announced("PartnerSharingDecided")] == [True, False]


def test_what_a_person_shares_on_another_car_goes_on(owner, clock):
    partner = facts.partner()
    sold, kept = facts.vehicle(main_user=owner), facts.vehicle(main_user=owner)
    for car in (sold, kept):
        actions.share_with_partner(by=owner, vin=car.vin, partner_id=partner.id, language="en")
    clock.advance(days=1)

    actions.remove_vehicle(by=owner, vin=sold.vin)

    assert [row.vehicle_id for row in queries.sharing_of(account=owner)] == [kept.id]


@pytest.mark.parametrize(
    ("way", "channel"), [("web", "portal"), ("desk", "desk"), ("api", "api"), ("sweep", "operator")]
)
def test_sharing_that_ends_with_a_car_is_recorded_by_the_way_that_ended_it(owner, way, channel):
    car = facts.vehicle(main_user=owner)
    partner = facts.partner()
    actions.share_with_partner(by=owner, vin=car.vin, partner_id=partner.id, language="en")

    with audit.acting(channel=way):
        actions.remove_vehicle(by=owner, vin=car.vin)

    latest = queries.latest_sharing(account=owner, partner_id=partner.id, vin=car.vin)
    assert (latest.decision, latest.channel) == (False, channel)


@pytest.mark.rule("USR-010")
def test_a_secondary_user_leaves_by_themselves(second, owner, car):
    actions.leave_vehicle(by=second, vin=car.vin)
    actions.leave_vehicle(by=second, vin=car.vin)

    assert queries.role_of(account=second, vehicle=car) is None
    assert queries.main_user_of(vehicle=car) == owner
    assert [each["account_id"] for each in announced("UserRemoved")] == [str(second.id)]


def test_the_main_user_does_not_leave_and_a_stranger_has_nothing_to_leave(owner, car):
    with pytest.raises(NotAllowed):
        actions.leave_vehicle(by=owner, vin=car.vin)
    with pytest.raises(NotFound):
        actions.leave_vehicle(by=facts.person(), vin=car.vin)

    assert queries.main_user_of(vehicle=car) == owner


@pytest.mark.rule("ID-037")
def test_a_deleted_account_leaves_its_cars(owner, car, clock):
    shared = facts.vehicle(secondary_users=[owner])
    event = AccountDeleted(account_id=owner.id, at=clock.now())

    reactions.part_the_cars(event)
    reactions.part_the_cars(event)

    assert queries.garage_of(account=owner) == []
    assert queries.main_user_of(vehicle=shared) is not None
    assert [each["because"] for each in announced("MainUserParted")] == ["account_deleted"]


# -- selling ----------------------------------------------------------------------------------------------------------


def test_a_begun_sale_ends_nothing(owner, second, car):
    sale = actions.begin_sale(by=owner, vin=car.vin, buyer_email="Buyer@Example.org", buyer_language="it")

    assert (sale.buyer_email, sale.buyer_language) == ("buyer@example.org", "it")
    assert queries.role_of(account=owner, vehicle=car) == "main_user"
    assert queries.role_of(account=second, vehicle=car) == "secondary_user"
    assert facts.mails_to("buyer@example.org") == []


def test_beginning_again_changes_the_buyer(owner, car):
    partner = facts.partner()
    first = actions.begin_sale(by=owner, vin=car.vin, buyer_email="buyer@example.org")

    again = actions.begin_sale(by=owner, vin=car.vin, partner_id=partner.id)

    assert (again.id, again.buyer_email, again.partner) == (first.id, "", partner)


@pytest.mark.parametrize(
    ("buyer", "refusal"),
    [
        ({}, BuyerMissing),
        ({"buyer_email": "buyer@example.org", "partner": True}, BuyerMissing),
        ({"buyer_email": "owner"}, SoldToOneself),
    ],
)
def test_a_sale_has_one_buyer_who_is_somebody_else(owner, car, buyer, refusal):
    named = {}
    if buyer.get("partner"):
        named["partner_id"] = facts.partner().id
    if email := buyer.get("buyer_email"):
        named["buyer_email"] = owner.email if email == "owner" else email

    with pytest.raises(refusal):
        actions.begin_sale(by=owner, vin=car.vin, **named)

    assert not Sale.objects.exists()


def test_a_sale_that_was_called_off_leaves_the_car_where_it_is(owner, car):
    actions.begin_sale(by=owner, vin=car.vin, buyer_email="buyer@example.org")

    actions.call_off_sale(by=owner, vin=car.vin)
    actions.call_off_sale(by=owner, vin=car.vin)

    assert queries.open_sale_of(vehicle=car) is None
    with pytest.raises(NotFound):
        actions.release_sold_vehicle(by=owner, vin=car.vin)
    assert queries.main_user_of(vehicle=car) == owner


def test_nobody_new_is_let_in_and_nothing_is_bought_in_the_middle_of_a_sale(owner, car):
    actions.begin_sale(by=owner, vin=car.vin, buyer_email="buyer@example.org")

    with pytest.raises(CarIsBeingSold):
        actions.invite_secondary_user(by=owner, vin=car.vin, email="cousin@example.org", language="en")
    with pytest.raises(CarIsBeingSold):
        store.add_to_cart(by=owner, vin=car.vin, offer_id=store_facts.PAID_OFFER)

    assert facts.mails_to("cousin@example.org") == []
    assert not Cart.objects.exists()


@pytest.mark.rule("STO-002", "STO-003", "GAR-012")
def test_the_buyer_takes_the_car_over_with_its_contracts_as_they_were(owner, car, clock):
    store_facts.entitlements.start_inclusive_contracts(vin=car.vin, at=clock.now())
    before = list(Contract.objects.order_by("id").values())
    buyer = facts.person(email="buyer@example.org")
    facts.sold_privately(car)
    clock.advance(days=1)

    taken = facts.accept(facts.token_mailed_to("buyer@example.org"), buyer)
    facts.deliver_events()

    assert taken.vin == car.vin
    assert queries.main_user_of(vehicle=car) == buyer
    assert before
    assert list(Contract.objects.order_by("id").values()) == before


def test_the_seller_has_a_paper_that_says_when(owner, car):
    facts.sold_privately(car)

    [(subject, text)] = facts.mails_to(owner.email)
    assert car.model_name in subject
    for fact in (car.vin, "buyer@example.org", "Sept. 1, 2026, 11:00"):
        assert fact in text


def test_releasing_twice_is_the_same_as_once(owner, car):
    facts.sold_privately(car)

    again = actions.release_sold_vehicle(by=owner, vin=car.vin)

    assert again.released_at is not None
    assert len(facts.mails_to("buyer@example.org")) == 1
    assert len(announced("MainUserParted")) == 1


def test_the_invitation_of_a_sold_car_is_the_buyers_alone(owner, car):
    facts.sold_privately(car)
    token = facts.token_mailed_to("buyer@example.org")

    with pytest.raises(InvitationForSomebodyElse):
        facts.accept(token, owner)
    with pytest.raises(InvitationForSomebodyElse):
        facts.accept(token, facts.person())

    assert queries.main_user_of(vehicle=car) is None


def test_a_secondary_user_can_be_the_buyer(owner, second, car, clock):
    facts.sold_privately(car, to=second.email)

    facts.accept(facts.token_mailed_to(second.email), second)

    assert queries.role_of(account=second, vehicle=car) == "main_user"


@pytest.mark.rule("APT-004")
def test_a_car_sold_to_a_partner_is_sold_on_from_its_desk(owner, clock):
    first, second = facts.partner_staff(), facts.partner_staff(of=facts.partner(name="Partner Lyon", country="FR"))
    car = facts.vehicle(main_user=owner, sold_by=facts.partner_of(first))
    buying = facts.partner_of(second)

    actions.begin_sale(by=owner, vin=car.vin, partner_id=buying.id)
    actions.release_sold_vehicle(by=owner, vin=car.vin)

    [(subject, text)] = facts.mails_to(buying.email)
    assert car.model_name in subject
    assert owner.email not in text
    listed = queries.sold_vehicles_of(partner=buying, search="", at=clock.now(), offset=0, limit=10)
    assert [each.vehicle.vin for each in listed] == [car.vin]
    sold = facts.sale(staff=second, vin=car.vin, buyer_email="next@example.org")
    assert sold.invitation.partner == buying
    car.refresh_from_db()
    assert car.saved_partner == buying


@pytest.mark.rule("ID-035")
def test_papers_stay_with_the_seller_and_what_was_begun_ends(cards, owner, clock):
    car = facts.vehicle(main_user=owner)
    store_facts.billing_address(owner)
    store_facts.saved_card(cards, owner, number=store_facts.CHALLENGES)
    waiting = store_facts.placed_order(owner, car)
    store_facts.filled_cart(owner, car, "radio_plus")

    facts.sold_privately(car)
    facts.deliver_events()
    store_facts.run_jobs()
    facts.deliver_events()

    waiting.refresh_from_db()
    assert waiting.status == Order.Status.EXPIRED
    assert not Cart.objects.filter(account=owner, is_open=True).exists()
    assert not Contract.objects.filter(order_line_id__in=waiting.line_ids).exists()
    assert store_queries.order(account=owner, order_id=waiting.id) == waiting


@pytest.mark.rule("GAR-019")
def test_what_the_seller_asked_of_the_car_is_not_done_after_the_release(clock):
    link_facts.ensure_keys()
    car = link_facts.vehicle()
    owner = queries.main_user_of(vehicle=car)
    command = link_facts.command(car, account_id=owner.id)

    facts.sold_privately(car)
    facts.deliver_events()

    command.refresh_from_db()
    assert (command.status, command.cause) == ("expired", "rights_ended")
    assert link.send_unanswered(vehicles=[car]) == 0


def test_the_buyer_sees_neither_where_the_car_stood_nor_what_it_was_told(clock):
    link_facts.ensure_keys()
    car = link_facts.vehicle()
    owner = queries.main_user_of(vehicle=car)
    here = {signals.LATITUDE: 45.07, signals.LONGITUDE: 7.68, signals.MILEAGE: 12_000}
    link.record_states(states=[(car.vin, payloads.State(seq=1, measured_at=clock.real_now(), values=here))])
    command = link_facts.command(car, account_id=owner.id)

    facts.sold_privately(car)
    facts.deliver_events()
    clock.advance(minutes=1)
    facts.accept(facts.token_mailed_to("buyer@example.org"), facts.person(email="buyer@example.org"))

    assert set(twins.twins_of(vehicles=[car])[car.vin].signals) == {signals.MILEAGE}
    assert twins.recent_commands(vehicle=car) == []
    assert twins.steps_after(vehicle=car, step_id=0) == []
    with pytest.raises(NotFound):
        twins.command_of(vehicle=car, command_id=command.id)


@pytest.mark.rule("GAR-019")
def test_the_head_unit_is_told_that_nobody_uses_it(owner, car):
    facts.deliver_events()
    assert twins.document_of(vehicle=car, name="users").body["signed_in"] == str(owner.id)

    facts.sold_privately(car)
    facts.deliver_events()

    assert twins.document_of(vehicle=car, name="users").body == {
        "users": [],
        "visitor": None,
        "main_linked": False,
        "signed_in": None,
        "remote_access": False,
    }


@pytest.mark.rule("GAR-019", "GAR-012", "USR-008")
def test_nothing_of_the_car_is_reachable_for_its_former_owner_a_second_after_the_release(client, owner, second, clock):
    link_facts.ensure_keys()
    car = facts.vehicle(main_user=owner, secondary_users=[second], remote_access=True)
    store_facts.entitlements.start_inclusive_contracts(vin=car.vin, at=clock.now())
    facts.sold_privately(car)
    clock.advance(seconds=1)

    for person in (owner, second):
        client.force_login(person)
        answers = {
            path: client.get(path).status_code
            for path in (
                f"/vehicles/{car.vin}/",
                f"/vehicles/{car.vin}/sale/",
                f"/vehicles/{car.vin}/remove/",
                f"/api/v1/vehicles/{car.vin}",
                f"/api/v1/vehicles/{car.vin}/state",
                f"/api/v1/vehicles/{car.vin}/users",
                f"/api/v1/vehicles/{car.vin}/commands",
                f"/api/v1/vehicles/{car.vin}/contracts",
                f"/api/v1/store/offers?vin={car.vin}",
            )
        }
        assert set(answers.values()) == {404}, answers
        assert client.get("/api/v1/vehicles").json()["items"] == []
        assert car.vin not in client.get("/vehicles/").content.decode()
        with pytest.raises(NotFound):
            remote.request_command(
                by=person, vin=car.vin, type="lock", params={}, step_up=None, command_id=link_facts.uuid4()
            )
        with pytest.raises((NotFound, OnlyMainUserBuys)):
            store.add_to_cart(by=person, vin=car.vin, offer_id=store_facts.PAID_OFFER)
    assert not RemoteCommand.objects.exists()


def test_a_car_cannot_be_taken_over_while_it_has_a_main_user(owner, car):
    facts.sold_privately(car)
    token = facts.token_mailed_to("buyer@example.org")
    actions.add_again(by=facts.assistant(), vin=car.vin, email=owner.email, reason="The buyer stepped back.")

    with pytest.raises(VehicleHasMainUser):
        facts.accept(token, facts.person(email="buyer@example.org"))
