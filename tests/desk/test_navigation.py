"""The navigation of the desk shows each member of staff their own places, and costs next to nothing."""

import pytest
from tests import identity_facts, vehicle_facts

from vettura.foundation.panels import sections
from vettura.identity.models import Account
from vettura.partners import actions, queries

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("who", "places"),
    [
        ("partner", {"Sold cars", "Register a sold car", "Customers", "Partner"}),
        ("assistance", {"Cars", "Customers", "Cases", "Changes"}),
        ("ident", {"Identifications"}),
        ("customer", set()),
    ],
)
def test_all_places_together_are_known_after_two_questions(who, places, django_assert_max_num_queries):
    person = {
        "partner": vehicle_facts.partner_staff,
        "assistance": lambda: identity_facts.account(staff_roles=("assistance",)),
        "ident": lambda: identity_facts.account(staff_roles=("ident",)),
        "customer": identity_facts.account,
    }[who]()
    person = Account.objects.get(id=person.id)

    with django_assert_max_num_queries(2):
        found = {each.label for each in sections(person)}

    assert places <= found
    assert bool(places) == bool(found)


def test_who_was_dismissed_finds_no_place_of_the_partner_with_the_next_request():
    person = vehicle_facts.partner_staff()
    client = identity_facts.signed_in(person)
    assert client.get("/desk/vehicles/").status_code == 200

    actions.dismiss(account_id=person.id)

    assert client.get("/desk/vehicles/").status_code == 404
    assert queries.partner_of_staff(account=Account.objects.get(id=person.id)) is None
