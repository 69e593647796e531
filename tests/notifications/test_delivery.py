"""What is written down is sent once, by the real adapters to the sandboxes of mail and SMS."""

import dataclasses

import pytest
from django.db import transaction
from tests import identity_facts as facts
from tests.outbox_sandbox import Sandbox

from vettura.catalog.queries import labels
from vettura.foundation.ids import new_id
from vettura.notifications import actions, errors, ports, queries
from vettura.notifications.models import Delivery, Mail, Sms

pytestmark = pytest.mark.django_db

TEMPLATE = "identity/mail/registration"
FACTS = {"url": "http://localhost:8000/signup/1/?a=1&b=2", "name": "Ada"}


def written(to: str = "ada@example.org", language: str = "en", **more) -> Mail:
    return actions.send_mail(recipient_id=new_id(), to=to, language=language, template=TEMPLATE, facts=FACTS, **more)


@pytest.mark.rule("IMP-05")
def test_a_mail_arrives_with_text_html_and_attachments(outside: Sandbox, clock):
    file = actions.Attachment("Invoice 1.pdf", "application/pdf", b"%PDF-1.7 \x00\xff")
    mail = written(attachments=[file])
    assert mail.status == Delivery.QUEUED

    actions.deliver_mail(mail_id=mail.id)

    (arrived,) = outside.mails(to="ada@example.org")
    assert arrived["subject"] == f"Your registration with {labels('en')['portal']}"
    assert "http://localhost:8000/signup/1/?a=1&b=2" in arrived["text"]
    assert 'href="http://localhost:8000/signup/1/?a=1&amp;b=2"' in arrived["html"]
    assert "src=" not in arrived["html"]
    assert arrived["files"] == [{"name": "Invoice 1.pdf", "media_type": "application/pdf", "size": 11}]
    mail.refresh_from_db()
    assert (mail.status, mail.attempts, mail.finished_at) == (Delivery.SENT, 1, clock.now())
    assert str(mail.id) in mail.provider_reference


@pytest.mark.rule("DAT-021")
def test_of_a_farewell_nothing_is_left_once_it_is_sent(outside: Sandbox):
    mail = written(is_farewell=True)

    actions.deliver_mail(mail_id=mail.id)
    actions.deliver_mail(mail_id=mail.id)

    assert len(outside.mails(to="ada@example.org")) == 1
    assert not Mail.objects.exists()


def test_a_farewell_that_the_server_does_not_take_now_waits_and_goes_when_it_is_given_up(outside: Sandbox, settings):
    mail = written(is_farewell=True)
    settings.VETTURA_PROVIDERS = dataclasses.replace(settings.VETTURA_PROVIDERS, smtp_url="smtp://127.0.0.1:1")

    with pytest.raises(ports.TryAgain):
        actions.deliver_mail(mail_id=mail.id)
    assert Mail.objects.get().status == Delivery.QUEUED

    Mail.objects.update(attempts=9)
    actions.deliver_mail(mail_id=mail.id)
    assert not Mail.objects.exists()


def test_sending_a_sent_mail_again_sends_nothing(outside: Sandbox):
    mail = written()

    actions.deliver_mail(mail_id=mail.id)
    actions.deliver_mail(mail_id=mail.id)

    assert len(outside.mails(to="ada@example.org")) == 1


@pytest.mark.rule("DAT-001")
def test_the_content_is_encrypted_while_it_waits_and_gone_once_sent(outside: Sandbox):
    mail = written()
    assert b"signup" not in bytes(mail.sealed_content)

    actions.deliver_mail(mail_id=mail.id)

    mail.refresh_from_db()
    assert mail.sealed_content is None


def test_what_was_rolled_back_is_never_sent():
    class Stopped(Exception):
        pass

    def write_and_stop() -> None:
        with transaction.atomic():
            written()
            raise Stopped

    with pytest.raises(Stopped):
        write_and_stop()

    assert Mail.objects.count() == 0


def test_a_mailbox_that_does_not_exist_fails_at_once_and_says_so(outside: Sandbox):
    mail = written(to="no-such-mailbox@example.org")

    actions.deliver_mail(mail_id=mail.id)

    mail.refresh_from_db()
    assert (mail.status, mail.problem, mail.attempts) == (Delivery.FAILED, "smtp_550", 1)


def test_a_server_that_cannot_be_reached_is_tried_again_and_given_up_in_the_end(settings):
    settings.VETTURA_PROVIDERS = dataclasses.replace(settings.VETTURA_PROVIDERS, smtp_url="smtp://127.0.0.1:1")
    mail = written()

    for _ in range(9):
        with pytest.raises(ports.TryAgain):
            actions.deliver_mail(mail_id=mail.id)
    mail.refresh_from_db()
    assert (mail.status, mail.attempts) == (Delivery.QUEUED, 9)
    actions.deliver_mail(mail_id=mail.id)

    mail.refresh_from_db()
    assert (mail.status, mail.problem) == (Delivery.FAILED, "ConnectionRefusedError")
    assert mail.sealed_content is None


@pytest.mark.parametrize(("language", "word"), [("en", "Continue"), ("it", "Continua"), ("de", "fortsetzen")])
def test_a_mail_speaks_the_language_that_the_caller_names(language, word):
    mail = written(language=language)

    _, _, html = facts.last_mail("ada@example.org")

    assert word in html
    assert f'lang="{language}"' in html
    assert mail.language == language


def test_names_in_a_mail_cannot_carry_markup():
    actions.send_mail(
        recipient_id=None,
        to="ada@example.org",
        language="en",
        template=TEMPLATE,
        facts={"url": '"><script>alert(1)</script>', "name": "x"},
    )

    _, _, html = facts.last_mail("ada@example.org")

    assert "<script>" not in html


@pytest.mark.rule("IMP-06")
def test_an_sms_arrives_with_its_text(outside: Sandbox):
    sms = actions.send_sms(recipient_id=None, to="+393123456789", language="en", text="123456 is your code")

    actions.deliver_sms(sms_id=sms.id)

    (arrived,) = outside.sms(to="+393123456789")
    assert (arrived["text"], arrived["sender"]) == ("123456 is your code", "Vettura")
    sms.refresh_from_db()
    assert (sms.status, sms.provider_reference, sms.sealed_content) == (Delivery.SENT, arrived["sid"], None)


def test_a_number_that_the_provider_refuses_fails_without_its_number_in_the_log(outside: Sandbox):
    sms = actions.send_sms(recipient_id=None, to="+393120000000", language="en", text="Hello")

    actions.deliver_sms(sms_id=sms.id)

    sms.refresh_from_db()
    assert (sms.status, sms.problem) == (Delivery.FAILED, "http_400_21211")


def test_a_wrong_token_is_refused_by_the_provider(outside: Sandbox, settings):
    settings.VETTURA_PROVIDERS = dataclasses.replace(settings.VETTURA_PROVIDERS, sms_token="wrong")
    sms = actions.send_sms(recipient_id=None, to="+393123456789", language="en", text="Hello")

    actions.deliver_sms(sms_id=sms.id)

    sms.refresh_from_db()
    assert (sms.status, sms.problem) == (Delivery.FAILED, "http_401_20003")
    assert outside.sms(to="+393123456789") == []


def test_an_sms_provider_that_cannot_be_reached_is_tried_again(settings):
    settings.VETTURA_PROVIDERS = dataclasses.replace(settings.VETTURA_PROVIDERS, sms_url="http://127.0.0.1:1")
    sms = actions.send_sms(recipient_id=None, to="+393123456789", language="en", text="Hello")

    with pytest.raises(ports.TryAgain):
        actions.deliver_sms(sms_id=sms.id)

    sms.refresh_from_db()
    assert (sms.status, sms.attempts, sms.problem) == (Delivery.QUEUED, 1, "ConnectError")


def test_a_text_that_no_phone_takes_is_refused():
    with pytest.raises(errors.TextTooLong):
        actions.send_sms(recipient_id=None, to="+393123456789", language="en", text="x" * 1531)

    assert Sms.objects.count() == 0


@pytest.mark.rule("IMP-05")
def test_the_delivery_log_of_a_person_lists_what_was_sent_to_them():
    mail = written()
    written(to="somebody@example.org")

    assert list(queries.mails_to(recipient_id=mail.recipient_id)) == [mail]
