import pytest
from django.test import Client
from tests import identity_facts as facts

from vettura.catalog.queries import countries, country
from vettura.foundation.ids import new_id
from vettura.identity.models import Account
from vettura.notifications import actions, errors, queries
from vettura.notifications.actions import Attachment
from vettura.notifications.models import Message

pytestmark = pytest.mark.django_db

PDF = Attachment("Rechnung 2026-1.pdf", "application/pdf", b"%PDF-1.7")


def posted(to: Account, subject: str = "Your invoice", **more) -> Message:
    return actions.post_message(
        recipient_id=to.id,
        language="en",
        subject=subject,
        body="Line one\nhttps://example.org/x <b>",
        kind="invoice",
        **more,
    )


@pytest.mark.rule("MSG-002")
def test_a_message_lies_in_the_inbox_and_counts_as_unread_until_opened(clock):
    person = facts.account()
    client = facts.signed_in(person)
    message = posted(person)
    assert queries.unread_count(recipient_id=person.id) == 1
    assert "Your invoice" in client.get("/messages/").content.decode()

    opened = client.get(f"/messages/{message.id}/").content.decode()
    first_opened_at = clock.now()
    clock.advance(hours=1)
    client.get(f"/messages/{message.id}/")

    assert "&lt;b&gt;" in opened
    assert queries.unread_count(recipient_id=person.id) == 0
    message.refresh_from_db()
    assert message.read_at == first_opened_at


@pytest.mark.parametrize(
    ("last", "is_button"),
    [
        ("{own}/store/orders/", True),
        ("{own}.example.org/", False),
        ("https://example.org/", False),
        ("{own}/a b", False),
    ],
)
def test_only_a_link_to_a_page_of_ours_that_ends_a_message_is_a_button(settings, last, is_button):
    person, link = facts.account(), last.format(own=settings.VETTURA_BASE_URL)
    message = actions.post_message(
        recipient_id=person.id, language="en", subject="Order", body=f"It waits.\n\n{link}", kind="identity"
    )

    page = facts.signed_in(person).get(f"/messages/{message.id}/").content.decode()

    assert (f'<a class="button button--primary" href="{link}">' in page) is is_button
    assert "It waits." in page


@pytest.mark.rule("MSG-002")
def test_an_attachment_is_downloaded_by_its_recipient_with_its_name_and_bytes():
    person = facts.account()
    message = posted(person, attachments=[PDF])
    client = facts.signed_in(person)
    link = f"/messages/attachments/{message.attachments.get().id}/"
    assert link in client.get(f"/messages/{message.id}/").content.decode()

    answer = client.get(link)

    assert answer.content == PDF.content
    assert answer.headers["Content-Type"] == "application/pdf"
    assert 'filename="Rechnung 2026-1.pdf"' in answer.headers["Content-Disposition"]


def test_somebody_elses_message_is_not_found():
    message = posted(facts.account(), attachments=[PDF])
    stranger = facts.account()
    client = facts.signed_in(stranger)

    assert client.get(f"/messages/{message.id}/").status_code == 404
    assert client.get(f"/messages/attachments/{message.attachments.get().id}/").status_code == 404
    with pytest.raises(errors.MessageNotFound):
        actions.mark_read(recipient_id=stranger.id, message_id=message.id)
    message.refresh_from_db()
    assert message.read_at is None


def test_a_file_that_a_browser_could_run_is_only_downloaded():
    person = facts.account()
    message = posted(person, attachments=[Attachment("a.html", "text/html", b"<script>")])

    answer = facts.signed_in(person).get(f"/messages/attachments/{message.attachments.get().id}/")

    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_the_inbox_asks_the_database_the_same_few_questions_however_full_it_is(django_assert_max_num_queries):
    person = facts.account()
    client = facts.signed_in(person)
    for number in range(20):
        posted(person, subject=f"Message {number}", attachments=[PDF, PDF])
    client.get("/messages/")

    with django_assert_max_num_queries(6):
        page = client.get("/messages/").content.decode()

    assert page.count("Message ") == 20


def test_a_long_inbox_has_pages():
    person = facts.account()
    client = facts.signed_in(person)
    for number in range(25):
        posted(person, subject=f"Message {number:02}")

    first, second = (client.get("/messages/", {"page": page}).content.decode() for page in (1, 2))

    assert "Message 24" in first
    assert "Message 04" not in first
    assert "Message 04" in second


@pytest.mark.rule("MSG-001")
def test_contact_and_inbox_name_the_same_contact_of_ones_country():
    person = facts.account(country="DE")
    client = facts.signed_in(person)

    for path in ("/contact/", "/messages/"):
        page = client.get(path).content.decode()
        assert country("DE").support_phone in page
        assert country("DE").email in page


@pytest.mark.rule("DAT-014")
def test_for_a_country_that_is_not_listed_the_partner_is_the_contact(client: Client):
    unlisted = "BR"
    assert unlisted not in {each.iso2 for each in countries()}

    page = client.get("/contact/", {"country": unlisted}).content.decode()

    assert "For this country your partner is the contact." in page


def test_messages_over_the_api_come_newest_first_and_page_by_page(api):
    person = facts.account()
    for number in range(5):
        posted(person, subject=f"Message {number}", attachments=[PDF])
    call = api(person)

    first = call("/api/v1/messages?limit=3").json()
    second = call(f"/api/v1/messages?limit=3&before={first['next']}").json()

    assert [each["subject"] for each in first["messages"]] == ["Message 4", "Message 3", "Message 2"]
    assert [each["subject"] for each in second["messages"]] == ["Message 1", "Message 0"]
    assert (first["unread"], second["next"]) == (5, None)
    assert [file["name"] for file in first["messages"][0]["attachments"]] == [PDF.name]
    file_id = first["messages"][0]["attachments"][0]["id"]
    assert call(f"/api/v1/messages/attachments/{file_id}").content == PDF.content


def test_a_strangers_message_is_not_found_over_the_api(api):
    message = posted(facts.account())

    answer = api(facts.account())(f"/api/v1/messages/{message.id}")

    assert answer.status_code == 404
    assert answer.json()["code"] == "notifications.message_not_found"


def test_a_cursor_of_somebody_else_is_not_found(api):
    message = posted(facts.account())

    assert api(facts.account())(f"/api/v1/messages?before={message.id}").status_code == 404
    assert api(facts.account())(f"/api/v1/messages?before={new_id()}").status_code == 404
