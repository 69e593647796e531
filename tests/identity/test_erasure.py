"""What is known of a person is erased when it is asked for; what a law wants kept stays for its time, with nothing else."""

from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.db import models
from tests import erasure_facts as facts
from tests import identity_facts, vehicle_facts
from tests.store_facts import run_jobs

from vettura.assistance import actions as assistance
from vettura.assistance.models import Case
from vettura.billing import ports
from vettura.billing.models import Invoice, Payment, ProviderCustomer, SavedCard
from vettura.catalog import queries as catalog
from vettura.foundation import archive, audit, erasing, outbox, sweeps
from vettura.foundation.errors import NotFound
from vettura.foundation.models import AuditEntry
from vettura.identity import actions, errors, queries
from vettura.identity.events import AccountDeleted
from vettura.identity.models import Account, ErasureRequest
from vettura.notifications.models import Mail
from vettura.store.models import Cart, Order

pytestmark = pytest.mark.django_db
ABOUT_PEOPLE = ("account_id", "recipient_id", "person_id")


@pytest.fixture
def gone(cards, clock) -> Account:
    """A customer who has deleted the account."""
    return facts.parted(facts.customer(cards))


# -- nothing is forgotten -------------------------------------------------------------------------------------------


def models_about_people() -> list[type[models.Model]]:
    """Every model that refers to accounts or tells of somebody in an archive."""
    told = {model for part in archive.parts() for model in part.models}
    refers = {
        model
        for model in apps.get_models()
        if model is Account
        or any(
            field.related_model is Account if field.is_relation else field.name in ABOUT_PEOPLE
            for field in model._meta.concrete_fields
        )
    }
    return sorted(told | refers, key=lambda model: model._meta.label)


@pytest.mark.rule("DAT-021")
@pytest.mark.parametrize("model", models_about_people(), ids=lambda model: model._meta.label)
def test_every_model_about_people_says_what_an_erasure_does_to_it(model):
    decided = {each for decision in erasing.decisions() for each in decision.models}

    assert (model in decided) != (model in erasing.left()), model._meta.label


@pytest.mark.rule("DAT-021")
def test_no_word_about_the_person_is_left_anywhere_but_in_the_invoices(gone):
    assert all(facts.tables_that_say(word) for word in (facts.EMAIL, facts.FAMILY_NAME, facts.STREET))

    facts.erased(gone)
    run_jobs()

    farewell = Mail.objects.get(is_farewell=True)
    assert farewell.to == facts.EMAIL
    farewell.delete()  # as it does by itself once it is sent
    left = {word: tables for word in facts.WORDS if (tables := facts.tables_that_say(word))}
    assert left == {facts.FAMILY_NAME: {"billing_invoice"}}


def test_who_used_which_car_is_known_no_more_and_the_car_goes_on(gone):
    car = gone.assignments.get().vehicle

    facts.erased(gone)

    car.refresh_from_db()
    assert not car.assignments.exists()
    assert (car.plate, car.signed_in_account) == ("", None)
    assert not car.signals.exists()


# -- what is kept ---------------------------------------------------------------------------------------------------


@pytest.mark.rule("DAT-021")
def test_of_invoice_payment_and_paid_order_stays_what_tax_law_wants(gone):
    before = Invoice.objects.get()
    document = bytes(before.pdf)

    done = facts.erased(gone)

    invoice, payment, order = Invoice.objects.get(), Payment.objects.get(), Order.objects.get()
    assert (bytes(invoice.pdf), invoice.number, invoice.recipient) == (document, before.number, before.recipient)
    assert (payment.card, payment.return_url, payment.amount) == (None, "", order.total)
    assert (order.address_lines, order.card_id) == ([], None)
    assert [line.name for line in order.lines.all()]
    assert Cart.objects.get() == order.cart
    assert (order.cart.account, order.cart.vehicle) == (None, None)
    # ten years from the end of the year in which it was bought, in the zone of the country
    end = datetime(2036, 12, 31, 23, tzinfo=UTC)
    assert {invoice.kept_until, payment.kept_until, order.kept_until, done.kept_until} == {end}


def test_what_is_kept_is_deleted_by_itself_when_its_years_are_over(gone, clock):
    facts.erased(gone)
    end = Invoice.objects.get().kept_until
    clock.move_to(end - timedelta(seconds=1))
    sweeps.run_due(clock.now())
    assert (Invoice.objects.count(), Payment.objects.count(), Order.objects.count()) == (1, 1, 1)

    assert sweeps.earliest_due() is not None
    clock.move_to(end)
    sweeps.run_due(clock.now())

    assert not any(model.objects.exists() for model in (Invoice, Payment, Order, Cart))
    assert facts.tables_that_say(facts.FAMILY_NAME) <= {"notifications_mail"}


def test_invoices_of_people_who_are_not_erased_have_no_end(cards, clock):
    facts.parted(facts.customer(cards))
    clock.advance(days=20 * 365)

    sweeps.run_due(clock.now())

    assert Invoice.objects.get().kept_until is None


@pytest.mark.rule("DAT-021")
def test_the_card_provider_forgets_the_person_with_every_card(gone, cards):
    customer = ProviderCustomer.objects.get()
    card = SavedCard.objects.get().reference
    assert cards.get(f"customers/{customer.reference}")["email"] == facts.EMAIL

    facts.erased(gone)
    run_jobs()

    assert not ProviderCustomer.objects.exists()
    assert cards.get(f"customers/{customer.reference}") == {
        "id": customer.reference,
        "object": "customer",
        "deleted": True,
    }
    assert cards.get(f"payment_methods/{card}")["customer"] is None


def test_while_the_card_provider_is_away_the_erasure_stands_and_the_job_comes_again(gone, settings):
    settings.VETTURA_PROVIDERS = settings.VETTURA_PROVIDERS.__class__(
        **{**settings.VETTURA_PROVIDERS.__dict__, "cards_url": "http://127.0.0.1:1"}
    )

    assert facts.erased(gone).done_at is not None

    with pytest.raises(ports.ProviderUnavailable):
        run_jobs()


@pytest.mark.rule("DAT-020")
def test_the_audit_still_knows_that_something_was_changed_and_no_longer_what(gone):
    before = AuditEntry.objects.filter(person_id=gone.id).count()

    facts.erased(gone)

    entries = AuditEntry.objects.filter(person_id=gone.id)
    assert entries.count() > before
    assert all(value is None for entry in entries for value in entry.changes.values())
    assert set(entries.values_list("reason", flat=True)) == {""}
    assert entries.filter(kind=audit.Kind.ERASURE, operation="erased").exists()


def test_what_is_left_of_the_account_is_its_number_and_country(gone):
    facts.erased(gone)

    gone.refresh_from_db()
    assert (gone.name, gone.phone, gone.street, gone.former_email, gone.country) == ("", "", "", "", "IT")
    assert gone.email.endswith("@deleted.invalid")
    assert not gone.check_password(identity_facts.PASSWORD)
    assert gone.erased_at is not None


def test_a_new_account_with_the_same_address_loses_nothing(gone, clock):
    clock.advance(days=1)
    again = identity_facts.account(email=facts.EMAIL)
    actions.request_export(account=again, password=identity_facts.PASSWORD)
    case = assistance.open_case(kind="question", channel="email", language="en", text="Hello", sender=facts.EMAIL)
    clock.advance(days=1)
    vehicle_facts.sale(buyer_email=facts.EMAIL)

    done = facts.erased(gone)

    assert done.done_at is not None
    again.refresh_from_db()
    assert (again.email, again.data_exports.count()) == (facts.EMAIL, 1)
    assert Case.objects.filter(id=case.id).exists()
    assert vehicle_facts.token_mailed_to(facts.EMAIL)


# -- who asks -------------------------------------------------------------------------------------------------------


@pytest.mark.rule("DAT-021")
def test_the_partner_whose_customer_it_is_records_the_request_with_its_due_date(cards, clock):
    person = facts.customer(cards)
    staff = vehicle_facts.partner_staff()

    asked = facts.request(person, by=staff)

    assert (asked.channel, asked.partner_name, asked.asked_by) == ("partner", "Partner Torino", staff)
    assert asked.due_at == datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
    person.refresh_from_db()
    assert person.name == "Zora Quasimodo"


def test_assistance_may_name_the_partner_that_passed_it_on(gone):
    asked = facts.request(gone, partner_name="Partner Milano")

    assert (asked.channel, asked.partner_name, asked.partner_id) == ("partner", "Partner Milano", None)
    assert queries.erasures_of(account=gone) == [asked]


def test_asking_again_while_a_request_is_open_is_the_same_request(gone):
    assert facts.request(gone) == facts.request(gone)


@pytest.mark.rule("DAT-021")
@pytest.mark.parametrize("who", ["another partner", "the person", "a stranger"])
def test_nobody_else_can_ask_at_the_desk(cards, who):
    person = facts.customer(cards)
    by = {
        "another partner": lambda: vehicle_facts.partner_staff(of=vehicle_facts.partner(name="Partner Roma")),
        "the person": lambda: person,
        "a stranger": vehicle_facts.person,
    }[who]()

    with pytest.raises(NotFound):
        facts.request(person, by=by)

    assert not ErasureRequest.objects.exists()


def test_a_request_needs_a_reason_and_is_never_ones_own(gone):
    assistant = vehicle_facts.assistant()

    with pytest.raises(errors.ReasonMissing):
        actions.request_erasure(by=assistant, account_id=gone.id, reason="  ")
    with pytest.raises(errors.OwnAccount):
        facts.request(assistant, by=assistant)


def test_a_partner_no_longer_finds_somebody_who_deleted_the_account(gone):
    with pytest.raises(NotFound):
        facts.request(gone, by=vehicle_facts.partner_staff())


# -- carried out ----------------------------------------------------------------------------------------------------


@pytest.mark.rule("DAT-021")
@pytest.mark.parametrize("who", ["the partner", "the person", "a stranger"])
def test_only_assistance_carries_it_out(cards, who):
    person = facts.customer(cards)
    staff = vehicle_facts.partner_staff()
    asked = facts.request(person, by=staff)
    facts.parted(person)
    by = {"the partner": staff, "the person": person, "a stranger": vehicle_facts.person()}[who]

    with pytest.raises(NotFound):
        actions.carry_out_erasure(by=by, request_id=asked.id)

    person.refresh_from_db()
    assert person.erased_at is None


@pytest.mark.rule("DAT-021")
def test_carrying_it_out_twice_is_the_same_as_once(gone, clock):
    first = facts.erased(gone)
    clock.advance(days=1)
    entries = AuditEntry.objects.count()

    second = actions.carry_out_erasure(by=vehicle_facts.assistant(), request_id=first.id)

    assert (second.done_at, second.kept) == (first.done_at, first.kept)
    assert Mail.objects.filter(is_farewell=True).count() == 1
    # the new member of Assistance is new in the audit, and nothing else
    assert AuditEntry.objects.filter(person_id=gone.id).count() <= entries
    with pytest.raises(errors.AlreadyErased):
        facts.request(gone)


@pytest.mark.rule("ID-032")
def test_an_account_in_use_is_refused_and_said_what_comes_first(cards):
    person = facts.customer(cards)
    asked = facts.request(person)

    with pytest.raises(errors.ErasureHindered):
        actions.carry_out_erasure(by=vehicle_facts.assistant(), request_id=asked.id)

    said = [each.sentence for each in queries.obstacles_to_erasure(account=person)]
    assert "The account is in use. Only its holder can delete it; that comes before the erasure." in said
    assert any("is still in the garage" in each for each in said)
    person.refresh_from_db()
    assert (person.name, person.erased_at) == ("Zora Quasimodo", None)


def test_an_open_case_is_closed_first(gone):
    case = assistance.open_case(kind="question", channel="phone", language="en", text="?", account=gone)
    asked = facts.request(gone)

    with pytest.raises(errors.ErasureHindered) as refused:
        actions.carry_out_erasure(by=vehicle_facts.assistant(), request_id=asked.id)

    assert f"Case {case.number} is still open. Close it first." in str(refused.value)
    facts.close_cases()
    assert actions.carry_out_erasure(by=vehicle_facts.assistant(), request_id=asked.id).done_at is not None


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("order", "is still open. Wait until it is paid or has ended."),
        ("invoice", "An invoice is not published yet. Wait until it is."),
        ("payment", "A payment is not over yet. Wait until it is paid or released."),
        ("announcement", "Something about this person is still being carried out. Try again in a minute."),
    ],
)
def test_what_was_begun_is_over_first(gone, what, said):
    if what == "order":
        Order.objects.update(status=Order.Status.WAITING)
    elif what == "invoice":
        Invoice.objects.update(number=None, published_at=None, pdf=None)
    elif what == "payment":
        Payment.objects.update(status=Payment.Status.AUTHORIZED)
    else:
        outbox.publish(AccountDeleted(account_id=gone.id, at=gone.deleted_at))

    assert any(said in each.sentence for each in queries.obstacles_to_erasure(account=gone))


def test_a_request_that_was_taken_back_erases_nothing(gone):
    asked = facts.request(gone)
    assistant = vehicle_facts.assistant()
    actions.take_back_erasure(by=assistant, request_id=asked.id, reason="a mistake")

    with pytest.raises(errors.ErasureTakenBack):
        actions.carry_out_erasure(by=assistant, request_id=asked.id)

    assert queries.erasure_of(account=gone) is None
    assert facts.request(gone) != asked


def test_what_was_carried_out_cannot_be_taken_back(gone):
    done = facts.erased(gone)

    with pytest.raises(errors.ErasureDone):
        actions.take_back_erasure(by=vehicle_facts.assistant(), request_id=done.id, reason="sorry")


def test_when_anything_fails_nothing_is_erased(gone, monkeypatch):
    asked = facts.request(gone)
    monkeypatch.setitem(
        erasing._decisions,
        "foundation.fails",
        erasing.Decision(
            code="foundation.fails",
            what="",
            fate="erased",
            models=(),
            rows=lambda _: Mail.objects.none(),
            work=lambda _: 1 / 0,
        ),
    )

    with pytest.raises(ZeroDivisionError):
        actions.carry_out_erasure(by=vehicle_facts.assistant(), request_id=asked.id)

    gone.refresh_from_db()
    assert (gone.erased_at, gone.name) == (None, "Zora Quasimodo")
    assert not Mail.objects.filter(is_farewell=True).exists()
    assert SavedCard.objects.exists()


# -- what the person is told ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "subject", "words"),
    [
        ("en", "Your data are erased", "no later than"),
        ("it", "I Suoi dati sono stati cancellati", "al più tardi il"),
        ("de", "Ihre Daten sind gelöscht", "spätestens am"),
    ],
)
def test_the_person_is_told_in_their_language_before_the_address_goes(cards, clock, language, subject, words):
    person = facts.parted(facts.customer(cards, language=language))

    facts.erased(person)

    mail, text, _ = identity_facts.last_mail(facts.EMAIL)
    assert mail.subject == subject
    assert words in text
    assert (mail.is_farewell, mail.recipient_id) == (True, None)


def test_an_invited_person_who_never_registered_can_be_erased(clock):
    begun = actions.begin_registration(email=facts.EMAIL, language="en", country="IT", next_url="/")
    person = begun.account

    done = facts.erased(person)

    person.refresh_from_db()
    assert (person.status, person.erased_at) == (Account.Status.DELETED, done.done_at)
    Mail.objects.filter(is_farewell=True).delete()
    assert facts.tables_that_say(facts.EMAIL) == set()


def test_the_due_date_and_the_years_stand_in_the_pack_once():
    assert (catalog.terms().erasure_due_months, catalog.terms().tax_records_kept_years) == (1, 10)
