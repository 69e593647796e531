"""
The last step, where no answer helped: whom to call or write to in this country, what that costs, and a case with Assistance (SUP-001..007,
TRB-011, TRB-016). What was searched, read and checked before goes along.
"""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from vettura.assistance import actions as assistance
from vettura.assistance import errors
from vettura.assistance.forms import AskForm
from vettura.catalog import queries as catalog
from vettura.foundation.diagnosis import Diagnosis
from vettura.foundation.errors import NotFound, Refusal
from vettura.help_center import queries
from vettura.help_center.diagnosis import diagnosis_of
from vettura.help_center.queries import last_step
from vettura.identity.models import Account
from vettura.vehicles import queries as vehicles
from vettura.vehicles.models import Vehicle
from vettura_pack.answers import Reader

# what a diagnosis was asked and told, in the address of this page
TOLD = "told_"


def last_step_facts(
    for_: Reader, *, kind: str = "", article_id: str = "", question: str = "", diagnosis: Diagnosis | None = None
) -> dict[str, object]:
    """
    What `help_center/_last_step.html` needs: the one who helps with this (`support`, `partner`, `operator`, `contact_center`), Assistance,
    and the address of the page where a case is opened with all that was tried.
    """
    language = catalog.language_of_pack(get_language())
    named = {"article": article_id, "q": question, "country": for_.country.iso2}
    if diagnosis is not None:
        inquiry = diagnosis.inquiry
        named |= {"topic": inquiry.topic, "service": inquiry.service, "vin": inquiry.vin}
        named |= {f"{TOLD}{code}": said for code, said in inquiry.told.items()}
    return {
        "first": queries.contact(kind, for_, language) if kind not in ("", "support", "other") else None,
        "support": queries.contact("support", for_, language),
        "is_other": kind == "other",
        "address": f"{reverse('help_center:people')}?{urlencode({key: value for key, value in named.items() if value})}",
    }


@never_cache
@require_http_methods(["GET", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """Whom to ask, and for whoever is signed in a form that opens a case; a refusal loses nothing that was written."""
    language = catalog.language_of_pack(get_language())
    account = request.user if isinstance(request.user, Account) else None
    known = {each.iso2: each for each in catalog.countries()}
    wishes = (request.GET.get("country", ""), account.country if account else "")
    country = next((each for each in wishes if each in known), catalog.home_of(language))
    cars = vehicles.garage_of(account=account) if account else []
    diagnosis = _diagnosis(request, account, cars, country)
    tried = last_step.tried(
        language=language,
        question=request.GET.get("q", "").strip(),
        article_id=request.GET.get("article", ""),
        diagnosis=diagnosis,
    )
    form = AskForm(request.POST or None, cars=cars, initial={"vin": request.GET.get("vin", "")})
    refusal: Refusal | None = None
    if request.method == "POST":
        if account is None:
            return HttpResponseRedirect(_sign_in(request))
        try:
            if form.is_valid():
                case = assistance.ask_assistance(by=account, language=language, tried=tried, **form.cleaned_data)
                return HttpResponseRedirect(reverse("assistance:case", args=[case.id]))
        except (errors.TooManyCases, errors.TextMissing, errors.CaseNotFound) as no:
            refusal = no
    for_ = queries.reader(country=country)
    facts = {
        "support": queries.contact("support", for_, language),
        "contact_center": queries.contact("contact_center", for_, language),
        "country_code": country,
        "countries": sorted(((each.iso2, each.names[language]) for each in known.values()), key=lambda pair: pair[1]),
        "named": [(name, value) for name, value in request.GET.items() if name != "country"],
        "tried": tried,
        "form": form,
        "refusal": str(refusal) if refusal else "",
        "sign_in": _sign_in(request) if account is None else "",
    }
    status = refusal.status if refusal else 422 if request.method == "POST" else 200
    return render(request, "help_center/people.html", facts, status=status)


def _sign_in(request: HttpRequest) -> str:
    return f"{reverse('identity:signin')}?{urlencode({'next': request.get_full_path()})}"


def _diagnosis(request: HttpRequest, account: Account | None, cars: list[Vehicle], country: str) -> Diagnosis | None:
    """What was checked, checked once more: what goes to Assistance is what is the case now, and nobody's words about it."""
    topic = request.GET.get("topic", "")
    vin = request.GET.get("vin", "")
    car = next((each for each in cars if each.vin == vin), None)
    if not topic or account is None or (vin and car is None):
        return None
    told = {name.removeprefix(TOLD): str(said) for name, said in request.GET.items() if name.startswith(TOLD)}
    service = request.GET.get("service", "")
    try:
        return diagnosis_of(account=account, topic=topic, service=service, vin=vin, told=told, country=country)
    except NotFound:
        return None
