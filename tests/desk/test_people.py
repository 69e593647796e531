"""Staff look after people: they find their own customers, see one page each, and change name and address with a reason."""

import re
from datetime import timedelta

import pytest
from tests import identity_facts, vehicle_facts

from vettura.catalog import queries as catalog
from vettura.foundation.errors import NotFound
from vettura.foundation.models import OutboxEvent
from vettura.identity import actions, errors, queries
from vettura.identity.models import Account, AddressChange, StaffChange
from vettura.notifications.models import Mail
from vettura.vehicles import actions as vehicles
from vettura.vehicles.models import PartnerSharing

pytestmark = pytest.mark.django_db

WHY = "Showed an identity card"


def assistance():
    return identity_facts.account(given_name="Alex", family_name="Morgan", staff_roles=("assistance",))


def customer_of(seller, **facts):
    person = vehicle_facts.person(**facts)
    vehicle_facts.vehicle(main_user=person, sold_by=vehicle_facts.partner_of(seller))
    return person


def share(person, seller, clock, *, decision=True):
    PartnerSharing.objects.create(
        account=person,
        partner=vehicle_facts.partner_of(seller),
        vehicle=person.assignments.get().vehicle,
        decision=decision,
        at=clock.advance(minutes=1),
    )


def other_partner():
    return vehicle_facts.partner_staff(of=vehicle_facts.partner(name="Partner Lyon", country="FR", city="Lyon"))


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def found(by, search):
    return {each.id for each in queries.found_at_desk(by=by, search=search)}


def sent_to(address):
    return [identity_facts.last_mail(address)[0].template, Mail.objects.filter(to=address).count()]


def test_assistance_finds_anybody_by_parts_of_name_and_address():
    ada = identity_facts.account(given_name="Ada", family_name="Lovelace", email="countess@example.org")
    identity_facts.account(given_name="Ada", family_name="Rossi")
    staff = assistance()

    assert found(staff, "lovel") == {ada.id}
    assert found(staff, "ada LACE") == {ada.id}
    assert found(staff, "countess@") == {ada.id}
    assert found(staff, "ada lovelace rossi") == set()


def test_people_are_found_by_vin_and_plate():
    person = vehicle_facts.person()
    car = vehicle_facts.vehicle(main_user=person, plate="GA 120 TY")
    vehicle_facts.vehicle()

    assert found(assistance(), car.vin[-6:]) == {person.id}
    assert found(assistance(), "GA 120") == {person.id}


def test_assistance_does_not_browse_through_everybody(client):
    identity_facts.account(family_name="Lovelace")
    client.force_login(assistance())

    assert "Lovelace" not in text_of(client.get("/desk/people/"))
    assert "Lovelace" in text_of(client.get("/desk/people/?q=love"))
    assert "Nothing found for “xyz”" in text_of(client.get("/desk/people/?q=xyz"))


def test_a_partner_sees_whoever_uses_a_car_that_it_sold_and_nobody_else(client):
    seller = vehicle_facts.partner_staff()
    own = customer_of(seller, family_name="Own")
    stranger = vehicle_facts.person(family_name="Stranger")
    client.force_login(seller)

    page = client.get("/desk/people/").content.decode()

    assert f"/desk/people/{own.id}/" in page
    assert f"/desk/people/{stranger.id}/" not in page
    assert client.get(f"/desk/people/{own.id}/").status_code == 200
    assert client.get(f"/desk/people/{stranger.id}/").status_code == 404
    assert found(other_partner(), "") == set()


def test_whoever_bought_from_a_partner_stays_its_customer_after_the_car_was_passed_on():
    seller = vehicle_facts.partner_staff()
    sold = vehicle_facts.sale(staff=seller, buyer_email="buyer@example.org")
    buyer = vehicle_facts.person(email="buyer@example.org")
    vehicles.accept_invitation(token=sold.token, by=buyer, share_with_partner=False)
    buyer.assignments.update(until=buyer.created_at + timedelta(days=1))

    assert found(seller, "") == {buyer.id}


@pytest.mark.parametrize("role", ["soc", "ident", "catalog"])
def test_other_staff_look_after_nobody(client, role):
    person = identity_facts.account()
    client.force_login(identity_facts.account(staff_roles=(role,)))

    for path in ("/desk/people/", f"/desk/people/{person.id}/", f"/desk/people/{person.id}/name/"):
        assert client.get(path).status_code == 404
    with pytest.raises(NotFound):
        queries.people_at_desk(by=identity_facts.account(staff_roles=(role,)))


@pytest.mark.rule("DAT-009")
def test_a_partner_sees_name_and_contact_data_only_of_those_who_share_them(client, clock):
    seller = vehicle_facts.partner_staff()
    person = customer_of(seller, family_name="Lovelace")
    car = person.assignments.get().vehicle
    actions.update_contact(account=person, language="en", street="Via Po 1", postal_code="10123", city="Torino")
    client.force_login(seller)
    path = f"/desk/people/{person.id}/"

    for decision in (None, True, False):
        if decision is not None:
            share(person, seller, clock, decision=decision)
        page, listed = (client.get(each).content.decode() for each in (path, "/desk/people/"))
        sees = decision is True
        assert ("Via Po 1" in page) is sees
        for whole in (page, listed):
            assert ("Lovelace" in whole, person.email in whole) == (sees, sees)
            assert ("does not share data with you" in whole) is not sees
        assert (f"{car.model_name} {car.vin}" in listed) is not sees


@pytest.mark.rule("C-21", "DAT-009")
def test_who_shares_with_another_partner_shares_nothing_with_this_one(client, clock):
    seller, other = vehicle_facts.partner_staff(), other_partner()
    person = customer_of(seller, family_name="Lovelace")
    share(person, other, clock)
    client.force_login(seller)

    for path in ("/desk/people/", f"/desk/people/{person.id}/"):
        assert "Lovelace" not in client.get(path).content.decode()


@pytest.mark.rule("C-21", "DAT-009")
def test_a_partner_does_not_find_by_name_and_address_who_shares_nothing_but_by_the_car(clock):
    seller = vehicle_facts.partner_staff()
    person = customer_of(seller, family_name="Lovelace", email="countess@example.org")
    car = person.assignments.get().vehicle

    assert (found(seller, "lovel"), found(seller, "countess")) == (set(), set())
    assert found(seller, car.vin[-6:]) == {person.id}
    assert found(assistance(), "lovel") == {person.id}

    share(person, seller, clock)
    assert (found(seller, "lovel"), found(seller, "countess")) == ({person.id}, {person.id})


@pytest.mark.rule("C-21")
def test_the_order_of_the_list_tells_no_name(clock):
    seller = vehicle_facts.partner_staff()
    zoe, ada, known = (customer_of(seller, family_name=name) for name in ("Zola", "Adami", "Meier"))
    share(known, seller, clock)

    assert list(queries.found_at_desk(by=seller, search="")) == [known, *sorted([zoe, ada], key=lambda each: each.id)]


@pytest.mark.rule("C-21", "DAT-009")
@pytest.mark.parametrize("page", ["", "name/", "email/", "email/stop/"])
def test_no_page_about_a_customer_who_shares_nothing_tells_the_partner_who_it_is(client, page):
    seller = vehicle_facts.partner_staff()
    person = customer_of(seller, given_name="Augusta", family_name="Lovelace", email="countess@example.org")
    staff = assistance()
    actions.change_name(by=staff, account_id=person.id, given_name="Augusta", family_name="King", reason=WHY)
    actions.change_email(by=staff, account_id=person.id, email="king@example.org", reason=WHY)
    client.force_login(seller)

    shown = client.get(f"/desk/people/{person.id}/{page}").content.decode()

    for secret in ("Augusta", "Lovelace", "King", "countess@", "king@"):
        assert secret not in shown
    client.force_login(staff)
    assert "Augusta King" in client.get(f"/desk/people/{person.id}/").content.decode()


@pytest.mark.parametrize("who", ["assistance", "partner"])
@pytest.mark.rule("ID-031")
def test_the_name_is_changed_by_assistance_or_by_the_responsible_partner(client, who):
    seller = vehicle_facts.partner_staff()
    person = customer_of(seller)
    staff = seller if who == "partner" else assistance()
    client.force_login(staff)

    client.post(
        f"/desk/people/{person.id}/name/", {"given_name": "Ada", "family_name": "Bianchi", "reason": f" {WHY} "}
    )

    assert queries.account(id=person.id).name == "Ada Bianchi"
    kept = StaffChange.objects.get()
    assert (kept.by, kept.before, kept.after, kept.reason) == (staff, "Ada Rossi", "Ada Bianchi", WHY)
    assert "Ada Bianchi" in identity_facts.last_mail(person.email)[1]
    page = text_of(client.get(f"/desk/people/{person.id}/"))
    # the partner knows that it changed the name; what it was and is only of those who share their data
    names = "Ada Rossi → Ada Bianchi · " if who == "assistance" else ""
    assert f"Name changed {names}{WHY} {staff.name}" in page


@pytest.mark.rule("ID-031")
@pytest.mark.parametrize(
    ("who", "changed", "refusal"),
    [
        ("stranger", {}, NotFound),
        ("other_partner", {}, NotFound),
        ("soc", {}, NotFound),
        ("oneself", {}, errors.OwnAccount),
        ("assistance", {"reason": "  "}, errors.ReasonMissing),
        ("assistance", {"family_name": " "}, errors.NameMissing),
    ],
)
def test_a_name_that_may_not_be_changed_stays(who, changed, refusal):
    person = identity_facts.account(staff_roles=("assistance",))
    by = {
        "stranger": identity_facts.account,
        "other_partner": other_partner,
        "soc": lambda: identity_facts.account(staff_roles=("soc",)),
        "oneself": lambda: person,
        "assistance": assistance,
    }[who]()
    asked = {"given_name": "Eve", "family_name": "Evil", "reason": WHY, **changed}

    with pytest.raises(refusal):
        actions.change_name(by=by, account_id=person.id, **asked)

    assert queries.account(id=person.id).name == "Ada Rossi"
    assert not StaffChange.objects.exists()
    assert not OutboxEvent.objects.filter(type="identity.NameChanged").exists()
    assert not Mail.objects.filter(to=person.email).exists()


def links(person, new):
    confirm = identity_facts.link_in(identity_facts.last_mail(new)[1])
    stop = identity_facts.link_in(identity_facts.last_mail(person.email)[1])
    return confirm, stop


def change_asked(new="new@example.org", **facts):
    person = identity_facts.account(email="former@example.org", **facts)
    actions.change_email(by=assistance(), account_id=person.id, email=new, reason=WHY)
    return person, *links(person, new)


@pytest.mark.rule("ID-031")
def test_a_new_address_holds_once_it_was_confirmed_there(client):
    person, confirm, _ = change_asked()
    client.get(confirm)
    before = queries.account(id=person.id).email

    answer = client.post(confirm)

    assert before == "former@example.org"
    assert "new@example.org" in text_of(answer)
    assert queries.account(id=person.id).email == "new@example.org"
    for address in ("former@example.org", "new@example.org"):
        assert sent_to(address) == ["identity/mail/email_changed", 2]


def test_after_the_change_one_signs_in_with_the_new_address_only(client):
    person, confirm, _ = change_asked()
    client.post("/signin/", {"login": "former@example.org", "password": identity_facts.PASSWORD})
    client.post("/signout/")
    client.post(confirm)

    refused = client.post("/signin/", {"login": "former@example.org", "password": identity_facts.PASSWORD})
    taken = client.post("/signin/", {"login": "new@example.org", "password": identity_facts.PASSWORD})

    assert refused.status_code == 200
    assert taken.status_code == 302
    assert client.session["_auth_user_id"] == str(person.id)


def test_confirming_twice_is_confirming_once(client):
    _, confirm, _ = change_asked()

    client.post(confirm)
    again = client.post(confirm)

    assert again.status_code == 200
    assert Mail.objects.filter(template="identity/mail/email_changed").count() == 2


def test_the_former_address_can_stop_the_change(client):
    person, confirm, stop = change_asked()

    client.get(stop)
    assert AddressChange.objects.get().stopped_at is None
    for _ in range(2):
        assert "Your e-mail address stays" in text_of(client.post(stop))

    assert client.post(confirm).status_code == 410
    assert queries.account(id=person.id).email == "former@example.org"


def test_what_was_confirmed_cannot_be_stopped(client):
    person, confirm, stop = change_asked()
    client.post(confirm)

    assert client.get(stop).status_code == 410
    assert client.post(stop).status_code == 410
    assert queries.account(id=person.id).email == "new@example.org"


@pytest.mark.parametrize(
    ("late_by", "email"), [(-1, "new@example.org"), (0, "former@example.org"), (1, "former@example.org")]
)
def test_a_link_to_confirm_lives_as_long_as_the_terms_say(client, clock, late_by, email):
    person, confirm, _ = change_asked()
    clock.advance(catalog.terms().email_change_validity + timedelta(seconds=late_by))

    client.get(confirm)
    client.post(confirm)

    assert queries.account(id=person.id).email == email


def test_a_second_new_address_replaces_the_first(client):
    person, first, _ = change_asked()
    actions.change_email(by=assistance(), account_id=person.id, email="second@example.org", reason=WHY)
    second = identity_facts.link_in(identity_facts.last_mail("second@example.org")[1])

    assert client.post(first).status_code == 410
    client.post(second)

    assert queries.account(id=person.id).email == "second@example.org"


def test_staff_take_a_new_address_back(client):
    person, confirm, _ = change_asked()
    client.force_login(assistance())

    client.post(f"/desk/people/{person.id}/email/stop/", {"reason": "Mistyped"})

    assert client.post(confirm).status_code == 410
    assert StaffChange.objects.filter(kind="email_withdrawn", reason="Mistyped").count() == 1


@pytest.mark.rule("ID-001")
def test_an_address_that_another_account_has_is_refused(client):
    person = identity_facts.account()
    other = identity_facts.account()
    client.force_login(assistance())

    answer = client.post(f"/desk/people/{person.id}/email/", {"email": other.email.upper(), "reason": WHY})

    assert answer.status_code == 422
    assert "An address belongs to one account only" in text_of(answer)
    assert f'value="{other.email.upper()}"' in answer.content.decode()
    assert not AddressChange.objects.exists()
    assert not Mail.objects.exists()


@pytest.mark.rule("ID-001")
def test_a_partner_learns_of_no_account_by_guessing_its_address():
    seller = vehicle_facts.partner_staff()
    person, other = identity_facts.account(), identity_facts.account()
    vehicle_facts.vehicle(main_user=person, sold_by=vehicle_facts.partner_of(seller))

    guessed = actions.change_email(by=seller, account_id=person.id, email=other.email, reason=WHY)
    free = actions.change_email(by=seller, account_id=person.id, email="free@example.org", reason=WHY)

    assert (type(guessed), guessed.email) == (type(free), other.email)
    (told,) = Mail.objects.filter(recipient_id=other.id)
    assert told.template == "identity/mail/email_taken"
    assert [each.template for each in Mail.objects.filter(recipient_id=person.id).order_by("id")].count(
        "identity/mail/email_confirm"
    ) == 1
    assert queries.account(id=other.id).email == other.email


def test_an_address_taken_meanwhile_is_not_taken_away():
    person, confirm, _ = change_asked()
    identity_facts.account(email="new@example.org")

    with pytest.raises(errors.AddressTaken):
        actions.confirm_email(token=confirm.split("/")[-2])

    assert queries.account(id=person.id).email == "former@example.org"


def test_an_unfinished_registration_gives_way(client):
    begun = identity_facts.registration(email="new@example.org", step="name")
    person, confirm, _ = change_asked()

    client.post(confirm)

    assert queries.account(id=person.id).email == "new@example.org"
    assert not Account.objects.filter(id=begun.account_id).exists()


def test_the_same_address_is_no_change():
    person = identity_facts.account()

    with pytest.raises(errors.AddressUnchanged):
        actions.change_email(by=assistance(), account_id=person.id, email=person.email, reason=WHY)


def test_an_invented_link_opens_nothing(client):
    person, confirm, stop = change_asked()

    for path in (
        "/account/address/invented/",
        "/account/address/invented/stop/",
        f"{confirm}stop/",
        stop[: -len("stop/")],
    ):
        assert client.get(path).status_code == 410
        assert client.post(path).status_code == 410
    assert queries.account(id=person.id).email == "former@example.org"


def test_the_list_asks_the_same_number_of_questions_for_few_and_many_people(client, django_assert_max_num_queries):
    client.force_login(assistance())
    client.get("/desk/people/?q=example")
    with django_assert_max_num_queries(5) as taken:
        client.get("/desk/people/?q=example")
    few = len(taken)
    for _ in range(10):
        identity_facts.account()

    with django_assert_max_num_queries(few):
        client.get("/desk/people/?q=example")


def test_the_list_of_a_partner_asks_as_much_for_many_who_share_nothing_as_for_few(
    client, django_assert_max_num_queries
):
    seller = vehicle_facts.partner_staff()
    customer_of(seller)
    client.force_login(seller)
    client.get("/desk/people/")
    with django_assert_max_num_queries(8) as taken:
        client.get("/desk/people/")
    few = len(taken)
    for _ in range(10):
        customer_of(seller)

    with django_assert_max_num_queries(few):
        assert client.get("/desk/people/").content.decode().count("does not share data with you") == 11
