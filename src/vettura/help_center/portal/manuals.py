"""The library of manuals: every document by model, generation and language, and the documents themselves."""

from typing import NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from vettura.catalog import queries as catalog
from vettura.help_center.adapters import manuals
from vettura.identity.models import Account
from vettura.vehicles import queries as vehicles
from vettura_pack.model import Generation

# what a language calls itself
LANGUAGES = {"en": "English", "it": "Italiano", "de": "Deutsch"}
AN_HOUR = 3600


class Documents(NamedTuple):
    """What there is for one car: each document with its address, or nothing where the manual is printed."""

    name: str
    generation: Generation
    documents: list[tuple[str, str]]


@require_GET
def library(request: HttpRequest) -> HttpResponse:
    """All manuals, those of the person's own cars first (MAN-001, MAN-003). An article may ask for a document and a chapter."""
    pack, shown_in = catalog.pack(), catalog.language_of_pack(get_language())
    language = request.GET.get("language", "")
    language = language if language in pack.languages else shown_in
    document, chapter = request.GET.get("document", ""), request.GET.get("chapter", "")
    wanted = manuals.place(document=document, chapter=chapter, language=shown_in)
    anchor = chapter if wanted else ""
    only = document if wanted else ""

    def of(generation: Generation, name: str) -> Documents:
        found = manuals.documents_for(generation, language) if generation.digital_manual else []
        links = [(each.title, manuals.address_of(each, anchor)) for each in found if not only or each.document == only]
        return Documents(name=name, generation=generation, documents=links)

    own = vehicles.garage_of(account=request.user) if isinstance(request.user, Account) else []
    choice = {"document": document, "chapter": chapter} if wanted else {}
    return render(
        request,
        "help_center/manuals.html",
        {
            "own": [of(catalog.generation(each.generation), f"{each.model_name} · {each.vin[-6:]}") for each in own],
            "lines": [
                (
                    line.name,
                    [of(each, catalog.generation_name(each)) for each in map(catalog.generation, line.generations)],
                )
                for line in pack.model_lines.values()
            ],
            "wanted": wanted,
            "language": language,
            "languages": [
                (code, LANGUAGES.get(code, code), urlencode({"language": code, **choice})) for code in pack.languages
            ],
        },
    )


@require_GET
def document(request: HttpRequest, generation: str, language: str, document: str) -> HttpResponse:
    """One document as a file. Raises ManualNotFound and ManualIsPrinted."""
    manual = manuals.find(document=document, generation=generation, language=language)
    response = HttpResponse(manuals.pdf_of(manual), content_type="application/pdf")
    disposition = content_disposition_header("download" in request.GET, manual.file_name)
    response.headers["Content-Disposition"] = disposition or "inline"
    response.headers["Cache-Control"] = f"public, max-age={AN_HOUR}"
    response.headers["Content-Language"] = language
    return response
