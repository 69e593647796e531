"""A car comes into a garage: by VIN with a proof, put back at the desk, or by an invitation before its delivery."""

from datetime import UTC, date, datetime, timedelta

import pytest
from tests import vehicle_facts as facts

from vettura.catalog import queries as catalog
from vettura.foundation.errors import NotFound
from vettura.foundation.sweeps import earliest_due, run_due
from vettura.vehicles import actions, queries, rules
from vettura.vehicles.actions import claims
from vettura.vehicles.errors import (
    AlreadyInGarage,
    CannotBeAdded,
    ClaimDecided,
    DayIsOver,
    DocumentUnreadable,
    InvitationNeeded,
    NobodyToAdd,
    ReasonMissing,
    TooManyClaims,
    TooManyTries,
    VehicleHasMainUser,
    VinMalformed,
    WasRemoved,
)
from vettura.vehicles.models import Assignment, DeliveryOrder, Invitation, OwnershipClaim, Vehicle

pytestmark = pytest.mark.django_db
INSTANT = timedelta(microseconds=1)
REASON = "The registration document names the person."


@pytest.fixture
def person(clock):
    return facts.person()


@pytest.fixture
def assistant():
    return facts.assistant()


# -- by VIN -----------------------------------------------------------------------------------------------------------


@pytest.mark.rule("GAR-004", "GAR-011", "C-76", "C-16")
def test_a_claimed_car_gives_no_right_until_its_proof_was_looked_at(person, assistant):
    claim = facts.claim(by=person)
    assert queries.garage_of(account=person) == []
    assert not Vehicle.objects.filter(vin=claim.vin).exists()

    vehicle = actions.approve_claim(by=assistant, claim_id=claim.id, reason=REASON)

    assert [each.vin for each in queries.garage_of(account=person)] == [claim.vin]
    assert queries.has_connect(vehicle=vehicle)
    assert vehicle.saved_partner is None
    claim.refresh_from_db()
    assert (claim.status, claim.document, claim.decided_by, claim.reason) == ("approved", None, assistant, REASON)
    assert "in your vehicles now" in facts.mails_to(person.email)[-1][1]


@pytest.mark.rule("GAR-010", "GAR-011", "GAR-014")
def test_a_further_car_is_added_at_any_time(person, assistant, clock):
    facts.vehicle(main_user=person)
    clock.advance(days=800)

    claim = facts.claim(by=person)
    actions.approve_claim(by=assistant, claim_id=claim.id, reason=REASON)

    assert len(queries.garage_of(account=person)) == 2


def test_a_known_car_that_is_nobodys_is_claimed_with_what_we_know_of_it(person, assistant):
    car = facts.vehicle(has_main_user=False, generation="911-7", equipment=())

    claim = facts.claim(by=person, vin=car.vin)
    actions.approve_claim(by=assistant, claim_id=claim.id, reason=REASON)

    assert (claim.generation, claim.model_name) == ("911-7", car.model_name)
    assert queries.main_user_of(vehicle=car) == person
    car.refresh_from_db()
    assert car.equipment == []


def test_the_document_is_sealed_and_shown_to_those_who_decide_only(person, assistant):
    staff = facts.partner_staff()
    claim = facts.claim(by=person, partner_id=facts.partner_of(staff).id)

    assert facts.PAPER not in bytes(OwnershipClaim.objects.get().document)
    for reader in (staff, assistant):
        assert queries.document_of(by=reader, claim_id=claim.id) == (facts.PAPER, "application/pdf")
    for stranger in (person, facts.partner_staff(of=facts.partner(name="Partner Lyon", country="FR"))):
        with pytest.raises(NotFound):
            queries.document_of(by=stranger, claim_id=claim.id)


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        (b"%PDF-1.7", "application/pdf"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"<svg onload=", None),
        (b"PK\x03\x04", None),
        (b"", None),
    ],
)
def test_a_document_is_what_its_bytes_say(document, kind):
    assert rules.kind_of_document(document) == kind


@pytest.mark.parametrize("document", [b"<html>", b"%PDF-" + b"0" * 8 * 1024 * 1024])
def test_a_document_that_nobody_can_read_is_refused(person, document):
    with pytest.raises(DocumentUnreadable):
        facts.claim(by=person, document=document)

    assert not OwnershipClaim.objects.exists()


@pytest.mark.rule("GAR-008", "C-16")
def test_a_car_that_was_removed_comes_back_through_people_only(person, assistant):
    car = facts.vehicle(main_user=person)
    actions.remove_vehicle(by=person, vin=car.vin)

    with pytest.raises(WasRemoved):
        facts.claim(by=person, vin=car.vin)
    assert queries.garage_of(account=person) == []

    actions.add_again(by=assistant, vin=car.vin, email=person.email, reason="Removed by accident.")
    assert [each.vin for each in queries.garage_of(account=person)] == [car.vin]
    assert Assignment.objects.get(vehicle=car, until=None).reason == "Removed by accident."


@pytest.mark.rule("GAR-015", "C-76")
def test_a_car_that_has_a_main_user_or_an_invited_one_cannot_be_claimed(person):
    owned, invited = facts.vehicle(), facts.sale().invitation.vehicle

    for vin in (owned.vin, invited.vin):
        with pytest.raises(CannotBeAdded):
            facts.claim(by=person, vin=vin)

    assert not OwnershipClaim.objects.exists()


def test_nobody_learns_whose_cars_are_by_trying_many(person, assistant):
    taken = facts.vehicle()
    for _ in range(claims.REFUSALS_PER_DAY):
        with pytest.raises(CannotBeAdded):
            facts.claim(by=person, vin=taken.vin)

    for vin in (taken.vin, facts.new_vin()):
        with pytest.raises(TooManyTries):
            facts.claim(by=person, vin=vin)

    assert facts.claim(by=facts.person()).status == "pending"


def test_ones_own_car_is_there_already_and_no_vin_is_no_car(person):
    car = facts.vehicle(main_user=person)

    with pytest.raises(AlreadyInGarage):
        facts.claim(by=person, vin=car.vin)
    with pytest.raises(VinMalformed):
        facts.claim(by=person, vin="WP0ZZZ99ZHS1")


@pytest.mark.rule("ID-023", "ID-027", "C-13")
def test_where_people_come_in_by_invitation_a_connected_car_needs_one(clock):
    closed = next(each.iso2 for each in catalog.countries() if not each.self_registration)
    person = facts.person(country=closed)

    with pytest.raises(InvitationNeeded):
        facts.claim(by=person)

    assert facts.claim(by=person, has_connect=False).status == "pending"


@pytest.mark.rule("ID-005", "ID-023")
def test_a_privately_bought_car_pairs_with_nobody_until_a_partner_has_invited_the_holder(person):
    car = facts.vehicle(has_main_user=False, generation="911-7")
    staff = facts.partner_staff()
    refused = actions.enter_pairing_code(vin=car.vin, code="12345678", purpose="sign_in")
    assert (refused.account, refused.error) == (None, "code_wrong")
    with pytest.raises(NotFound):
        queries.vehicle_for(account=person, vin=car.vin)

    sent = facts.sale(staff=staff, vin=car.vin, buyer_email=person.email, generation="911-7")
    facts.accept(sent.token, person, share=False)

    code = queries.pairing_code_for(account=person, vehicle=car)
    assert actions.enter_pairing_code(vin=car.vin, code=code, purpose="sign_in").account == person


def test_claiming_again_changes_nothing_and_a_person_has_few_at_a_time(person):
    first = facts.claim(by=person)
    assert facts.claim(by=person, vin=first.vin).id == first.id
    for _ in range(catalog.terms().ownership_claims_at_once - 1):
        facts.claim(by=person)

    with pytest.raises(TooManyClaims):
        facts.claim(by=person)

    assert OwnershipClaim.objects.count() == catalog.terms().ownership_claims_at_once


def test_a_claim_that_is_taken_back_leaves_no_document(person, assistant):
    claim = facts.claim(by=person)
    with pytest.raises(NotFound):
        actions.withdraw_claim(by=facts.person(), claim_id=claim.id)

    actions.withdraw_claim(by=person, claim_id=claim.id)
    actions.withdraw_claim(by=person, claim_id=claim.id)

    claim.refresh_from_db()
    assert (claim.status, claim.document) == ("withdrawn", None)
    with pytest.raises(ClaimDecided):
        actions.approve_claim(by=assistant, claim_id=claim.id, reason=REASON)


def test_a_refused_claim_says_why(person, assistant):
    claim = facts.claim(by=person)

    actions.refuse_claim(by=assistant, claim_id=claim.id, reason="The document names somebody else.")
    actions.refuse_claim(by=assistant, claim_id=claim.id, reason="Again.")

    claim.refresh_from_db()
    assert (claim.status, claim.document, claim.reason) == ("refused", None, "The document names somebody else.")
    assert "names somebody else" in facts.mails_to(person.email)[-1][1]
    assert queries.garage_of(account=person) == []


def test_a_decision_has_a_reason_and_is_made_by_those_whom_it_concerns(person):
    staff = facts.partner_staff()
    claim = facts.claim(by=person, partner_id=facts.partner_of(staff).id)
    other = facts.partner_staff(of=facts.partner(name="Partner Lyon", country="FR"))

    with pytest.raises(ReasonMissing):
        actions.approve_claim(by=staff, claim_id=claim.id, reason=" ")
    for stranger in (other, person):
        with pytest.raises(NotFound):
            actions.approve_claim(by=stranger, claim_id=claim.id, reason=REASON)
    assert OwnershipClaim.objects.get().status == "pending"

    actions.approve_claim(by=staff, claim_id=claim.id, reason=REASON)
    assert len(queries.garage_of(account=person)) == 1


def test_who_comes_first_has_the_car(person, assistant):
    vin = facts.new_vin()
    first, second = facts.claim(by=person, vin=vin), facts.claim(by=facts.person(), vin=vin)
    actions.approve_claim(by=assistant, claim_id=first.id, reason=REASON)

    with pytest.raises(VehicleHasMainUser):
        actions.approve_claim(by=assistant, claim_id=second.id, reason=REASON)

    assert queries.main_user_of(vehicle=Vehicle.objects.get(vin=vin)) == person


# -- at the desk ------------------------------------------------------------------------------------------------------


@pytest.mark.rule("GAR-008")
def test_the_selling_partner_puts_a_car_back_and_another_one_does_not(person):
    staff = facts.partner_staff()
    car = facts.vehicle(main_user=person, sold_by=facts.partner_of(staff))
    actions.remove_vehicle(by=person, vin=car.vin)
    other = facts.partner_staff(of=facts.partner(name="Partner Lyon", country="FR"))
    for stranger in (other, person):
        with pytest.raises(NotFound):
            actions.add_again(by=stranger, vin=car.vin, email=person.email, reason=REASON)
    with pytest.raises(ReasonMissing):
        actions.add_again(by=staff, vin=car.vin, email=person.email, reason="")
    assert queries.main_user_of(vehicle=car) is None

    actions.add_again(by=staff, vin=car.vin, email=person.email, reason=REASON)
    actions.add_again(by=staff, vin=car.vin, email=person.email, reason=REASON)

    assert queries.main_user_of(vehicle=car) == person


def test_a_car_is_put_back_only_to_whom_it_was(person, assistant):
    car = facts.vehicle(has_main_user=False)

    for email in (person.email, "nobody@example.org"):
        with pytest.raises(NobodyToAdd):
            actions.add_again(by=assistant, vin=car.vin, email=email, reason=REASON)

    assert queries.main_user_of(vehicle=car) is None


@pytest.mark.rule("ID-005", "APT-004")
def test_assistance_invites_the_holder_of_a_car_and_the_selling_partner_stays(person, assistant):
    partner = facts.partner()
    car = facts.vehicle(has_main_user=False, sold_by=partner)
    with pytest.raises(ReasonMissing):
        actions.invite_main_user(by=assistant, vin=car.vin, email=person.email, language="en", reason=" ")

    actions.invite_main_user(by=assistant, vin=car.vin, email=person.email, language="en", reason=REASON)
    facts.accept(facts.token_mailed_to(person.email), person)

    assert queries.main_user_of(vehicle=car) == person
    car.refresh_from_db()
    assert car.saved_partner == partner


@pytest.mark.rule("ID-020")
def test_assistance_corrects_the_address_of_a_partners_invitation(assistant):
    sent = facts.sale(buyer_email="buyr@example.org")

    actions.change_invitation_email(by=assistant, invitation_id=sent.invitation.id, email="buyer@example.org")

    assert len(facts.mails_to("buyer@example.org")) == 1
    sent.invitation.refresh_from_db()
    assert sent.invitation.voided_at is not None


# -- before a delivery ------------------------------------------------------------------------------------------------

HANDOVER = date(2026, 9, 20)


def due_at():
    """The start of the day in Rome on which the invitation goes out."""
    return datetime(2026, 9, 19, 22, 0, tzinfo=UTC) - catalog.terms().invitation_before_handover


@pytest.mark.rule("ID-002", "ID-007", "ID-004", "ID-028")
def test_the_buyer_is_invited_once_before_the_handover_without_anybody_doing_it(clock):
    order = facts.delivery(staff=facts.partner_staff(), handover_on=HANDOVER)
    assert (order.invite_at, earliest_due()) == (due_at(), due_at())

    clock.move_to(due_at() - INSTANT)
    run_due(clock.now())
    assert facts.mails_to("buyer@example.org") == []

    clock.move_to(due_at())
    run_due(clock.now())
    run_due(clock.advance(days=30))
    assert len(facts.mails_to("buyer@example.org")) == 1
    order.refresh_from_db()
    assert (order.invitation.partner, order.invitation.email) == (order.partner, "buyer@example.org")


@pytest.mark.rule("ID-007")
def test_a_handover_that_is_near_invites_at_once_and_never_later_than_the_day(clock):
    facts.delivery(staff=facts.partner_staff(), handover_on=clock.now().date())

    run_due(clock.now())

    assert len(facts.mails_to("buyer@example.org")) == 1


def test_planning_again_changes_day_and_buyer(clock):
    staff, vin = facts.partner_staff(), facts.new_vin()
    first = facts.delivery(staff=staff, vin=vin, handover_on=HANDOVER)

    again = facts.delivery(
        staff=staff, vin=vin, handover_on=HANDOVER + timedelta(days=7), buyer_email="other@example.org"
    )

    assert again.id == first.id
    assert DeliveryOrder.objects.get().buyer_email == "other@example.org"


def test_a_delivery_that_is_called_off_invites_nobody(clock):
    staff = facts.partner_staff()
    order = facts.delivery(staff=staff, handover_on=HANDOVER)
    with pytest.raises(NotFound):
        actions.call_off_delivery(by=facts.person(), delivery_id=order.id)

    actions.call_off_delivery(by=staff, delivery_id=order.id)
    clock.move_to(due_at())
    run_due(clock.now())

    assert not Invitation.objects.exists()


def test_an_invitation_that_was_sent_by_hand_is_not_sent_again(clock):
    staff, vin = facts.partner_staff(), facts.new_vin()
    facts.delivery(staff=staff, vin=vin, handover_on=HANDOVER)
    sent = facts.sale(staff=staff, vin=vin)
    clock.move_to(due_at())

    run_due(clock.now())

    assert DeliveryOrder.objects.get().invitation == sent.invitation
    assert len(facts.mails_to("buyer@example.org")) == 1


def test_the_day_of_the_handover_is_not_over(clock):
    with pytest.raises(DayIsOver):
        facts.delivery(staff=facts.partner_staff(), handover_on=clock.now().date() - timedelta(days=1))

    assert not Vehicle.objects.exists()


@pytest.mark.rule("APT-004")
def test_people_who_work_for_no_partner_plan_nothing(clock):
    with pytest.raises(NotFound):
        facts.delivery(staff=facts.person(), handover_on=HANDOVER)

    assert not Vehicle.objects.exists()
