"""Programs come in: articles found by words, and a question answered for a person's car. `request.auth` is the account."""

from typing import Annotated, Literal, cast

from django.http import HttpRequest
from ninja import Query, Router, Schema

from vettura.catalog import queries as catalog
from vettura.foundation.errors import NotFound
from vettura.help_center import actions, queries
from vettura.help_center.adapters import manuals
from vettura.help_center.models import UnansweredSearch
from vettura.help_center.queries import edits
from vettura.help_center.rules import LONGEST_QUESTION
from vettura.identity.models import Account
from vettura_pack.answers import Reader
from vettura_pack.help import VerdictKind

router = Router(tags=["help"])
Words = Annotated[str, Query(min_length=1, max_length=LONGEST_QUESTION)]
Language = Annotated[Literal["en", "it", "de"], Query(description="The language of question and answer.")]
Vin = Annotated[str, Query(max_length=17, description="One of the person's cars; without it the car is not known.")]


class ArticleOut(Schema):
    """An article that fits: its id, its question, and the sentence that settles it."""

    article: str
    title: str
    answer: str


class ArticleListOut(Schema):
    """The best articles, best first."""

    items: list[ArticleOut]


class HelpContactOut(Schema):
    """Who helps. Phone, e-mail address and cost are those for the person's country, where there are any."""

    kind: str
    name: str
    phone: str
    email: str
    cost: str


class HelpAnswerOut(Schema):
    """
    An answer out of our own articles. `verdict`: what it says to the question; `facts`: what was filled in for this person; `path`: the way through
    the car's head unit; `contact`: who helps further. `article` is null where nothing fits.
    """

    question: str
    lang: str
    article: str | None
    title: str
    verdict: VerdictKind
    answer: str
    facts: dict[str, str]
    path: list[str]
    contact: HelpContactOut | None
    alternatives: list[str]


class ManualOut(Schema):
    """
    A document about a car. `document`: the vehicle's own instructions or those for its connected services; `generation`: the code of the
    generation. `url` is null where the manual is printed.
    """

    document: str
    title: str
    generation: str
    car: str
    language: str
    url: str | None


class ManualListOut(Schema):
    """The documents, by generation."""

    items: list[ManualOut]


@router.get("/manuals", response=ManualListOut, operation_id="list_manuals", summary="List the manuals")
def list_manuals(request: HttpRequest, lang: Language = "en", vin: Vin = "") -> ManualListOut:
    """The manuals in one language, as PDF: of all generations, or of one of the person's cars."""
    car = _reader(request, vin, lang).generation
    return ManualListOut(
        items=[
            ManualOut(
                document=each.document,
                title=each.title,
                generation=each.generation.code,
                car=each.generation.name,
                language=lang,
                url=request.build_absolute_uri(manuals.address_of(each)) if each.generation.digital_manual else None,
            )
            for generation in ([car] if car else catalog.generations())
            for each in manuals.documents_for(generation, lang)
        ]
    )


@router.get("/search", response=ArticleListOut, operation_id="search_help", summary="Find help articles")
def search_help(request: HttpRequest, q: Words, lang: Language = "en", vin: Vin = "") -> ArticleListOut:
    """The three best articles for these words; the last one may be unfinished."""
    found = queries.search(question=q, language=lang, for_=_reader(request, vin, lang))
    if not any(each.in_scope for each in found):
        actions.count_unanswered(question=q, language=lang, way=UnansweredSearch.Way.API)
    return ArticleListOut(
        items=[ArticleOut(article=each.id, title=each.question, answer=each.answer) for each in found if each.in_scope]
    )


@router.get("/ask", response=HelpAnswerOut, operation_id="ask_help", summary="Ask a question in one's own words")
def ask_help(request: HttpRequest, question: Words, lang: Language = "en", vin: Vin = "") -> HelpAnswerOut:
    """The article's own sentence with this person's facts. Nothing is composed."""
    asked = queries.ask(question=question, language=lang, for_=_reader(request, vin, lang))
    if asked.article is None:
        actions.count_unanswered(question=question, language=lang, way=UnansweredSearch.Way.API)
    return HelpAnswerOut.model_validate(asked, from_attributes=True)


def _reader(request: HttpRequest, vin: str, language: str) -> Reader:
    edits.see_edits()
    account = cast("Account", request.auth)  # type: ignore[attr-defined]  # Django's request type does not know it
    # a car that was not opened to the program looks like a stranger's
    if vin and not request.allowed.reaches(vin):  # type: ignore[attr-defined]  # as above
        raise NotFound
    return queries.reader_of(account=account, vin=vin, language=language)
