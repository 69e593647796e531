"""Staff of a partner register sold cars and look after the invitations."""

import re

import pytest
from tests import vehicle_facts as facts

from vettura.catalog import queries as catalog
from vettura.identity import actions as identity
from vettura.vehicles import actions
from vettura.vehicles.models import Invitation, Vehicle

pytestmark = pytest.mark.django_db

STAFF_PAGES = ["/desk/", "/desk/vehicles/", "/desk/vehicles/new/", "/desk/partner/"]


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.fixture
def staff():
    return facts.partner_staff()


@pytest.fixture
def desk(client, staff):
    client.force_login(staff)
    return client


def other_staff():
    return facts.partner_staff(of=facts.partner(name="Partner Lyon", country="FR", city="Lyon"))


def typed(generation="TAY", **changed):
    described = facts.description(generation)
    return {
        "vin": facts.new_vin(),
        "model": described["model_name"],
        "equipment": described["equipment"],
        "country": "IT",
        "buyer_email": "buyer@example.org",
        "buyer_language": "it",
        **changed,
    }


def new_path(generation="TAY", **changed):
    described = {**facts.description(generation), **changed}
    return f"/desk/vehicles/new/?model_line={described['model_line']}&model_year={described['model_year']}"


@pytest.mark.parametrize("path", STAFF_PAGES)
def test_who_is_not_signed_in_is_asked_to(client, path):
    assert client.get(path)["Location"] == f"/signin/?next={path}"


@pytest.mark.parametrize("path", STAFF_PAGES)
def test_who_works_for_nobody_finds_no_desk(client, path):
    client.force_login(facts.person())

    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", STAFF_PAGES)
def test_other_staff_of_the_operator_find_no_partners_desk(client, path):
    account = facts.person()
    identity.grant_staff_role(account=account, role="soc")
    client.force_login(account)

    assert client.get(path).status_code == 404


def test_the_front_door_leads_to_the_sold_cars_and_takes_the_search_along(desk):
    assert desk.get("/desk/")["Location"] == "/desk/vehicles/"
    assert desk.get("/desk/?q=WP0")["Location"] == "/desk/vehicles/?q=WP0"


def test_staff_without_a_car_find_their_desk_from_the_portal(desk):
    assert 'href="/desk/"' in desk.get("/").content.decode()


def test_a_partner_without_sales_is_shown_how_to_begin(desk):
    assert "No car sold yet" in text_of(desk.get("/desk/vehicles/"))


@pytest.mark.rule("ID-004", "ID-028")
def test_registering_a_sale_invites_the_buyer_in_the_chosen_language(desk):
    form = typed(vin="wp0zzzy1zls900001")

    response = desk.post(new_path(), form)

    assert response["Location"] == "/desk/vehicles/WP0ZZZY1ZLS900001/"
    car = Vehicle.objects.get()
    described = facts.description("TAY")
    assert (car.generation, car.model_name, car.drive) == ("TAY", described["model_name"], described["drive"])
    assert car.equipment == sorted(described["equipment"])
    [invitation] = Invitation.objects.all()
    assert (invitation.email, invitation.language) == ("buyer@example.org", "it")
    assert len(facts.mails_to("buyer@example.org")) == 1


@pytest.mark.rule("C-01", "C-02")
def test_a_year_that_fits_two_generations_asks_which_one(desk):
    line, year, (first, second) = next(
        (line.id, year, found)
        for line in catalog.model_lines()
        for year in range(2010, 2027)
        if len(found := catalog.generations_for(model_line=line.id, model_year=year)) == 2
    )
    path = f"/desk/vehicles/new/?model_line={line}&model_year={year}"

    question = desk.get(path)
    form = desk.get(f"{path}&generation={second.code}")

    assert f'value="{first.code}"' in question.content.decode()
    assert f'value="{second.code}"' in question.content.decode()
    assert 'name="vin"' not in question.content.decode()
    assert 'name="vin"' in form.content.decode()
    assert second.name in text_of(form)


@pytest.mark.rule("C-01")
def test_a_year_without_a_model_is_told_at_its_field(desk):
    response = desk.get(new_path(model_year=1950))

    assert response.status_code == 422
    assert "There was no such model in this year." in text_of(response)


@pytest.mark.parametrize("vin", ["WP0ZZZY1ZLS90000", "WP0ZZZY1ZLSO00001", "WP0ZZZY1ZLS9ABCDE"])
def test_a_malformed_vin_is_told_at_its_field_and_nothing_is_registered(desk, vin):
    response = desk.post(new_path(), typed(vin=vin))

    assert response.status_code == 422
    assert "is not a VIN" in text_of(response)
    assert not Vehicle.objects.exists()


def test_a_car_in_use_is_told_at_the_vin_and_the_form_stays_filled(desk):
    car = facts.vehicle()

    response = desk.post(new_path(), typed(vin=car.vin))

    assert response.status_code == 422
    assert "already has a main user" in text_of(response)
    assert 'value="buyer@example.org"' in response.content.decode()
    assert not Invitation.objects.exists()


def test_the_list_shows_the_state_of_each_invitation(desk, staff, clock):
    sent, opened, accepted = (facts.sale(staff=staff, buyer_email=f"buyer{n}@example.org") for n in range(3))
    actions.open_invitation(token=opened.token)
    buyer = facts.person(email="buyer2@example.org")
    actions.accept_invitation(token=accepted.token, by=buyer, share_with_partner=False)

    rows = re.findall(r"<tr>.*?</tr>", desk.get("/desk/vehicles/").content.decode(), re.DOTALL)[1:]

    state = {re.search(r"WP0\w{14}", row).group(): re.search(r"badge[^>]*>([^<]+)<", row).group(1) for row in rows}
    assert state == {
        sent.invitation.vehicle.vin: "Sent",
        opened.invitation.vehicle.vin: "Opened",
        accepted.invitation.vehicle.vin: "Accepted",
    }


@pytest.mark.parametrize("part", ["vin", "email"])
def test_the_search_finds_by_vin_and_address(desk, staff, part):
    wanted = facts.sale(staff=staff, buyer_email="wanted@example.org").invitation
    other = facts.sale(staff=staff, buyer_email="other@example.org").invitation
    words = {"vin": wanted.vehicle.vin[-5:].lower(), "email": "WANTED@"}

    page = text_of(desk.get("/desk/vehicles/", {"q": words[part]}))

    assert wanted.vehicle.vin in page
    assert other.vehicle.vin not in page


def test_the_list_takes_the_same_number_of_queries_for_few_and_many(desk, staff, django_assert_max_num_queries):
    for number in range(6):
        facts.sale(staff=staff, buyer_email=f"buyer{number}@example.org")

    with django_assert_max_num_queries(10) as taken:
        desk.get("/desk/vehicles/")
    few = len(taken)
    for number in range(6, 12):
        facts.sale(staff=staff, buyer_email=f"buyer{number}@example.org")
    with django_assert_max_num_queries(few):
        desk.get("/desk/vehicles/")


def test_a_long_list_has_pages(desk, staff):
    for number in range(51):
        facts.sale(staff=staff, buyer_email=f"buyer{number}@example.org")

    first, second = (desk.get(f"/desk/vehicles/?page={page}").content.decode() for page in (1, 2))

    assert (first.count("<tr>"), second.count("<tr>")) == (1 + 50, 1 + 1)
    assert "?page=2" in first
    assert "?page=1" in second


def test_another_partners_car_is_neither_listed_nor_found(client, staff):
    sent = facts.sale(staff=staff)
    vin = sent.invitation.vehicle.vin
    client.force_login(other_staff())

    assert vin not in text_of(client.get("/desk/vehicles/"))
    assert client.get(f"/desk/vehicles/{vin}/").status_code == 404
    assert vin not in text_of(client.get("/desk/vehicles/", {"q": "buyer@example.org"}))


@pytest.mark.parametrize("act", ["resend", "void", "email"])
def test_another_partner_cannot_touch_an_invitation(client, staff, act):
    invitation = facts.sale(staff=staff).invitation
    client.force_login(other_staff())

    response = client.post(
        f"/desk/vehicles/{invitation.vehicle.vin}/invitations/{invitation.id}/{act}/", {"email": "thief@example.org"}
    )

    assert response.status_code == 404
    assert Invitation.objects.get().voided_at is None
    assert facts.mails_to("thief@example.org") == []


@pytest.mark.rule("ID-011")
def test_an_invitation_is_sent_again_from_the_desk(desk, staff):
    invitation = facts.sale(staff=staff).invitation

    desk.post(f"/desk/vehicles/{invitation.vehicle.vin}/invitations/{invitation.id}/resend/")

    assert len(facts.mails_to("buyer@example.org")) == 2
    assert Invitation.objects.filter(voided_at=None).count() == 1


@pytest.mark.rule("ID-020")
def test_the_address_is_changed_from_the_desk(desk, staff):
    invitation = facts.sale(staff=staff).invitation
    path = f"/desk/vehicles/{invitation.vehicle.vin}/invitations/{invitation.id}/email/"

    wrong = desk.post(path, {"email": "nonsense"})
    right = desk.post(path, {"email": "right@example.org"})

    assert (wrong.status_code, right.status_code) == (422, 302)
    assert Invitation.objects.get(voided_at=None).email == "right@example.org"
    assert len(facts.mails_to("right@example.org")) == 1


def test_an_invitation_is_taken_back_from_the_desk(desk, staff):
    invitation = facts.sale(staff=staff).invitation

    desk.post(f"/desk/vehicles/{invitation.vehicle.vin}/invitations/{invitation.id}/void/")

    page = text_of(desk.get(f"/desk/vehicles/{invitation.vehicle.vin}/"))
    assert "Taken back" in page
    assert "There is no open invitation." in page


@pytest.mark.rule("DAT-009", "C-21")
@pytest.mark.parametrize("agrees", [True, False])
def test_the_desk_shows_the_customer_only_who_agreed_to_it(desk, staff, agrees):
    sent = facts.sale(staff=staff)
    buyer = facts.person(email="buyer@example.org", family_name="Riservati")
    actions.accept_invitation(token=sent.token, by=buyer, share_with_partner=agrees)

    page = text_of(desk.get(f"/desk/vehicles/{sent.invitation.vehicle.vin}/"))

    assert ("Riservati" in page) == agrees


def test_the_partner_page_shows_the_partner_as_customers_see_it(desk, staff):
    page = text_of(desk.get("/desk/partner/"))

    assert "Partner Torino" in page
    assert "Italy" in page
    assert staff.email in page
