import pytest
from django.core.cache import cache
from django.test import Client
from tests import identity_facts as facts

from vettura.catalog.queries import country, terms
from vettura.identity import actions, queries
from vettura.identity.models import Account
from vettura.notifications.models import Mail

pytestmark = pytest.mark.django_db

NEW_PASSWORD = "Another&2027"


@pytest.fixture(autouse=True)
def _no_attempts_yet(db):
    cache.clear()


@pytest.mark.rule("ID-001")
def test_a_person_signs_in_with_address_and_password_and_lands_where_they_wanted(client):
    person = facts.account(email="ada@example.org")

    answer = client.post("/signin/", {"login": "ADA@example.org", "password": facts.PASSWORD, "next": "/store/"})

    assert answer.status_code == 302
    assert answer.headers["Location"] == "/store/"
    assert client.session["_auth_user_id"] == str(person.id)


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/"])
def test_signing_in_never_leads_to_somebody_elses_page(client, elsewhere):
    facts.account(email="ada@example.org")

    answer = client.post("/signin/", {"login": "ada@example.org", "password": facts.PASSWORD, "next": elsewhere})

    assert answer.headers["Location"] == "/"


def test_a_wrong_password_and_an_unknown_address_look_the_same(client):
    facts.account(email="ada@example.org")

    wrong = client.post("/signin/", {"login": "ada@example.org", "password": "Wrong!2026"})
    unknown = client.post("/signin/", {"login": "eve@example.org", "password": "Wrong!2026"})

    sentence = "E-mail address or password is wrong."
    assert sentence in wrong.content.decode()
    assert sentence in unknown.content.decode()
    assert "_auth_user_id" not in client.session


def test_after_many_wrong_passwords_the_right_one_has_to_wait(client):
    facts.account(email="ada@example.org")
    for _ in range(5):
        client.post("/signin/", {"login": "ada@example.org", "password": "Wrong!2026"})

    answer = client.post("/signin/", {"login": "ada@example.org", "password": facts.PASSWORD})

    assert "Too many attempts" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_an_account_that_is_not_active_cannot_sign_in(client):
    begun = facts.registration(step="documents")
    Account.objects.filter(id=begun.account_id).update(password=facts.account().password)

    answer = client.post("/signin/", {"login": begun.email, "password": facts.PASSWORD}, follow=True)

    assert "This account cannot be used" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_signing_out_ends_the_session_and_a_link_cannot_do_it():
    client = facts.signed_in(facts.account())

    assert client.get("/signout/").status_code == 405
    assert "_auth_user_id" in client.session
    client.post("/signout/")

    assert "_auth_user_id" not in client.session


@pytest.mark.rule("ID-021", "ID-014", "ID-015", "ID-016", "ID-017")
def test_a_forgotten_password_is_replaced_by_a_mailed_link(client):
    person = facts.account()
    sent = client.post("/password/reset/", {"email": person.email}, follow=True)
    assert "on its way" in sent.content.decode()
    _, text, html = facts.last_mail(person.email)
    link = facts.link_in(text)
    assert link in html

    page = client.get(link, follow=True)
    form_url = page.redirect_chain[-1][0]
    weak = client.post(form_url, {"password1": "abcdefgh"})
    assert "At least 1 digit" in weak.content.decode()
    client.post(form_url, {"password1": NEW_PASSWORD})

    person.refresh_from_db()
    assert person.check_password(NEW_PASSWORD)
    assert facts.last_mail(person.email)[0].template == "identity/mail/password_changed"
    used = Client().get(link, follow=True)
    assert "This link no longer works" in used.content.decode()


@pytest.mark.rule("ID-021")
def test_a_request_for_an_unknown_address_looks_the_same_and_mails_nobody(client):
    answer = client.post("/password/reset/", {"email": "nobody@example.org"}, follow=True)

    assert "on its way" in answer.content.decode()
    assert Mail.objects.count() == 0


@pytest.mark.rule("ID-012")
def test_a_forgotten_address_leads_to_assistance_and_is_not_looked_up(client):
    page = client.get("/signin/").content.decode()
    assert "/signin/help/" in page

    helped = client.get("/signin/help/").content.decode()
    contact = client.get("/contact/", {"country": "IT"}).content.decode()

    assert "/contact/" in helped
    assert "<input" not in helped.partition("<main")[2].partition("</main>")[0]
    assert country("IT").support_phone in contact


@pytest.mark.rule("ID-034")
def test_a_changed_password_holds_here_and_ends_every_other_session():
    person = facts.account()
    here, elsewhere = facts.signed_in(person), facts.signed_in(person)

    wrong = here.post("/account/password/", {"current": "Wrong!2026", "password1": NEW_PASSWORD})
    done = here.post("/account/password/", {"current": facts.PASSWORD, "password1": NEW_PASSWORD})

    assert wrong.status_code == 422
    assert done.status_code == 302
    assert here.get("/account/").status_code == 200
    assert elsewhere.get("/account/").headers["Location"].startswith("/signin/")
    person.refresh_from_db()
    assert person.check_password(NEW_PASSWORD)


@pytest.mark.rule("ID-034")
def test_without_a_session_a_password_cannot_be_changed(client):
    assert (
        client.post("/account/password/", {"current": "x", "password1": "y"}).headers["Location"].startswith("/signin/")
    )


@pytest.mark.rule("ID-013", "ID-034")
def test_a_weak_new_password_changes_nothing():
    person = facts.account()

    answer = facts.signed_in(person).post("/account/password/", {"current": facts.PASSWORD, "password1": "weak"})

    assert answer.status_code == 422
    person.refresh_from_db()
    assert person.check_password(facts.PASSWORD)


def test_a_reset_link_ends_with_its_hour():
    from vettura.identity.adapters.tokens import ResetTokens

    person = facts.account()
    tokens = ResetTokens()
    token = tokens.make_token(person)
    start = tokens._num_seconds(tokens._now())

    class Later(ResetTokens):
        def _num_seconds(self, dt):
            return start + self.seconds

    later = Later()
    later.seconds = int(terms().password_reset_validity.total_seconds()) - 1
    assert later.check_token(person, token)
    later.seconds += 1
    assert not later.check_token(person, token)


def test_cookies_of_a_session_name_its_account_until_it_ends():
    person = facts.account()
    client = facts.signed_in(person)
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}

    assert queries.session_account(cookies=cookies) == person
    assert queries.session_account(cookies={}) is None
    actions.change_password(account=person, current=facts.PASSWORD, new=NEW_PASSWORD)
    assert queries.session_account(cookies=cookies) is None
