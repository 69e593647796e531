"""What people accept and decide on their data: documents by version, consents by purpose."""

from collections.abc import Collection, Mapping

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import get_language

from vettura.catalog import queries as catalog
from vettura.foundation import audit, clock, outbox
from vettura.identity import events, queries, rules
from vettura.identity.errors import AcceptanceNeeded, ConsentNeeded, DocumentOutdated
from vettura.identity.models import AcceptedDocument, Account, Channel, ConsentDecision


@transaction.atomic
def accept_documents(
    *,
    account: Account,
    language: str,
    channel: str = Channel.PORTAL,
    shown: Mapping[str, str] | None = None,
    former: Mapping[str, str] | None = None,
) -> list[AcceptedDocument]:
    """
    This will record that the person accepts the terms of use and the privacy declaration, with versions.

    `shown` says which versions the person had before them; without it, those in force. `former` names versions that are
    over, for people who accepted those before they came here. What was accepted before stays as it is; nothing is
    announced when nothing is new. Raises DocumentOutdated when what was shown is not in force.
    """
    row = Account.objects.select_for_update().get(id=account.id)
    at = clock.now()
    new = []
    for kind in rules.DOCUMENTS:
        document = catalog.legal_document(kind, row.country, language, version=(former or {}).get(kind, ""))
        if shown is not None and shown.get(kind) != document.version:
            raise DocumentOutdated
        accepted, is_new = AcceptedDocument.objects.get_or_create(
            account=row,
            kind=kind,
            version=document.version,
            defaults={
                "country": row.country,
                "language": document.language,
                "channel": channel,
                "text_digest": rules.text_digest(document.title, document.body_markdown),
                "accepted_at": at,
            },
        )
        if is_new:
            new.append(accepted)
        setattr(row, rules.VERSION_FIELDS[kind], document.version)
    row.save(update_fields=list(rules.VERSION_FIELDS.values()))
    _tell(account, row)
    if new:
        versions = {each.kind: each.version for each in new}
        outbox.publish(events.DocumentsAccepted(account_id=account.id, at=at, versions=versions))
    return new


@audit.explained
@transaction.atomic
def decide_consent(
    *,
    account: Account,
    purpose: str,
    is_given: bool,
    language: str,
    channel: str,
    version: str = "",
    by: Account | None = None,
    reason: str = "",
) -> ConsentDecision:
    """
    This will record what a person decides on data of one kind; deciding the same again changes nothing (DAT-006).

    `version` is the one that the person read; a consent is only given to the version in force, and may be withdrawn
    whatever version it was given to. `by` and `reason`: who carried it out for the person, and why. Raises
    UnknownEntry, DocumentOutdated.
    """
    row = Account.objects.select_for_update().get(id=account.id)
    words = catalog.consent_words(purpose, language)
    assert words is not None  # without a version it is the one in force
    if is_given and version and version != words.version:
        raise DocumentOutdated
    latest = row.consent_decisions.filter(purpose=purpose).order_by("-decided_at", "-id").first()
    if latest is not None and latest.is_given == is_given and latest.version == words.version:
        return latest
    at = clock.now()
    decision = ConsentDecision.objects.create(
        account=row,
        purpose=purpose,
        version=words.version,
        is_given=is_given,
        country=row.country,
        language=words.language,
        channel=channel,
        text_digest=words.digest,
        decided_at=at,
        carried_out_by=by,
        reason=reason.strip(),
    )
    kept = [each for each in row.consents if rules.purpose_of(each) != purpose]
    row.consents = sorted([*kept, rules.consent_mark(purpose, words.version)] if is_given else kept)
    row.save(update_fields=["consents"])
    _tell(account, row)
    outbox.publish(
        events.ConsentDecided(
            account_id=row.id, purpose=purpose, version=words.version, is_given=is_given, channel=channel, at=at
        )
    )
    return decision


@transaction.atomic
def give_all_consents(*, account: Account, language: str) -> None:
    """This will give every consent for a person that the operator made: staff, the demo world, tests."""
    for consent in queries.purposes():
        decide_consent(account=account, purpose=consent.id, is_given=True, language=language, channel=Channel.OPERATOR)


@audit.explained
@transaction.atomic
def withdraw_all_consents(
    *, account: Account, channel: str, by: Account | None = None, reason: str = ""
) -> list[ConsentDecision]:
    """
    This will withdraw every consent that a person has given, with one time stamp each (DAT-011).

    Who may do so for a person is decided by the caller. Returns what was withdrawn; the second time that is nothing.
    """
    row = Account.objects.select_for_update().get(id=account.id)
    withdrawn = [
        decide_consent(
            account=row,
            purpose=purpose,
            is_given=False,
            language=row.language,
            channel=channel,
            by=by,
            reason=reason,
        )
        for purpose in [rules.purpose_of(mark) for mark in row.consents]
    ]
    _tell(account, Account.objects.get(id=account.id))
    return withdrawn


@transaction.atomic
def review(
    *, account: Account, shown: Mapping[str, str], consents: Collection[str], language: str, channel: str
) -> None:
    """
    This will accept the new versions that were shown, and decide on consents whose text has changed.

    Those in `consents` are given, the other changed ones are withdrawn: silence is no consent. Raises DocumentOutdated.
    """
    changed = queries.consents_to_decide(account=account)
    accept_documents(account=account, language=language, channel=channel, shown=shown)
    for consent in changed:
        decide_consent(
            account=account,
            purpose=consent.id,
            is_given=consent.id in consents,
            version=shown.get(consent.id, ""),
            language=language,
            channel=channel,
        )


def require_acceptance(*, account: Account) -> None:
    """This will refuse a person who has not decided on the version in force. Raises AcceptanceNeeded with the link."""
    waiting = queries.documents_to_accept(account=account)
    if waiting or queries.consents_to_decide(account=account):
        raise AcceptanceNeeded(documents=waiting, link=settings.VETTURA_BASE_URL + reverse("identity:consents_review"))


def require_consents(*, account: Account, services: Collection[str]) -> None:
    """This will refuse services that need a consent which the person has not given (DAT-005). Raises ConsentNeeded."""
    missing = queries.missing_consents(account=account, services=services)
    if missing:
        words = catalog.consent_words(missing[0].id, get_language() or account.language)
        raise ConsentNeeded(consent=words.title if words else missing[0].id, purposes=[each.id for each in missing])


def _tell(account: Account, row: Account) -> None:
    """The caller's own instance knows too: it is asked again in the same request."""
    account.consents = row.consents
    for field in rules.VERSION_FIELDS.values():
        setattr(account, field, getattr(row, field))
