"""
Programs come in: articles, found by words too, and a question answered for a person's car. `request.auth` is the account, or nobody in
particular: what does not need a car of theirs is read by strangers as well.
"""

from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema
from ninja.errors import AuthenticationError

from vettura.catalog import queries as catalog
from vettura.foundation.errors import NotFound
from vettura.help_center import actions, queries
from vettura.help_center.adapters import manuals
from vettura.help_center.models import UnansweredSearch
from vettura.help_center.queries import edits
from vettura.help_center.rules import LONGEST_QUESTION
from vettura.identity import queries as identity
from vettura.identity.models import Account
from vettura_pack.answers import Reader
from vettura_pack.help import VerdictKind

router = Router(tags=["help"])
Words = Annotated[str, Query(min_length=1, max_length=LONGEST_QUESTION)]
Language = Annotated[Literal["en", "it", "de"], Query(description="The language of question and answer.")]


class ReaderIn(Schema):
    """For whom: language, and what is known of car and country."""

    lang: Literal["en", "it", "de"] = Field("en", description="The language of question and answer.")
    vin: str = Field(
        "",
        max_length=17,
        description="One of the person's cars, who must be signed in; without it the car is not known.",
    )
    country: str = Field(
        "", max_length=2, description="ISO code; without it the person's country, or that of the language."
    )
    generation: str = Field(
        "", max_length=20, description="The code of a generation, for whoever names no car of theirs."
    )


class FoundArticleOut(Schema):
    """An article that fits: its id, its question, and the sentence that settles it."""

    article: str
    title: str
    answer: str


class FoundArticleListOut(Schema):
    """The best articles, best first."""

    items: list[FoundArticleOut]


class ArticleOut(Schema):
    """An article: its id, its question, and the topic it belongs to."""

    article: str
    title: str
    topic: str


class ArticleListOut(Schema):
    """Every article, by topic."""

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
    the car's head unit; `contact`: who helps further. `article` is null where nothing fits. Where the article is not for this car or country, the
    verdict is `refuse`, and the answer says for what it is.
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


class WholeArticleOut(Schema):
    """
    An article as one reader gets it, without marks. `answer`: the sentence that settles it; `text`: all of it, the answer first; `facts`: what
    was filled in; `path`: the way through the car's head unit; `related`: ids. If it is not for this reader, there is no text, and the answer says
    for whom it is.
    """

    article: str
    title: str
    topic: str
    is_for_reader: bool
    verdict: VerdictKind | None
    answer: str
    text: str
    facts: dict[str, str]
    path: list[str]
    related: list[str]


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


@router.get("/articles", response=ArticleListOut, operation_id="list_articles", summary="List the help articles")
def list_articles(request: HttpRequest, reader: Query[ReaderIn]) -> ArticleListOut:
    """The articles for this reader, or for anybody in a country."""
    for_ = _reader(request, reader)
    return ArticleListOut(
        items=[
            ArticleOut(article=each.id, title=each.question, topic=each.topic_name)
            for each in queries.articles(language=reader.lang, for_=for_)
            if each.in_scope
        ]
    )


@router.get(
    "/articles/{article_id}", response=WholeArticleOut, operation_id="get_article", summary="Read a help article"
)
def get_article(request: HttpRequest, article_id: str, reader: Query[ReaderIn]) -> WholeArticleOut:
    """One article with the facts and the menu path of this reader, or as it is for anybody in a country."""
    for_ = _reader(request, reader)
    shown = queries.article(article_id=article_id, language=reader.lang, for_=for_)
    path = shown.path or next(iter(shown.named), None)
    return WholeArticleOut(
        article=shown.id,
        title=shown.question,
        topic=shown.topic_name,
        is_for_reader=shown.in_scope,
        verdict=shown.verdict,
        answer=shown.answer or queries.not_for(article_id=article_id, language=reader.lang, for_=for_),
        text=shown.text,
        facts=shown.facts,
        path=[step.label for step in path.steps] if path else [],
        related=list(queries.written(article_id).head.related),
    )


@router.get("/manuals", response=ManualListOut, operation_id="list_manuals", summary="List the manuals")
def list_manuals(request: HttpRequest, reader: Query[ReaderIn]) -> ManualListOut:
    """The manuals in one language, as PDF: of all generations, of one, or of one of the person's cars."""
    car = _reader(request, reader).generation
    return ManualListOut(
        items=[
            ManualOut(
                document=each.document,
                title=each.title,
                generation=each.generation.code,
                car=each.generation.name_in(reader.lang),
                language=reader.lang,
                url=request.build_absolute_uri(manuals.address_of(each)) if each.generation.digital_manual else None,
            )
            for generation in ([car] if car else catalog.generations())
            for each in manuals.documents_for(generation, reader.lang)
        ]
    )


@router.get("/search", response=FoundArticleListOut, operation_id="search_help", summary="Find help articles")
def search_help(request: HttpRequest, q: Words, reader: Query[ReaderIn]) -> FoundArticleListOut:
    """The three best articles for these words; the last one may be unfinished."""
    found = queries.search(question=q, language=reader.lang, for_=_reader(request, reader))
    if not any(each.in_scope for each in found):
        actions.count_unanswered(question=q, language=reader.lang, way=UnansweredSearch.Way.API)
    return FoundArticleListOut(
        items=[
            FoundArticleOut(article=each.id, title=each.question, answer=each.answer) for each in found if each.in_scope
        ]
    )


@router.get("/ask", response=HelpAnswerOut, operation_id="ask_help", summary="Ask a question in one's own words")
def ask_help(request: HttpRequest, question: Words, reader: Query[ReaderIn]) -> HelpAnswerOut:
    """The article's own sentence with this person's facts. Nothing is composed."""
    for_ = _reader(request, reader)
    asked = queries.ask(question=question, language=reader.lang, for_=for_)
    if asked.article is None:
        actions.count_unanswered(question=question, language=reader.lang, way=UnansweredSearch.Way.API)
    return HelpAnswerOut.model_validate(asked, from_attributes=True)


def _reader(request: HttpRequest, asked: ReaderIn) -> Reader:
    """Who reads. Raises AuthenticationError for a stranger who names a car, and NotFound for a car, country or generation that is not there."""
    edits.see_edits()
    account: object = getattr(request, "auth")  # noqa: B009  (ninja sets it; Django's request type does not know it)
    person = account if isinstance(account, Account) else None
    if asked.vin and person is None:
        raise AuthenticationError
    # a car that was not opened to the program looks like a stranger's
    if asked.vin and not identity.allowed(request).reaches(asked.vin):
        raise NotFound
    return queries.reader_of(
        account=person, vin=asked.vin, language=asked.lang, country=asked.country, generation=asked.generation
    )
