"""The pages on which cars come, are chosen, are sold and go."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests import store_facts
from tests import vehicle_facts as facts

from vettura.catalog import queries as catalog
from vettura.vehicle_link import actions as link
from vettura.vehicles import actions, queries
from vettura.vehicles.models import Assignment, Lease, OwnershipClaim, Role, Sale, Vehicle
from vettura_wire import payloads, signals

pytestmark = pytest.mark.django_db


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.fixture
def owner(clock):
    return facts.person()


@pytest.fixture
def car(owner):
    return facts.vehicle(main_user=owner, plate="TO 001 A")


@pytest.fixture
def portal(client, owner):
    client.force_login(owner)
    return client


# -- removing ---------------------------------------------------------------------------------------------------------


@pytest.mark.rule("GAR-006")
def test_who_is_not_signed_in_removes_nothing(client, car, owner):
    response = client.post(f"/vehicles/{car.vin}/remove/", {"sure": "on"})

    assert response["Location"].startswith("/signin/")
    assert queries.main_user_of(vehicle=car) == owner


@pytest.mark.rule("GAR-020", "GAR-014")
def test_the_way_to_remove_a_car_ends_the_page_of_the_car(portal, car):
    garage = portal.get("/vehicles/").content.decode()
    page = portal.get(f"/vehicles/{car.vin}/").content.decode()

    assert f'href="/vehicles/{car.vin}/"' in garage
    assert 'href="/vehicles/add/"' in garage
    options = page[page.index('id="options"') :]
    assert "Other options" in options
    assert "<section" not in options
    assert "Remove this vehicle" in options
    assert f'href="/vehicles/{car.vin}/remove/"' in options


@pytest.mark.rule("GAR-020")
@pytest.mark.parametrize(
    ("language", "words"),
    [("it", ["Altre opzioni", "Rimuovi questa vettura"]), ("de", ["Weitere Optionen", "Dieses Fahrzeug entfernen"])],
)
def test_the_way_to_remove_a_car_has_its_words_in_every_language(portal, car, language, words):
    page = text_of(portal.get(f"/vehicles/{car.vin}/", headers={"accept-language": language}))

    for each in words:
        assert each in page


@pytest.mark.rule("GAR-009", "GAR-008")
def test_removing_warns_first_and_asks(portal, car, owner):
    second = facts.person()
    actions.assign_user(vehicle=car, account=second, role=Role.SECONDARY_USER, at=car.registered_at)

    asked = portal.get(f"/vehicles/{car.vin}/remove/")
    unconfirmed = portal.post(f"/vehicles/{car.vin}/remove/")

    assert "Only your partner or Assistance can do that" in text_of(asked)
    assert "1 other driver loses access" in text_of(asked)
    assert unconfirmed.status_code == 422
    assert queries.main_user_of(vehicle=car) == owner


@pytest.mark.rule("GAR-007")
def test_a_removed_car_leaves_the_page_and_the_other_one_stays(portal, car, owner):
    other = facts.vehicle(main_user=owner)

    response = portal.post(f"/vehicles/{car.vin}/remove/", {"sure": "on"}, follow=True)

    assert car.vin not in response.content.decode()
    assert other.vin in response.content.decode()
    assert "is no longer in your vehicles" in text_of(response)


def test_a_secondary_user_leaves_and_can_do_nothing_else_with_the_car(client, car):
    second = facts.person()
    actions.assign_user(vehicle=car, account=second, role=Role.SECONDARY_USER, at=car.registered_at)
    client.force_login(second)

    page = text_of(client.get(f"/vehicles/{car.vin}/"))
    left = client.post(f"/vehicles/{car.vin}/leave/", follow=True)

    assert "Stop using this vehicle" in page
    for other in ("Remove this vehicle", "Sell this vehicle", "Lease this vehicle out", "Invite a driver"):
        assert other not in page
    assert "You no longer use" in text_of(left)
    assert queries.role_of(account=second, vehicle=car) is None


# -- selling ----------------------------------------------------------------------------------------------------------


def sold_to(portal, car, **typed):
    return portal.post(f"/vehicles/{car.vin}/sale/", {"kind": "person", "buyer_language": "it"} | typed, follow=True)


def test_a_sale_shows_what_stays_what_goes_and_what_is_open(portal, car, owner, cards, clock):
    store_facts.entitlements.start_inclusive_contracts(vin=car.vin, at=clock.now())
    store_facts.filled_cart(owner, car)
    second = facts.person(given_name="Bruno", family_name="Verdi")
    actions.assign_user(vehicle=car, account=second, role=Role.SECONDARY_USER, at=car.registered_at)

    review = text_of(sold_to(portal, car, buyer_email="buyer@example.org"))

    for fact in ("buyer@example.org", "Real-time traffic", "The access of Bruno Verdi", "1 offer in the cart"):
        assert fact in review
    assert queries.main_user_of(vehicle=car) == owner


@pytest.mark.rule("ID-033", "ID-035", "GAR-012")
def test_a_released_car_is_the_buyers_and_the_seller_is_told_what_stays(portal, car, owner, client):
    sold_to(portal, car, buyer_email="buyer@example.org")
    unconfirmed = portal.post(f"/vehicles/{car.vin}/sale/release/")
    assert unconfirmed.status_code == 422
    assert queries.main_user_of(vehicle=car) == owner

    done = text_of(portal.post(f"/vehicles/{car.vin}/sale/release/", {"sure": "on"}, follow=True))

    assert "stays in force, with your orders and invoices" in done
    assert "buyer@example.org" in done
    owner.refresh_from_db()
    assert owner.is_active
    assert portal.get("/store/orders/").status_code == 200
    link = facts.token_mailed_to("buyer@example.org")
    buyer = facts.person(email="buyer@example.org")
    client.force_login(buyer)
    page = text_of(client.get(f"/vehicles/invitations/{link}/"))
    assert "Take over" in page
    assert "cost you nothing" in page
    client.post(f"/vehicles/invitations/{link}/accept/")
    assert queries.main_user_of(vehicle=car) == buyer


def test_a_sale_can_be_changed_and_called_off(portal, car, owner):
    partner = facts.partner()
    sold_to(portal, car, buyer_email="buyer@example.org")
    sold_to(portal, car, kind="partner", partner=str(partner.id))
    assert Sale.objects.get().partner == partner
    assert "You are selling this car to Partner Torino" in text_of(portal.get(f"/vehicles/{car.vin}/"))

    portal.post(f"/vehicles/{car.vin}/sale/call-off/")

    assert Sale.objects.get().called_off_at is not None
    assert queries.main_user_of(vehicle=car) == owner


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"buyer_email": ""}, "Give the buyer&#x27;s address."),
        ({"kind": "partner"}, "Choose the partner."),
        ({"buyer_email": "OWN"}, "This is your own address."),
        ({"buyer_email": "no address"}, "valid email address"),
    ],
)
def test_a_buyer_who_is_none_is_told_at_the_field(portal, car, owner, typed, error):
    typed = {key: owner.email if value == "OWN" else value for key, value in typed.items()}

    response = sold_to(portal, car, **typed)

    assert response.status_code == 422
    assert error in response.content.decode()
    assert not Sale.objects.exists()


def test_nothing_is_bought_in_the_middle_of_a_sale(portal, car):
    sold_to(portal, car, buyer_email="buyer@example.org")

    response = portal.post("/store/cart/add/", {"vin": car.vin, "offer": store_facts.PAID_OFFER})

    assert response.status_code == 409
    assert "You are selling this car" in text_of(response)


# -- leasing ----------------------------------------------------------------------------------------------------------


def test_a_car_is_leased_out_seen_by_its_lessor_and_returned_by_its_driver(portal, car, owner, client, clock):
    driver = facts.person(email="driver@example.org")
    last_day = (clock.now() + timedelta(days=30)).date()
    offered = portal.post(
        f"/vehicles/{car.vin}/lease/", {"email": "driver@example.org", "last_day": str(last_day)}, follow=True
    )
    assert "is invited and has not come yet" in text_of(offered)
    facts.accept(facts.token_mailed_to("driver@example.org"), driver)
    lease = Lease.objects.get()

    mine = portal.get("/vehicles/")
    out = text_of(portal.get(f"/vehicles/leases/{lease.id}/"))
    assert f"/vehicles/leases/{lease.id}/" in mine.content.decode()
    assert driver.name in out
    assert portal.get(f"/vehicles/{car.vin}/").status_code == 404

    client.force_login(driver)
    page = text_of(client.get(f"/vehicles/{car.vin}/"))
    assert "Return this vehicle" in page
    assert "Sell this vehicle" not in page
    assert client.get(f"/vehicles/{car.vin}/sale/").status_code == 403
    assert client.get(f"/vehicles/leases/{lease.id}/").status_code == 404
    client.post(f"/vehicles/leases/{lease.id}/end/")
    assert queries.main_user_of(vehicle=car) == owner


# -- adding -----------------------------------------------------------------------------------------------------------


def adding(vin="", *, generation="TAY"):
    known = facts.description(generation)
    path = f"/vehicles/add/?vin={vin or facts.new_vin()}&model_line={known['model_line']}"
    return f"{path}&model_year={known['model_year']}"


def proof(**changes):
    known = facts.description()
    sent = {
        "model": f"{known['generation']}/{known['model_name']}",
        "has_connect": "yes",
        "checked_by": "",
        "document": SimpleUploadedFile("paper.pdf", facts.PAPER, "application/pdf"),
    }
    return sent | changes


@pytest.mark.rule("GAR-004", "GAR-011", "GAR-014")
def test_a_car_is_added_by_vin_with_its_document(portal, owner):
    partner = facts.partner()
    vin = facts.new_vin()
    form = text_of(portal.get(adding(vin)))
    assert "Registration document" in form
    assert "Partner Torino" in form

    response = portal.post(adding(vin), proof(checked_by=str(partner.id)), follow=True)

    assert "Your proof is on its way" in text_of(response)
    claim = OwnershipClaim.objects.get()
    assert (claim.vin, claim.account, claim.partner) == (vin, owner, partner)
    assert "No vehicle yet" in text_of(portal.get("/vehicles/"))
    portal.post(f"/vehicles/claims/{claim.id}/withdraw/")
    claim.refresh_from_db()
    assert claim.document is None


@pytest.mark.rule("GAR-015", "GAR-008")
@pytest.mark.parametrize("why", ["removed", "has a main user"])
def test_a_car_that_cannot_be_added_shows_who_helps(portal, owner, why):
    facts.partner()
    car = facts.vehicle(main_user=owner if why == "removed" else facts.person())
    if why == "removed":
        actions.remove_vehicle(by=owner, vin=car.vin)

    response = portal.get(adding(car.vin))

    page = text_of(response)
    assert response.status_code == 409
    assert "Partner Torino" in page
    assert catalog.labels("en")["support"] in page
    assert catalog.country("IT").support_phone in page
    assert 'href="tel:' in response.content.decode()
    assert not OwnershipClaim.objects.exists()


@pytest.mark.rule("ID-005", "ID-023", "ID-027", "C-13")
def test_where_an_invitation_is_needed_the_page_names_the_partners_of_the_country(client, clock):
    closed = next(each.iso2 for each in catalog.countries() if not each.self_registration)
    facts.partner(name="The nearest", country=closed, city="Anywhere")
    client.force_login(facts.person(country=closed))

    said = text_of(client.get("/vehicles/add/"))
    refused = client.post(adding(), proof())

    assert "needs an invitation from a partner" in said
    assert refused.status_code == 409
    assert "This car needs an invitation" in text_of(refused)
    assert "The nearest" in text_of(refused)
    assert not OwnershipClaim.objects.exists()


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"document": SimpleUploadedFile("a.pdf", b"<html>", "application/pdf")}, "Upload a PDF, a JPEG or a PNG"),
        ({"document": ""}, "This field is required"),
    ],
)
def test_what_is_no_document_is_told_at_its_field(portal, changes, error):
    response = portal.post(adding(), proof(**changes))

    assert response.status_code == 422
    assert error in text_of(response)
    assert not OwnershipClaim.objects.exists()


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("/vehicles/add/?vin=SHORT&model_line=taycan&model_year=2021", "is not a VIN"),
        ("/vehicles/add/?vin=WP0ZZZY1ZLS999999&model_line=taycan&model_year=1999", "no such model in this year"),
    ],
)
def test_what_is_no_car_is_told_at_its_field(portal, path, error):
    response = portal.get(path)

    assert response.status_code == 422
    assert error in text_of(response)


@pytest.mark.rule("GAR-022", "GAR-023", "GAR-024")
@pytest.mark.parametrize(
    "place", ["In the registration document", "On the windscreen, lower left", "In My Porsche under My vehicles"]
)
def test_the_vin_is_found_in_three_places_with_a_picture(client, place):
    response = client.get("/vehicles/where-is-the-vin/")

    assert place in text_of(response)
    assert response.content.decode().count('role="img"') >= 2


def test_a_car_without_connect_is_in_the_garage_and_says_what_it_lacks(portal, owner):
    car = facts.vehicle(main_user=owner, equipment=())

    for path in ("/vehicles/", f"/vehicles/{car.vin}/"):
        page = text_of(portal.get(path))
        assert car.vin in page or car.vin[-6:] in page
        assert "This car has no Connect" in page
    assert portal.get(f"/api/v1/vehicles/{car.vin}").json()["connected"] is False


# -- several cars, and a thousand -------------------------------------------------------------------------------------


@pytest.mark.rule("GAR-021", "C-58")
def test_with_several_cars_it_is_asked_first_for_which_one(portal, owner, car):
    other = facts.vehicle(main_user=owner, plate="TO 002 B")

    page = portal.get("/vehicles/choose/pairing/").content.decode()

    for each in (car, other):
        assert f'href="/vehicles/{each.vin}/#pairing"' in page
    assert portal.get("/vehicles/choose/nothing/").status_code == 404


@pytest.mark.rule("GAR-021", "ID-041")
def test_with_one_car_nobody_asks_and_with_none_one_is_to_be_added(portal, owner):
    asked = portal.get("/vehicles/choose/services/", follow=True)
    assert asked.redirect_chain[-1][0] == "/vehicles/"
    assert 'href="/vehicles/add/"' in asked.content.decode()

    car = facts.vehicle(main_user=owner)

    assert portal.get("/vehicles/choose/services/")["Location"] == f"/vehicles/{car.vin}/#services"


@pytest.mark.rule("ID-041", "ID-026")
def test_what_is_bound_to_a_car_is_not_there_without_one_and_is_with_it(portal, owner, clock):
    vin = facts.new_vin()
    assert portal.get(f"/api/v1/vehicles/{vin}/contracts").status_code == 404
    assert "Add a vehicle" in text_of(portal.get("/vehicles/"))

    facts.vehicle(main_user=owner, vin=vin)

    assert portal.get(f"/api/v1/vehicles/{vin}/contracts").status_code == 200


def many_cars(owner, how_many):
    """Rows as they are, because a thousand registrations take their time."""
    example = facts.vehicle(main_user=owner)
    at = example.registered_at
    fields = {
        name: getattr(example, name)
        for name in ("model_line", "generation", "model_year", "production_year", "drive", "country", "equipment")
    }
    cars = Vehicle.objects.bulk_create(
        Vehicle(vin=f"WP0ZZZ99ZFS{number:06d}", model_name=f"Car {number:04d}", registered_at=at, **fields)
        for number in range(how_many - 1)
    )
    Assignment.objects.bulk_create(
        Assignment(vehicle=each, account=owner, role=Role.MAIN_USER, since=at) for each in cars
    )
    return example


@pytest.mark.rule("GAR-010", "GAR-001")
def test_a_garage_of_a_thousand_cars_asks_exactly_as_much_as_one_of_a_single_car(client, clock):
    paths = ["/vehicles/", "/vehicles/all/", "/api/v1/vehicles?limit=50"]
    asked = {}
    for how_many in (1, 7, 1000):
        person = facts.person()
        if how_many == 1000:
            many_cars(person, how_many)
        else:
            for _ in range(how_many):
                facts.vehicle(main_user=person)
        client.force_login(person)
        for path in paths:
            client.get(path)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(path).status_code == 200
            asked.setdefault(path, []).append(len(captured))

    assert all(len(set(counts)) == 1 for counts in asked.values()), asked


def test_one_of_a_thousand_cars_is_found_and_shown(client, clock):
    person = facts.person()
    many_cars(person, 40)
    client.force_login(person)

    strip = client.get("/vehicles/").content.decode()
    first, second = client.get("/vehicles/all/").content.decode(), client.get("/vehicles/all/?page=2").content.decode()
    found = client.get("/vehicles/all/?q=Car+0031").content.decode()
    shown = text_of(client.get("/vehicles/?vin=WP0ZZZ99ZFS000031"))

    assert strip.count('href="/vehicles/?vin=') == 6
    assert 'href="/vehicles/all/"' in strip
    assert (first.count('class="list__row"'), second.count('class="list__row"')) == (24, 16)
    assert found.count('class="list__row"') == 1
    assert "Car 0031" in shown


# -- what countries want, and pictures --------------------------------------------------------------------------------


@pytest.mark.rule("GAR-005")
@pytest.mark.parametrize("wanted", [True, False])
def test_how_a_car_is_used_is_reported_where_the_country_wants_it(portal, owner, wanted, clock):
    known = [each.iso2 for each in catalog.countries() if each.usage_info is wanted]
    if not known:
        pytest.skip("no country of this pack differs")
    car = facts.vehicle(main_user=owner, country=known[0])
    report = payloads.State(seq=1, measured_at=clock.real_now(), values={signals.MILEAGE: 12_345.2})
    link.record_states(states=[(car.vin, report)])

    page = text_of(portal.get(f"/vehicles/{car.vin}/"))

    assert ("Distance driven" in page) is wanted


@pytest.mark.rule("GAR-016", "GAR-017", "GAR-018")
@pytest.mark.parametrize(("year", "kind"), [(1983, "sample"), (1984, "model")])
def test_the_picture_follows_the_year_of_build(portal, owner, year, kind):
    car = facts.vehicle(main_user=owner)
    Vehicle.objects.filter(id=car.id).update(production_year=year)

    page = portal.get("/vehicles/").content.decode()

    assert f'data-picture-kind="{kind}"' in page


# -- secondary users --------------------------------------------------------------------------------------------------


def test_a_driver_is_invited_until_a_day_and_shown_with_it(portal, owner, car, clock):
    facts.with_pin(owner)
    last_day = (clock.now() + timedelta(days=9)).date()

    page = text_of(
        portal.post(
            f"/vehicles/{car.vin}/drivers/invite/",
            {"email": "friend@example.org", "last_day": str(last_day), "pin": "1234"},
            follow=True,
        )
    )
    late = {"email": "other@example.org", "last_day": "2020-01-01", "pin": "1234"}
    past = portal.post(f"/vehicles/{car.vin}/drivers/invite/", late)

    assert "until 10 September 2026" in page
    assert past.status_code == 422
    assert "This day is over" in text_of(past)


@pytest.mark.rule("USR-008", "USR-009", "C-25")
def test_a_secondary_user_reaches_nothing_of_the_main_users(client, owner, car, cards, clock):
    store_facts.billing_address(owner)
    store_facts.saved_card(cards, owner)
    order = store_facts.placed_order(owner, car)
    second = facts.person()
    actions.assign_user(vehicle=car, account=second, role=Role.SECONDARY_USER, at=car.registered_at)
    client.force_login(second)

    for path in (
        "/account/",
        "/billing/cards/",
        "/billing/invoices/",
        "/store/orders/",
        "/api/v1/me",
        f"/vehicles/{car.vin}/",
        f"/api/v1/vehicles/{car.vin}",
        "/api/v1/store/orders",
    ):
        response = client.get(path)
        assert response.status_code == 200, path
        assert owner.email not in response.content.decode()
        assert order.number not in response.content.decode()
    assert client.get(f"/store/orders/{order.id}/").status_code == 404
    assert client.get(f"/api/v1/vehicles/{car.vin}/users").status_code == 403


@pytest.mark.rule("USR-007", "USR-011")
def test_a_secondary_user_has_what_the_main_user_ordered_in_the_car_and_out_of_it(client, owner, car, clock):
    store_facts.entitlements.start_inclusive_contracts(vin=car.vin, at=clock.now())
    second = facts.person()
    actions.assign_user(vehicle=car, account=second, role=Role.SECONDARY_USER, at=car.registered_at)
    client.force_login(second)

    running = {each["service_id"] for each in client.get(f"/api/v1/vehicles/{car.vin}/contracts").json()}
    facts.sign_in(car, second)
    car.refresh_from_db()

    assert "real_time_traffic" in running
    assert store_facts.PAID_SERVICE not in running
    assert queries.users_document(vehicle=car)["signed_in"] == str(second.id)
