"""Whoever opens a mailed link in an outdated browser is told so, and the link keeps working (ID-024, ID-025)."""

import pytest
from tests import identity_facts, vehicle_facts

from vettura.identity import rules

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{} Safari/537.36"
EDGE = CHROME.format("{0}") + " Edg/{0}"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:{0}) Gecko/20100101 Firefox/{0}"
SAFARI = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/{} Safari/605.1.15"
OLD = CHROME.format("88.0.4324.150")
CURRENT = CHROME.format("131.0.0.0")


@pytest.mark.parametrize(
    ("agent", "is_outdated"),
    [
        (CHROME.format("119.0.0.0"), True),
        (CHROME.format("120.0.0.0"), False),
        (EDGE.format("119.0.0.0"), True),
        (EDGE.format("120.0.0.0"), False),
        (FIREFOX.format("120.0"), True),
        (FIREFOX.format("121.0"), False),
        (SAFARI.format("16.6"), True),
        (SAFARI.format("17.0"), False),
        ("Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko", True),
        ("Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1)", True),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 CriOS/99.0 Mobile/15E148 Safari/604.1",
            False,
        ),
        ("curl/8.5.0", False),
        ("", False),
    ],
)
def test_a_browser_is_judged_by_its_main_version(agent, is_outdated):
    assert rules.is_outdated_browser(agent) is is_outdated


@pytest.mark.django_db
@pytest.mark.rule("ID-024", "ID-025")
def test_an_invitation_opened_in_an_outdated_browser_asks_to_update_it_and_works_later(client):
    sent = vehicle_facts.sale()

    notice = client.get(sent.path, headers={"user-agent": OLD})
    sent.invitation.refresh_from_db()
    opened = sent.invitation.opened_at
    later = client.get(sent.path, headers={"user-agent": CURRENT})

    assert "Please update your browser" in notice.content.decode()
    assert sent.path in notice.content.decode()
    assert "<script" not in notice.content.decode()
    assert opened is None
    assert "Please update your browser" not in later.content.decode()
    assert later.status_code == 200


@pytest.mark.django_db
@pytest.mark.rule("ID-024", "ID-025")
def test_so_does_the_link_of_a_registration(client):
    begun = identity_facts.registration()

    notice = client.get(begun.url, headers={"user-agent": OLD})
    later = client.get(begun.url, headers={"user-agent": CURRENT})

    assert "Please update your browser" in notice.content.decode()
    assert later["Location"].endswith("/password/")


@pytest.mark.django_db
def test_whoever_wants_to_goes_on_anyway(client):
    sent = vehicle_facts.sale()

    page = client.get(f"{sent.path}?anyway", headers={"user-agent": OLD}).content.decode()

    assert "Please update your browser" not in page


@pytest.mark.django_db
def test_other_pages_say_nothing(client):
    assert "Please update" not in client.get("/signin/", headers={"user-agent": OLD}).content.decode()
