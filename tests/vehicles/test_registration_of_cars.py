"""A partner sells a car: what is stored, what is refused, and who is invited."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import vehicle_facts as facts

from vettura.catalog import queries as catalog
from vettura.foundation.errors import NotFound
from vettura.foundation.models import OutboxEvent
from vettura.vehicles import actions, rules
from vettura.vehicles.errors import (
    CountryNotServed,
    GenerationDoesNotFit,
    SoldByAnotherPartner,
    VehicleHasMainUser,
    VinMalformed,
)
from vettura.vehicles.models import Invitation, Vehicle

VIN_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"


def sell(*, by, buyer_email="buyer@example.org", buyer_language="en", **changed):
    car = replace(facts.car_facts(), **changed)
    return actions.register_sold_vehicle(by=by, car=car, buyer_email=buyer_email, buyer_language=buyer_language)


@pytest.mark.django_db
@pytest.mark.rule("ID-004", "ID-028", "IMP-01")
def test_a_sale_invites_the_buyer_in_the_name_of_the_selling_partner(clock):
    staff = facts.partner_staff()
    vin = facts.new_vin()

    invitation = sell(by=staff, vin=vin, buyer_email="Buyer@Example.org")

    assert invitation.partner == facts.partner_of(staff)
    assert (invitation.vehicle.vin, invitation.email, invitation.role) == (vin, "buyer@example.org", "main_user")
    assert invitation.expires_at == clock.now() + catalog.terms().invitation_validity
    [(subject, text)] = facts.mails_to("buyer@example.org")
    assert subject == f"Your invitation for {invitation.vehicle.model_name}"
    assert "Partner Torino invites you" in text


@pytest.mark.django_db
@pytest.mark.rule("APT-004")
def test_the_selling_partner_is_stored_with_the_car_from_the_start():
    staff = facts.partner_staff()

    invitation = sell(by=staff)

    assert Vehicle.objects.get(id=invitation.vehicle_id).saved_partner == facts.partner_of(staff)


@pytest.mark.django_db
@pytest.mark.rule("DAT-001", "IMP-01")
def test_the_token_of_an_invitation_is_in_the_mail_and_not_in_our_tables():
    sent = facts.sale()

    row = Invitation.objects.get()
    assert sent.token not in {str(getattr(row, field.attname)) for field in Invitation._meta.concrete_fields}
    assert row.token_hash == rules.token_hash(sent.token)


@pytest.mark.django_db
def test_the_same_sale_registered_twice_is_one_sale_and_one_mail():
    staff, vin = facts.partner_staff(), facts.new_vin()

    first = sell(by=staff, vin=vin)
    second = sell(by=staff, vin=vin)

    assert first == second
    assert len(facts.mails_to("buyer@example.org")) == 1
    assert OutboxEvent.objects.filter(type="vehicles.VehicleRegistered").count() == 1


@pytest.mark.django_db
def test_a_person_who_works_for_no_partner_can_register_nothing():
    with pytest.raises(NotFound):
        sell(by=facts.person())

    assert not Vehicle.objects.exists()
    assert not facts.mails_to("buyer@example.org")


@pytest.mark.django_db
def test_a_car_with_a_main_user_cannot_be_sold():
    car = facts.vehicle()

    with pytest.raises(VehicleHasMainUser):
        sell(by=facts.partner_staff(), vin=car.vin)

    assert not Invitation.objects.exists()
    car.refresh_from_db()
    assert car.saved_partner is None


@pytest.mark.django_db
def test_another_partner_cannot_take_over_a_car_while_an_invitation_is_open(clock):
    sent = facts.sale()
    other = facts.partner_staff(of=facts.partner(name="Partner Lyon", country="FR", city="Lyon"))

    with pytest.raises(SoldByAnotherPartner):
        sell(by=other, vin=sent.invitation.vehicle.vin)

    assert Vehicle.objects.get().saved_partner == sent.invitation.partner
    assert Invitation.objects.get().voided_at is None


@pytest.mark.django_db
@pytest.mark.rule("ID-005", "ID-023")
def test_a_partner_can_invite_for_a_car_that_was_bought_elsewhere():
    car = facts.vehicle(has_main_user=False)
    staff = facts.partner_staff()

    invitation = sell(by=staff, vin=car.vin)

    car.refresh_from_db()
    assert (invitation.vehicle, car.saved_partner) == (car, facts.partner_of(staff))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"vin": "WP0ZZZY1ZLSA0000"}, VinMalformed),
        ({"vin": "WP0ZZZY1ZLSO00001"}, VinMalformed),
        ({"country": "XX"}, CountryNotServed),
        ({"model_year": 1999}, GenerationDoesNotFit),
        ({"drive": "STEAM"}, GenerationDoesNotFit),
        ({"equipment": ["wings"]}, GenerationDoesNotFit),
    ],
)
def test_a_sale_that_contradicts_itself_is_refused(changed, refusal):
    staff = facts.partner_staff()

    with pytest.raises(refusal):
        sell(**{"by": staff, **changed})

    assert not Vehicle.objects.exists()
    assert not facts.mails_to("buyer@example.org")


@pytest.mark.django_db
@pytest.mark.rule("C-01", "C-02")
def test_the_generation_is_named_and_never_guessed_from_a_year_that_two_share():
    line, year, (first, second) = next(
        (line.id, year, found)
        for line in catalog.model_lines()
        for year in range(2010, 2027)
        if len(found := catalog.generations_for(model_line=line.id, model_year=year)) == 2
    )
    staff = facts.partner_staff()

    for generation in (first, second):
        chosen = {**facts.description(generation.code), "model_line": line, "model_year": year}
        assert sell(by=staff, **chosen).vehicle.generation == generation.code


def test_european_vins_are_never_held_to_a_check_digit():
    assert rules.is_vin("WP0ZZZY1ZLSA00001")
    assert rules.is_vin("WP1ZZZ9YZKDA00002")


def test_north_american_vins_are_held_to_their_check_digit():
    assert rules.is_vin("1M8GDM9AXKP042788")
    assert not rules.is_vin("1M8GDM9A1KP042788")


@given(st.text(VIN_LETTERS, min_size=12, max_size=12), st.from_regex(r"[0-9]{4}", fullmatch=True))
def test_every_well_formed_vin_of_europe_is_accepted_however_it_is_typed(middle, end):
    vin = f"W{middle}{end}"

    typed = f" {vin[:3].lower()}-{vin[3:]} "

    assert rules.is_vin(rules.normal_vin(typed))
    assert rules.normal_vin(typed) == vin


@given(st.text(max_size=20))
def test_nothing_but_a_vin_is_a_vin(text):
    shape = len(text) == 17 and set(text) <= set(VIN_LETTERS) and text[-4:].isdigit()

    assert shape or not rules.is_vin(text)
