"""A service that needs a consent is not activated without it, and the refusal names it."""

import pytest
from tests import link_facts, store_facts, vehicle_facts

from vettura.catalog import queries as catalog
from vettura.identity import actions as identity
from vettura.identity.errors import ConsentNeeded
from vettura.store import actions
from vettura.store.models import CartItem

pytestmark = pytest.mark.django_db


@pytest.mark.rule("DAT-005")
def test_a_service_is_not_ordered_without_the_consent_it_needs():
    link_facts.ensure_keys()
    person = vehicle_facts.person()
    car = vehicle_facts.vehicle(main_user=person, equipment=("connect_plus",))
    needed = next(
        each for each in catalog.consents() if set(each.services) & set(catalog.offer(store_facts.PAID_OFFER).services)
    )
    identity.decide_consent(account=person, purpose=needed.id, is_given=False, language="en", channel="portal")

    with pytest.raises(ConsentNeeded) as refused:
        actions.add_to_cart(by=person, vin=car.vin, offer_id=store_facts.PAID_OFFER)

    assert refused.value.facts["consent"] == catalog.consent_words(needed.id, "en").title
    assert not CartItem.objects.exists()
    identity.decide_consent(account=person, purpose=needed.id, is_given=True, language="en", channel="portal")
    actions.add_to_cart(by=person, vin=car.vin, offer_id=store_facts.PAID_OFFER)
    assert CartItem.objects.exists()
