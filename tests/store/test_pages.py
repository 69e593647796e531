"""The store's pages, walked as people walk them, without scripts; and the API."""

from datetime import timedelta

import pytest
from django.urls import reverse
from tests import store_facts as facts
from tests import vehicle_facts

from vettura.entitlements import actions as entitlements
from vettura.store.models import Order

pytestmark = pytest.mark.django_db
KEY = {"Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}


@pytest.mark.rule("STO-030", "STO-058", "STO-008")
def test_a_visitor_chooses_country_and_model(client, clock):
    car = vehicle_facts.vehicle()

    page = client.get(reverse("store:catalog"), {"country": "IT", "model": "TAY:BEV"}).content.decode()

    assert "Navigation" in page
    assert car.vin not in page
    assert "Accepted cards in Italy: Visa, Mastercard, American Express" in page


@pytest.mark.rule("STO-041", "STO-051", "DAT-018")
def test_a_service_page_names_countries_and_data_protection(client, clock):
    page = client.get(reverse("store:service", args=["online_navigation"])).content.decode()

    assert "Data protection" in page
    assert "deleted when guidance ends" in page
    assert "Italy" in page
    assert "Andorra" in page


@pytest.mark.rule("STO-018", "STO-020", "STO-027", "ID-022", "STO-011")
def test_a_visitor_becomes_a_buyer(cards, client, clock):
    account = vehicle_facts.person()
    vehicle_facts.vehicle(main_user=account)
    client.get(reverse("store:catalog"), {"country": "IT", "model": "TAY:BEV"})
    client.post(reverse("store:add"), {"offer": facts.PAID_OFFER})
    assert client.get(reverse("store:checkout")).url.startswith("/signin/")
    cart_id = client.session["store_cart"]
    client.force_login(account)
    assert client.session["store_cart"] == cart_id

    steps = [client.get(reverse("store:checkout")).url]
    address = {"name": "Ada Rossi", "street": "Via Roma 1", "postal_code": "10121", "city": "Torino", "country": "IT"}
    assert client.post(steps[0], address).url == reverse("store:checkout")
    steps.append(client.get(reverse("store:checkout")).url)
    assert "credit card" in client.get(steps[1]).content.decode()
    facts.saved_card(cards, account)
    steps.append(client.get(reverse("store:checkout")).url)
    overview = client.get(steps[2])
    placed = client.post(reverse("store:place"), hidden(overview))
    confirmation = client.get(placed.url).content.decode()

    assert steps == [reverse(f"store:checkout_{step}") for step in ("address", "payment", "overview")]
    order = Order.objects.get()
    assert placed.url == reverse("store:confirmation", args=[order.id])
    assert order.number in confirmation


def hidden(page):
    overview = page.context["overview"]
    return {"cart": overview.cart.id, "seen": overview.fingerprint, "card": overview.card.id if overview.card else ""}


@pytest.mark.rule("STO-028")
def test_express_checkout_is_offered_when_address_and_card_are_stored(cards, client, clock):
    account, car = facts.buyer()
    client.force_login(account)
    facts.filled_cart(account, car)
    before = client.get(reverse("store:cart")).content.decode()

    facts.saved_card(cards, account)
    after = client.get(reverse("store:cart")).content.decode()

    assert "Express checkout" not in before
    assert "Express checkout" in after
    assert client.get(reverse("store:checkout")).url == reverse("store:checkout_overview")


def test_a_challenge_leads_to_the_bank_and_back_to_the_confirmation(cards, client, clock):
    account, car = facts.buyer(cards, number=facts.CHALLENGES)
    client.force_login(account)
    facts.filled_cart(account, car)
    placed = client.post(reverse("store:place"), hidden(client.get(reverse("store:checkout_overview"))))
    order = Order.objects.get()
    waiting = client.get(reverse("store:returned", args=[order.id]))

    back = cards.answer_challenge(placed.url)
    returned = client.get(back.removeprefix("http://localhost:8000"))

    assert placed.url.startswith(cards.url)
    assert waiting.url == reverse("store:order", args=[order.id])
    assert "Confirm at the bank" not in client.get(returned.url).content.decode()
    assert returned.url == reverse("store:confirmation", args=[order.id])


@pytest.mark.rule("STO-010")
def test_a_decline_names_support_and_leads_to_another_card(cards, client, clock):
    account, car = facts.buyer(cards, number=facts.DECLINES)
    client.force_login(account)
    facts.filled_cart(account, car)

    placed = client.post(reverse("store:place"), hidden(client.get(reverse("store:checkout_overview"))), follow=True)

    assert placed.redirect_chain[-1][0] == reverse("store:checkout_payment")
    assert "ask Support" in placed.content.decode()


@pytest.mark.rule("STO-032", "USR-004")
def test_a_secondary_user_is_refused_on_every_page_that_buys(cards, client, clock):
    account = vehicle_facts.person()
    car = vehicle_facts.vehicle(secondary_users=[account])
    client.force_login(account)

    answers = [
        client.post(f"{reverse('store:add')}?vin={car.vin}", {"offer": facts.PAID_OFFER}).status_code,
        client.get(reverse("store:checkout_overview")).status_code,
        client.post(
            "/api/v1/store/orders",
            {"vin": car.vin, "offers": [facts.PAID_OFFER]},
            content_type="application/json",
            headers=KEY,
        ).status_code,
    ]

    assert answers == [403, 403, 403]
    assert not Order.objects.exists()


@pytest.mark.rule("STO-005")
def test_the_order_history_shows_date_items_and_state(cards, client, clock):
    order = facts.paid_order(cards)
    client.force_login(order.account)

    page = client.get(reverse("store:orders")).content.decode()

    for expected in (order.number, "1 September 2026", order.lines.get().name, "Confirmed"):
        assert expected in page


def test_pages_of_a_stranger_are_not_found(cards, client, clock):
    order = facts.paid_order(cards)
    client.force_login(vehicle_facts.person())

    paths = ["store:order", "store:confirmation", "store:withdraw", "store:returned"]

    assert [client.get(reverse(path, args=[order.id])).status_code for path in paths] == [404] * 4
    assert client.get(reverse("store:catalog"), {"vin": order.vehicle.vin}).status_code == 404


def test_an_order_is_withdrawn_in_two_steps(cards, client, clock):
    order = facts.paid_order(cards)
    client.force_login(order.account)

    page = client.get(reverse("store:order", args=[order.id])).content.decode()
    step = client.get(reverse("store:withdraw", args=[order.id])).content.decode()
    client.post(reverse("store:withdraw", args=[order.id]))

    order.refresh_from_db()
    assert "Withdraw from contract here" in page
    assert "Confirm withdrawal" in step
    assert order.status == "withdrawn"


def test_the_number_of_queries_does_not_grow_with_offers_or_orders(cards, client, clock, django_assert_max_num_queries):
    account, car = facts.buyer(cards)
    entitlements.start_inclusive_contracts(vin=car.vin, at=clock.now())
    for offer in ("music_month", "breakdown_call"):
        facts.paid_order(cards, offer, account=account, car=car)
    client.force_login(account)
    client.get(reverse("store:catalog"))

    with django_assert_max_num_queries(9):
        assert client.get(reverse("store:catalog")).status_code == 200
    with django_assert_max_num_queries(10):
        assert client.get(reverse("store:orders")).status_code == 200


@pytest.mark.rule("STO-006", "STO-025")
def test_the_api_lists_the_offers_of_the_shelf_with_money_as_text(cards, client, clock):
    account, car = facts.buyer(cards)
    client.force_login(account)

    offers = {each["id"]: each for each in client.get("/api/v1/store/offers", {"vin": car.vin}).json()}

    assert offers["music_month"]["price"] == {"amount": "9.90", "currency": "EUR"}
    assert offers["music_month"]["state"] == "orderable"


def test_the_same_key_over_the_api_is_one_order(cards, client, clock):
    account, car = facts.buyer(cards)
    client.force_login(account)
    body = {"vin": car.vin, "offers": [facts.PAID_OFFER]}

    answers = [
        client.post("/api/v1/store/orders", body, content_type="application/json", headers=KEY) for _ in range(2)
    ]
    without = client.post("/api/v1/store/orders", body, content_type="application/json")
    order = answers[0].json()

    assert [each.status_code for each in answers] == [201, 201]
    assert without.status_code == 400
    assert answers[1].json()["id"] == order["id"]
    assert (order["status"], order["vin"], order["total"]["currency"]) == ("paid", car.vin, "EUR")
    assert client.get(f"/api/v1/store/orders/{order['id']}").json() == order
    assert [each["id"] for each in client.get("/api/v1/store/orders").json()] == [order["id"]]
    (contract,) = client.get(f"/api/v1/vehicles/{car.vin}/contracts").json()
    assert (contract["service_id"], contract["status"]) == (facts.PAID_SERVICE, "running")
    clock.advance(timedelta(days=1))
    assert client.post(f"/api/v1/store/orders/{order['id']}/withdrawal").json()["status"] == "withdrawn"


@pytest.mark.rule("DAT-022", "DAT-023")
def test_the_payment_page_shows_cards_and_no_way_to_change_them(cards, client, clock):
    account, _ = facts.buyer(cards)
    client.force_login(account)

    page = client.get(reverse("billing:cards")).content.decode()

    assert "Visa •••• 4242" in page
    assert "A card cannot be changed" in page
    assert client.get(reverse("billing:invoices")).status_code == 200
    assert client.get(reverse("billing:address")).status_code == 200
