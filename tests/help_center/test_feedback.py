"""Readers say whether an answer helped; editors and Assistance see it; nothing of it is kept for ever."""

from datetime import timedelta

import pytest
from django.test import Client
from tests import identity_facts, vehicle_facts

from vettura.catalog import queries as catalog
from vettura.foundation import archive, clock, erasing, sweeps
from vettura.help_center import actions, errors, rules
from vettura.help_center.models import ArticleView, Feedback, UnansweredSearch
from vettura.help_center.queries import feedback
from vettura.identity import queries as identity

pytestmark = pytest.mark.django_db

ADDRESS = "/help/pairing-code/feedback/"


def said() -> list[tuple[bool, str]]:
    return list(Feedback.objects.order_by("at", "id").values_list("is_helpful", "comment"))


def test_a_visitor_says_that_it_helped_changes_their_mind_and_says_why(client):
    answer = client.post(f"{ADDRESS}?country=IT", {"helpful": "yes"})

    assert (answer.status_code, answer["Location"]) == (302, "/help/pairing-code/?country=IT#feedback")
    client.post(ADDRESS, {"helpful": "no"})
    client.post(ADDRESS, {"comment": "  Which menu?  "})
    assert said() == [(False, "Which menu?")]
    assert "Which menu?" in client.get("/help/pairing-code/").content.decode()
    Client().post(ADDRESS, {"helpful": "yes"})
    assert len(said()) == 2


def test_a_persons_vote_is_one_wherever_they_sign_in():
    person = identity_facts.account()
    for helpful in ("yes", "no"):
        identity_facts.signed_in(person).post(ADDRESS, {"helpful": helpful})

    assert said() == [(False, "")]
    assert not Feedback.objects.exclude(visitor="").exists()


def test_htmx_gets_the_part_that_changes_and_nothing_else(client):
    part = client.post(ADDRESS, {"helpful": "yes"}, headers={"hx-request": "true"}).content.decode()

    assert "<html" not in part
    assert 'aria-pressed="true"' in part


def test_words_without_a_vote_and_votes_that_are_none_are_refused(client):
    assert client.post(ADDRESS, {"comment": "Why?"}).status_code == 422
    assert client.post(ADDRESS, {"helpful": "perhaps"}).status_code == 422
    assert client.post("/help/no-such-article/feedback/", {"helpful": "yes"}).status_code == 404
    assert client.get(ADDRESS).status_code == 405
    assert Client(enforce_csrf_checks=True).post(ADDRESS, {"helpful": "yes"}).status_code == 403
    with pytest.raises(errors.VoteFirst):
        actions.comment(article_id="pairing-code", text="Why?", account=identity_facts.account())
    assert said() == []


def test_a_place_from_which_too_much_comes_is_told_to_wait(client):
    answers = [Client().post(ADDRESS, {"helpful": "no"}).status_code for _ in range(61)]

    assert answers == [302] * 60 + [429]
    assert len(said()) == 60


def test_a_comment_is_cut_where_it_is_too_long(client):
    client.post(ADDRESS, {"helpful": "no", "comment": "x" * 5000})

    assert len(said()[0][1]) == rules.LONGEST_COMMENT


@pytest.mark.parametrize(
    ("typed", "counted"),
    [
        ("  XYLOPHONE   im Auto? ", "xylophone im auto"),
        ("ada@example.org xylophone", "xylophone"),
        ("xylophone WP0ZZZ99ZHS100003 +39 333 1234501 AB123CD", "xylophone 39 333"),
        ("911 mit E5", "911 mit e5"),
        ("1234567", ""),
    ],
)
def test_what_could_tell_of_a_person_is_no_counted_word(typed, counted):
    assert rules.countable(typed) == counted


def test_words_that_find_nothing_are_counted_by_day_language_and_way(client, index):
    for _ in range(2):
        client.get("/help/", {"q": "Xylophone!"})
    # somebody types: what is unfinished says nothing
    client.get("/help/", {"q": "xyloph"}, headers={"hx-request": "true"})
    client.get("/help/", {"q": "xylophon", "stayed": "1"}, headers={"hx-request": "true"})
    client.get("/help/", {"q": "password"})
    program = identity_facts.signed_in(identity_facts.account())
    program.get("/api/v1/help/ask", {"question": "xylophone", "lang": "en"})
    program.get("/api/v1/help/search", {"q": "xylophone", "lang": "de"})

    today = clock.now().date()
    assert set(UnansweredSearch.objects.values_list("words", "language", "way", "day", "count")) == {
        ("xylophone", "en", "page", today, 2),
        ("xylophon", "en", "page", today, 1),
        ("xylophone", "en", "api", today, 1),
        ("xylophone", "de", "api", today, 1),
    }
    assert [(each.words, each.count) for each in feedback.unanswered(limit=1)] == [("xylophone", 3)]


def test_editors_and_assistance_see_how_articles_do_and_nobody_else_does(client):
    client.get("/help/pairing-code/")
    client.post(ADDRESS, {"helpful": "no", "comment": "Which menu?"})
    actions.count_unanswered(question="xylophone", language="en", way="page")

    for role in ("catalog", "assistance"):
        staff = identity_facts.signed_in(identity_facts.account(staff_roles=(role,)))
        listed = staff.get("/desk/help/?q=pairing-code").content.decode()
        assert "0 of 1" in listed
        assert "Which menu?" in staff.get("/desk/help/comments/?article=pairing-code").content.decode()
        assert "Which menu?" not in staff.get("/desk/help/comments/?article=vin").content.decode()
        assert "xylophone" in staff.get("/desk/help/words/").content.decode()
    for somebody in (
        identity_facts.account(),
        identity_facts.account(staff_roles=("soc",)),
        vehicle_facts.partner_staff(),
    ):
        stranger = identity_facts.signed_in(somebody)
        assert {stranger.get(f"/desk/help/{page}").status_code for page in ("", "comments/", "words/")} == {404}


def test_the_list_puts_first_what_was_asked_for_and_asks_as_much_for_many_as_for_few(
    client, django_assert_max_num_queries
):
    for article, helpful in (("pairing-code", "yes"), ("card-refused", "no")):
        client.get(f"/help/{article}/")
        client.post(f"/help/{article}/feedback/", {"helpful": helpful})
    client.get("/help/pairing-code/")
    staff = identity_facts.signed_in(identity_facts.account(staff_roles=("catalog",)))

    def first(order: str) -> str:
        rows = staff.get(f"/desk/help/?order={order}").context["page"].object_list
        return rows[0][0].id

    assert (first("helpful"), first("views")) == ("card-refused", "pairing-code")
    with django_assert_max_num_queries(14):
        staff.get("/desk/help/")


def test_everything_is_forgotten_after_its_time(client, clock):
    client.get("/help/pairing-code/")
    client.post(ADDRESS, {"helpful": "yes"})
    actions.count_unanswered(question="xylophone", language="en", way="page")
    kept = catalog.terms().help_feedback_kept

    clock.advance(days=kept.days - 1)
    sweeps.run_due(clock.now())
    before = (Feedback.objects.count(), ArticleView.objects.count(), UnansweredSearch.objects.count())
    clock.advance(seconds=timedelta(days=1).total_seconds())
    sweeps.run_due(clock.now())

    assert before == (1, 1, 1)
    assert (Feedback.objects.count(), ArticleView.objects.count(), UnansweredSearch.objects.count()) == (0, 0, 0)


@pytest.mark.rule("DAT-021")
def test_what_a_person_said_is_in_their_archive_and_goes_with_an_erasure():
    person, other = identity_facts.account(), identity_facts.account()
    for each in (person, other):
        actions.vote(article_id="pairing-code", language="en", is_helpful=False, account=each)
    part = next(each for each in archive.parts() if each.name == "help_feedback")

    assert [row.article_id for row in part.rows(identity.as_person(account=person))] == ["pairing-code"]
    decision = next(each for each in erasing.decisions() if each.code == "help_center.erased_feedback")
    decision.work(erasing.Subject(id=person.id, name="", email="", email_until=clock_now(), nobody="", at=clock_now()))
    assert list(Feedback.objects.values_list("account_id", flat=True)) == [other.id]


def clock_now():
    return clock.now()
