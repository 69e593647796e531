"""\"Why can't I …?\" for programs: `/api/v1/vehicles/{vin}/diagnosis`."""

from datetime import datetime
from typing import Literal

from django.http import HttpRequest
from django.utils import translation
from ninja import Field, Query, Router, Schema

from vettura.foundation.diagnosis import UNKNOWN, Evidence
from vettura.help_center import diagnosis
from vettura.help_center.api import HelpContactOut, Language
from vettura.identity import queries as identity
from vettura.identity.models import Account
from vettura.vehicles import queries as vehicles

router = Router(tags=["help"])


class DiagnosisIn(Schema):
    """What is asked: the service, for the topic `service`, and what was answered to questions before."""

    service: str = Field("", max_length=100, description="The id of the service, for the topic `service`.")
    told: list[str] = Field(
        [],
        max_length=diagnosis.MOST_TOLD,
        description=f"What was answered to questions, each as `code:value`; the value `{UNKNOWN}` leaves a question out.",
    )
    lang: Literal["en", "it", "de"] = Field("en", description="The language of question and answer.")


class TopicOut(Schema):
    """Something that can be asked: its question, and where it is answered."""

    topic: str
    service: str | None
    title: str
    href: str


class TopicListOut(Schema):
    """Everything that can be asked about a car."""

    items: list[TopicOut]


class EvidenceOut(Schema):
    """What was seen, and when, where that matters."""

    text: str
    at: datetime | None


class RemedyOut(Schema):
    """What mends it: the words of a button, and a page of the portal."""

    text: str
    href: str


class CauseOut(Schema):
    """
    What stops it, as a sentence that says what to do as well. `code` is stable. `path`: the way through the car's head unit that mends it, `article`: the
    article that explains it.
    """

    code: str
    text: str
    evidence: list[EvidenceOut]
    remedy: RemedyOut | None
    path: list[str]
    article: str | None


class OptionOut(Schema):
    """An answer to a question."""

    value: str
    text: str


class QuestionOut(Schema):
    """What only a person can know: ask, and come back with `told=code:value`."""

    code: str
    text: str
    options: list[OptionOut]
    article: str | None


class CheckedOut(Schema):
    """Something that was looked at and is not the cause, or that the person could not tell."""

    check: str
    text: str
    evidence: list[EvidenceOut]
    is_skipped: bool


class DiagnosisOut(Schema):
    """
    Why something does not work. `verdict`: `cause`, `question`, or `nothing` where nothing is wrong that can be checked from afar; then `contact` helps.
    A program without the scope `status` gets no list of what was checked, and without the scope of a piece of evidence not that piece.
    """

    topic: str
    service: str | None
    title: str
    lang: str
    verdict: Literal["cause", "question", "nothing"]
    cause: CauseOut | None
    question: QuestionOut | None
    checked: list[CheckedOut]
    contact: HelpContactOut | None
    page: str


@router.get(
    "/{vin}/diagnosis",
    response=TopicListOut,
    operation_id="list_diagnoses",
    summary="List what can be asked about a car",
)
def list_diagnoses(request: HttpRequest, vin: str, lang: Language = "en") -> TopicListOut:
    """Every "why can't I …?" that can be answered for this car."""
    account: Account = getattr(request, "auth")  # noqa: B009  (ninja sets it; Django's request type does not know it)
    car = vehicles.vehicle_for(account=account, vin=vin)
    with translation.override(lang):
        items = [
            TopicOut(
                topic=each.topic,
                service=each.service or None,
                title=each.title,
                href=_href(vin=car.vin, topic=each.topic, service=each.service),
            )
            for group in diagnosis.whys()
            for each in group.items
        ]
    return TopicListOut(items=items)


@router.get(
    "/{vin}/diagnosis/{topic}",
    response=DiagnosisOut,
    operation_id="get_diagnosis",
    summary="Say why something does not work",
)
def get_diagnosis(request: HttpRequest, vin: str, topic: str, asked: Query[DiagnosisIn]) -> DiagnosisOut:
    """The first cause that holds, out of the state of car, contracts and settings, or the next question."""
    account: Account = getattr(request, "auth")  # noqa: B009  (as above)
    allowed = identity.allowed(request)
    with translation.override(asked.lang):
        told = diagnosis.told_of(asked.told)
        made = diagnosis.diagnosis_of(account=account, vin=vin, topic=topic, service=asked.service, told=told)
        found = diagnosis.finding(made, sees=allowed.may)
        return _out(found, lang=asked.lang, sees_checks=allowed.may("status"))


def _href(*, vin: str, topic: str, service: str) -> str:
    return diagnosis.api_address_of(topic=topic, vin=vin, service=service)


def _evidence(seen: tuple[Evidence, ...]) -> list[EvidenceOut]:
    return [EvidenceOut(text=each.text, at=each.at) for each in seen]


def _out(found: diagnosis.Finding, *, lang: str, sees_checks: bool) -> DiagnosisOut:
    asked = found.diagnosis.inquiry
    article = found.article[0] if found.article else None
    cause, question = found.cause, found.question
    return DiagnosisOut(
        topic=asked.topic,
        service=asked.service or None,
        title=found.title,
        lang=lang,
        verdict="cause" if cause else "question" if question else "nothing",
        cause=CauseOut(
            code=cause.code,
            text=cause.text,
            evidence=_evidence(cause.evidence),
            remedy=RemedyOut(text=cause.remedy.text, href=found.href) if cause.remedy else None,
            path=[step.label for step in found.path.steps] if found.path else [],
            article=article,
        )
        if cause
        else None,
        question=QuestionOut(
            code=question.code,
            text=question.text,
            options=[OptionOut(value=value, text=words) for value, words in question.options.items()],
            article=article,
        )
        if question
        else None,
        checked=[
            CheckedOut(check=each.name, text=each.text, evidence=_evidence(each.evidence), is_skipped=each.is_skipped)
            for each in found.checked
        ]
        if sees_checks
        else [],
        contact=HelpContactOut.model_validate(found.contact, from_attributes=True) if found.contact else None,
        page=diagnosis.address_of(topic=asked.topic, vin=asked.vin, service=asked.service, told=asked.told),
    )
