"""Cases of video identification: opened, begun, decided, ended; and what is kept of the document."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from procrastinate.contrib.django.models import ProcrastinateJob
from tests import ident_facts, identity_facts, store_facts
from tests.ident_facts import ident, ident_sandbox

from vettura.catalog.queries import pack, terms
from vettura.foundation.errors import NotFound
from vettura.foundation.models import OutboxEvent
from vettura.identity import actions, errors, ports, queries, rules, tasks
from vettura.identity.models import IdentityCheck, IdentityCheckNotice, IdentityCheckPicture
from vettura.notifications.models import Mail, Message

__all__ = ["ident", "ident_sandbox"]
BERLIN = ZoneInfo("Europe/Berlin")
Status = IdentityCheck.Status


def announced(name):
    return OutboxEvent.objects.filter(type__endswith=name)


# -- when a case is opened ------------------------------------------------------------------------------------------------
@pytest.mark.rule("IDV-001", "IDV-013", "C-55")
@pytest.mark.django_db
def test_a_country_whose_law_asks_opens_a_case_and_another_does_not(clock):
    italian, american = identity_facts.account(country="IT"), identity_facts.account(country="US")

    case = actions.require_identity_check(account=italian, country="IT")
    none = actions.require_identity_check(account=american, country="US")

    assert (case.status, case.expires_at) == (Status.OPENED, clock.now() + terms().identification_case_validity)
    assert none is None
    assert not IdentityCheck.objects.filter(account=american).exists()
    assert "identify" in identity_facts.last_mail(italian.email)[0].subject.lower()


@pytest.mark.django_db
def test_asking_again_returns_the_open_case_and_writes_no_second_mail(clock):
    case = ident_facts.opened_case()

    again = actions.require_identity_check(account=case.account, country="IT")

    assert again == case
    assert Mail.objects.filter(to=case.account.email).count() == 1


@pytest.mark.django_db
def test_whoever_is_identified_is_not_asked_again(ident, clock):
    case = ident_facts.verified_case(ident)

    assert actions.require_identity_check(account=case.account, country="IT") is None
    assert not queries.must_be_identified(account=case.account, country="IT")
    assert queries.must_be_identified(account=case.account, country="DE")


# -- hours -----------------------------------------------------------------------------------------------------------------
@pytest.mark.rule("IDV-008", "C-60")
@pytest.mark.parametrize("day", [(2026, 1, 15), (2026, 7, 15)], ids=["winter", "summer"])
@pytest.mark.parametrize(
    ("hour", "minute", "is_open"),
    [(7, 59, False), (8, 0, True), (23, 59, True), (0, 0, False), (0, 1, False)],
)
def test_agents_are_there_from_eight_to_midnight_in_berlin_in_summer_too(day, hour, minute, is_open):
    assert rules.identification_is_open(datetime(*day, hour, minute, tzinfo=BERLIN)) is is_open


@pytest.mark.rule("IDV-008")
@given(st.integers(0, 365 * 24 * 60))
def test_it_opens_next_when_it_is_open_and_soon(minutes):
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)

    opens = rules.identification_opens_next(at)

    assert rules.identification_is_open(opens)
    assert at < opens <= at + timedelta(hours=25)


@pytest.mark.rule("IDV-008")
@pytest.mark.django_db
def test_outside_the_hours_no_attempt_begins_and_the_hours_are_said(ident, clock):
    case = ident_facts.opened_case()
    clock.move_to(datetime(2026, 9, 2, 7, 59, tzinfo=BERLIN))

    with pytest.raises(errors.IdentificationClosed, match="08:00"):
        actions.start_identity_check(by=case.account, check_id=case.id, user_agent=ident_facts.CHROME)

    case.refresh_from_db()
    assert (case.status, case.attempts) == (Status.OPENED, 0)
    clock.move_to(datetime(2026, 9, 2, 8, 0, tzinfo=BERLIN))
    begun = actions.start_identity_check(by=case.account, check_id=case.id, user_agent=ident_facts.CHROME)
    assert begun.status == Status.WAITING


# -- browsers --------------------------------------------------------------------------------------------------------------
@pytest.mark.rule("IDV-014", "IDV-015", "IDV-020")
@pytest.mark.parametrize(
    ("agent", "browser", "is_mobile", "is_compatible"),
    [
        (ident_facts.CHROME, "chrome", False, True),
        (ident_facts.FIREFOX, "firefox", False, True),
        (ident_facts.EDGE, "edge", False, False),
        (ident_facts.OPERA, "opera", False, False),
        (ident_facts.INTERNET_EXPLORER, "internet_explorer", False, False),
        (ident_facts.SAFARI, "safari", False, False),
        (ident_facts.CHROME_ON_ANDROID, "chrome", True, False),
        (ident_facts.CHROME_ON_IPHONE, "chrome", True, False),
        (ident_facts.FIREFOX_ON_TABLET, "firefox", True, False),
        ("", "other", False, False),
    ],
)
def test_only_chrome_and_firefox_on_a_computer_are_suitable(agent, browser, is_mobile, is_compatible):
    device = rules.device_of(agent)

    assert (device.browser, device.is_mobile, device.is_compatible) == (browser, is_mobile, is_compatible)


@pytest.mark.rule("IDV-015")
@pytest.mark.django_db
@pytest.mark.parametrize(
    "agent", [ident_facts.EDGE, ident_facts.SAFARI, ident_facts.OPERA, ident_facts.INTERNET_EXPLORER]
)
def test_the_server_refuses_an_unsuitable_browser_and_names_the_suitable_ones(ident, clock, agent):
    case = ident_facts.opened_case()

    with pytest.raises(errors.BrowserNotSuitable, match=r"Chrome.*Firefox"):
        actions.start_identity_check(by=case.account, check_id=case.id, user_agent=agent)

    case.refresh_from_db()
    assert (case.status, case.code) == (Status.OPENED, "")


# -- documents -------------------------------------------------------------------------------------------------------------
@pytest.mark.rule("IDV-005", "C-60")
def test_documents_of_the_listed_countries_are_accepted_and_others_undecided():
    union = set("AT,BE,BG,HR,CY,CZ,DK,EE,FI,FR,DE,GR,HU,IE,IT,LV,LT,LU,MT,NL,PL,PT,RO,SK,SI,ES,SE".split(","))  # noqa: SIM905

    assert all(rules.accepts_documents_of(iso2) for iso2 in [*union, "TR", "CH", "NO", "IS", "US"])
    assert all(rules.accepts_documents_of(iso2) is None for iso2 in ("GB", "RU", "JP", "BR"))
    assert set(rules.document_countries()) == {*union, "TR", "CH", "NO", "IS", "US"}


@pytest.mark.rule("IDV-003")
@pytest.mark.parametrize(
    ("kind", "until", "faults"),
    [
        ("IDCARD", date(2026, 9, 1), []),
        ("PASSPORT", date(2036, 9, 1), []),
        ("IDCARD", date(2026, 8, 31), ["ID_EXPIRED"]),
        ("PASSPORT", None, ["ID_EXPIRED"]),
        ("DRIVERS_LICENSE", date(2036, 9, 1), ["ID_NOT_SUPPORTED"]),
        ("RESIDENCE_PERMIT", date(2020, 9, 1), ["ID_NOT_SUPPORTED", "ID_EXPIRED"]),
    ],
)
def test_a_document_is_an_identity_card_or_passport_that_is_valid_on_the_day(kind, until, faults):
    assert rules.document_faults(kind=kind, valid_until=until, on=date(2026, 9, 1)) == faults


# -- from the attempt to the decision --------------------------------------------------------------------------------------
@pytest.mark.rule("IDV-009")
@pytest.mark.django_db
def test_beginning_makes_a_session_with_an_agent_once(ident, clock):
    case = ident_facts.waiting_case()

    again = actions.start_identity_check(by=case.account, check_id=case.id, user_agent=ident_facts.CHROME)

    assert (case.status, case.attempts, again.code) == (Status.WAITING, 1, case.code)
    assert case.call_url.endswith(case.code)
    assert case.code in ident.agent().get(f"{ident.url}/agent/").text


@pytest.mark.rule("IDV-002")
@pytest.mark.django_db
def test_a_passed_call_verifies_the_case_and_announces_it_once(ident, clock):
    case = ident_facts.waiting_case()
    ident.take_call(case.code)
    assert ident_facts.hear(case).status == Status.IN_CALL

    ident.decide(case.code)
    ident_facts.hear(case)
    found = ident_facts.hear(case)

    assert (found.status, found.reasons, found.document_kind) == (Status.VERIFIED, [], "IDCARD")
    assert announced("IdentityVerified").count() == 1
    assert not announced("IdentityCheckFailed").exists()
    # both letters were written in the same moment
    subjects = list(Mail.objects.filter(to=case.account.email).values_list("subject", flat=True))
    assert [subject for subject in subjects if "identified" in subject]
    assert Message.objects.filter(recipient_id=case.account_id).count() == 2


@pytest.mark.rule("IDV-003", "IDV-004")
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ({"kind": "DRIVERS_LICENSE"}, "ID_NOT_SUPPORTED"),
        ({"valid_until": "2020-01-01"}, "ID_EXPIRED"),
        ({"holograms": ""}, "ID_SECURITY_FEATURE"),
        ({"country": "GB"}, "ID_NOT_SUPPORTED"),
        ({"face": ""}, "FACE_MISMATCH"),
    ],
)
def test_what_is_not_in_order_cannot_pass_and_the_person_is_told_why(ident, clock, answers, reason):
    case = ident_facts.waiting_case()

    assert ident.decide(case.code, **answers).status_code == 422
    assert ident_facts.hear(case).status == Status.IN_CALL
    ident.decide(case.code, decision="fail", **answers)
    found = ident_facts.hear(case)

    assert (found.status, found.reasons) == (Status.FAILED, [reason])
    assert not found.pictures.exists()
    assert not announced("IdentityVerified").exists()
    assert queries.must_be_identified(account=case.account, country="IT")


@pytest.mark.rule("IDV-005")
@pytest.mark.django_db
def test_the_agent_may_accept_a_document_of_an_undecided_country(ident, clock):
    case = ident_facts.waiting_case()

    ident.decide(case.code, country="GB", country_known="yes")

    assert ident_facts.hear(case).status == Status.VERIFIED


@pytest.mark.rule("IDV-003")
@pytest.mark.django_db
def test_a_success_with_a_document_that_expired_is_no_success_for_us(ident, clock):
    case = ident_facts.waiting_case()
    ident.decide(case.code, valid_until="2035-01-01")
    clock.move_to(datetime(2035, 1, 2, 10, tzinfo=BERLIN))

    found = ident_facts.hear(case)

    assert (found.status, found.reasons) == (Status.FAILED, ["ID_EXPIRED"])
    assert found.sealed_document is None


@pytest.mark.django_db
def test_after_a_failed_attempt_another_may_begin_until_all_are_used_up(ident, clock):
    case = ident_facts.opened_case()
    for attempt in range(1, terms().identification_attempts + 1):
        begun = actions.start_identity_check(by=case.account, check_id=case.id, user_agent=ident_facts.CHROME)
        assert begun.attempts == attempt
        ident.decide(begun.code, decision="fail", data="")
        assert ident_facts.hear(begun).reasons == ["ID_DATA"]

    with pytest.raises(errors.NoAttemptLeft):
        actions.start_identity_check(by=case.account, check_id=case.id, user_agent=ident_facts.CHROME)


@pytest.mark.django_db
def test_a_call_that_broke_off_leaves_the_case_open(ident, clock):
    case = ident_facts.waiting_case()

    ident.decide(case.code, decision="abort")
    found = ident_facts.hear(case)

    assert (found.status, found.reasons) == (Status.OPENED, ["ABORTED"])
    assert not announced("IdentityCheckFailed").exists()


@pytest.mark.django_db
def test_a_result_of_a_former_attempt_changes_nothing(ident, clock):
    case = ident_facts.waiting_case()
    ident.decide(case.code, decision="abort")
    former = case.transaction_number
    case = ident_facts.hear(case)
    actions.start_identity_check(by=case.account, check_id=case.id, user_agent=ident_facts.CHROME)

    actions.refresh_identity_check(transaction_number=former)

    case.refresh_from_db()
    assert (case.status, case.attempts) == (Status.WAITING, 2)


# -- webhooks --------------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_webhook_is_noted_once_and_a_forged_one_not_at_all(ident, clock, client):
    case = ident_facts.waiting_case()
    body, signature = ident_facts.notice(case)
    _, forged = ident_facts.notice(case, secret="another")
    send = {"path": "/identification/webhooks/", "data": body, "content_type": "application/json"}

    assert client.post(**send, headers={"X-IDnow-Signature": forged}).status_code == 404
    assert client.post(**send).status_code == 404
    assert not IdentityCheckNotice.objects.exists()
    assert [client.post(**send, headers={"X-IDnow-Signature": signature}).status_code for _ in "ab"] == [200, 200]

    assert IdentityCheckNotice.objects.count() == 1
    assert ProcrastinateJob.objects.filter(task_name="identity.handle_identity_notice").count() == 1


@pytest.mark.django_db
def test_a_webhook_is_not_believed_the_provider_is_asked(ident, clock):
    case = ident_facts.waiting_case()

    found = ident_facts.hear(case)

    assert found.status == Status.WAITING


@pytest.mark.django_db
def test_when_the_provider_does_not_answer_the_case_stays_open_and_the_job_comes_again(ident, clock, settings):
    case = ident_facts.waiting_case()
    other = ident_facts.opened_case()
    body, signature = ident_facts.notice(case)
    settings.VETTURA_PROVIDERS = replace(settings.VETTURA_PROVIDERS, ident_url="http://127.0.0.1:9")

    with pytest.raises(errors.IdentificationUnavailable):
        actions.start_identity_check(by=other.account, check_id=other.id, user_agent=ident_facts.CHROME)
    notice = actions.receive_identity_notice(body=body, signature=signature)
    with pytest.raises(ports.ProviderUnavailable):
        actions.handle_identity_notice(notice_id=notice.id)

    other.refresh_from_db()
    notice.refresh_from_db()
    assert (other.status, other.attempts, notice.handled_at) == (Status.OPENED, 0, None)


# -- the end of a case, and of what was seen -------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_case_that_is_not_finished_ends_on_its_date(clock):
    case = ident_facts.opened_case()
    clock.move_to(case.expires_at - timedelta(seconds=1))
    assert tasks.expire_identity_checks(clock.now()) == 0

    clock.move_to(case.expires_at)
    assert (tasks.next_expiry(), tasks.expire_identity_checks(clock.now())) == (case.expires_at, 1)

    case.refresh_from_db()
    assert case.status == Status.EXPIRED
    assert announced("IdentityCheckFailed").get().body["is_final"] is True
    assert tasks.expire_identity_checks(clock.now()) == 0
    with pytest.raises(errors.IdentityCheckOver):
        actions.start_identity_check(by=case.account, check_id=case.id, user_agent=ident_facts.CHROME)


@pytest.mark.django_db
def test_a_person_may_end_their_case_and_nobody_elses(clock):
    case = ident_facts.opened_case()

    with pytest.raises(NotFound):
        actions.cancel_identity_check(by=identity_facts.account(), check_id=case.id)
    assert actions.cancel_identity_check(by=case.account, check_id=case.id).status == Status.CANCELED
    assert actions.cancel_identity_check(by=case.account, check_id=case.id).status == Status.CANCELED

    assert announced("IdentityCheckFailed").count() == 1


@pytest.mark.django_db
def test_pictures_and_number_are_encrypted_and_deleted_on_their_date_here_and_at_the_provider(ident, clock):
    case = ident_facts.verified_case(ident)
    row = IdentityCheckPicture.objects.filter(check_case=case).first()
    assert ident_facts.PICTURE not in bytes(row.sealed)
    assert b"CA12345AA" not in bytes(case.sealed_document)
    assert case.evidence_until == clock.now() + terms().identification_evidence_kept

    clock.move_to(case.evidence_until - timedelta(seconds=1))
    assert tasks.delete_identity_evidence(clock.now()) == 0
    assert case.pictures.count() == 3
    clock.move_to(case.evidence_until)
    assert tasks.delete_identity_evidence(clock.now()) == 1
    store_facts.run_jobs()

    case.refresh_from_db()
    assert (case.status, case.sealed_document, case.pictures.count()) == (Status.VERIFIED, None, 0)
    assert case.evidence_deleted_at == clock.now()
    assert ident.api().get(f"/identifications/{case.transaction_number}").status_code == 404
    assert (tasks.delete_identity_evidence(clock.now()), tasks.next_deletion()) == (0, None)


@pytest.mark.django_db
def test_only_identity_agents_see_a_picture(ident, clock):
    case = ident_facts.verified_case(ident)
    picture = case.pictures.first()
    agent = identity_facts.account(staff_roles=("ident",))

    content, media_type = actions.picture_of_case(by=agent, check_id=case.id, picture_id=picture.id)

    assert (content, media_type) == (ident_facts.PICTURE, "image/png")
    for other in (case.account, identity_facts.account(staff_roles=("assistance",))):
        with pytest.raises(NotFound):
            actions.picture_of_case(by=other, check_id=case.id, picture_id=picture.id)


@given(st.sampled_from(sorted(rules.CHECK_MOVES)), st.sampled_from(sorted(rules.CHECK_MOVES)))
def test_nothing_follows_an_end_and_every_open_case_can_expire(former, status):
    if former in rules.CHECK_FINAL:
        assert not rules.may_check_become(former, status)
    else:
        assert rules.may_check_become(former, "expired")
    assert set(rules.CHECK_MOVES) == set(Status.values)


@pytest.mark.rule("IDV-001", "IDV-006")
def test_every_country_decides_and_the_identification_costs_nothing():
    asking = {country.iso2 for country in pack().countries.values() if country.identity_check}

    assert "DE" in asking
    assert "US" not in asking
    assert terms().identification_price == 0
