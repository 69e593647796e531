"""What Assistance is told of what a person tried before they asked: searched, read, and checked by a diagnosis."""

from collections.abc import Iterator

from django.utils.translation import gettext

from vettura.catalog import queries as catalog
from vettura.foundation.diagnosis import SERVICE, Cause, Diagnosis, Question, topics
from vettura.help_center import queries, rules


def tried(*, language: str, question: str = "", article_id: str = "", diagnosis: Diagnosis | None = None) -> list[str]:
    """Line by line, in the language that is active: the words, the article by its question, and each step of the diagnosis."""
    found = []
    if question:
        found.append(gettext("Searched: {words}").format(words=question[: rules.LONGEST_QUESTION]))
    if article_id in queries.help_of_pack().articles:
        title = queries.title_of(article_id=article_id, language=language)
        found.append(gettext("Read: {title} ({article})").format(title=title, article=article_id))
    if diagnosis is not None:
        found += lines_of(diagnosis, language)
    return found


def lines_of(diagnosis: Diagnosis, language: str) -> Iterator[str]:
    """What was asked, and each step with what was seen: fine, the cause, or what the person said."""
    yield gettext("Checked: {title}").format(
        title=title_of(diagnosis.inquiry.topic, diagnosis.inquiry.service, language)
    )
    for step in diagnosis.steps:
        outcome = step.outcome
        if isinstance(outcome, Question):
            told = diagnosis.inquiry.told.get(outcome.code, "")
            said = gettext("could not tell") if step.is_skipped else outcome.options.get(told, gettext("not answered"))
            yield f"? {outcome.text} {said}"
            continue
        yield f"{'✗' if isinstance(outcome, Cause) else '✓'} {outcome.text}"
        yield from (f"  {seen.text}" for seen in outcome.evidence)
    if diagnosis.cause is None and diagnosis.question is None:
        yield gettext("No cause was found.")


def title_of(topic: str, service: str, language: str) -> str:
    """What a diagnosis is about: the topic's question, or the service's name."""
    if topic == SERVICE and service in catalog.pack().services:
        return str(catalog.pack().services[service].name[language])
    return next((str(each.title) for each in topics() if each.code == topic), topic)
