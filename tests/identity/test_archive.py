"""A person gets everything we know of them as one file, and nothing of anybody else."""

import json
from datetime import timedelta

import jsonschema_rs
import pytest
from django.apps import apps
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob
from tests import identity_facts, link_facts, store_facts, vehicle_facts

from vettura.assistance import actions as assistance
from vettura.billing import actions as billing
from vettura.catalog import queries as catalog
from vettura.foundation import archive, clock, sweeps
from vettura.foundation.errors import NotFound
from vettura.foundation.ids import new_id
from vettura.foundation.money import Money
from vettura.identity import actions, errors, queries
from vettura.identity.models import Account, DataExport
from vettura.notifications import actions as notifications
from vettura.notifications.models import Mail, Message

pytestmark = pytest.mark.django_db
ABOUT_PEOPLE = ("account_id", "recipient_id", "person_id")


def rows(files: dict[str, bytes], name: str) -> list[dict]:
    return json.loads(files[f"{name}.json"])


def jobs() -> int:
    return ProcrastinateJob.objects.filter(task_name="identity.make_export").count()


@pytest.fixture
def owner(cards) -> Account:
    """A main user with cars, an order, a card, a pending proof, a message, and another driver."""
    link_facts.ensure_keys()
    person = identity_facts.account(email="ada@example.org", pin="1234")
    friend = vehicle_facts.person(email="friend@example.org", given_name="Bruno", family_name="Verdi")
    partner = vehicle_facts.partner()
    car = vehicle_facts.vehicle(
        main_user=person, secondary_users=[friend], sold_by=partner, remote_access=True, plate="TO 123 AB"
    )
    store_facts.entitlements.start_inclusive_contracts(vin=car.vin, at=clock.now())
    store_facts.billing_address(person)
    store_facts.saved_card(cards, person)
    store_facts.placed_order(person, car)
    vehicle_facts.claim(by=person, partner_id=partner.id)
    assistance.open_case(kind="question", channel="phone", language="en", text="Please help", account=person)
    link_facts.command(car, account_id=person.id)
    link_facts.command(car, account_id=friend.id)
    invoice = billing.request_invoice(
        account=person,
        order_id=new_id(),
        order_number="26-TEST",
        vin=car.vin,
        country="IT",
        recipient=["Ada Rossi", "Via Roma 1"],
        lines=[billing.BilledLine(text="Navigation", gross=Money(49, "EUR"))],
        at=clock.now(),
    )
    billing.publish_invoice(invoice_id=invoice.id, at=clock.now())
    notifications.post_message(
        recipient_id=person.id,
        language="en",
        subject="Your car",
        body="It is ready.",
        attachments=[notifications.Attachment("car.txt", "text/plain", b"ready")],
        kind="news",
    )
    return person


# -- what is in it --------------------------------------------------------------------------------------------------


def test_every_file_of_an_archive_fits_its_schema(owner):
    files = identity_facts.files_of(identity_facts.archive(owner))

    assert {name for name in files if "/" not in name} == {
        "README.txt",
        *(f"{part.name}.json" for part in archive.parts()),
    }
    for part in archive.parts():
        schema = json.loads(files[f"schemas/{part.name}.schema.json"])
        jsonschema_rs.validator_for(schema, validate_formats=True).validate(rows(files, part.name))


def test_the_archive_of_a_main_user_holds_what_is_theirs(owner):
    files = identity_facts.files_of(identity_facts.archive(owner))

    [account] = rows(files, "account")
    assert (account["email"], account["given_name"]) == ("ada@example.org", "Ada")
    [vehicle] = rows(files, "vehicles")
    assert (vehicle["role"], vehicle["plate"]) == ("main_user", "TO 123 AB")
    [order] = rows(files, "orders")
    assert order["vin"] == vehicle["vin"]
    assert order["lines"]
    [card] = rows(files, "cards")
    assert len(card["last_digits"]) == 4
    assert rows(files, "contracts")
    [proof] = rows(files, "proofs")
    assert files[proof["file"]] == vehicle_facts.PAPER
    [key] = rows(files, "sign_in_keys")
    assert key["kind"] == "pin"
    [invoice] = rows(files, "invoices")
    assert invoice["lines"][0]["gross"] == "49.00"
    assert files[invoice["file"]].startswith(b"%PDF")
    [news] = [each for each in rows(files, "messages") if each["kind"] == "news"]
    assert files[news["attachments"][0]] == b"ready"
    assert len(rows(files, "remote_commands")) == 1


def test_nothing_of_a_secondary_user_is_in_the_archive_of_the_main_user(owner):
    files = identity_facts.files_of(identity_facts.archive(owner))

    for name, content in files.items():
        assert b"friend@example.org" not in content, name
        assert b"Verdi" not in content, name


def test_a_secondary_user_gets_their_own_part_and_nothing_of_the_main_user(owner):
    friend = Account.objects.get(email="friend@example.org")

    files = identity_facts.files_of(identity_facts.archive(friend))

    [vehicle] = rows(files, "vehicles")
    assert (vehicle["role"], vehicle["plate"]) == ("secondary_user", "")
    assert len(rows(files, "remote_commands")) == 1
    for empty in ("contracts", "orders", "cards", "vehicle_signals", "messages", "proofs", "remote_access"):
        assert rows(files, empty) == [], empty
    for name, content in files.items():
        for theirs in (b"ada@example.org", b"TO 123 AB", str(owner.id).encode()):
            assert theirs not in content, name


def test_a_former_main_user_gets_nothing_that_the_car_did_afterwards():
    seller = vehicle_facts.person()
    car = vehicle_facts.vehicle(main_user=seller, plate="TO 123 AB")
    store_facts.entitlements.start_inclusive_contracts(vin=car.vin, at=clock.now())
    vehicle_facts.sold_privately(car, to="buyer@example.org")

    files = identity_facts.files_of(identity_facts.archive(seller))

    [sale] = rows(files, "sales")
    assert sale["buyer_email"] == "buyer@example.org"
    [vehicle] = rows(files, "vehicles")
    assert vehicle["until"] is not None
    assert vehicle["plate"] == ""
    assert rows(files, "contracts") == []


def test_staff_do_not_carry_the_addresses_of_customers_away_in_their_own_archive():
    staff = vehicle_facts.partner_staff()
    vehicle_facts.sale(staff=staff, buyer_email="customer@example.org")

    files = identity_facts.files_of(identity_facts.archive(staff))

    assert [row["partner"] for row in rows(files, "work")] == [vehicle_facts.partner_of(staff).name]
    assert all(b"customer@example.org" not in content for content in files.values())


def test_secrets_are_in_no_archive(owner):
    vehicle_facts.security_code(owner)
    files = identity_facts.files_of(identity_facts.archive(owner))
    owner.refresh_from_db()

    for content in files.values():
        assert owner.password.encode() not in content


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "The personal data of"),
        ("it", "I dati personali di"),
        ("de", "Die personenbezogenen Daten von"),
    ],
)
def test_the_archive_explains_itself_in_the_language_of_the_person(language, words):
    person = identity_facts.account(email="ada@example.org", language=language)

    readme = identity_facts.files_of(identity_facts.archive(person))["README.txt"].decode()

    assert f"{words} ada@example.org" in readme
    assert all(f"{part.name}.json: " in readme for part in archive.parts())


# -- nothing is forgotten -------------------------------------------------------------------------------------------


def models_about_people() -> list[type[models.Model]]:
    """Every model that refers to accounts: by a foreign key, or by a column that holds an id."""
    return [
        model
        for model in apps.get_models()
        if model is Account
        or any(
            field.related_model is Account if field.is_relation else field.name in ABOUT_PEOPLE
            for field in model._meta.concrete_fields
        )
    ]


@pytest.mark.parametrize("model", models_about_people(), ids=lambda model: model._meta.label)
def test_every_model_about_people_is_in_the_archive_or_says_why_not(model):
    exported = {each for part in archive.parts() for each in part.models}

    assert (model in exported) != (model in archive.left_out()), model._meta.label


def test_every_part_reads_the_tables_that_it_tells_of(owner):
    for part in archive.parts():
        with CaptureQueriesContext(connection) as asked:
            list(part.rows(queries.as_person(account=owner)))
        statements = " ".join(query["sql"] for query in asked.captured_queries)
        for model in part.models:
            assert f'"{model._meta.db_table}"' in statements, part.name


# -- asked for, made, fetched, deleted ------------------------------------------------------------------------------


def test_a_person_asks_waits_is_told_and_downloads():
    person = identity_facts.account(email="ada@example.org")
    browser = identity_facts.signed_in(person)
    assert 'href="/account/data/"' in browser.get("/account/security/").content.decode()

    answer = browser.post("/account/data/", {"password": identity_facts.PASSWORD})

    assert (answer.status_code, answer["Location"]) == (302, "/account/data/")
    assert jobs() == 1
    page = browser.get("/account/data/").content.decode()
    assert "Your archive is being made" in page
    assert f"0 of {len(archive.parts())} parts" in page
    export = DataExport.objects.get()
    actions.make_export(export_id=export.id)
    page = browser.get("/account/data/").content.decode()
    assert "Your archive is ready" in page
    assert f'href="/account/data/{export.id}/"' in page
    _, text, _ = identity_facts.last_mail("ada@example.org")
    assert identity_facts.link_in(text) == "/account/data/"
    assert Message.objects.get(recipient_id=person.id).subject == "Your data are ready to download"
    file = browser.get(f"/account/data/{export.id}/")
    assert file["Content-Type"] == "application/zip"
    assert file["Content-Disposition"] == f'attachment; filename="my-data-{clock.now():%Y-%m-%d}.zip"'
    assert file.content[:2] == b"PK"
    assert "no-store" in file["Cache-Control"]


def test_whoever_has_only_just_signed_in_is_not_asked_for_the_password(client):
    identity_facts.account(email="ada@example.org")
    client.post("/signin/", {"login": "ada@example.org", "password": identity_facts.PASSWORD})

    assert "Current password" not in client.get("/account/data/").content.decode()
    client.post("/account/data/")

    assert jobs() == 1


@pytest.mark.parametrize("typed", ["", "Wrong!2026"])
def test_without_the_password_nothing_is_made(typed):
    person = identity_facts.account()

    answer = identity_facts.signed_in(person).post("/account/data/", {"password": typed})

    assert answer.status_code == 422
    assert not DataExport.objects.exists()
    assert jobs() == 0


def test_asking_twice_makes_one_archive():
    person = identity_facts.account()
    first = actions.request_export(account=person, password=None)

    assert actions.request_export(account=person, password=None) == first

    assert jobs() == 1


@pytest.mark.parametrize("seconds", [-1, 0, 1])
def test_another_archive_can_be_asked_for_after_a_day(clock, seconds):
    person = identity_facts.account()
    identity_facts.archive(person)
    clock.advance(catalog.terms().data_export_interval + timedelta(seconds=seconds))

    if seconds < 0:
        with pytest.raises(errors.ExportTooSoon):
            actions.request_export(account=person, password=None)
    else:
        actions.request_export(account=person, password=None)

    assert DataExport.objects.count() == (1 if seconds < 0 else 2)
    page = identity_facts.signed_in(person).get("/account/data/").content.decode()
    assert ("You can ask for another archive" in page) == (seconds < 0)


@pytest.mark.parametrize("seconds", [-1, 0, 1])
def test_an_archive_is_deleted_when_its_days_are_over(clock, seconds):
    person = identity_facts.account()
    export = identity_facts.archive(person)
    clock.move_to(export.expires_at + timedelta(seconds=seconds))
    browser = identity_facts.signed_in(person)

    # also before the sweep has come
    assert browser.get(f"/account/data/{export.id}/").status_code == (200 if seconds < 0 else 404)
    sweeps.run_due(clock.now())

    export.refresh_from_db()
    assert (export.sealed is None) == (seconds >= 0)
    assert browser.get(f"/account/data/{export.id}/").status_code == (200 if seconds < 0 else 404)


def test_making_an_archive_twice_tells_once():
    person = identity_facts.account()
    export = identity_facts.archive(person)
    mails = Mail.objects.filter(recipient_id=person.id).count()

    actions.make_export(export_id=export.id)

    assert Mail.objects.filter(recipient_id=person.id).count() == mails == 1


def test_an_archive_is_for_the_person_alone():
    export = identity_facts.archive(identity_facts.account())
    assistance = identity_facts.account(staff_roles=("assistance",))

    with pytest.raises(NotFound):
        actions.open_export(account=assistance, export_id=export.id)

    assert identity_facts.signed_in(assistance).get(f"/account/data/{export.id}/").status_code == 404


def test_what_is_kept_of_an_archive_cannot_be_read_in_the_database():
    export = identity_facts.archive(identity_facts.account(email="ada@example.org"))

    assert bytes(export.sealed)[:2] != b"PK"
    assert b"README" not in bytes(export.sealed)


@pytest.mark.rule("ID-037")
def test_a_deleted_account_leaves_no_archive_and_none_is_made_any_more():
    person = identity_facts.account()
    export = actions.request_export(account=person, password=None)
    actions.delete_account(account=person, by=person, password=identity_facts.PASSWORD)

    actions.make_export(export_id=export.id)

    assert not DataExport.objects.exists()
