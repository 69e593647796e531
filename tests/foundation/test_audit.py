"""Who changed what, when and why: written by the database, never changed, and without a secret."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from tests import identity_facts

from vettura.foundation import audit, sweeps
from vettura.foundation.audit.acting import tell_the_database
from vettura.foundation.models import AuditEntry
from vettura.identity import actions
from vettura.identity.models import Account, Pin

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(clock) -> Account:
    account = identity_facts.account(given_name="Ada", family_name="Neri")
    clock.advance(minutes=1)
    return account


def entries(person: Account, since: int = 0) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(person_id=person.id, id__gt=since).order_by("id"))


def last_id() -> int:
    return AuditEntry.objects.order_by("-id").values_list("id", flat=True).first() or 0


def test_a_change_is_kept_with_what_was_and_what_is(person, clock):
    before = last_id()

    actions.update_contact(account=person, language="de", street="Via Po 1", postal_code="10123", city="Torino")

    (entry,) = entries(person, since=before)
    assert (entry.table, entry.row_id, entry.operation) == ("identity_account", str(person.id), "changed")
    assert entry.changes["city"] == [None, "Torino"]
    assert entry.changes["language"] == [person.language, "de"]
    assert "email" not in entry.changes
    assert entry.at == clock.now()


def test_a_row_that_is_added_and_removed_is_kept_whole(person):
    before = last_id()

    actions.grant_staff_role(account=person, role="assistance")
    person.staff_roles.all().delete()

    added, removed = entries(person, since=before)
    assert (added.operation, added.changes["role"]) == ("added", [None, "assistance"])
    assert (removed.operation, removed.changes["role"]) == ("removed", ["assistance", None])


def test_saving_what_is_already_so_leaves_no_trace(person):
    before = last_id()

    Account.objects.get(id=person.id).save()

    assert entries(person, since=before) == []


def test_a_column_that_means_nothing_leaves_no_trace(person, clock):
    before = last_id()

    Account.objects.filter(id=person.id).update(last_login=clock.now())

    assert entries(person, since=before) == []


@pytest.mark.rule("DAT-001")
def test_a_password_and_a_pin_are_known_to_have_changed_and_nothing_else(person):
    before = last_id()

    actions.change_password(account=person, current=None, new="Another-Pass-4711")
    actions.set_pin(account=person, pin="4711")

    password, pin = entries(person, since=before)
    assert password.changes == {"password": ["•", "•"]}
    assert pin.changes["sealed"] == [None, "•"]
    sealed = Pin.objects.get(account=person).sealed
    assert bytes(sealed).hex() not in str([entry.changes for entry in entries(person)])


def test_it_says_who_acts_by_which_way_in_and_why(person):
    staff = uuid4()
    before = last_id()

    with audit.acting(channel="desk", origin="identity_desk:name", actor=lambda: staff), audit.reason(" Marriage "):
        Account.objects.filter(id=person.id).update(family_name="Rossi")
        Account.objects.filter(id=person.id).update(given_name="Eva")

    one, two = entries(person, since=before)
    assert (one.actor_id, one.channel, one.origin, one.reason) == (staff, "desk", "identity_desk:name", "Marriage")
    assert one.request_id == two.request_id != ""


def test_nothing_of_one_request_is_left_for_the_next(person):
    with audit.acting(channel="desk", actor=uuid4), audit.reason("Marriage"):
        Account.objects.filter(id=person.id).update(family_name="Rossi")
    before = last_id()

    Account.objects.filter(id=person.id).update(family_name="Bianchi")

    (entry,) = entries(person, since=before)
    assert (entry.actor_id, entry.channel, entry.reason) == (None, "program", "")


def test_an_action_with_a_reason_is_kept_with_it_and_with_who_did_it(person):
    staff = identity_facts.account(email="staff@example.org")

    @audit.explained
    def rename(*, by: Account, name: str, reason: str) -> None:
        Account.objects.filter(id=person.id).update(family_name=name)

    rename(by=staff, name="Rossi", reason="Typed wrongly at the sale")

    entry = entries(person)[-1]
    assert (entry.reason, entry.actor_id) == ("Typed wrongly at the sale", staff.id)


def test_an_action_without_a_reason_of_its_own_is_kept_with_that_of_the_one_that_called_it(person):
    @audit.explained
    def rename(*, name: str, reason: str = "") -> None:
        Account.objects.filter(id=person.id).update(family_name=name)

    with audit.reason("Case AB12"):
        rename(name="Rossi")
        rename(name="Bianchi", reason="Asked on the phone")

    assert [each.reason for each in entries(person)[-2:]] == ["Case AB12", "Asked on the phone"]


def test_an_action_without_a_reason_cannot_be_explained():
    with pytest.raises(TypeError):
        audit.explained(lambda: None)


def test_a_request_says_who_is_signed_in_and_which_page_it_was(person):
    browser = identity_facts.signed_in(person)
    before = last_id()

    browser.post("/account/", {"language": "en", "street": "Via Po 2", "postal_code": "10123", "city": "Torino"})

    (entry,) = [each for each in entries(person, since=before) if "city" in each.changes]
    assert (entry.actor_id, entry.channel, entry.origin) == (person.id, "web", "identity:account")


def test_a_sweep_says_its_name(person, clock):
    @sweeps.sweep(next_due=lambda: None)
    def rename(at) -> int:
        return Account.objects.filter(id=person.id).update(family_name="Sweep")

    try:
        sweeps.run_due(clock.now())
    finally:
        del sweeps._sweeps[next(name for name in sweeps._sweeps if name.endswith(".rename"))]

    entry = entries(person)[-1]
    assert (entry.channel, entry.origin.rpartition(".")[2], entry.actor_id) == ("sweep", "rename", None)


def test_what_is_changed_past_the_platform_is_kept_as_well(person):
    with connection.cursor() as cursor:
        cursor.execute("RESET vettura.audit")  # as in a session of its own
        cursor.cursor.execute("UPDATE identity_account SET city = 'Milano' WHERE id = %s", [person.id])

    entry = entries(person)[-1]
    assert (entry.channel, entry.actor_id, entry.changes) == ("database", None, {"city": [None, "Milano"]})


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE foundation_auditentry SET reason = 'another'",
        "UPDATE foundation_auditentry SET changes = '{}'",
        "UPDATE foundation_auditentry SET actor_id = NULL, at = now()",
        "DELETE FROM foundation_auditentry",
        "TRUNCATE foundation_auditentry",
    ],
)
def test_what_is_written_is_neither_changed_nor_removed(person, statement, audit_stays_whole):
    written = list(AuditEntry.objects.order_by("id").values())

    with (
        pytest.raises(DatabaseError, match="neither changed nor removed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert list(AuditEntry.objects.order_by("id").values()) == written != []


def test_an_erasure_empties_what_was_kept_of_the_person_and_nothing_else(person):
    other = identity_facts.account(email="other@example.org", given_name="Olga")
    others = [entry.changes for entry in entries(other)]
    with audit.reason("Mrs. Neri called"):
        actions.update_contact(account=person, language="en", street="Via Po 1", postal_code="10123", city="Torino")
    facts = [(each.at, each.operation, each.actor_id, set(each.changes)) for each in entries(person)]

    erased = audit.erase(person=person.id)

    *emptied, note = entries(person)
    assert erased == len(emptied) > 0
    assert [(each.at, each.operation, each.actor_id, set(each.changes)) for each in emptied] == facts
    assert all(cells is None for each in emptied for cells in each.changes.values())
    assert {each.reason for each in emptied} == {""}
    assert (note.kind, note.operation) == ("erasure", "erased")
    assert [entry.changes for entry in entries(other)] == others


def test_an_erasure_twice_is_the_same_as_once(person):
    audit.erase(person=person.id)
    before = list(AuditEntry.objects.order_by("id").values())

    assert audit.erase(person=person.id) == 0
    assert list(AuditEntry.objects.order_by("id").values()) == before


def test_the_door_of_an_erasure_is_shut_behind_it(person):
    audit.erase(person=person.id)
    actions.update_contact(account=person, language="en", street="Via Po 3", postal_code="10123", city="Torino")

    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEntry.objects.filter(person_id=person.id).update(reason="", changes={})


def test_entries_are_read_in_pages_by_kind_and_day_in_one_query(person, clock, django_assert_num_queries):
    for day in range(5):
        actions.update_contact(account=person, language="en", street=f"Via {day}", postal_code="1", city="Torino")
        clock.advance(days=1)
    actions.set_pin(account=person, pin="4711")
    today = clock.now().date()

    with django_assert_num_queries(1):
        first = audit.entries_about(person=person.id, kind=audit.Kind.ACCOUNT, limit=2)
    second = audit.entries_about(person=person.id, kind=audit.Kind.ACCOUNT, limit=2, before=first.next_before)
    lately = audit.entries_about(person=person.id, since=today - timedelta(days=2), until=today - timedelta(days=1))

    assert [line.changes[0].after for line in first.lines + second.lines] == ["Via 4", "Via 3", "Via 2", "Via 1"]
    assert [line.changes[0].after for line in lately.lines] == ["Via 4", "Via 3"]


def test_it_is_read_about_somebody_or_something():
    with pytest.raises(ValueError, match="about whom"):
        audit.entries_about()


def test_a_change_is_told_in_words(person):
    actions.grant_staff_role(account=person, role="soc")

    (line, *_) = audit.entries_about(person=person.id).lines

    assert (line.thing, line.operation) == ("Staff role", "added")
    assert [(change.label, change.before, change.after) for change in line.changes] == [
        ("Role", "", "Security operation center")
    ]


def test_statements_that_concern_no_audited_table_are_sent_as_they_are():
    sent = []

    for sql in ("SELECT 1", 'INSERT INTO "vehicle_link_remotecommand" VALUES (1)', "WITH a AS (SELECT 1) SELECT 1"):
        tell_the_database(lambda *call: sent.append(call[0]), sql, None, False, {})

    assert sent == ["SELECT 1", 'INSERT INTO "vehicle_link_remotecommand" VALUES (1)', "WITH a AS (SELECT 1) SELECT 1"]


def test_triggers_that_are_in_place_are_left_alone():
    assert audit.install() == 0


def test_a_trigger_that_is_missing_or_surplus_is_mended():
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER audited ON identity_account")
        cursor.execute(
            "CREATE TRIGGER audited AFTER INSERT ON foundation_outboxevent FOR EACH ROW EXECUTE FUNCTION vettura_audit()"
        )

    assert audit.install() == 2
    assert audit.install() == 0
