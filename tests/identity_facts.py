"""People, made by the actions that the portal uses; and what was sent to them."""

import io
import itertools
import re
import zipfile
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.test import Client

from vettura.identity import actions
from vettura.identity.models import Account, DataExport, Registration
from vettura.notifications import rules
from vettura.notifications.models import Mail, Sms

PASSWORD = "Vettura!2026"
PHONE = "+393123456789"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"

_numbers = itertools.count(1)


def account(
    *,
    email: str = "",
    given_name: str = "Ada",
    family_name: str = "Rossi",
    country: str = "IT",
    language: str = "en",
    phone: str = PHONE,
    pin: str | None = None,
    staff_roles: tuple[str, ...] = (),
) -> Account:
    """Somebody with an active account; its password is `PASSWORD`."""
    person = actions.create_account(
        email=email or f"account{next(_numbers)}@example.org",
        given_name=given_name,
        family_name=family_name,
        password=PASSWORD,
        country=country,
        language=language,
        phone=phone,
        staff_roles=staff_roles,
    )
    if pin is not None:
        actions.set_pin(account=person, pin=pin)
    return person


def registration(
    *, email: str = "", country: str = "IT", language: str = "en", next_url: str = "/", step: str = "password"
) -> Registration:
    """A registration that stands at a step: password, name, code or documents."""
    begun = actions.begin_registration(
        email=email or f"new{next(_numbers)}@example.org", language=language, country=country, next_url=next_url
    )
    if step == "password":
        return begun
    actions.choose_password(registration_id=begun.id, password=PASSWORD)
    if step != "name":
        actions.give_name_and_phone(registration_id=begun.id, given_name="Ada", family_name="Rossi", phone=PHONE)
    if step == "documents":
        actions.check_sms_code(registration_id=begun.id, code=last_code(begun.account_id))
    return begun


def signed_in(person: Account) -> Client:
    """A browser in which the person is signed in."""
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


def device(person: Account) -> UserSession:
    """Somewhere else where the person signed in."""
    client = Client()
    client.post("/signin/", {"login": person.email, "password": PASSWORD})
    return UserSession.objects.get(session_key=client.session.session_key)


def last_sms(recipient_id: UUID) -> str:
    """The text of the newest SMS that waits to be sent to a person."""
    row = Sms.objects.filter(recipient_id=recipient_id).order_by("-id").first()
    assert row is not None
    assert row.sealed_content is not None
    return rules.unsealed_text(data=bytes(row.sealed_content), secret=settings.SECRET_KEY)


def last_code(recipient_id: UUID) -> str:
    """The code in the newest SMS to a person."""
    found = re.search(r"\b\d{6}\b", last_sms(recipient_id))
    assert found
    return found.group()


def last_mail(to: str) -> tuple[Mail, str, str]:
    """The newest mail that waits to be sent to an address: the row, its text, its HTML."""
    row = Mail.objects.filter(to=to).order_by("-id").first()
    assert row is not None
    assert row.sealed_content is not None
    text, html, _ = rules.unsealed_mail(data=bytes(row.sealed_content), secret=settings.SECRET_KEY)
    return row, text, html


def link_in(text: str) -> str:
    """The path of the first link of ours in a mail."""
    found = re.search(re.escape(settings.VETTURA_BASE_URL) + r"(/\S+)", text)
    assert found
    return found.group(1)


def archive(person: Account) -> DataExport:
    """The archive of a person's data, asked for and made."""
    export = actions.request_export(account=person, password=PASSWORD)
    actions.make_export(export_id=export.id)
    export.refresh_from_db()
    return export


def files_of(export: DataExport) -> dict[str, bytes]:
    """The files of an archive by name."""
    content = actions.open_export(account=export.account, export_id=export.id)
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {name: file.read(name) for name in file.namelist()}
