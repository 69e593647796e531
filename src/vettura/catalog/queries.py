"""Everything that may be asked about the brand pack. The pack is read once per process."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from django.conf import settings
from django.utils import translation

from vettura.catalog import rules
from vettura.catalog.errors import UnknownEntry
from vettura.foundation import clock
from vettura.foundation.periods import end_of_years, locale_of, months_later
from vettura_pack import load_pack
from vettura_pack.model import (
    App,
    Consent,
    Country,
    Generation,
    HeadUnit,
    LegalDocument,
    ModelLine,
    Offer,
    Pack,
    Service,
    Terms,
    fitted,
)

_Entry = TypeVar("_Entry")
_LABEL = "label."
# the equipment of every vehicle that is tied to the platform; what offers more includes it
CONNECT = "connect"


@dataclass(frozen=True, kw_only=True)
class ConsentWords:
    """A consent as a person reads it: which data, for what purpose, in what manner (DAT-006)."""

    id: str
    version: str
    language: str
    title: str
    data: str
    purpose: str
    manner: str

    @property
    def digest(self) -> str:
        """What proves later that this is the text that was shown (SHA-256)."""
        return hashlib.sha256("\n".join((self.title, self.data, self.purpose, self.manner)).encode()).hexdigest()


@lru_cache(maxsize=4)
def _load(folder: str) -> Pack:
    return load_pack(Path(folder))


def pack() -> Pack:
    """
    The pack of `settings.VETTURA_PACK_DIR`. Raises PackError when it cannot be used; the start has made sure it can.
    """
    return _load(str(settings.VETTURA_PACK_DIR))


def terms() -> Terms:
    """The numbers of the business."""
    return pack().terms


def country(iso2: str) -> Country:
    """A country by its ISO code. Raises UnknownEntry."""
    return _entry(pack().countries, "country", iso2)


def tax_records_end(*, at: datetime, country: str) -> datetime:
    """Until when tax law of the country wants a record of that moment kept."""
    return end_of_years(start=at, years=terms().tax_records_kept_years, zone=_zone(country))


def erasure_due(*, at: datetime, country: str) -> datetime:
    """By when data are erased whose erasure was asked for at that moment (DAT-021)."""
    return months_later(start=at, months=terms().erasure_due_months, zone=_zone(country))


def _zone(country: str) -> str:
    found = pack().countries.get(country)
    return found.timezone if found is not None else "UTC"


def moment_in_words(*, at: datetime, country: str, language: str) -> str:
    """A moment as people of a country read it in a language, by their own clock."""
    return format_datetime(at.astimezone(ZoneInfo(_zone(country))), "long", locale=locale_of(language))


def countries() -> tuple[Country, ...]:
    """Every country of the pack, by ISO code."""
    return tuple(pack().countries.values())


def home_of(language: str) -> str:
    """The country to begin with in a form for somebody of whom only the language is known, as ISO code."""
    known = pack().countries
    territory = locale_of(language).partition("_")[2] or language.upper()
    speakers = (iso2 for iso2 in sorted(known) if language in known[iso2].languages)
    return territory if territory in known else next(speakers, min(known))


def withdrawal_address(iso2: str) -> str | None:
    """
    Where consent to data use is withdrawn by e-mail (DAT-012); None where the partner is the contact instead (DAT-014).
    """
    found = pack().countries.get(iso2)
    return found.email if found else None


def model_line(line_id: str) -> ModelLine:
    """A model line by its id. Raises UnknownEntry."""
    return _entry(pack().model_lines, "model line", line_id)


def model_lines() -> tuple[ModelLine, ...]:
    """Every model line."""
    return tuple(pack().model_lines.values())


def generation(code: str) -> Generation:
    """A generation by its code. Raises UnknownEntry."""
    return _entry(pack().generations, "generation", code)


def generation_name(generation: Generation) -> str:
    """What a generation is called in the language that is spoken now."""
    return generation.name_in(language_of_pack(translation.get_language()))


def app_of(code: str) -> App:
    """The app that is valid for a generation: the vehicle decides (C-33). Raises UnknownEntry."""
    generation(code)
    return next(app for app in pack().apps.values() if code in app.generations)


def apps() -> tuple[App, ...]:
    """Every app of the brand."""
    return tuple(pack().apps.values())


def runs_on(*, system: str, version: str) -> bool:
    """Whether the app can be installed on a phone with this version of `android` or `ios` (APP-004); not on another system."""
    minimum = {"android": terms().app_minimum_android, "ios": terms().app_minimum_ios}.get(system)
    return minimum is not None and rules.is_at_least(version, minimum)


def generations() -> tuple[Generation, ...]:
    """Every generation of every model line."""
    return tuple(pack().generations.values())


def generations_for(*, model_line: str, model_year: int) -> list[Generation]:
    """
    The generations of a line in a model year; two of them ask for a second fact (C-01, C-02). Raises UnknownEntry.
    """
    line = _entry(pack().model_lines, "model line", model_line)
    return rules.generations_for_year([generation(code) for code in line.generations], model_year)


def head_unit(generation_code: str) -> HeadUnit:
    """The head unit of a generation, named by its code. Raises UnknownEntry."""
    return pack().head_units[generation(generation_code).head_unit]


def service(service_id: str) -> Service:
    """A service by its id. Raises UnknownEntry."""
    return _entry(pack().services, "service", service_id)


def services() -> tuple[Service, ...]:
    """Every service of the pack."""
    return tuple(pack().services.values())


def offer(offer_id: str) -> Offer:
    """An offer by its id. Raises UnknownEntry."""
    return _entry(pack().offers, "offer", offer_id)


def offers() -> tuple[Offer, ...]:
    """Every offer of the pack, whatever the vehicle."""
    return tuple(pack().offers.values())


def services_for(*, generation: str, drive: str, equipment: Collection[str], country: str) -> list[Service]:
    """The services that such a vehicle can have in this country (STO-029)."""
    return [
        candidate
        for candidate in services()
        if rules.misfit(
            candidate,
            generation=generation,
            drive=drive,
            equipment=equipment,
            country=country,
            known_equipment=pack().equipment,
        )
        is None
    ]


def offers_for(*, generation: str, drive: str, equipment: Collection[str], country: str) -> list[Offer]:
    """
    The offers that can be ordered for such a vehicle in this country; what does not fit is absent (STO-029, STO-031).
    """
    return [
        candidate
        for candidate in offers()
        if rules.fits(
            candidate,
            pack().services,
            generation=generation,
            drive=drive,
            equipment=equipment,
            country=country,
            known_equipment=pack().equipment,
        )
    ]


def inclusive_offers_for(*, generation: str, drive: str, equipment: Collection[str], country: str) -> list[Offer]:
    """Those of `offers_for` that have a free first term (STO-024, STO-055)."""
    fitting = offers_for(generation=generation, drive=drive, equipment=equipment, country=country)
    return [candidate for candidate in fitting if candidate.inclusive_days is not None]


def misfit_of(
    *, service_id: str, generation: str, drive: str, equipment: Collection[str], country: str
) -> rules.Misfit | None:
    """Why such a vehicle cannot have a service in this country; None when it can (STO-029, STO-042). Raises UnknownEntry."""
    return rules.misfit(
        service(service_id),
        generation=generation,
        drive=drive,
        equipment=equipment,
        country=country,
        known_equipment=pack().equipment,
    )


def lives_in_car(*, service_id: str) -> bool:
    """
    Whether a service runs in the car and by its connection, so that privacy mode stops it; theft protection goes on (C-77), and cards for charging
    and parking are outside. Raises UnknownEntry.
    """
    return service(service_id).class_ in ("connect", "fod")


def missing_equipment(*, service_id: str, equipment: Collection[str], language: str) -> list[str]:
    """The names of the equipment that a service needs and the vehicle lacks (STO-042). Raises UnknownEntry."""
    codes = rules.missing_equipment(service(service_id), equipment, pack().equipment)
    return [pack().equipment[code].name[language_of_pack(language)] for code in codes]


def drive_of_model(generation_code: str, model_name: str) -> str:
    """How a model of a generation is driven. Raises UnknownEntry for an unknown generation or model."""
    models = {model.name: model for model in generation(generation_code).models}
    return _entry(models, "model", model_name).drive


def has_connect(*, equipment: Collection[str]) -> bool:
    """Whether a vehicle is fitted with what ties it to the platform at all."""
    return CONNECT in fitted(equipment, pack().equipment)


def task_in(*, generation: str, task: str) -> str:
    """The task, where the head unit of a generation has a way to it; else nothing. Raises UnknownEntry."""
    found = head_unit(generation).task(task, generation)
    return task if found is not None and found.path else ""


def worded(text: str, **facts: object) -> str:
    """A sentence of ours with the brand's words (`{head_unit}`, `{support}` …) and its facts, in the language that is active."""
    words: dict[str, object] = {**labels(translation.get_language() or ""), **facts}
    return text.format_map(words)


def language_of_pack(language: str | None) -> str:
    """The pack's language nearest to a language tag: "de-ch" is "de"; the default language when there is none."""
    short = (language or "").split("-")[0].lower()
    return short if short in pack().languages else pack().default_language


@lru_cache(maxsize=32)
def _labels(of: str, language: str) -> Mapping[str, str]:
    texts = _load(of).texts[language]
    return {key.removeprefix(_LABEL): value for key, value in texts.items() if key.startswith(_LABEL)}


def labels(language: str) -> dict[str, str]:
    """The brand's words for things (`account`, `portal`, `store`, `head_unit` …) in a language."""
    return dict(_labels(str(settings.VETTURA_PACK_DIR), language_of_pack(language)))


def text(key: str, language: str, **facts: object) -> str:
    """
    A text of the pack with its facts filled in; `label_<name>` and every name of the terms are facts too.

    Raises UnknownEntry for a key that the pack lacks.
    """
    language = language_of_pack(language)
    template = _entry(pack().texts[language], "text", key)
    return template.format_map({**_facts(language), **facts})


def legal_document(kind: str, country: str, language: str, *, version: str = "") -> LegalDocument:
    """
    The document in force, or a `version` of it: the country's own or the general one, in the language or the pack's
    default.

    Its facts (company, address, periods) are filled in. Raises UnknownEntry for a kind or version that does not exist.
    """
    language = language_of_pack(language)
    found = _document(str(settings.VETTURA_PACK_DIR), kind, country, language, on=clock.now().date(), version=version)
    if found is None:
        raise UnknownEntry(kind="document", name=kind)
    address = withdrawal_address(country) or labels(language)["partner"]
    place = pack().countries.get(country)
    facts = {
        **_facts(found.language),
        "country": place.name[found.language] if place else "",
        "withdrawal_address": address,
    }
    return LegalDocument(
        kind=found.kind,
        version=found.version,
        valid_from=found.valid_from,
        title=found.title.format(**facts),
        body_markdown=found.body_markdown.format(**facts),
        language=found.language,
        country=found.country,
    )


def legal_version(kind: str, country: str) -> str:
    """The version of a document that is in force in a country now. Raises UnknownEntry for a kind that does not exist."""
    where, on = str(settings.VETTURA_PACK_DIR), clock.now().date()
    found = _document(where, kind, country, pack().default_language, on=on, version="")
    if found is None:
        raise UnknownEntry(kind="document", name=kind)
    return found.version


# every page asks for the versions in force
@lru_cache(maxsize=512)
def _document(of: str, kind: str, country: str, language: str, *, on: date, version: str) -> LegalDocument | None:
    known = [each for each in _load(of).legal if each.kind == kind]
    for where in (country, None):
        for wanted in (language, _load(of).default_language):
            here = [each for each in known if (each.country, each.language) == (where, wanted)]
            fitting = [each for each in here if (each.version == version if version else each.valid_from <= on)]
            if fitting:
                return max(fitting, key=lambda each: each.valid_from)
    return None


def consents() -> tuple[Consent, ...]:
    """Everything that a person decides on data, what is decided for each partner included."""
    return tuple(pack().consents.values())


def consent(consent_id: str) -> Consent:
    """A consent by its id. Raises UnknownEntry."""
    return _entry(pack().consents, "consent", consent_id)


def consent_version(consent_id: str) -> str:
    """The version of a consent's text that is in force now. Raises UnknownEntry."""
    return consent(consent_id).text(clock.now().date()).version


def consent_words(consent_id: str, language: str, *, version: str = "") -> ConsentWords | None:
    """What a person reads before deciding, in force now or in a version; None for one that the pack no longer has."""
    found = consent(consent_id)
    text = found.text_of(version) if version else found.text(clock.now().date())
    if text is None:
        return None
    language = language_of_pack(language)
    facts = _facts(language)
    title, data, purpose, manner = (
        each[language].format_map(facts) for each in (text.title, text.data, text.purpose, text.manner)
    )
    return ConsentWords(
        id=consent_id, version=text.version, language=language, title=title, data=data, purpose=purpose, manner=manner
    )


def _facts(language: str) -> dict[str, object]:
    """What every text may name: the brand's words as `label_…` and the terms."""
    words = {f"label_{name.replace('.', '_')}": word for name, word in labels(language).items()}
    return {**{name: getattr(terms(), name) for name in pack().term_entries}, **words}


def _entry(entries: Mapping[str, _Entry], kind: str, name: str) -> _Entry:
    try:
        return entries[name]
    except KeyError:
        raise UnknownEntry(kind=kind, name=name) from None
