"""An invitation is opened often and used once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from tests import vehicle_facts as facts

from vettura.foundation.errors import NotFound
from vettura.foundation.models import OutboxEvent
from vettura.vehicles import actions, queries
from vettura.vehicles.errors import (
    AlreadyUser,
    InvitationExpired,
    InvitationForSomebodyElse,
    InvitationUsed,
    InvitationVoid,
    MainUserOnly,
    SharingUndecided,
    VehicleHasMainUser,
)
from vettura.vehicles.models import Assignment, Invitation, PartnerSharing

pytestmark = pytest.mark.django_db


def buyer():
    return facts.person(email="buyer@example.org")


def accept(sent, by, share=False):
    return actions.accept_invitation(token=sent.token, by=by, share_with_partner=share)


def assert_nobody_uses(car):
    assert not Assignment.objects.filter(vehicle=car).exists()
    assert not OutboxEvent.objects.filter(type="vehicles.MainUserAssigned").exists()
    assert not PartnerSharing.objects.exists()


@pytest.mark.rule("ID-008", "C-75")
def test_opening_the_link_uses_nothing_up(clock):
    sent = facts.sale()

    first = actions.open_invitation(token=sent.token)
    opened_at = first.opened_at
    clock.advance(minutes=5)
    second = actions.open_invitation(token=sent.token)

    assert second.opened_at == opened_at
    assert second.state(clock.now()) == "opened"
    assert_nobody_uses(sent.invitation.vehicle)


@pytest.mark.rule("ID-025")
def test_a_link_survives_an_opening_that_led_nowhere(clock):
    sent, person = facts.sale(), buyer()
    actions.open_invitation(token=sent.token)

    clock.advance(days=1)
    accept(sent, person)

    assert queries.main_user_of(vehicle=sent.invitation.vehicle) == person


@pytest.mark.rule("ID-008", "ID-009", "ID-026", "IMP-01")
def test_accepting_makes_the_buyer_the_main_user_and_uses_the_invitation(clock):
    sent, person = facts.sale(), buyer()

    car = accept(sent, person)

    invitation = Invitation.objects.get()
    assert (invitation.used_at, invitation.used_by) == (clock.now(), person)
    assert [each.vin for each in queries.garage_of(account=person)] == [car.vin]
    assert queries.role_of(account=person, vehicle=car) == "main_user"


def test_accepting_twice_is_the_same_as_once():
    sent, person = facts.sale(), buyer()

    accept(sent, person, share=True)
    accept(sent, person, share=False)

    assert Assignment.objects.count() == 1
    assert OutboxEvent.objects.filter(type="vehicles.MainUserAssigned").count() == 1
    assert [each.decision for each in PartnerSharing.objects.all()] == [True]


@pytest.mark.rule("DAT-009", "DAT-019", "C-21")
def test_who_declines_sharing_becomes_main_user_all_the_same_and_the_partner_gets_nothing():
    sent, person = facts.sale(), buyer()

    car = accept(sent, person, share=False)

    assert queries.role_of(account=person, vehicle=car) == "main_user"
    assert queries.main_user_shared_with(partner=sent.invitation.partner, vehicle=car) is None


@pytest.mark.rule("DAT-009", "C-21")
def test_who_agrees_shares_with_the_named_partner_and_with_no_other():
    sent, person = facts.sale(), buyer()
    other = facts.partner(name="Partner Lyon", country="FR", city="Lyon")

    car = accept(sent, person, share=True)

    assert queries.main_user_shared_with(partner=sent.invitation.partner, vehicle=car) == person
    assert not queries.shares_with(account=person, partner=other, vehicle=car)


@pytest.mark.rule("DAT-009", "DAT-019")
def test_sharing_is_a_decision_of_its_own_that_nobody_makes_for_the_buyer():
    sent, person = facts.sale(), buyer()

    with pytest.raises(SharingUndecided):
        accept(sent, person, share=None)

    assert_nobody_uses(sent.invitation.vehicle)
    assert Invitation.objects.get().used_at is None


@pytest.mark.rule("IMP-01")
def test_an_invitation_is_personal():
    sent = facts.sale()

    with pytest.raises(InvitationForSomebodyElse):
        accept(sent, facts.person())

    assert_nobody_uses(sent.invitation.vehicle)
    assert Invitation.objects.get().used_at is None


@pytest.mark.rule("IMP-01")
def test_an_invitation_works_until_its_last_moment_and_not_after(clock):
    early, late = facts.sale(), facts.sale(buyer_email="late@example.org")
    person, latecomer = buyer(), facts.person(email="late@example.org")

    clock.move_to(early.invitation.expires_at - timedelta(microseconds=1))
    accept(early, person)
    clock.advance(microseconds=1)
    with pytest.raises(InvitationExpired):
        accept(late, latecomer)

    assert queries.garage_of(account=latecomer) == []


@pytest.mark.rule("IMP-01")
def test_an_unknown_token_is_not_found():
    with pytest.raises(NotFound):
        actions.open_invitation(token="guessed")
    with pytest.raises(NotFound):
        actions.accept_invitation(token="guessed", by=buyer(), share_with_partner=True)


@pytest.mark.rule("ID-011", "IMP-01")
def test_sending_again_voids_the_former_link():
    staff = facts.partner_staff()
    first = facts.sale(staff=staff)
    person = buyer()

    actions.resend_invitation(by=staff, invitation_id=first.invitation.id)
    newest = facts.token_mailed_to("buyer@example.org")

    with pytest.raises(InvitationVoid):
        accept(first, person)
    assert (
        actions.accept_invitation(token=newest, by=person, share_with_partner=True).vin == first.invitation.vehicle.vin
    )


@pytest.mark.rule("ID-011")
def test_an_expired_invitation_can_be_sent_again(clock):
    staff = facts.partner_staff()
    sent = facts.sale(staff=staff)
    clock.move_to(sent.invitation.expires_at)

    fresh = actions.resend_invitation(by=staff, invitation_id=sent.invitation.id)

    assert fresh.state(clock.now()) == "sent"


@pytest.mark.rule("ID-020")
def test_a_changed_address_gets_a_new_link_and_the_old_one_is_void():
    staff = facts.partner_staff()
    sent = facts.sale(staff=staff)

    actions.change_invitation_email(by=staff, invitation_id=sent.invitation.id, email="Other@example.org")

    token = facts.token_mailed_to("other@example.org")
    with pytest.raises(InvitationVoid):
        accept(sent, buyer())
    other = facts.person(email="other@example.org")
    car = actions.accept_invitation(token=token, by=other, share_with_partner=False)
    assert queries.main_user_of(vehicle=car) == other


@pytest.mark.rule("ID-020")
def test_the_invited_person_cannot_change_the_address():
    sent, person = facts.sale(), buyer()

    with pytest.raises(NotFound):
        actions.change_invitation_email(by=person, invitation_id=sent.invitation.id, email="other@example.org")

    assert Invitation.objects.get().email == "buyer@example.org"
    assert facts.mails_to("other@example.org") == []


@pytest.mark.parametrize("act", [actions.resend_invitation, actions.void_invitation])
def test_another_partner_cannot_touch_an_invitation(act):
    sent = facts.sale()
    other = facts.partner_staff(of=facts.partner(name="Partner Lyon", country="FR", city="Lyon"))

    with pytest.raises(NotFound):
        act(by=other, invitation_id=sent.invitation.id)

    assert Invitation.objects.get().voided_at is None
    assert len(facts.mails_to("buyer@example.org")) == 1


@pytest.mark.rule("IMP-01")
def test_an_invitation_taken_back_no_longer_works():
    staff = facts.partner_staff()
    sent = facts.sale(staff=staff)

    actions.void_invitation(by=staff, invitation_id=sent.invitation.id)

    with pytest.raises(InvitationVoid):
        accept(sent, buyer())
    assert_nobody_uses(sent.invitation.vehicle)


def test_a_used_invitation_is_neither_sent_again_nor_taken_back():
    staff = facts.partner_staff()
    sent = facts.sale(staff=staff)
    accept(sent, buyer())

    with pytest.raises(InvitationUsed):
        actions.resend_invitation(by=staff, invitation_id=sent.invitation.id)
    with pytest.raises(InvitationUsed):
        actions.void_invitation(by=staff, invitation_id=sent.invitation.id)

    assert len(facts.mails_to("buyer@example.org")) == 1


def test_a_car_that_got_a_main_user_meanwhile_gets_no_second_one(clock):
    sent, owner = facts.sale(), facts.person()
    car = sent.invitation.vehicle
    actions.assign_user(vehicle=car, account=owner, role="main_user", at=clock.now())

    with pytest.raises(VehicleHasMainUser):
        accept(sent, buyer())

    assert queries.main_user_of(vehicle=car) == owner
    assert Invitation.objects.get().used_at is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.rule("IMP-01")
def test_two_clicks_at_the_same_moment_accept_once():
    sent, person = facts.sale(), buyer()

    def click(_):
        try:
            return accept(sent, person).vin
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as clicks:
        vins = list(clicks.map(click, range(4)))

    assert vins == [sent.invitation.vehicle.vin] * 4
    assert Assignment.objects.filter(vehicle=sent.invitation.vehicle).count() == 1
    assert OutboxEvent.objects.filter(type="vehicles.MainUserAssigned").count() == 1


@pytest.mark.rule("USR-001", "USR-002", "USR-005", "USR-006")
def test_the_main_user_invites_a_secondary_user_for_this_car_only():
    owner = facts.person(given_name="Grace")
    car, other_car = facts.vehicle(main_user=owner), facts.vehicle(main_user=owner)

    sent = facts.secondary_invitation(car=car)
    friend = facts.person(email="friend@example.org")
    accept(sent, friend)

    [(subject, _)] = facts.mails_to("friend@example.org")
    assert subject == f"Grace Rossi invites you to drive {car.model_name}"
    assert queries.role_of(account=friend, vehicle=car) == "secondary_user"
    assert queries.role_of(account=friend, vehicle=other_car) is None
    assert not PartnerSharing.objects.exists()


@pytest.mark.rule("USR-005")
def test_a_secondary_user_can_invite_nobody():
    friend = facts.person()
    car = facts.vehicle(secondary_users=[friend])

    with pytest.raises(MainUserOnly):
        actions.invite_secondary_user(by=friend, vin=car.vin, email="third@example.org", language="en")

    assert not Invitation.objects.exists()
    assert facts.mails_to("third@example.org") == []


def test_a_stranger_cannot_invite_anybody_to_a_car():
    car = facts.vehicle()

    with pytest.raises(NotFound):
        actions.invite_secondary_user(by=facts.person(), vin=car.vin, email="third@example.org", language="en")

    assert not Invitation.objects.exists()


@pytest.mark.rule("USR-002")
def test_nobody_is_invited_to_a_car_they_use_already():
    owner, friend = facts.person(), facts.person()
    car = facts.vehicle(main_user=owner, secondary_users=[friend])

    for account in (owner, friend):
        with pytest.raises(AlreadyUser):
            actions.invite_secondary_user(by=owner, vin=car.vin, email=account.email.upper(), language="en")

    assert not Invitation.objects.exists()


def test_inviting_the_same_person_again_sends_a_new_link_and_voids_the_former():
    car = facts.vehicle()
    first = facts.secondary_invitation(car=car)

    second = facts.secondary_invitation(car=car)

    first.invitation.refresh_from_db()
    assert first.invitation.voided_at is not None
    assert queries.open_invitations_of(vehicle=car) == [second.invitation]


def test_the_invitation_of_a_person_who_is_no_longer_main_user_lets_nobody_in(clock):
    owner = facts.person()
    car = facts.vehicle(main_user=owner)
    sent = facts.secondary_invitation(car=car)
    Assignment.objects.filter(vehicle=car, account=owner).update(until=clock.now())

    with pytest.raises(InvitationVoid):
        accept(sent, facts.person(email="friend@example.org"))

    assert queries.users_of(vehicle=car) == []
