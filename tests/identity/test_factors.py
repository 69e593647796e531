"""Passkeys, codes of an app, recovery codes: set up by whoever says again who they are, used to sign in, taken away."""

import base64
import hmac
import re
import struct
import time

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import expect
from tests import identity_facts as facts

from vettura.catalog.queries import terms
from vettura.foundation.errors import NotAllowed, NotFound
from vettura.identity import actions, queries

WHY = "Lost the phone, answered the questions"


@pytest.fixture(autouse=True)
def _no_code_used_yet(request):
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("transactional_db" if "live_server" in request.fixturenames else "db")
        cache.clear()


def code_of(secret):
    """The code of RFC 6238 that an app shows now."""
    counter = struct.pack(">Q", int(time.time()) // 30)  # noqa: TID251 (allauth asks the system, too)
    digest = hmac.digest(base64.b32decode(secret), counter, "sha1")
    start = digest[-1] & 0xF
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def confirmed(client, path, **body):
    """What a page says once the password was typed again."""
    answer = client.post(path, body) if body else client.get(path)
    if answer.status_code == 302 and answer["Location"].startswith("/signin/again/"):
        client.post(answer["Location"], {"password": facts.PASSWORD})
        answer = client.post(path, body) if body else client.get(path)
    return answer


def app_added(person, django_capture_on_commit_callbacks):
    """A browser in which the person has added an app, and the app's secret."""
    client = facts.signed_in(person)
    page = confirmed(client, "/account/security/app/add/").content.decode()
    secret = re.search(r"<code>([A-Z2-7]+=*)</code>", page).group(1)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/account/security/app/add/", {"code": code_of(secret)})
    assert answer["Location"] == "/account/security/recovery-codes/"
    cache.clear()
    return client, secret


def codes_shown(client):
    page = confirmed(client, "/account/security/recovery-codes/").content.decode()
    return re.findall(r">(\d{8})<", page)


def second_step(person):
    client = Client()
    answer = client.post("/signin/", {"login": person.email, "password": facts.PASSWORD, "next": "/store/"})
    assert answer["Location"].startswith("/signin/factor/")
    assert "_auth_user_id" not in client.session
    return client


@pytest.mark.django_db
def test_an_app_is_added_by_its_code_and_asked_for_after_the_password(django_capture_on_commit_callbacks):
    person = facts.account()
    _, secret = app_added(person, django_capture_on_commit_callbacks)

    client = second_step(person)
    wrong = client.post("/signin/factor/", {"code": "000000"})
    right = client.post("/signin/factor/", {"code": code_of(secret)})

    assert "This is not right" in wrong.content.decode()
    assert right["Location"] == "/store/"
    assert client.session["_auth_user_id"] == str(person.id)
    mail, text, _ = facts.last_mail(person.email)
    assert mail.template == "identity/mail/sign_in_changed"
    assert "An authenticator app was added" in text


@pytest.mark.django_db
def test_a_code_works_once(django_capture_on_commit_callbacks):
    person = facts.account()
    _, secret = app_added(person, django_capture_on_commit_callbacks)
    code = code_of(secret)
    second_step(person).post("/signin/factor/", {"code": code})

    again = second_step(person)
    again.post("/signin/factor/", {"code": code})

    assert "_auth_user_id" not in again.session


@pytest.mark.django_db
def test_a_wrong_first_code_adds_no_app():
    person = facts.account()
    client = facts.signed_in(person)
    confirmed(client, "/account/security/app/add/")

    answer = client.post("/account/security/app/add/", {"code": "000000"})

    assert "This is not right" in answer.content.decode()
    assert not queries.factors_of(account=person).is_protected


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/account/security/app/add/",
        "/account/security/app/remove/",
        "/account/security/passkeys/add/",
        "/account/security/recovery-codes/",
        "/account/security/recovery-codes/new/",
    ],
)
def test_whoever_changes_factors_says_again_who_they_are(path, django_capture_on_commit_callbacks):
    person = facts.account()
    app_added(person, django_capture_on_commit_callbacks)
    client = facts.signed_in(person)
    path = "/account/security/passkeys/add/" if path.endswith("app/add/") else path

    for answer in (client.get(path), client.post(path)):
        # the page that shows codes takes nothing
        assert answer.status_code == 405 or answer["Location"].startswith("/signin/again/")
    client.post("/signin/again/", {"password": "Wrong!2026"})
    assert client.get(path)["Location"].startswith("/signin/again/")

    assert queries.factors_of(account=person).has_app


@pytest.mark.django_db
@pytest.mark.rule("DAT-001")
def test_secrets_of_factors_are_not_kept_in_clear(django_capture_on_commit_callbacks):
    _, secret = app_added(facts.account(), django_capture_on_commit_callbacks)

    for row in Authenticator.objects.all():
        assert secret not in str(row.data)
    app, codes = (Authenticator.objects.get(type=kind) for kind in ("totp", "recovery_codes"))
    assert app.data["secret"].startswith("gAAAA")
    assert codes.data["seed"].startswith("gAAAA")


@pytest.mark.django_db
def test_a_recovery_code_lets_in_once(django_capture_on_commit_callbacks):
    person = facts.account()
    browser, _ = app_added(person, django_capture_on_commit_callbacks)
    code = codes_shown(browser)[0]

    first = second_step(person)
    first.post("/signin/factor/", {"code": code})
    second = second_step(person)
    second.post("/signin/factor/", {"code": code})

    assert "_auth_user_id" in first.session
    assert "_auth_user_id" not in second.session
    assert queries.factors_of(account=person).codes_left == 9


@pytest.mark.django_db
def test_new_recovery_codes_replace_the_former_ones_and_are_told_of(django_capture_on_commit_callbacks):
    person = facts.account()
    browser, _ = app_added(person, django_capture_on_commit_callbacks)
    former = codes_shown(browser)
    with django_capture_on_commit_callbacks(execute=True):
        browser.post("/account/security/recovery-codes/new/")

    refused = second_step(person)
    refused.post("/signin/factor/", {"code": former[0]})

    assert "_auth_user_id" not in refused.session
    assert not set(former) & set(codes_shown(browser))
    assert "New recovery codes were made" in facts.last_mail(person.email)[1]


@pytest.mark.django_db
def test_codes_cannot_be_guessed(clock, django_capture_on_commit_callbacks):
    person = facts.account()
    _, secret = app_added(person, django_capture_on_commit_callbacks)
    client = second_step(person)
    for _ in range(terms().sign_in_free_attempts):
        client.post("/signin/factor/", {"code": "000000"})

    paused = client.post("/signin/factor/", {"code": code_of(secret)})
    clock.advance(terms().sign_in_first_pause)
    client.post("/signin/factor/", {"code": code_of(secret)})

    assert "Try again in 1 min" in paused.content.decode()
    assert "_auth_user_id" in client.session


@pytest.mark.django_db
def test_without_the_app_the_password_is_enough_again(django_capture_on_commit_callbacks):
    person = facts.account()
    browser, _ = app_added(person, django_capture_on_commit_callbacks)

    browser.post("/account/security/app/remove/")

    assert Client().post("/signin/", {"login": person.email, "password": facts.PASSWORD})["Location"] == "/"
    assert Authenticator.objects.count() == 0
    assert "The authenticator app was removed" in facts.last_mail(person.email)[1]


@pytest.mark.django_db
def test_assistance_lets_in_whoever_lost_everything(django_capture_on_commit_callbacks):
    person = facts.account()
    app_added(person, django_capture_on_commit_callbacks)
    staff = facts.account(staff_roles=("assistance",))

    facts.signed_in(staff).post(f"/desk/people/{person.id}/sign-in/", {"reason": WHY})

    assert Client().post("/signin/", {"login": person.email, "password": facts.PASSWORD})["Location"] == "/"
    assert "Assistance removed passkeys" in facts.last_mail(person.email)[1]
    assert queries.staff_changes(account=person)[0].reason == WHY
    assert not queries.factors_of(account=person).is_protected


@pytest.mark.django_db
def test_assistance_signs_every_device_out_and_nobody_elses():
    person, other, staff = facts.account(), facts.account(), facts.account(staff_roles=("assistance",))
    devices, others = [Client(), Client()], Client()
    for client, whose in ((devices[0], person), (devices[1], person), (others, other)):
        client.post("/signin/", {"login": whose.email, "password": facts.PASSWORD})
    at_desk = facts.signed_in(staff)

    assert at_desk.post(f"/desk/people/{person.id}/sign-in/", {"reason": " "}).status_code == 422
    assert [each.get("/account/").status_code for each in devices] == [200, 200]

    at_desk.post(f"/desk/people/{person.id}/sign-in/", {"reason": WHY})

    for each in devices:
        assert each.get("/account/")["Location"].startswith("/signin/")
    assert others.get("/account/").status_code == at_desk.get("/desk/people/").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(("roles", "refusal"), [((), NotFound), (("soc",), NotFound)])
def test_nobody_else_takes_factors_away(roles, refusal, django_capture_on_commit_callbacks):
    person = facts.account()
    app_added(person, django_capture_on_commit_callbacks)

    with pytest.raises(refusal):
        actions.reset_sign_in(by=facts.account(staff_roles=roles), account_id=person.id, reason=WHY)

    assert queries.factors_of(account=person).has_app


@pytest.mark.django_db
def test_a_partner_does_not_take_factors_away_from_its_customers(django_capture_on_commit_callbacks):
    from tests import vehicle_facts

    seller = vehicle_facts.partner_staff()
    person = facts.account()
    vehicle_facts.vehicle(main_user=person, sold_by=vehicle_facts.partner_of(seller))
    app_added(person, django_capture_on_commit_callbacks)

    with pytest.raises(NotAllowed):
        actions.reset_sign_in(by=seller, account_id=person.id, reason=WHY)

    assert facts.signed_in(seller).get(f"/desk/people/{person.id}/sign-in/").status_code == 404
    assert queries.factors_of(account=person).has_app


@pytest.mark.django_db
def test_factors_of_others_do_not_exist(django_capture_on_commit_callbacks):
    person = facts.account()
    row = Authenticator.objects.create(user=person, type="webauthn", data={"name": "phone", "credential": {}})
    client = facts.signed_in(facts.account())

    for path in (f"/account/security/passkeys/{row.id}/name/", f"/account/security/passkeys/{row.id}/remove/"):
        assert confirmed(client, path).status_code == 404
        assert client.post(path, {"name": "mine"}).status_code == 404

    assert Authenticator.objects.filter(id=row.id, data__name="phone").exists()


# -- passkeys in a browser --------------------------------------------------------------------------------------------


def device_of(page):
    """A device with a fingerprint reader, as the browser's debugging protocol offers it."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    return session, session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


def sign_in_by_password(page, base, person):
    page.goto(f"{base}/signin/")
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password", exact=True).fill(facts.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def add_passkey(page, base, name="My computer"):
    page.goto(f"{base}/account/security/")
    page.get_by_role("link", name="Add passkey").click()
    page.get_by_label("Password").fill(facts.PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Create passkey").click()


@pytest.mark.django_db(transaction=True)
def test_a_passkey_is_added_signs_in_alone_is_renamed_and_removed(live_server, page):
    base = live_server.url
    person = facts.account()
    device_of(page)
    sign_in_by_password(page, base, person)
    add_passkey(page, base)
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    assert "A passkey was added" in facts.last_mail(person.email)[1]

    page.context.clear_cookies()
    page.goto(f"{base}/signin/?next=/account/security/")
    page.get_by_role("button", name="Sign in with passkey").click()
    expect(page.get_by_role("heading", name="Login and security")).to_be_visible()
    expect(page.get_by_text("My computer")).to_be_visible()

    page.get_by_role("link", name="Rename My computer").click()
    page.get_by_role("link", name="Use passkey").click()
    page.get_by_role("button", name="Use passkey").click()
    page.get_by_label("Name").fill("Office")
    page.get_by_role("button", name="Save name").click()
    expect(page.get_by_text("Office")).to_be_visible()

    page.get_by_role("link", name="Remove Office").click()
    expect(page.get_by_text("It is your last sign-in factor")).to_be_visible()
    page.get_by_role("button", name="Remove passkey").click()
    expect(page.get_by_role("heading", name="Login and security")).to_be_visible()
    assert not queries.factors_of(account=person).is_protected
    assert "A passkey was removed" in facts.last_mail(person.email)[1]


@pytest.mark.django_db(transaction=True)
def test_with_a_passkey_the_password_alone_does_not_open_the_account(live_server, page):
    base = live_server.url
    person = facts.account()
    device_of(page)
    sign_in_by_password(page, base, person)
    add_passkey(page, base)
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()

    page.context.clear_cookies()
    sign_in_by_password(page, base, person)
    expect(page.get_by_text("The password is right. Now the second step.")).to_be_visible()
    page.goto(f"{base}/account/")
    expect(page.get_by_role("heading", name="Confirm that it is you")).to_be_visible()
    page.get_by_role("button", name="Sign in as somebody else").click()
    page.goto(f"{base}/account/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()

    sign_in_by_password(page, base, person)
    page.get_by_role("button", name="Use passkey").click()
    expect(page.get_by_role("link", name="Sign in")).to_have_count(0)
    page.goto(f"{base}/account/")

    expect(page.get_by_role("heading", name="Contact data")).to_be_visible()


@pytest.mark.django_db(transaction=True)
def test_a_passkey_that_was_removed_is_refused_with_a_sentence(live_server, page):
    base = live_server.url
    person = facts.account()
    device_of(page)
    sign_in_by_password(page, base, person)
    add_passkey(page, base)
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    Authenticator.objects.all().delete()

    page.context.clear_cookies()
    page.goto(f"{base}/signin/")
    page.get_by_role("button", name="Sign in with passkey").click()

    expect(page.get_by_text("This is not right.")).to_be_visible()


@pytest.mark.django_db(transaction=True)
def test_a_device_that_refuses_is_answered_with_a_sentence(live_server, page):
    base = live_server.url
    person = facts.account()
    session, device = device_of(page)
    session.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    sign_in_by_password(page, base, person)
    add_passkey(page, base)

    expect(page.get_by_text("The device did not make a passkey.")).to_be_visible()
    assert not queries.factors_of(account=person).is_protected
