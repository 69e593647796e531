"""Where no answer helps, a person does: the right channel of the country, and a case with all that was tried."""

import re

import pytest
from django.urls import reverse
from django.utils import translation
from tests import identity_facts, vehicle_facts

from vettura.assistance import actions as assistance
from vettura.assistance import errors
from vettura.assistance.models import Case, CaseEntry
from vettura.catalog import queries as catalog
from vettura.foundation import clock
from vettura.foundation.diagnosis import Cause, Diagnosis, Evidence, Fine, Inquiry, Question, Step
from vettura.foundation.ids import new_id
from vettura.help_center import queries
from vettura.help_center.portal import people
from vettura.help_center.queries import last_step
from vettura.notifications.models import Message
from vettura.vehicles import queries as vehicles

pytestmark = pytest.mark.django_db


def asked(**more):
    return {"case_id": str(new_id()), "topic": "use", "text": "The map stays grey.\nSince Monday."} | more


@pytest.mark.rule("SUP-002", "SUP-003", "SUP-004", "SUP-005")
@pytest.mark.parametrize("language", ["en", "it", "de"])
def test_every_country_has_phone_and_e_mail_and_says_what_the_call_costs(client, language):
    for toll_free in (True, False):
        country = next(each for each in catalog.countries() if each.toll_free == toll_free)
        headers = {"accept-language": language}

        page = client.get(f"/help/people/?country={country.iso2}", headers=headers).content.decode()

        assert f"tel:{country.support_phone.replace(' ', '')}" in page
        assert f"mailto:{country.email}" in page
        assert catalog.text("contact.toll_free" if toll_free else "contact.landline_rate", language) in page


@pytest.mark.rule("SUP-007")
def test_the_contact_center_is_a_contact_of_its_own(client):
    page = client.get("/help/people/?country=IT").content.decode()

    assert page.index(catalog.labels("en")["support"]) < page.index(catalog.labels("en")["contact_center"])
    for_ = queries.reader(country="IT")
    support, center = (queries.contact(kind, for_, "en") for kind in ("support", "contact_center"))
    assert (support.name != center.name, center.phone) == (True, "")


@pytest.mark.rule("SUP-006")
def test_an_article_and_a_search_without_result_end_with_a_person(client, index):
    article = client.get("/help/pairing-code/?country=DE").content.decode()
    nothing = client.get("/help/", {"q": "xylophone", "country": "DE"}).content.decode()

    assert "/help/people/?article=pairing-code&amp;country=DE" in article
    assert "/help/people/?q=xylophone&amp;country=DE" in nothing
    for page in (article, nothing):
        assert f"tel:{catalog.country('DE').support_phone.replace(' ', '')}" in page


@pytest.mark.rule("TRB-011", "TRB-016")
def test_a_diagnosis_ends_with_whoever_can_help_and_support_after_that():
    for kind, first in (("operator", "Your mobile operator"), ("partner", catalog.labels("en")["partner"]), ("", None)):
        facts = people.last_step_facts(queries.reader(country="IT"), kind=kind)

        assert (facts["first"].name if facts["first"] else None) == first
        assert facts["support"].phone == catalog.country("IT").support_phone


@pytest.mark.rule("SUP-001", "TRB-016")
def test_a_person_opens_a_case_with_what_was_tried_gets_a_number_and_follows_it():
    car = vehicle_facts.vehicle()
    person = vehicles.main_user_of(vehicle=car)
    browser = identity_facts.signed_in(person)
    address = "/help/people/?article=pairing-code&q=grey+map"

    answer = browser.post(address, asked(topic="in_car_services", vin=car.vin))

    case = Case.objects.get()
    assert answer["Location"] == f"/cases/{case.id}/"
    assert (case.topic, case.channel, case.sureness, case.account, case.vehicle) == (
        "in_car_services", "portal", "confirmed", person, car,
    )  # fmt: skip
    assert case.subject == "The map stays grey."
    assert re.fullmatch(r"(Searched|Cercato): grey map\n(Read|Letto): .+ \(pairing-code\)", case.tried)
    message = Message.objects.get(recipient_id=person.id)
    assert case.number in message.subject
    assert message.body.endswith(f"/cases/{case.id}/")
    assert case.number in browser.get(f"/cases/{case.id}/").content.decode()
    assert case.number in browser.get("/cases/").content.decode()


def test_the_same_form_twice_is_one_case_and_what_is_missing_is_said_with_nothing_lost():
    person = identity_facts.account()
    browser, form = identity_facts.signed_in(person), asked()

    assert [browser.post("/help/people/", form).status_code for _ in range(2)] == [302, 302]
    for wrong in (asked(text=" "), asked(topic="weather"), asked(vin=vehicle_facts.vehicle().vin, text="Keep me")):
        assert browser.post("/help/people/", wrong).status_code in (302, 422)
    stolen = identity_facts.signed_in(identity_facts.account(email="else@example.org")).post("/help/people/", form)

    assert stolen.status_code == 404
    assert not Case.objects.filter(vehicle__isnull=False).exists()
    assert "Kept words" in browser.post("/help/people/", asked(topic="?", text="Kept words")).content.decode()


def test_whoever_is_not_signed_in_reads_whom_to_call_and_comes_back_after_signing_in(client):
    page = client.get("/help/people/?article=pairing-code").content.decode()
    answer = client.post("/help/people/?article=pairing-code", asked())

    assert "<textarea" not in page
    assert answer["Location"] == "/signin/?next=%2Fhelp%2Fpeople%2F%3Farticle%3Dpairing-code"
    assert not Case.objects.exists()


def test_nobody_opens_cases_without_end():
    person = identity_facts.account()
    for _ in range(assistance.QUESTIONS_A_DAY):
        assistance.ask_assistance(by=person, case_id=new_id(), topic="use", text="Help", language="en")

    with pytest.raises(errors.TooManyCases):
        assistance.ask_assistance(by=person, case_id=new_id(), topic="use", text="Help", language="en")
    assert identity_facts.signed_in(person).post("/help/people/", asked()).status_code == 429


def test_a_case_is_its_persons_alone_and_notes_of_assistance_are_not_read_by_them():
    person, agent = identity_facts.account(), identity_facts.account(staff_roles=("assistance",))
    case = assistance.ask_assistance(by=person, case_id=new_id(), topic="use", text="Help", language="en")
    browser, desk = identity_facts.signed_in(person), identity_facts.signed_in(agent)

    assistance.add_note(by=agent, case_id=case.id, text="Seems nervous")
    desk.post(f"/desk/cases/{case.id}/reply/", {"text": "Please restart the car"})
    browser.post(f"/cases/{case.id}/", {"text": "It works now"})

    page = browser.get(f"/cases/{case.id}/").content.decode()
    assert ("Please restart" in page, "It works now" in page, "nervous" in page) == (True, True, False)
    assert "It works now" in desk.get(f"/desk/cases/{case.id}/").content.decode()
    assert "Please restart" in Message.objects.filter(recipient_id=person.id).latest("posted_at").body
    stranger = identity_facts.signed_in(identity_facts.account(email="else@example.org"))
    assert stranger.get(f"/cases/{case.id}/").status_code == 404
    assert stranger.post(f"/cases/{case.id}/", {"text": "x"}).status_code == 404
    with pytest.raises(errors.CaseNotFound):
        assistance.answer_case(by=person, case_id=case.id, text="x")


def test_a_closed_case_is_told_and_takes_no_more_words():
    person, agent = identity_facts.account(), identity_facts.account(staff_roles=("assistance",))
    case = assistance.ask_assistance(by=person, case_id=new_id(), topic="use", text="Help", language="en")
    assistance.close_case(by=agent, case_id=case.id, text="Was rude")

    refused = identity_facts.signed_in(person).post(f"/cases/{case.id}/", {"text": "Wait"})

    assert refused.status_code == 409
    assert not CaseEntry.objects.filter(what="added").exists()
    told = Message.objects.filter(recipient_id=person.id).latest("posted_at")
    assert (case.number in told.subject, "rude" in told.body) == (True, False)


@pytest.mark.rule("SUP-001")
def test_assistance_reads_topic_and_what_was_tried_beside_the_question():
    person, agent = identity_facts.account(), identity_facts.account(staff_roles=("assistance",))
    case = assistance.ask_assistance(
        by=person, case_id=new_id(), topic="contract", text="Why?", language="en", tried=["✓ Online", "✗ No contract"]
    )

    page = identity_facts.signed_in(agent).get(reverse("assistance_desk:case", args=[case.id])).content.decode()

    assert "Contracts and purchases" in page
    assert "✗ No contract" in page


def test_a_diagnosis_is_told_step_by_step():
    inquiry = Inquiry(
        topic="service", service="remote_lock", country="IT", at=clock.now(), told={"data": "no", "phone": "unknown"}
    )
    question = {"text": "Is there data left?", "options": {"yes": "Yes", "no": "No"}}
    steps = (
        Step(check="a.b", outcome=Fine(text="The car is online.", evidence=(Evidence(text="Seen at 10:00"),))),
        Step(check="a.c", outcome=Question(code="data", **question)),
        Step(check="a.d", outcome=Question(code="phone", **question), is_skipped=True),
        Step(check="a.e", outcome=Cause(code="x.y", text="The contract has ended.")),
    )

    with translation.override("en"):
        lines = last_step.tried(language="en", question="", diagnosis=Diagnosis(inquiry=inquiry, steps=steps))

    assert lines == [
        f"Checked: {catalog.pack().services['remote_lock'].name['en']}",
        "✓ The car is online.",
        "  Seen at 10:00",
        "? Is there data left? No",
        "? Is there data left? could not tell",
        "✗ The contract has ended.",
    ]
