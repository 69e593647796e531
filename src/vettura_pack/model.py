"""
What a pack says, as frozen dataclasses. `load_pack` makes them; nothing else should.

Texts that people read are `LocalizedText`: one string per language of the pack. The same texts are reachable by key
through `Pack.texts` (`service.<id>.name`, `offer.<id>.name`, `country.<ISO>.name` …), see `Service.texts`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from moneyed import Money

from vettura_pack.instructions import Instructions
from vettura_pack.maps import MapData, MapSheet
from vettura_pack.menu import Basis, HeadUnit, MenuNode, NodeKind, NoSuchStep, TaskPath, normal_label
from vettura_pack.terms import Amount, DataVolume, TermEntry, Terms
from vettura_pack.values import Days, LocalizedText

__all__ = [
    "Amount",
    "App",
    "Basis",
    "Consent",
    "ConsentText",
    "Country",
    "DataVolume",
    "Days",
    "Drive",
    "Equipment",
    "Generation",
    "HeadUnit",
    "LegalDocument",
    "LocalizedText",
    "MenuNode",
    "Model",
    "ModelLine",
    "ModelYears",
    "NoSuchStep",
    "NodeKind",
    "Offer",
    "Pack",
    "Service",
    "ServiceTexts",
    "TaskPath",
    "TermEntry",
    "Terms",
    "VatRate",
    "normal_label",
]

Drive = Literal["COMBUSTION", "PHEV", "BEV"]
ServiceClass = Literal["connect", "vehicle_tracking", "fod", "parking", "charging"]
LegalKind = Literal["terms_of_business", "terms_of_use", "privacy"]
Contact = Literal["partner", "support"]
MenuGroup = Literal["G1", "G2", "G3", "G4"]
SymbolCorner = Literal["top_right", "bottom_left"]
Edge = Literal["top", "right"]
Accepted = Literal["accepted", "undecided"]
PhoneFunction = Literal["bluetooth", "usb", "aux", "carplay", "wireless_carplay", "messages", "mail"]


@dataclass(frozen=True, kw_only=True)
class VatRate:
    """The standard rate in percent from a day on."""

    since: date
    percent: Decimal
    source: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Country:
    """
    What holds in one country. Every switch has its source in `sources`.

    `languages`: the languages of the pack that people there are offered, the usual one first.
    `contact_for_orders`: whom to ask about a missing confirmation or invoice (STO-022, INV-004).
    """

    iso2: str
    name: LocalizedText
    email: str
    currency: str
    vat: tuple[VatRate, ...]
    languages: tuple[str, ...]
    timezone: str
    card_brands: tuple[str, ...]
    support_phone: str
    toll_free: bool
    contact_for_orders: Contact
    self_registration: bool
    integrated_sim: bool
    inserted_sim_voice: bool
    phone_hotspot: bool
    usage_info: bool
    appointments: bool
    recall_booking: bool
    fod: bool
    ota: bool
    vehicle_tracking: bool
    charging_service: bool
    parking_plus: bool
    identity_check: bool
    identity_document: Accepted
    map_layers_while_driving: bool
    wireless_carplay: bool
    sources: Mapping[str, tuple[str, ...]]
    aliases: tuple[str, ...] = ()

    @property
    def names(self) -> LocalizedText:
        """The country's name in every language of the pack."""
        return self.name

    def vat_rate(self, on: date) -> Decimal:
        """The standard rate in percent (22 means 22 %) on a day; the earliest known one for days before it."""
        known = sorted(self.vat, key=lambda rate: rate.since)
        valid = [rate for rate in known if rate.since <= on] or known[:1]
        return valid[-1].percent


@dataclass(frozen=True, kw_only=True)
class Equipment:
    """Something a vehicle is fitted with; having it means having what it `includes` too."""

    code: str
    name: LocalizedText
    includes: tuple[str, ...] = ()


def fitted(equipment: Collection[str], known: Mapping[str, Equipment]) -> frozenset[str]:
    """The equipment codes a vehicle has, together with everything those include."""
    found: set[str] = set()
    waiting = list(equipment)
    while waiting:
        code = waiting.pop()
        if code not in found:
            found.add(code)
            waiting.extend(known[code].includes if code in known else ())
    return frozenset(found)


@dataclass(frozen=True, kw_only=True)
class Model:
    """A model by its name on the boot lid, and how it is driven."""

    name: str
    drive: Drive


@dataclass(frozen=True, kw_only=True)
class ModelYears:
    """
    First and last model year, both included; None is open. Neighbouring generations may share a year (C-01, C-02).
    """

    first: int | None
    last: int | None
    source: tuple[str, ...]

    def __contains__(self, year: int) -> bool:
        return (self.first is None or year >= self.first) and (self.last is None or year <= self.last)


@dataclass(frozen=True, kw_only=True)
class Generation:
    """
    One generation of a model line. It decides the head unit and what the vehicle can do.

    `commands` are the remote command types it understands, `signals` the VSS paths it reports, `commands_of(drive)` and
    `signals_of(drive)` what is left for a drive. `seat_zones`: the seats that climatisation from afar can warm or cool.
    `standard_equipment` says in which countries an equipment is standard, `optional_equipment` where it can be ordered
    (STO-043). `phone_hotspot` `unstated`: no instruction exists for it, though the unit can show such a link (C-53).
    `phone_functions` (`PhoneFunction`): what a phone can do in it, and the equipment that each takes;
    `phone_functions_of(equipment)` what is left for a vehicle (MED-003, MED-005). Pictures are paths inside the pack.
    `names`: what it is called in languages in which that is not its `name`.
    """

    code: str
    model_line: str
    name: str
    head_unit: str
    menu_group: MenuGroup
    model_years: ModelYears
    models: tuple[Model, ...]
    needs_pairing_code: bool
    pairing_code_in_app: bool
    grants_remote_access_in_car: bool
    has_hard_keys: bool
    symbol_corner: SymbolCorner
    map_options_edge: Edge
    device_roots: tuple[str, ...]
    integrated_sim: Literal["always", "by_country"]
    inserted_sim: bool
    phone_hotspot: Literal["by_country", "unstated", "none"]
    roaming_is_automatic: bool
    phone_functions: Mapping[str, tuple[str, ...]]
    has_privacy_mode: bool
    guest_mode: bool
    digital_manual: bool
    map_update: Literal["manual", "automatic", "none"]
    commands: tuple[str, ...]
    commands_by_drive: Mapping[str, tuple[str, ...]]
    signals: tuple[str, ...]
    signals_by_drive: Mapping[str, tuple[str, ...]]
    equipment: tuple[str, ...]
    standard_equipment: Mapping[str, tuple[str, ...]]
    silhouette: str
    top: str
    dashboard: str
    source: tuple[str, ...]
    seat_zones: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    def name_in(self, language: str) -> str:
        """What it is called in a language."""
        return self.names.get(language, self.name)

    @property
    def drives(self) -> tuple[str, ...]:
        """The drives its models come with, each once, in the order of the models."""
        return tuple(dict.fromkeys(model.drive for model in self.models))

    def commands_of(self, drive: str) -> tuple[str, ...]:
        """The remote command types that a vehicle of this generation and drive understands."""
        return (*self.commands, *self.commands_by_drive.get(drive, ()))

    def signals_of(self, drive: str) -> tuple[str, ...]:
        """The VSS paths that a vehicle of this generation and drive reports."""
        return (*self.signals, *self.signals_by_drive.get(drive, ()))

    def phone_functions_of(self, equipment: Collection[str]) -> frozenset[str]:
        """What a phone can do in a vehicle of this generation that is fitted with this equipment."""
        return frozenset(name for name, needed in self.phone_functions.items() if set(needed) <= set(equipment))


@dataclass(frozen=True, kw_only=True)
class ModelLine:
    """A model line and its generations, oldest first."""

    id: str
    name: str
    generations: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ServiceTexts:
    """The keys of a service's texts in `Pack.texts`."""

    name: str
    summary: str
    description: str
    data_protection: str


@dataclass(frozen=True, kw_only=True)
class Service:
    """
    Something the platform delivers to a vehicle.

    `generations`, `drives` and `countries` are spelled out (the loader expands "*"). `needs_equipment`: all of it.
    `commands`: the remote command types that a contract for it unlocks. `needs_remote_access`: only with the main
    user's grant. `is_sim_bound`: it opens a SIM for its user, so telecom law may ask who that is (`identity_check`).
    """

    id: str
    class_: ServiceClass
    group: str
    configurable: bool
    needs_equipment: tuple[str, ...]
    generations: tuple[str, ...]
    drives: tuple[str, ...]
    countries: tuple[str, ...]
    needs_remote_access: bool
    commands: tuple[str, ...]
    name: LocalizedText
    summary: LocalizedText
    description: LocalizedText
    data_protection: LocalizedText
    texts: ServiceTexts
    source: tuple[str, ...]
    is_sim_bound: bool = False


@dataclass(frozen=True, kw_only=True)
class Offer:
    """
    What can be ordered: one or more services for a term.

    `term`: whole days, None is unlimited. `inclusive_days`: a free first term that starts with the acceptance of the
    terms, None when there is none. `prices`: per currency, tax included. `countries`: spelled out; where its currency
    has a price.
    """

    id: str
    services: tuple[str, ...]
    term: Days | None
    inclusive_days: Days | None
    renewable: bool
    prices: Mapping[str, Decimal]
    countries: tuple[str, ...]
    name: LocalizedText
    summary: LocalizedText
    source: tuple[str, ...]
    currencies: Mapping[str, str] = field(repr=False)

    def price_for(self, country: Country | str) -> Money:
        """
        What a customer in this country pays, tax included, in the country's currency.

        `country` is the Country or its ISO code. Raises LookupError where the offer has no price.
        """
        iso2 = country if isinstance(country, str) else country.iso2
        currency = self.currencies.get(iso2)
        if currency is None or currency not in self.prices:
            raise LookupError(f"The offer {self.id} has no price for {iso2}.")
        return Money(self.prices[currency], currency)


@dataclass(frozen=True, kw_only=True)
class LegalDocument:
    """
    A version of a document that people accept or may always read, in force from `valid_from` until the next one is.

    `country` None: the one for every country without its own.
    """

    kind: LegalKind
    version: str
    valid_from: date
    title: str
    body_markdown: str
    language: str
    country: str | None = None


@dataclass(frozen=True, kw_only=True)
class ConsentText:
    """What a person reads before deciding: which data, for what purpose, in what manner (DAT-006), in one version."""

    version: str
    valid_from: date
    title: LocalizedText
    data: LocalizedText
    purpose: LocalizedText
    manner: LocalizedText


@dataclass(frozen=True, kw_only=True)
class Consent:
    """
    Something that a person decides on data of one kind. `services`: those that cannot work without it (DAT-005).

    `per_partner`: decided for each partner and vehicle by itself (C-21). `versions`: oldest first.
    """

    id: str
    services: tuple[str, ...]
    versions: tuple[ConsentText, ...]
    source: tuple[str, ...]
    per_partner: bool = False

    def text(self, on: date) -> ConsentText:
        """The version in force on a day; the first one for days before it."""
        valid = [each for each in self.versions if each.valid_from <= on] or list(self.versions[:1])
        return valid[-1]

    def text_of(self, version: str) -> ConsentText | None:
        """A version by its name, None for one that the pack no longer has."""
        return next((each for each in self.versions if each.version == version), None)


@dataclass(frozen=True, kw_only=True)
class App:
    """
    An app of the brand. Each generation has one, and the vehicle decides which (C-33).

    `commands`: the remote command types that it offers, as far as the vehicle understands them. `functions`: what else it does.
    The oldest systems that it runs on are terms (`app_minimum_android`, `app_minimum_ios`).
    """

    id: str
    name: str
    generations: tuple[str, ...]
    commands: tuple[str, ...]
    functions: tuple[str, ...]
    source: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class KnownPlace:
    """A place that people may pick instead of typing where it is. Degrees (WGS 84)."""

    name: str
    country: str
    latitude: Decimal
    longitude: Decimal


@dataclass(frozen=True, kw_only=True)
class Pack:
    """
    A brand's world. `texts[language][key]`; `labels` are the texts below `label.`; `term_entries` say what a number
    means.
    """

    id: str
    languages: tuple[str, ...]
    default_language: str
    terms: Terms
    term_entries: Mapping[str, TermEntry]
    countries: Mapping[str, Country]
    equipment: Mapping[str, Equipment]
    service_groups: Mapping[str, LocalizedText]
    model_lines: Mapping[str, ModelLine]
    generations: Mapping[str, Generation]
    head_units: Mapping[str, HeadUnit]
    services: Mapping[str, Service]
    offers: Mapping[str, Offer]
    texts: Mapping[str, Mapping[str, str]]
    legal: tuple[LegalDocument, ...]
    consents: Mapping[str, Consent]
    map_data: MapData | None
    map_sheets: Mapping[str, MapSheet]
    instructions: Instructions
    places: tuple[KnownPlace, ...] = ()
    apps: Mapping[str, App] = field(default_factory=dict)
