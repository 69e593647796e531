"""Sharing data with a partner of one's choice: given and ended per partner and car (C-21)."""

from uuid import UUID

from django.db import transaction

from vettura.catalog import queries as catalog
from vettura.foundation import audit, clock, outbox
from vettura.foundation.errors import NotFound
from vettura.identity import actions as identity
from vettura.identity.errors import DocumentOutdated, ReceiptNotFound
from vettura.identity.models import Account
from vettura.partners import queries as partners
from vettura.partners.models import Partner
from vettura.vehicles import queries, rules
from vettura.vehicles.actions.users import lock_vehicle
from vettura.vehicles.errors import MainUserOnly
from vettura.vehicles.events import PartnerSharingDecided
from vettura.vehicles.models import PartnerSharing, Vehicle

PURPOSE = "partner_sharing"


@transaction.atomic
def share_with_partner(
    *, by: Account, vin: str, partner_id: UUID, language: str, channel: str = "portal", version: str = ""
) -> PartnerSharing:
    """
    This will let a named partner have the main user's data on this car (DAT-010, C-21); repeating it changes nothing.

    `version` is the text that the person read. Raises NotFound for strangers and unknown partners, MainUserOnly,
    DocumentOutdated.
    """
    vehicle = queries.vehicle_for(account=by, vin=vin)
    if vehicle.role != rules.MAIN_USER:
        raise MainUserOnly
    if version and version != catalog.consent_version(PURPOSE):
        raise DocumentOutdated
    partner = partners.partner(id=partner_id)
    return decide_sharing(
        account=by, partner=partner, vehicle=vehicle, decision=True, language=language, channel=channel
    )


@transaction.atomic
def stop_sharing(*, by: Account, vin: str, partner_id: UUID, language: str, channel: str = "portal") -> PartnerSharing:
    """
    This will end the sharing with a partner at once; repeating it changes nothing.

    Also for people who no longer use the car: their permission stays theirs to take back. Raises NotFound where nothing
    was ever shared.
    """
    latest = queries.latest_sharing(account=by, partner_id=partner_id, vin=vin)
    if latest is None:
        raise NotFound
    return decide_sharing(
        account=by,
        partner=latest.partner,
        vehicle=latest.vehicle,
        decision=False,
        language=language,
        channel=channel,
    )


@audit.explained
@transaction.atomic
def stop_all_sharing(
    *, account: Account, channel: str, by: Account | None = None, reason: str = ""
) -> list[PartnerSharing]:
    """
    This will end every sharing of a person, with every partner (DAT-011); the second time it ends nothing.

    Who may do so for a person is decided by the caller.
    """
    return [
        decide_sharing(
            account=account,
            partner=each.partner,
            vehicle=each.vehicle,
            decision=False,
            language=account.language,
            channel=channel,
            by=by,
            reason=reason,
        )
        for each in queries.sharing_of(account=account)
    ]


@audit.explained
def decide_sharing(
    *,
    account: Account,
    partner: Partner,
    vehicle: Vehicle,
    decision: bool,
    language: str,
    channel: str,
    by: Account | None = None,
    reason: str = "",
) -> PartnerSharing:
    """This will add a decision as proof and announce it; the same again adds nothing. Runs in the caller's transaction."""
    lock_vehicle(vin=vehicle.vin)
    latest = queries.latest_sharing(account=account, partner_id=partner.id, vin=vehicle.vin)
    if latest is not None and latest.decision == decision:
        return latest
    words = catalog.consent_words(PURPOSE, language)
    at = clock.now()
    row = PartnerSharing.objects.create(
        account=account,
        partner=partner,
        vehicle=vehicle,
        decision=decision,
        version=words.version if words else "",
        language=words.language if words else language,
        text_digest=words.digest if words else "",
        channel=channel,
        carried_out_by=by,
        reason=reason.strip(),
        at=at,
    )
    outbox.publish(
        PartnerSharingDecided(vin=vehicle.vin, account_id=account.id, partner_id=partner.id, decision=decision, at=at)
    )
    return row


def sharing_receipt_pdf(*, account: Account, receipt_id: UUID) -> bytes:
    """This will typeset the receipt of the person's own decision on sharing. Raises ReceiptNotFound."""
    row = (
        PartnerSharing.objects.filter(account_id=account.id, id=receipt_id).select_related("partner", "vehicle").first()
    )
    if row is None:
        raise ReceiptNotFound
    language = row.language or account.language
    words = catalog.consent_words(PURPOSE, language, version=row.version) or catalog.consent_words(PURPOSE, language)
    assert words is not None  # without a version it is the one in force
    return identity.typeset(
        proof=identity.Proof(
            id=row.id,
            account=account,
            title=words.title,
            is_given=row.decision,
            version=row.version or words.version,
            language=words.language,
            country=account.country,
            channel=row.channel,
            at=row.at,
            digest=row.text_digest,
            words=words,
            concerns=f"{row.partner.name}, {row.partner.city} · {row.vehicle.model_name} {row.vehicle.vin}",
        )
    )
