"""An account is deleted by its holder, and by nobody else; access ends everywhere, the customer record stays."""

import pytest
from tests import ident_facts, identity_facts, store_facts, vehicle_facts
from tests.ident_facts import ident, ident_sandbox

from vettura.foundation import clock as time
from vettura.foundation.models import OutboxEvent
from vettura.identity import actions, errors, queries
from vettura.identity.models import Account, IdentityCheck, ProgramGrant
from vettura.notifications.models import Mail

__all__ = ["ident", "ident_sandbox"]
pytestmark = pytest.mark.django_db
GONE = "This account does not exist any more."


def delete(person: Account) -> Account:
    return actions.delete_account(account=person, by=person, password=identity_facts.PASSWORD)


def announced() -> int:
    return OutboxEvent.objects.filter(type="identity.AccountDeleted").count()


@pytest.mark.rule("ID-036", "ID-037")
def test_the_holder_deletes_the_account_from_login_and_security(client):
    person = identity_facts.account(email="ada@example.org")
    client = identity_facts.signed_in(person)
    page = client.get("/account/security/").content.decode()
    assert "Login and security" in page
    assert 'href="/account/delete/"' in page

    answer = client.post("/account/delete/", {"understood": "on", "password": identity_facts.PASSWORD})

    assert (answer.status_code, answer["Location"]) == (302, "/account/deleted/")
    person.refresh_from_db()
    assert person.status == Account.Status.DELETED
    assert client.get("/account/")["Location"].startswith("/signin/")
    assert announced() == 1
    _, text, _ = identity_facts.last_mail("ada@example.org")
    assert "kept until you ask your partner or Assistance to erase it" in text


@pytest.mark.rule("ID-036")
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"understood": "on", "password": "Wrong!2026"}, "The current password is wrong."),
        ({"password": identity_facts.PASSWORD}, "This field is required."),
        ({"understood": "on"}, "This field is required."),
    ],
)
def test_without_the_password_or_the_confirmation_nothing_is_deleted(typed, said):
    person = identity_facts.account()

    answer = identity_facts.signed_in(person).post("/account/delete/", typed)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    person.refresh_from_db()
    assert person.status == Account.Status.ACTIVE
    assert announced() == 0


@pytest.mark.rule("ID-032")
@pytest.mark.parametrize("who", ["partner", "assistance", "secondary_user"])
def test_nobody_else_can_delete_an_account(who):
    person = vehicle_facts.person()
    other = {
        "partner": vehicle_facts.partner_staff,
        "assistance": lambda: identity_facts.account(staff_roles=("assistance",)),
        "secondary_user": vehicle_facts.person,
    }[who]()
    if who == "secondary_user":
        vehicle_facts.vehicle(main_user=person, secondary_users=[other])

    with pytest.raises(errors.OnlyHolderDeletes):
        actions.delete_account(account=person, by=other, password=identity_facts.PASSWORD)

    person.refresh_from_db()
    assert person.status == Account.Status.ACTIVE
    assert announced() == 0


@pytest.mark.rule("ID-037")
def test_signing_in_says_that_the_account_does_not_exist_any_more_to_whoever_knows_the_password(client):
    person = identity_facts.account(email="ada@example.org")
    delete(person)

    right = client.post("/signin/", {"login": "Ada@example.org", "password": identity_facts.PASSWORD})
    wrong = client.post("/signin/", {"login": "ada@example.org", "password": "Guessed!2026"})

    assert GONE in right.content.decode()
    assert GONE not in wrong.content.decode()
    assert "E-mail address or password is wrong." in wrong.content.decode()


@pytest.mark.rule("ID-037")
def test_every_signed_in_device_and_every_program_is_out_at_once(client):
    person = identity_facts.account(pin="1234")
    phone, laptop = identity_facts.signed_in(person), identity_facts.signed_in(person)
    assert phone.get("/account/").status_code == laptop.get("/account/").status_code == 200
    program = actions.register_client(client_id="app", name="App", redirect_uris=["https://app.example/"], scopes=[])
    at = time.now()
    ProgramGrant.objects.create(
        account=person, client=program, scopes=["openid"], authenticated_at=at, started_at=at, last_used_at=at
    )

    delete(person)

    for device in (phone, laptop):
        assert device.get("/account/")["Location"].startswith("/signin/")
        assert device.get("/api/v1/me").status_code == 401
        assert queries.session_account(cookies={name: each.value for name, each in device.cookies.items()}) is None
    assert not ProgramGrant.objects.filter(account=person, ended_at=None).exists()
    assert not queries.has_pin(account=person)


@pytest.mark.rule("DAT-020")
def test_the_customer_record_stays_for_authorized_staff():
    person = identity_facts.account(email="ada@example.org", given_name="Ada", family_name="Rossi")
    assistance = identity_facts.account(staff_roles=("assistance",))

    delete(person)

    page = identity_facts.signed_in(assistance).get(f"/desk/people/{person.id}/")
    assert page.status_code == 200
    assert "Ada Rossi" in page.content.decode()
    assert "ada@example.org" in page.content.decode()


def test_a_deleted_address_can_be_registered_again_and_the_new_account_knows_nothing_of_the_old():
    person = identity_facts.account(email="ada@example.org")
    delete(person)

    again = identity_facts.account(email="ada@example.org")

    assert again.id != person.id
    assert queries.find_by_email(email="ada@example.org") == again


def test_deleting_twice_is_the_same_as_once():
    person = identity_facts.account()
    first = delete(person)

    second = delete(person)

    assert (first.deleted_at, first.address) == (second.deleted_at, second.address)
    assert announced() == 1


def test_an_address_that_waited_to_be_confirmed_confirms_nothing_after_the_deletion():
    person = identity_facts.account()
    assistance = identity_facts.account(staff_roles=("assistance",))
    actions.change_email(account_id=person.id, by=assistance, email="new@example.org", reason="asked on the phone")
    _, text, _ = identity_facts.last_mail("new@example.org")
    delete(person)

    answer = identity_facts.signed_in(assistance).get(identity_facts.link_in(text))

    assert answer.status_code == 410


@pytest.mark.rule("ID-037")
@pytest.mark.parametrize("status", ["opened", "waiting", "in_call", "failed"])
def test_an_open_identity_check_is_canceled_and_nobody_is_written_to(clock, status):
    person = identity_facts.account(country="IT")
    case = ident_facts.opened_case(person)
    IdentityCheck.objects.filter(id=case.id).update(status=status)
    said = {
        each.kind: each.sentence
        for each in queries.consequences_of_deletion(account=person)
        if "check" in each.sentence
    }
    assert said == {"ends": "Your identity check ends, and with it what waits for it."}
    mails = Mail.objects.filter(template__contains="identity_").count()

    delete(person)

    case.refresh_from_db()
    assert (case.status, case.decided_at) == (IdentityCheck.Status.CANCELED, clock.now())
    event = OutboxEvent.objects.get(type__endswith="IdentityCheckFailed")
    assert event.body["is_final"] is True
    assert Mail.objects.filter(template__contains="identity_").count() == mails


@pytest.mark.rule("ID-037")
def test_what_was_seen_of_the_document_is_forgotten_here_and_at_the_provider(ident, clock):
    case = ident_facts.verified_case(ident)
    other = ident_facts.verified_case(ident)
    person = case.account
    sentences = [each.sentence for each in queries.consequences_of_deletion(account=person)]
    assert "What was seen of your documents in identity checks is deleted, here and at the provider." in sentences

    delete(person)
    store_facts.run_jobs()

    case.refresh_from_db()
    other.refresh_from_db()
    assert (case.status, case.sealed_document, case.pictures.count()) == (IdentityCheck.Status.VERIFIED, None, 0)
    assert (case.document_kind, case.document_country, case.evidence_deleted_at) == ("", "", clock.now())
    assert ident.api().get(f"/identifications/{case.transaction_number}").status_code == 404
    assert (other.pictures.count(), other.evidence_deleted_at) == (3, None)
    assert ident.api().get(f"/identifications/{other.transaction_number}").status_code == 200


def test_a_result_that_comes_after_the_deletion_is_not_even_asked_for(ident, clock):
    case = ident_facts.waiting_case()
    delete(case.account)
    ident.decide(case.code)

    case = ident_facts.hear(case)

    assert (case.status, case.sealed_document, case.pictures.count()) == (IdentityCheck.Status.CANCELED, None, 0)
