"""Receipts of what a person accepted and decided, as PDF: typeset when asked for, from rows that never change."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from django.utils import translation
from django.utils.translation import gettext

from vettura.catalog import queries as catalog
from vettura.foundation.pdf import blocks_of, render_pdf
from vettura.foundation.periods import locale_of
from vettura.identity import queries
from vettura.identity.models import AcceptedDocument, Account, Channel, ConsentDecision

TEMPLATE = Path(__file__).resolve().parents[1] / "templates" / "identity" / "receipt.typ"


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What a receipt says, whatever was decided. `words` or `markdown`: what the person read."""

    id: UUID
    account: Account
    title: str
    is_given: bool
    version: str
    language: str
    country: str
    channel: str
    at: datetime
    digest: str
    words: catalog.ConsentWords | None = None
    markdown: str = ""
    concerns: str = ""


def receipt_pdf(*, account: Account, receipt_id: UUID) -> bytes:
    """This will typeset the person's own receipt, in the language of what they read. Raises ReceiptNotFound."""
    row = queries.receipt(account=account, receipt_id=receipt_id)
    proof = _of_document(account, row) if isinstance(row, AcceptedDocument) else _of_consent(account, row)
    return typeset(proof=proof)


def typeset(*, proof: Proof) -> bytes:
    """This will typeset a receipt; contexts with decisions of their own use it too. Checks no right: callers do."""
    with translation.override(proof.language):
        zone = catalog.country(proof.country).timezone
        moment = format_datetime(
            proof.at.astimezone(ZoneInfo(zone)), "long", locale=locale_of(proof.language), tzinfo=ZoneInfo(zone)
        )
        labels = catalog.labels(proof.language)
        facts: dict[str, Any] = {  # Any: JSON
            "language": proof.language,
            "title": proof.title,
            "heading": gettext("Receipt of a decision on personal data"),
            "rows": [
                [gettext("Person"), f"{proof.account.name}, {proof.account.email}"],
                [gettext("Decision"), gettext("accepted") if proof.is_given else gettext("withdrawn")],
                *([[gettext("Concerns"), proof.concerns]] if proof.concerns else []),
                [gettext("Time"), moment],
                [gettext("Way"), str(Channel(proof.channel).label)],
                [gettext("Version"), proof.version],
                [gettext("Responsible"), f"{labels['company']}, {labels['company_address']}"],
                [gettext("To withdraw it"), _way_out(proof, labels)],
                [gettext("Receipt"), str(proof.id)],
                [gettext("Fingerprint of the text"), proof.digest],
            ],
            "parts": _parts(proof.words) if proof.words else [],
            "blocks": blocks_of(proof.markdown),
            "page": gettext("Page"),
        }
    return render_pdf(template=TEMPLATE, facts=facts, at=proof.at)


def _way_out(proof: Proof, labels: dict[str, str]) -> str:
    address = catalog.withdrawal_address(proof.country)
    return address or catalog.text("contact.partner_for_country", proof.language)


def _of_document(account: Account, row: AcceptedDocument) -> Proof:
    document = catalog.legal_document(row.kind, row.country, row.language, version=row.version)
    return Proof(
        id=row.id,
        account=account,
        title=document.title,
        is_given=True,
        version=row.version,
        language=row.language,
        country=row.country,
        channel=row.channel,
        at=row.accepted_at,
        digest=row.text_digest,
        markdown=document.body_markdown,
    )


def _of_consent(account: Account, row: ConsentDecision) -> Proof:
    words = catalog.consent_words(row.purpose, row.language, version=row.version)
    return Proof(
        id=row.id,
        account=account,
        title=words.title if words else row.purpose,
        is_given=row.is_given,
        version=row.version,
        language=row.language,
        country=row.country,
        channel=row.channel,
        at=row.decided_at,
        digest=row.text_digest,
        words=words,
    )


def _parts(words: catalog.ConsentWords) -> list[list[str]]:
    """The three things that every consent says (DAT-006), under their headings in the language in force."""
    return [[gettext("Data"), words.data], [gettext("Purpose"), words.purpose], [gettext("Manner"), words.manner]]
