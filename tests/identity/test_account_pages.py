import pytest
from tests import identity_facts as facts

from vettura.foundation.models import OutboxEvent
from vettura.identity import actions, errors, queries
from vettura.identity.models import AcceptedDocument, Account

pytestmark = pytest.mark.django_db


@pytest.mark.rule("ID-029")
def test_contact_data_are_changed_and_saved():
    person = facts.account()
    client = facts.signed_in(person)

    client.post("/account/", {"language": "de", "street": "Via Po 1", "postal_code": "10123", "city": "Torino"})

    person.refresh_from_db()
    assert (person.language, person.street, person.postal_code, person.city) == ("de", "Via Po 1", "10123", "Torino")


@pytest.mark.rule("ID-030", "ID-031")
def test_the_name_is_read_only_and_the_page_says_who_changes_it():
    person = facts.account()
    client = facts.signed_in(person)

    page = client.get("/account/").content.decode()
    client.post("/account/", {"language": "en", "given_name": "Eve", "family_name": "Evil", "email": "eve@example.org"})

    assert "Ada Rossi" in page
    assert 'name="given_name"' not in page
    assert "/contact/" in page
    person.refresh_from_db()
    assert (person.name, person.email) == ("Ada Rossi", person.email)
    assert not Account.objects.filter(email="eve@example.org").exists()


@pytest.mark.rule("ID-031")
def test_a_changed_name_is_announced_once():
    person = facts.account()
    staff = facts.account(staff_roles=("assistance",))

    for _ in range(2):
        actions.change_name(
            by=staff, account_id=person.id, given_name="Ada", family_name="Bianchi", reason="Showed an identity card"
        )

    assert queries.account(id=person.id).name == "Ada Bianchi"
    assert OutboxEvent.objects.filter(type="identity.NameChanged").count() == 1


@pytest.mark.rule("ID-026")
def test_without_an_account_there_is_no_account_page(client):
    for path in ("/account/", "/account/pin/", "/account/programs/", "/account/phone/", "/messages/"):
        answer = client.get(path)
        assert answer.headers["Location"] == f"/signin/?next={path}"


def test_a_new_number_counts_once_its_code_was_entered(clock):
    person = facts.account(phone="+393123456789")
    client = facts.signed_in(person)

    client.post("/account/phone/", {"phone": "+39 320 111 2222"})
    assert Account.objects.get(id=person.id).phone == "+393123456789"
    client.post("/account/phone/code/", {"code": facts.last_code(person.id)})

    person.refresh_from_db()
    assert person.phone == "+393201112222"
    assert person.phone_verified_at == clock.now()


@pytest.mark.rule("IMP-49")
def test_documents_are_accepted_once_per_version():
    person = facts.account()

    again = actions.accept_documents(account=person, language="en")

    assert again == []
    assert AcceptedDocument.objects.filter(account=person).count() == 2
    assert OutboxEvent.objects.filter(type="identity.DocumentsAccepted").count() == 1


def test_an_address_has_one_account_whatever_its_capitals():
    facts.account(email="Ada@Example.org")

    with pytest.raises(errors.AlreadyRegistered):
        facts.account(email="ADA@example.ORG")


def test_staff_have_the_roles_they_were_given():
    person = facts.account(staff_roles=("assistance",))

    assert person.has_staff_role("assistance")
    assert not person.has_staff_role("soc")
    assert not person.is_staff
    with pytest.raises(ValueError, match="unknown"):
        actions.grant_staff_role(account=person, role="admin")
