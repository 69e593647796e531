"""What time brings to accounts, programs and identity checks, and jobs at the video identification provider."""

from datetime import datetime
from uuid import UUID

from vettura.foundation import clock
from vettura.foundation.jobs import job
from vettura.foundation.sweeps import sweep
from vettura.identity import actions, rules
from vettura.identity.models import DataExport, IdentityCheck


def never_in_world_time() -> datetime | None:
    """Tokens live in real time only: moving the world's clock makes nothing here due."""
    return None


@sweep(next_due=never_in_world_time)
def forget_old_grants(at: datetime) -> int:  # `at` is world time and not asked
    """This will delete codes, tokens and sign-ins of programs that have long been over."""
    return actions.forget_old_grants(at=clock.real_now())


@sweep(next_due=never_in_world_time)
def drop_old_attempts(at: datetime) -> int:  # `at` is world time and not asked
    """This will delete counts of tries that no longer matter."""
    return actions.drop_old_attempts(at=clock.real_now())


@job("identity.handle_identity_notice")
def handle_identity_notice(notice_id: str) -> None:
    """This will work on a webhook."""
    actions.handle_identity_notice(notice_id=UUID(notice_id))


@job("identity.forget_identity_attempt")
def forget_identity_attempt(transaction_number: str) -> None:
    """This will let the provider delete an attempt."""
    actions.forget_identity_attempt(transaction_number=transaction_number)


def next_expiry() -> datetime | None:
    """When the next open case ends."""
    found = IdentityCheck.objects.exclude(status__in=rules.CHECK_FINAL).order_by("expires_at")
    return found.values_list("expires_at", flat=True).first()


@sweep(next_due=next_expiry)
def expire_identity_checks(at: datetime) -> int:
    """This will end cases that were not finished in time."""
    return actions.expire_identity_checks(at=at)


def next_deletion() -> datetime | None:
    """When evidence is deleted next."""
    found = IdentityCheck.objects.filter(evidence_until__isnull=False, evidence_deleted_at=None)
    return found.order_by("evidence_until").values_list("evidence_until", flat=True).first()


@sweep(next_due=next_deletion)
def delete_identity_evidence(at: datetime) -> int:
    """This will delete pictures and document numbers whose date has come."""
    return actions.delete_identity_evidence(at=at)


@job("identity.make_export")
def make_export(export_id: str) -> None:
    """This will make the archive that a person asked for."""
    actions.make_export(export_id=UUID(export_id))


def next_export_to_expire() -> datetime | None:
    """When the days of the next archive are over."""
    found = DataExport.objects.filter(status=DataExport.Status.READY).order_by("expires_at")
    return found.values_list("expires_at", flat=True).first()


@sweep(next_due=next_export_to_expire)
def expire_exports(at: datetime) -> int:
    """This will delete archives whose days are over."""
    return actions.expire_exports(at=at)
