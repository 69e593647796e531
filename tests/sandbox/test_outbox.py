"""The outbox stands in for the mail server and the SMS provider, and shows what they took."""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest
from tests.outbox_sandbox import RunningSandbox

from vettura_sandbox.app import create_app
from vettura_sandbox.outbox.pages import linked


class Browser(httpx.Client):
    """A client of a running sandbox."""

    smtp_port: int


@contextmanager
def running(state_dir: Path) -> Iterator[Browser]:
    server = RunningSandbox(state_dir)
    sandbox = server.start()
    with Browser(base_url=sandbox.url, follow_redirects=True) as client:
        client.smtp_port = int(sandbox.smtp_url.rpartition(":")[2])
        yield client
    server.stop()


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Browser]:
    with running(tmp_path) as client:
        yield client


def send_mail(
    sandbox: Browser, to: str = "ada@example.org", html: str = "<html><head></head><body>Hello</body></html>"
):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Shop <shop@example.org>", to, "Größe & <Preis>"
    message.set_content("See http://localhost:8000/x?a=1&b=2 for more.")
    message.add_alternative(html, subtype="html")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="Größe.pdf")
    with smtplib.SMTP("127.0.0.1", sandbox.smtp_port, timeout=5) as server:
        server.send_message(message)


def send_sms(sandbox: Browser, *, to: str = "+393123456789", token: str = "secret", text: str = "123456 is your code"):
    return sandbox.post(
        "/sms/2010-04-01/Accounts/AC_test/Messages.json",
        data={"To": to, "From": "Shop", "Body": text},
        auth=("AC_test", token),
    )


def test_a_mail_by_smtp_is_listed_and_opens_with_text_and_attachment(sandbox):
    send_mail(sandbox, to="Ada@Example.org")

    overview = sandbox.get("/outbox/").text
    (mail,) = sandbox.get("/outbox/api/mails", params={"to": "ada@example.org"}).json()
    page = sandbox.get(f"/outbox/mails/{mail['id']}/").text
    file = sandbox.get(f"/outbox/mails/{mail['id']}/files/0")

    assert "Größe &amp; &lt;Preis&gt;" in overview
    assert mail["subject"] == "Größe & <Preis>"
    assert "<a href='http://localhost:8000/x?a=1&amp;b=2'>" in page
    assert file.content == b"%PDF"
    assert file.headers["content-disposition"].startswith("attachment")


def test_the_html_of_a_mail_can_run_nothing_and_its_links_leave_the_frame(sandbox):
    send_mail(sandbox, html="<html><head><title>x</title></head><body><script>alert(1)</script></body></html>")
    (mail,) = sandbox.get("/outbox/api/mails").json()

    shown = sandbox.get(f"/outbox/mails/{mail['id']}/html")
    around = sandbox.get(f"/outbox/mails/{mail['id']}/").text

    assert shown.headers["content-security-policy"].startswith("default-src 'none'")
    assert '<head><base target="_top">' in shown.text
    assert "allow-scripts" not in around
    assert "sandbox='" in around


def test_mails_are_told_apart_by_recipient_newest_first(sandbox):
    for to in ("one@example.org", "two@example.org", "one@example.org"):
        send_mail(sandbox, to=to)

    found = sandbox.get("/outbox/api/mails", params={"to": "one@example.org"}).json()

    assert len(found) == 2
    assert found[0]["id"] > found[1]["id"]


def test_an_unknown_mail_is_not_found(sandbox):
    assert sandbox.get("/outbox/mails/99/").status_code == 404
    assert sandbox.get("/outbox/mails/99/html").status_code == 404
    send_mail(sandbox)
    assert sandbox.get("/outbox/mails/1/files/7").status_code == 404


def test_an_sms_is_taken_with_the_right_token_only(sandbox):
    refused = send_sms(sandbox, token="wrong")
    taken = send_sms(sandbox)

    assert (refused.status_code, refused.json()["code"]) == (401, 20003)
    assert taken.status_code == 201
    assert taken.json()["status"] == "queued"
    (sms,) = sandbox.get("/outbox/api/sms", params={"to": "+393123456789"}).json()
    assert (sms["sid"], sms["text"]) == (taken.json()["sid"], "123456 is your code")
    assert "123456 is your code" in sandbox.get("/outbox/").text


@pytest.mark.parametrize(
    ("to", "text", "code"), [("12", "x", 21211), ("+393120000000", "x", 21211), ("+393123456789", "", 21602)]
)
def test_what_a_provider_would_not_send_is_refused_in_its_words(sandbox, to, text, code):
    answer = send_sms(sandbox, to=to, text=text)

    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert sandbox.get("/outbox/api/sms").json() == []


@pytest.mark.rule("ID-019")
def test_the_next_sms_can_be_made_not_to_arrive(sandbox):
    sandbox.post("/outbox/steer", data={"lose_sms": "1"})
    assert "The next 1 SMS will not arrive." in sandbox.get("/outbox/").text

    assert send_sms(sandbox, text="first").status_code == 201
    assert send_sms(sandbox, text="second").status_code == 201

    arrived = sandbox.get("/outbox/api/sms").json()
    everything = sandbox.get("/outbox/api/sms", params={"lost": "1"}).json()
    assert [each["text"] for each in arrived] == ["second"]
    assert [each["text"] for each in everything] == ["second", "first"]
    assert "did not arrive" in sandbox.get("/outbox/").text


def test_what_arrived_is_still_there_after_a_restart(tmp_path):
    for number in (1, 2):
        with running(tmp_path) as client:
            send_mail(client)
            assert len(client.get("/outbox/api/mails").json()) == number


def test_the_outbox_can_be_emptied(sandbox):
    send_mail(sandbox)
    send_sms(sandbox)

    page = sandbox.post("/outbox/clear")

    assert "No mail yet." in page.text
    assert "No text message yet." in page.text


def test_the_index_leads_to_outbox_and_cards(sandbox):
    page = sandbox.get("/").text

    assert "/outbox/" in page
    assert "/cards/" in page
    assert sandbox.get("/cards/").status_code == 200


@pytest.mark.parametrize("profile", ["production", "cluster"])
def test_it_refuses_to_run_in_production(tmp_path, monkeypatch, profile):
    monkeypatch.setenv("VETTURA_PROFILE", profile)

    with pytest.raises(RuntimeError, match="refuses to run in production"):
        create_app(tmp_path)


def test_text_becomes_html_with_links_and_nothing_else():
    assert linked('<b> http://a/?x=1&y="') == "&lt;b&gt; <a href='http://a/?x=1&amp;y='>http://a/?x=1&amp;y=</a>&quot;"
