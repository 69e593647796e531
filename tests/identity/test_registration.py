import re
from datetime import timedelta

import pytest
from django.test import Client
from tests import identity_facts as facts

from vettura.catalog.queries import countries, country, terms
from vettura.foundation.models import OutboxEvent
from vettura.identity import actions, errors, queries
from vettura.identity.models import Account, PhoneCheck, Registration
from vettura.notifications.models import Mail, Sms

pytestmark = pytest.mark.django_db


@pytest.mark.rule("ID-008", "ID-009", "ID-013", "ID-018", "DAT-019", "C-75")
def test_a_person_walks_from_the_link_to_the_portal(client, clock):
    begun = facts.registration(email="Ada@Example.org", next_url="/vehicles/invitations/abc/")
    account = begun.account
    assert account.email == "ada@example.org"
    assert account.status == Account.Status.INVITED

    page = client.get(begun.url, follow=True)
    assert page.redirect_chain[-1][0] == f"{begun.url}password/"
    assert "ada@example.org" in page.content.decode()

    refused = client.post(f"{begun.url}password/", {"password1": "short"})
    assert refused.status_code == 422
    for sentence in ("At least 8 characters", "upper-case", "digit", "special"):
        assert sentence in re.sub(r"<ul.*?</ul>", "", refused.content.decode(), flags=re.DOTALL)
    assert Registration.objects.get().password == ""

    done = client.post(f"{begun.url}password/", {"password1": facts.PASSWORD})
    assert done.headers["Location"] == f"{begun.url}name/"

    wrong_number = client.post(f"{begun.url}name/", {"given_name": "Ada", "family_name": "Rossi", "phone": "12"})
    assert wrong_number.status_code == 422
    assert Sms.objects.count() == 0
    done = client.post(f"{begun.url}name/", {"given_name": "Ada", "family_name": "Rossi", "phone": "312 345 6789"})
    assert done.headers["Location"] == f"{begun.url}code/"
    assert Sms.objects.get().to == "+393123456789"

    code = facts.last_code(account.id)
    wrong = client.post(f"{begun.url}code/", {"code": "000000" if code != "000000" else "111111"})
    assert wrong.status_code == 422
    assert "Attempts left: 4" in wrong.content.decode()
    done = client.post(f"{begun.url}code/", {"code": code})
    assert done.headers["Location"] == f"{begun.url}terms/"

    only_one = client.post(f"{begun.url}terms/", {"accepts_terms": "on"})
    assert only_one.status_code == 422
    account.refresh_from_db()
    assert account.status == Account.Status.INVITED

    page = client.get(f"{begun.url}terms/").content.decode()
    shown = dict(re.findall(r'name="(shown_\w+)" value="([^"]+)"', page))
    done = client.post(f"{begun.url}terms/", {"accepts_terms": "on", "accepts_privacy": "on", **shown})
    assert done.headers["Location"] == "/vehicles/invitations/abc/"

    account.refresh_from_db()
    assert account.status == Account.Status.ACTIVE
    assert (account.name, account.phone, account.country) == ("Ada Rossi", "+393123456789", "IT")
    assert account.check_password(facts.PASSWORD)
    assert client.session["_auth_user_id"] == str(account.id)
    accepted = queries.accepted_documents(account=account)
    assert {row.kind for row in accepted} == {"terms_of_use", "privacy"}
    assert all(row.version and row.accepted_at == clock.now() for row in accepted)
    assert queries.accepted_terms_at(account=account) == clock.now()
    assert set(OutboxEvent.objects.values_list("type", flat=True)) == {
        "identity.AccountActivated",
        "identity.DocumentsAccepted",
    }


@pytest.mark.rule("ID-008", "ID-025", "C-75")
def test_a_link_that_was_opened_and_left_goes_on_in_another_browser():
    begun = facts.registration(step="name")
    Client().get(begun.url)

    again = Client().get(begun.url)

    assert again.headers["Location"] == f"{begun.url}name/"
    begun.account.refresh_from_db()
    assert begun.account.status == Account.Status.INVITED


@pytest.mark.rule("ID-008")
def test_opening_the_link_activates_nothing_by_itself(clock):
    begun = facts.registration()

    first = actions.open_registration(registration_id=begun.id).opened_at
    clock.advance(hours=1)
    second = actions.open_registration(registration_id=begun.id)

    assert second.opened_at == first
    assert second.completed_at is None
    assert queries.find_by_email(email=begun.email) is None


def test_a_later_step_leads_back_to_the_one_that_is_open(client):
    begun = facts.registration(step="name")

    answer = client.get(f"{begun.url}terms/")

    assert answer.headers["Location"] == f"{begun.url}name/"


def test_a_completed_registration_signs_nobody_in_again(client):
    begun = facts.registration(step="documents")
    actions.complete_registration(registration_id=begun.id, accepts_terms=True, accepts_privacy=True)

    answer = client.get(begun.url)

    assert answer.status_code == 409
    assert "/signin/" in answer.content.decode()
    assert "_auth_user_id" not in client.session
    with pytest.raises(errors.RegistrationDone):
        actions.complete_registration(registration_id=begun.id, accepts_terms=True, accepts_privacy=True)


def test_a_registration_can_be_finished_until_it_expires(clock):
    begun = facts.registration()
    last_moment = begun.expires_at

    clock.move_to(last_moment - timedelta(seconds=1))
    actions.open_registration(registration_id=begun.id)
    clock.move_to(last_moment)
    with pytest.raises(errors.RegistrationOver):
        actions.open_registration(registration_id=begun.id)


def test_beginning_again_goes_on_with_the_open_registration():
    first = facts.registration(email="ada@example.org", step="name", next_url="/one/")

    second = actions.begin_registration(email="ADA@example.org", language="de", country="DE", next_url="/two/")

    assert second.id == first.id
    assert (second.next_url, second.country) == ("/two/", "DE")
    assert second.password


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_a_registration_never_ends_on_somebody_elses_page(elsewhere):
    begun = facts.registration(next_url=elsewhere)

    assert begun.next_url == "/"


def test_an_active_account_cannot_be_registered_again():
    person = facts.account()

    with pytest.raises(errors.AlreadyRegistered):
        actions.begin_registration(email=person.email, language="en", country="IT", next_url="/")


@pytest.mark.rule("ID-018")
def test_a_new_code_voids_the_one_before_and_the_step_stays_open(client, clock):
    begun = facts.registration(step="code")
    old = facts.last_code(begun.account_id)
    clock.advance(terms().sms_code_resend_after)

    page = client.post(f"{begun.url}code/again/")

    assert page.status_code == 200
    new = facts.last_code(begun.account_id)
    if old != new:
        with pytest.raises(errors.SmsCodeWrong):
            actions.check_sms_code(registration_id=begun.id, code=old)
    actions.check_sms_code(registration_id=begun.id, code=new)
    assert Sms.objects.count() == 2


@pytest.mark.rule("ID-019")
def test_after_the_second_missing_sms_the_page_names_assistance(client, clock):
    begun = facts.registration(step="code")
    assert country("IT").support_phone not in client.get(f"{begun.url}code/").content.decode()
    clock.advance(terms().sms_code_resend_after)

    page = client.post(f"{begun.url}code/again/").content.decode()

    assert country("IT").support_phone in page
    assert country("IT").email in page


def test_another_code_has_to_wait_a_moment(client, clock):
    begun = facts.registration(step="code")
    clock.advance(terms().sms_code_resend_after - timedelta(seconds=1))

    page = client.post(f"{begun.url}code/again/")

    assert "in 1 s." in page.content.decode()
    assert Sms.objects.count() == 1


def test_codes_are_not_sent_without_end(clock):
    begun = facts.registration(step="code")
    for _ in range(3):
        clock.advance(minutes=1)
        actions.send_code_again(registration_id=begun.id)
    clock.advance(minutes=1)

    with pytest.raises(errors.SmsLimitReached):
        actions.send_code_again(registration_id=begun.id)

    assert Sms.objects.count() == 4


@pytest.mark.rule("ID-018")
def test_a_code_works_until_its_time_is_over(clock):
    begun = facts.registration(step="code")
    code = facts.last_code(begun.account_id)

    clock.advance(terms().sms_code_validity)
    with pytest.raises(errors.SmsCodeSpent):
        actions.check_sms_code(registration_id=begun.id, code=code)
    clock.advance(timedelta(seconds=-1))
    actions.check_sms_code(registration_id=begun.id, code=code)


def test_a_code_that_was_guessed_too_often_is_void_even_when_right():
    begun = facts.registration(step="code")
    code = facts.last_code(begun.account_id)
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(terms().sms_code_attempts - 1):
        with pytest.raises(errors.SmsCodeWrong):
            actions.check_sms_code(registration_id=begun.id, code=wrong)
    with pytest.raises(errors.SmsCodeSpent):
        actions.check_sms_code(registration_id=begun.id, code=wrong)

    with pytest.raises(errors.SmsCodeSpent):
        actions.check_sms_code(registration_id=begun.id, code=code)


@pytest.mark.rule("DAT-001")
def test_passwords_codes_and_texts_are_not_kept_in_clear():
    begun = facts.registration(step="code")
    code = facts.last_code(begun.account_id)

    check = PhoneCheck.objects.get()
    sms = Sms.objects.get()
    begun.refresh_from_db()

    assert code not in check.code_hash
    assert code.encode() not in bytes(sms.sealed_content)
    assert facts.PASSWORD not in begun.password


@pytest.mark.rule("ID-003", "ID-040")
def test_somebody_without_invitation_registers_by_a_mailed_link(client):
    answer = client.post("/signup/", {"email": "neu@example.org", "country": self_registering(), "next": "/store/"})

    assert answer.status_code == 200
    _, text, html = facts.last_mail("neu@example.org")
    assert facts.link_in(text) in html
    page = client.get(facts.link_in(text), follow=True)
    assert page.redirect_chain[-1][0].endswith("/password/")
    assert Registration.objects.get().next_url == "/store/"


@pytest.mark.rule("ID-003")
def test_where_an_invitation_is_needed_the_page_says_whom_to_ask(client):
    code = invitation_only()

    answer = client.post("/signup/", {"email": "neu@example.org", "country": code})

    page = answer.content.decode()
    assert answer.status_code == 403
    assert "partner" in page
    assert country(code).support_phone in page
    assert Mail.objects.count() == 0
    assert Account.objects.count() == 0


def test_signing_up_does_not_tell_who_has_an_account(client):
    person = facts.account()

    known = client.post("/signup/", {"email": person.email, "country": self_registering()})
    unknown = client.post("/signup/", {"email": "neu@example.org", "country": self_registering()})

    assert main_part(known).replace(person.email, "…") == main_part(unknown).replace("neu@example.org", "…")
    assert known.status_code == unknown.status_code
    _, text, _ = facts.last_mail(person.email)
    assert "/signin/" in text


@pytest.mark.parametrize("language", ["it", "de"])
def test_mail_and_sms_speak_the_persons_language(language):
    begun = facts.registration(language=language, step="code")

    sms = facts.last_sms(begun.account_id)

    assert {"it": "codice", "de": "Code für"}[language] in sms


def self_registering() -> str:
    return next(each.iso2 for each in countries() if each.self_registration)


def invitation_only() -> str:
    return next(each.iso2 for each in countries() if not each.self_registration)


def main_part(answer) -> str:
    shown = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    # a new token for every form
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", shown)


@pytest.mark.rule("ID-013")
def test_a_password_that_is_easily_guessed_is_taken_with_advice(client):
    begun = facts.registration()

    page = client.post(f"{begun.url}password/", {"password1": "Password1!"}, follow=True)

    assert page.redirect_chain[-1][0] == f"{begun.url}name/"
    assert "easily guessed" in page.content.decode()


def test_the_pages_go_on_in_the_language_of_the_mail(client):
    begun = facts.registration(language="it")

    page = client.get(begun.url, follow=True).content.decode()

    assert "Scelga una password" in page
