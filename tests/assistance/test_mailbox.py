"""Mails to a country's address become cases, each once; the sender is never trusted alone."""

import dataclasses
from email.message import EmailMessage

import httpx
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from tests import identity_facts, vehicle_facts
from tests.outbox_sandbox import RunningSandbox

from vettura.assistance import actions, errors, rules
from vettura.assistance.adapters.imap import ImapMailbox
from vettura.assistance.models import Case, CaseEntry, InboundMail
from vettura.assistance.ports import MailboxUnreachable
from vettura.catalog import queries as catalog
from vettura.identity import queries as identity
from vettura.notifications.models import Mail
from vettura.vehicles import actions as vehicles
from vettura.vehicles import queries as cars

pytestmark = pytest.mark.django_db
ITALY = catalog.country("IT").email


@pytest.fixture
def sandbox(tmp_path, settings):
    running = RunningSandbox(tmp_path)
    started = running.start()
    settings.VETTURA_PROVIDERS = dataclasses.replace(
        settings.VETTURA_PROVIDERS, imap_url=started.imap_url, mail_authserv="mx.sandbox"
    )
    yield started
    running.stop()


def mail(
    sender="ada@example.org", to=ITALY, subject="Consent", text="I withdraw my consent to the use of my data.",
    id="<1@example.org>", **headers,
):  # fmt: skip
    message = EmailMessage()
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message["From"], message["To"], message["Subject"], message["Message-ID"] = sender, to, subject, id
    message.set_content(text)
    return message.as_bytes()


def agent():
    return identity_facts.account(staff_roles=("assistance",))


@pytest.mark.rule("DAT-011", "DAT-012")
def test_a_mail_in_the_mailbox_becomes_one_case_and_is_answered_with_its_number(sandbox, clock):
    person = identity_facts.account(email="ada@example.org")
    httpx.post(f"{sandbox.url}/mailbox/api/mails", content=mail()).raise_for_status()

    assert actions.read_mailbox() == 1
    assert actions.read_mailbox() == 0

    case = Case.objects.get()
    assert (case.kind, case.account, case.country, case.language) == ("consent_withdrawal", person, "IT", "en")
    assert (case.sureness, case.opened_at) == ("address_only", clock.now())
    assert case.due_at == clock.now() + catalog.terms().withdrawal_case_due.duration
    _, text, _ = identity_facts.last_mail("ada@example.org")
    assert case.number in text


def test_the_same_mail_again_is_the_same_case_and_gets_no_second_answer():
    first = actions.take_in_mail(content=mail())
    again = actions.take_in_mail(content=mail(text="Another text under the same id"))

    assert again == first
    assert (Case.objects.count(), InboundMail.objects.count(), Mail.objects.filter(to="ada@example.org").count()) == (
        1,
        1,
        1,
    )


@pytest.mark.parametrize(
    ("result", "sureness"),
    [
        ("mx.sandbox; dmarc=pass header.from=example.org", "confirmed"),
        ("mx.sandbox; dmarc=fail", "address_only"),
        ("mx.attacker.example; dmarc=pass", "address_only"),
        (None, "address_only"),
    ],
)
def test_only_what_our_own_mail_server_found_out_confirms_a_sender(settings, result, sureness):
    settings.VETTURA_PROVIDERS = dataclasses.replace(settings.VETTURA_PROVIDERS, mail_authserv="mx.sandbox")
    identity_facts.account(email="ada@example.org")
    headers = {"Authentication_Results": result} if result else {}

    assert actions.take_in_mail(content=mail(**headers)).sureness == sureness


def test_a_stranger_gets_a_case_without_an_account():
    case = actions.take_in_mail(content=mail(sender="nobody@example.org"))

    assert (case.account, case.sureness) == (None, "unknown")


@pytest.mark.parametrize(
    ("sender", "headers"),
    [
        ("ada@example.org", {"Auto_Submitted": "auto-replied"}),
        ("ada@example.org", {"Precedence": "bulk"}),
        ("MAILER-DAEMON@example.org", {}),
        ("no-reply@example.org", {}),
    ],
)
def test_programs_get_no_answer(sender, headers):
    case = actions.take_in_mail(content=mail(sender=sender, **headers))

    assert CaseEntry.objects.filter(case=case, what="not_answered").exists()
    assert not Mail.objects.filter(to=sender.lower()).exists()


def test_one_sender_gets_only_so_many_answers_a_day(clock):
    for number in range(actions.ANSWERS_A_DAY + 2):
        actions.take_in_mail(content=mail(id=f"<{number}@example.org>"))
    assert Mail.objects.filter(to="ada@example.org").count() == actions.ANSWERS_A_DAY

    clock.advance(days=1, seconds=1)
    actions.take_in_mail(content=mail(id="<later@example.org>"))
    assert Mail.objects.filter(to="ada@example.org").count() == actions.ANSWERS_A_DAY + 1


@pytest.mark.parametrize(
    ("text", "language", "is_withdrawal"),
    [
        ("Hiermit widerrufe ich meine Einwilligung zu der Nutzung meiner Daten.", "de", True),
        ("Buongiorno, con la presente revoco il mio consenso per i dati.", "it", True),
        ("I withdraw my consent, please delete what you have.", "en", True),
        ("Where is the invoice for my order?", "en", False),
    ],
)
def test_the_language_of_the_mail_is_the_language_of_the_answer(text, language, is_withdrawal):
    case = actions.take_in_mail(content=mail(text=text, subject=""))

    assert (case.language, case.kind == "consent_withdrawal") == (language, is_withdrawal)


def test_an_unclear_language_is_that_of_the_country():
    assert actions.take_in_mail(content=mail(text="?", subject="", to=catalog.country("DE").email)).language == "de"


@pytest.mark.rule("C-41")
def test_of_countries_that_share_an_address_it_is_the_persons_own():
    assert catalog.country("HK").email == catalog.country("CN").email
    identity_facts.account(email="ada@example.org", country="HK", phone="")

    assert actions.take_in_mail(content=mail(to=catalog.country("CN").email)).country == "HK"


@pytest.mark.rule("DAT-012", "DAT-013")
def test_a_mail_to_any_countrys_address_is_told_from_the_others():
    for number, country in enumerate(catalog.countries()):
        case = actions.take_in_mail(content=mail(to=country.email, id=f"<{number}@x>", sender="nobody@example.org"))
        assert catalog.country(case.country).email == country.email


@hypothesis_settings(deadline=None)
@given(content=st.binary(max_size=400))
def test_whatever_arrives_can_be_read(content):
    read = rules.parsed(content, trusted_server="mx")

    assert read.message_id
    assert len(read.text) <= rules.LONGEST_TEXT
    assert not read.is_confirmed


def test_html_becomes_text_and_scripts_vanish():
    message = EmailMessage()
    message["From"], message["To"], message["Message-ID"] = "ada@example.org", ITALY, "<h@x>"
    message.set_content("<p>I withdraw &amp; leave</p><script>alert(1)</script>", subtype="html")

    case = actions.take_in_mail(content=message.as_bytes())

    assert case.text == "I withdraw & leave"


@pytest.mark.rule("DAT-011")
def test_executing_withdraws_everything_with_time_stamp_and_mails_the_receipt(clock):
    person = identity_facts.account(email="ada@example.org")
    partner = vehicle_facts.partner()
    car = vehicle_facts.vehicle(main_user=person)
    vehicles.share_with_partner(by=person, vin=car.vin, partner_id=partner.id, language="en")
    case = actions.take_in_mail(content=mail())
    by = agent()
    clock.advance(hours=1)

    done = actions.execute_withdrawal(by=by, case_id=case.id, is_checked=True)
    mails = Mail.objects.filter(to="ada@example.org").count()
    actions.execute_withdrawal(by=by, case_id=case.id, is_checked=True)

    person.refresh_from_db()
    assert (done.status, done.executed_at) == ("closed", clock.now())
    assert person.consents == []
    assert cars.sharing_of(account=person) == []
    latest = identity.consent_decisions(account=person)[0]
    assert (latest.decided_at, latest.channel, latest.reason, latest.carried_out_by) == (
        clock.now(), "email", case.number, by,
    )  # fmt: skip
    _, text, _ = identity_facts.last_mail("ada@example.org")
    assert partner.name in text
    assert Mail.objects.filter(to="ada@example.org").count() == mails


def test_an_unconfirmed_sender_has_to_be_checked_first():
    person = identity_facts.account(email="ada@example.org")
    case = actions.take_in_mail(content=mail())

    with pytest.raises(errors.SenderUnchecked):
        actions.execute_withdrawal(by=agent(), case_id=case.id, is_checked=False)

    person.refresh_from_db()
    case.refresh_from_db()
    assert person.consents
    assert case.status == "open"


def test_nothing_is_executed_for_nobody():
    case = actions.take_in_mail(content=mail(sender="nobody@example.org"))

    with pytest.raises(errors.AccountUnknown):
        actions.execute_withdrawal(by=agent(), case_id=case.id, is_checked=True)


def test_a_mailbox_that_cannot_be_reached_says_so(sandbox):
    wrong = sandbox.imap_url.replace("secret", "wrong")

    with pytest.raises(MailboxUnreachable):
        ImapMailbox(wrong).waiting(limit=1)
    with pytest.raises(MailboxUnreachable):
        ImapMailbox("imap://a:b@127.0.0.1:1/INBOX").waiting(limit=1)
    with pytest.raises(MailboxUnreachable):
        ImapMailbox(sandbox.imap_url.replace("INBOX", "Elsewhere")).waiting(limit=1)


def test_the_page_of_the_sandbox_writes_a_mail_that_the_platform_reads(sandbox):
    identity_facts.account(email="ada@example.org")
    form = {"sender": "ada@example.org", "to": ITALY, "subject": "Revoca", "text": "Revoco", "is_confirmed": "on"}
    page = httpx.post(f"{sandbox.url}/mailbox/send", data=form, follow_redirects=True).text

    assert "waits" in page
    assert actions.read_mailbox() == 1
    assert Case.objects.get().sureness == "confirmed"
    assert "waits" not in httpx.get(f"{sandbox.url}/mailbox/").text


def test_the_mailbox_is_asked_for_after_a_pause_in_real_time(clock, settings):
    assert actions.ask_for_mails() == 0
    settings.VETTURA_PROVIDERS = dataclasses.replace(
        settings.VETTURA_PROVIDERS, imap_url="imap://a:b@127.0.0.1:1/INBOX"
    )

    assert actions.ask_for_mails() == 1
    clock.shift_by(actions.MAILBOX_PAUSE * 10)
    assert actions.ask_for_mails() == 0
    clock.advance(actions.MAILBOX_PAUSE)
    assert actions.ask_for_mails() == 1
