"""Who works for whom."""

import pytest
from tests import vehicle_facts as facts

from vettura.foundation.errors import NotFound
from vettura.foundation.ids import new_id
from vettura.partners import actions, queries
from vettura.partners.errors import WorksElsewhere
from vettura.partners.models import Partner, Staff

pytestmark = pytest.mark.django_db


def test_a_member_of_staff_works_for_one_partner_and_others_for_none():
    partner = facts.partner()
    staff = facts.partner_staff(of=partner)

    assert queries.partner_of_staff(account=staff) == partner
    assert queries.partner_of_staff(account=facts.person()) is None


def test_employing_twice_is_the_same_as_once():
    partner, account = facts.partner(), facts.person()

    for _ in range(2):
        actions.employ(partner=partner, account=account)

    assert Staff.objects.count() == 1


def test_nobody_works_for_two_partners():
    staff = facts.partner_staff()
    other = facts.partner(name="Partner Lyon", country="FR", city="Lyon")

    with pytest.raises(WorksElsewhere):
        actions.employ(partner=other, account=staff)

    assert queries.partner_of_staff(account=staff).name == "Partner Torino"


def test_a_partner_is_one_per_name_and_country_and_its_address_can_change():
    first = facts.partner(city="Torino")

    second = facts.partner(city="Moncalieri")

    assert first.id == second.id
    assert Partner.objects.get().city == "Moncalieri"


def test_partners_are_found_by_country():
    torino = facts.partner()
    facts.partner(name="Partner Lyon", country="FR", city="Lyon")

    assert queries.partners_in(country="IT") == [torino]


def test_an_unknown_partner_is_not_found():
    with pytest.raises(NotFound):
        queries.partner(id=new_id())
