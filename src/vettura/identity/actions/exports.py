"""The archive of a person's data: asked for, made by a job part by part, fetched, and deleted when its days are over."""

import io
import zipfile
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from vettura.catalog import queries as catalog
from vettura.foundation import archive, clock
from vettura.foundation.errors import NotFound
from vettura.foundation.jobs import defer
from vettura.foundation.periods import locale_of
from vettura.identity import queries, rules
from vettura.identity.errors import ConfirmationWrong, ExportTooSoon
from vettura.identity.models import Account, DataExport
from vettura.notifications import actions as notifications


@transaction.atomic
def request_export(*, account: Account, password: str | None) -> DataExport:
    """
    This will have an archive of the person's data made. One that is being made already is returned.

    `password` is None where the person has only just signed in. Raises ConfirmationWrong, ExportTooSoon.
    """
    row = Account.objects.select_for_update().get(id=account.id)
    if password is not None and not row.check_password(password):
        raise ConfirmationWrong
    latest = queries.latest_export(account=row)
    if latest is not None and latest.status == DataExport.Status.REQUESTED:
        return latest
    at, again_at = clock.now(), queries.next_export_at(account=row)
    if again_at is not None and at < again_at:
        raise ExportTooSoon
    export = DataExport.objects.create(account=row, requested_at=at, parts_total=len(archive.parts()))
    defer("identity.make_export", export_id=str(export.id))
    return export


def make_export(*, export_id: UUID) -> None:
    """
    This will make an archive and tell the person by mail and inbox; one that is made already is left alone.

    Not one transaction: whoever waits sees how many parts are done.
    """
    export = DataExport.objects.select_related("account").filter(id=export_id).first()
    if export is None or export.status != DataExport.Status.REQUESTED:
        return
    account = export.account
    person = queries.as_person(account=account)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file, translation.override(account.language):
        for done, part in enumerate(archive.parts(), start=1):
            file.writestr(f"{part.name}.json", part.to_json(person))
            file.writestr(f"schemas/{part.name}.schema.json", part.schema())
            for name, data in (part.files(person) if part.files else {}).items():
                file.writestr(name, data)
            DataExport.objects.filter(id=export.id).update(parts_done=done)
        file.writestr("README.txt", _readme(account, export.requested_at))
    _finish(export.id, content.getvalue())


def _said(at: datetime, account: Account) -> str:
    local = at.astimezone(ZoneInfo(catalog.country(account.country).timezone))
    return format_datetime(local, "long", locale=locale_of(account.language))


def _readme(account: Account, at: datetime) -> str:
    facts = {
        "labels": catalog.labels(account.language),
        "email": account.address,
        "at": _said(at, account),
        "parts": archive.parts(),
    }
    return render_to_string("identity/archive/readme.txt", facts).strip() + "\n"


@transaction.atomic
def _finish(export_id: UUID, content: bytes) -> None:
    export = DataExport.objects.select_for_update(of=("self",)).select_related("account").filter(id=export_id).first()
    if export is None or export.status != DataExport.Status.REQUESTED:  # made meanwhile, or the account is gone
        return
    at = clock.now()
    export.status, export.ready_at, export.size = DataExport.Status.READY, at, len(content)
    export.expires_at = at + catalog.terms().data_export_kept
    export.sealed = rules.sealed_archive(content=content, secret=settings.SECRET_KEY)
    export.save()
    account = export.account
    facts = {
        "name": account.given_name,
        "until": _said(export.expires_at, account),
        "path": reverse("identity:data"),
    }
    with translation.override(account.language):
        notifications.post_message(
            recipient_id=account.id,
            language=account.language,
            subject=render_to_string("identity/mail/data_export.subject.txt", facts),
            body=render_to_string("identity/archive/ready.txt", facts).strip(),
            kind="data_export",
        )
    notifications.send_mail(
        recipient_id=account.id,
        to=account.email,
        language=account.language,
        template="identity/mail/data_export",
        facts=facts,
    )


def open_export(*, account: Account, export_id: UUID) -> bytes:
    """The archive as a ZIP file, for the person whose data it holds. Raises NotFound, also when its days are over."""
    export = DataExport.objects.filter(id=export_id, account=account, status=DataExport.Status.READY).first()
    if export is None or export.sealed is None or export.expires_at is None or clock.now() >= export.expires_at:
        raise NotFound
    return rules.unsealed_archive(data=bytes(export.sealed), secret=settings.SECRET_KEY)


@transaction.atomic
def expire_exports(*, at: datetime) -> int:
    """This will delete the content of archives whose days are over."""
    due = DataExport.objects.filter(status=DataExport.Status.READY, expires_at__lte=at)
    return due.update(status=DataExport.Status.EXPIRED, sealed=None)
