"""Reads the folder of a pack into a `Pack`, or says in a sentence why it cannot."""

import dataclasses
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args, get_type_hints

from vettura_pack.errors import PackError
from vettura_pack.instructions import Instructions
from vettura_pack.legal import legal_documents
from vettura_pack.maps import Line, MapData, MapSheet, checked, read_line
from vettura_pack.menu import HeadUnit, MenuNode, NoSuchStep
from vettura_pack.model import (
    App,
    Consent,
    Country,
    Equipment,
    Generation,
    KnownPlace,
    ModelLine,
    Offer,
    Pack,
    PhoneFunction,
    Service,
    ServiceTexts,
    TermEntry,
    Terms,
)
from vettura_pack.reading import Converter, Entry, read_yaml
from vettura_pack.values import LocalizedText

_NODE_KINDS = ("key", "menu", "tick", "value", "action", "list", "input", "place")
_SERVICE_TEXTS = tuple(field.name for field in dataclasses.fields(ServiceTexts))


@dataclasses.dataclass(frozen=True, kw_only=True)
class _About:
    """pack.yaml: what holds for the pack as a whole."""

    id: str
    languages: tuple[str, ...]
    default_language: str
    equipment: tuple[Equipment, ...]
    service_groups: Mapping[str, LocalizedText]
    places: tuple[KnownPlace, ...] = ()


def load_pack(path: Path) -> Pack:
    """
    The pack in this folder.

    Raises PackError for the first entry that is missing, unknown, ill-typed or names something that does not exist.
    """
    if not path.is_dir():
        raise PackError("There is no pack here: the folder is missing.", file=path)
    return _Loading(path).load()


class _Loading:
    """One run of the loader over one folder."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._convert = Converter({MenuNode: self._menu_node, Line: read_line})
        self._places: dict[str, Entry] = {}
        self._texts: dict[str, dict[str, str]] = {}
        self._node_ids: set[str] = set()
        self._node_prefix = ""

    def load(self) -> Pack:
        """Everything, in the order in which things name each other."""
        about = self._about()
        terms, term_entries = self._terms()
        countries = self._each("countries", Country, key="iso2")
        model_lines, generations = self._model_lines(countries)
        equipment = {item.code: item for item in about.equipment}
        services = self._services(generations, countries)
        currencies = MappingProxyType({iso2: country.currency for iso2, country in countries.items()})
        offers = self._offers(countries, currencies)
        head_units = self._head_units()
        self._read_texts(about.languages, countries, services, offers)
        pack = Pack(
            id=about.id,
            languages=about.languages,
            default_language=about.default_language,
            terms=terms,
            term_entries=term_entries,
            countries=MappingProxyType(countries),
            equipment=MappingProxyType(equipment),
            service_groups=about.service_groups,
            model_lines=MappingProxyType(model_lines),
            generations=MappingProxyType(generations),
            head_units=MappingProxyType(head_units),
            services=MappingProxyType(services),
            offers=MappingProxyType(offers),
            texts=MappingProxyType({language: MappingProxyType(texts) for language, texts in self._texts.items()}),
            legal=tuple(legal_documents(self._path / "legal", self._convert, about.languages, countries)),
            consents=MappingProxyType(self._consents(services)),
            places=about.places,
            map_data=self._map_data(),
            map_sheets=MappingProxyType(self._map_sheets()),
            instructions=self._instructions(),
            apps=MappingProxyType(self._each("apps", App, key="id")),
        )
        self._references(pack)
        return pack

    # -- files ---------------------------------------------------------------------------------------------------

    def _about(self) -> _About:
        entry = read_yaml(self._path / "pack.yaml")
        # The languages are needed to read the rest of the same file.
        languages = entry.mapping("The pack").get("languages")
        if languages is None:
            raise entry.refuse("The pack lacks the entry “languages”.")
        self._languages: tuple[str, ...] = self._convert.convert(languages, tuple[str, ...], "The pack: languages")
        about: _About = self._convert.dataclass(Entry(entry.node, entry.file, self._languages), _About, "The pack")
        if about.default_language not in about.languages:
            raise entry.refuse(f"The default language “{about.default_language}” is no language of the pack.")
        return about

    def _files(self, folder: str) -> Iterator[tuple[str, Entry]]:
        """The YAML files of a folder by name; there must be at least one."""
        files = sorted((self._path / folder).glob("*.yaml"))
        if not files:
            raise PackError("This folder has no YAML file; a pack needs at least one.", file=self._path / folder)
        for file in files:
            yield file.stem, read_yaml(file, self._languages)

    def _each(
        self, folder: str, type_: Any, *, key: str, given: Callable[[str], dict[str, object]] = lambda _: {}
    ) -> dict[str, Any]:
        """One thing per file; the file bears its name, so that it can be found."""
        found: dict[str, Any] = {}
        for stem, entry in self._files(folder):
            what = f"{type_.__name__} “{stem}”"
            thing = self._convert.dataclass(entry, type_, what, **given(stem))
            name = getattr(thing, key)
            if name.lower().replace("-", "_") != stem.lower().replace("-", "_"):
                raise entry.refuse(f"{what} calls itself “{name}”; file and {key} must be the same.")
            found[name] = thing
            self._places[f"{type_.__name__}:{name}"] = entry
        return found

    def _terms(self) -> tuple[Terms, Mapping[str, TermEntry]]:
        root = read_yaml(self._path / "terms.yaml", self._languages)
        entries = root.mapping("terms.yaml")
        hints = get_type_hints(Terms, include_extras=True)
        for name, entry in entries.items():
            if name not in hints:
                raise entry.refuse(f"terms.yaml has an unknown entry “{name}”.")
        values: dict[str, object] = {}
        meanings: dict[str, TermEntry] = {}
        for name, type_ in hints.items():
            if name not in entries:
                raise root.refuse(f"terms.yaml lacks the entry “{name}”.")
            parts = entries[name].mapping(name)
            for part in ("value", "means", "source"):
                if part not in parts:
                    raise entries[name].refuse(f"{name} lacks “{part}”.")
            for part, entry in parts.items():
                if part not in ("value", "means", "source"):
                    raise entry.refuse(f"{name} has an unknown entry “{part}”.")
            values[name] = self._convert.convert(parts["value"], type_, name)
            meanings[name] = TermEntry(
                name=name,
                means=self._convert.convert(parts["means"], str, f"{name}: means"),
                source=self._convert.convert(parts["source"], tuple[str, ...], f"{name}: source"),
                line=entries[name].line,
            )
        if "default" not in values["command_lifetimes"]:  # type: ignore[operator]  # a Mapping by its hint
            raise entries["command_lifetimes"].refuse("command_lifetimes needs an entry “default”.")
        return Terms(**values), MappingProxyType(meanings)  # type: ignore[arg-type]  # converted to the hints above

    def _model_lines(self, countries: Mapping[str, Country]) -> tuple[dict[str, ModelLine], dict[str, Generation]]:
        lines: dict[str, ModelLine] = {}
        generations: dict[str, Generation] = {}
        for stem, entry in self._files("model_lines"):
            what = f"Model line “{stem}”"
            parts = entry.mapping(what)
            for part in ("id", "name", "generations"):
                if part not in parts:
                    raise entry.refuse(f"{what} lacks the entry “{part}”.")
            for part, found in parts.items():
                if part not in ("id", "name", "generations"):
                    raise found.refuse(f"{what} has an unknown entry “{part}”.")
            line_id = self._convert.convert(parts["id"], str, f"{what}: id")
            codes = []
            for item in parts["generations"].items(f"{what}: generations"):
                generation: Generation = self._convert.dataclass(
                    item, Generation, f"A generation of model line “{stem}”", model_line=line_id
                )
                standard = {
                    code: _spelled_out(where, countries) for code, where in generation.standard_equipment.items()
                }
                generation = dataclasses.replace(generation, standard_equipment=MappingProxyType(standard))
                if generation.code in generations:
                    raise item.refuse(f"The generation {generation.code} stands twice.")
                generations[generation.code] = generation
                self._places[f"Generation:{generation.code}"] = item
                codes.append(generation.code)
            name = self._convert.convert(parts["name"], str, f"{what}: name")
            lines[line_id] = ModelLine(id=line_id, name=name, generations=tuple(codes))
        return lines, generations

    def _services(self, generations: Mapping[str, Generation], countries: Mapping[str, Country]) -> dict[str, Service]:
        def texts(stem: str) -> dict[str, object]:
            return {"texts": ServiceTexts(**{name: f"service.{stem}.{name}" for name in _SERVICE_TEXTS})}

        services: dict[str, Service] = self._each("services", Service, key="id", given=texts)
        drives = tuple(dict.fromkeys(drive for generation in generations.values() for drive in generation.drives))
        return {
            name: dataclasses.replace(
                service,
                generations=_spelled_out(service.generations, generations),
                countries=_spelled_out(service.countries, countries),
                drives=_spelled_out(service.drives, drives),
            )
            for name, service in services.items()
        }

    def _offers(self, countries: Mapping[str, Country], currencies: Mapping[str, str]) -> dict[str, Offer]:
        offers: dict[str, Offer] = self._each("offers", Offer, key="id", given=lambda _: {"currencies": currencies})
        return {
            name: dataclasses.replace(offer, countries=_spelled_out(offer.countries, countries))
            for name, offer in offers.items()
        }

    def _head_units(self) -> dict[str, HeadUnit]:
        units: dict[str, HeadUnit] = {}
        for stem, entry in self._files("head_units"):
            self._node_ids, self._node_prefix = set(), ""
            units[stem] = self._convert.dataclass(entry, HeadUnit, f"Head unit “{stem}”", name=stem)
            self._places[f"HeadUnit:{stem}"] = entry
        return units

    def _menu_node(self, entry: Entry, what: str) -> MenuNode:
        """An element in its short notation: `menu: SET` instead of `{kind: menu, label: SET}`."""
        parts = entry.mapping(what)
        kinds = [kind for kind in _NODE_KINDS if kind in parts]
        if len(kinds) != 1:
            raise entry.refuse(f"{what} must have exactly one of {', '.join(_NODE_KINDS)}.")
        kind = kinds[0]
        label = self._convert.convert(parts[kind], str, f"{what}: {kind}")
        slug = re.sub(r"[^a-z0-9]+", "-", label.casefold()).strip("-") or kind
        node_id = (
            self._convert.convert(parts["id"], str, f"{what}: id") if "id" in parts else f"{self._node_prefix}{slug}"
        )
        if node_id in self._node_ids:
            raise entry.refuse(
                f"The element “{label}” has the id “{node_id}”, which another one has already; give it an id."
            )
        self._node_ids.add(node_id)

        outer, self._node_prefix = self._node_prefix, f"{node_id}."
        rest = Entry(_without(entry, kind, "id"), entry.file, entry.languages)
        node: MenuNode = self._convert.dataclass(
            rest, MenuNode, f"The element “{label}”", id=node_id, kind=kind, label=label
        )
        self._node_prefix = outer
        return node

    def _read_texts(
        self,
        languages: tuple[str, ...],
        countries: Mapping[str, Country],
        services: Mapping[str, Service],
        offers: Mapping[str, Offer],
    ) -> None:
        """texts/<language>.yaml and the texts that stand with what they describe, under one set of keys."""
        for language in languages:
            entry = read_yaml(self._path / "texts" / f"{language}.yaml")
            texts = dict(_flat(entry, ""))
            for country in countries.values():
                texts[f"country.{country.iso2}.name"] = country.name[language]
            for service in services.values():
                for name in _SERVICE_TEXTS:
                    texts[f"service.{service.id}.{name}"] = getattr(service, name)[language]
            for offer in offers.values():
                texts[f"offer.{offer.id}.name"] = offer.name[language]
                texts[f"offer.{offer.id}.summary"] = offer.summary[language]
            self._texts[language] = texts
        known = {key for texts in self._texts.values() for key in texts}
        for language, texts in self._texts.items():
            missing = sorted(known - set(texts))
            if missing:
                file = self._path / "texts" / f"{language}.yaml"
                raise PackError(f"The text “{missing[0]}” has no “{language}” version.", file=file)

    def _consents(self, services: Mapping[str, Service]) -> dict[str, Consent]:
        found: dict[str, Consent] = self._each("consents", Consent, key="id")
        for consent in found.values():
            self._known(f"Consent:{consent.id}", "service", consent.services, services)
            days = [each.valid_from for each in consent.versions]
            names = {each.version for each in consent.versions}
            if not days or days != sorted(set(days)) or len(names) != len(days):
                raise self._places[f"Consent:{consent.id}"].refuse(
                    f"The versions of {consent.id} must be named differently and stand in the order of their days."
                )
        return found

    def _map_data(self) -> MapData | None:
        """maps/data.yaml, where the pack has one."""
        file = self._path / "maps" / "data.yaml"
        if not file.exists():
            return None
        entry = read_yaml(file, self._languages)
        data: MapData = self._convert.dataclass(entry, MapData, "The map data")
        self._places["MapData:map"] = entry
        return checked(data, entry)

    def _map_sheets(self) -> dict[str, MapSheet]:
        """maps/sheets/, where the pack has some; a road has one id on all of them."""
        if not (self._path / "maps" / "sheets").is_dir():
            return {}
        sheets: dict[str, MapSheet] = self._each("maps/sheets", MapSheet, key="id")
        seen: set[str] = set()
        for sheet in sheets.values():
            for road in sheet.roads:
                if road.id in seen:
                    raise self._places[f"MapSheet:{sheet.id}"].refuse(f"The road {road.id} stands twice.")
                seen.add(road.id)
        return sheets

    def _instructions(self) -> Instructions:
        """instructions.yaml: where more is written, each under a topic that exists."""
        entry = read_yaml(self._path / "instructions.yaml", self._languages)
        found: Instructions = self._convert.dataclass(entry, Instructions, "The instructions")
        self._places["Instructions:pack"] = entry
        return found

    # -- what names what -----------------------------------------------------------------------------------------

    def _references(self, pack: Pack) -> None:
        """Refuses a pack in which something names what does not exist."""
        for country in pack.countries.values():
            self._known(f"Country:{country.iso2}", "language", country.languages, pack.languages)
        for generation in pack.generations.values():
            place = f"Generation:{generation.code}"
            self._known(place, "language", generation.names, pack.languages)
            self._known(place, "head unit", (generation.head_unit,), pack.head_units)
            needed = [code for codes in generation.phone_functions.values() for code in codes]
            fitted = (*generation.equipment, *generation.standard_equipment, *needed)
            self._known(place, "equipment", fitted, pack.equipment)
            self._known(place, "function of phones", generation.phone_functions, get_args(PhoneFunction))
            self._known(
                place, "country", [c for cs in generation.standard_equipment.values() for c in cs], pack.countries
            )
            if generation.code not in pack.head_units[generation.head_unit].generations:
                raise self._places[place].refuse(f"{generation.code} names a head unit that does not name it.")
        self._map_references(pack)
        self._instruction_references(pack)
        for unit in pack.head_units.values():
            self._unit_references(unit, pack)
        for service in pack.services.values():
            place = f"Service:{service.id}"
            self._known(place, "generation", service.generations, pack.generations)
            self._known(place, "country", service.countries, pack.countries)
            self._known(place, "equipment", service.needs_equipment, pack.equipment)
            self._known(place, "service group", (service.group,), pack.service_groups)
        for offer in pack.offers.values():
            place = f"Offer:{offer.id}"
            self._known(place, "service", offer.services, pack.services)
            self._known(place, "country", offer.countries, pack.countries)
            if not offer.services:
                raise self._places[place].refuse(f"The offer {offer.id} has no service.")
            for iso2 in offer.countries:
                if pack.countries[iso2].currency not in offer.prices:
                    raise self._places[place].refuse(
                        f"The offer {offer.id} is made in {iso2} and has no price in {pack.countries[iso2].currency}."
                    )

    def _app_references(self, pack: Pack) -> None:
        for app in pack.apps.values():
            self._known(f"App:{app.id}", "generation", app.generations, pack.generations)
        for code in pack.generations:
            if sum(code in app.generations for app in pack.apps.values()) != 1:
                raise self._places[f"Generation:{code}"].refuse(f"{code} must be in exactly one app of apps/.")

    def _map_references(self, pack: Pack) -> None:
        for generation in pack.generations.values():
            if generation.map_update != "none" and pack.map_data is None:
                raise self._places[f"Generation:{generation.code}"].refuse(
                    f"{generation.code} updates its map, and the pack has no maps/data.yaml."
                )
        if pack.map_data is not None:
            named = [country for region in pack.map_data.regions for country in region.countries]
            self._known("MapData:map", "country", named, pack.countries)

    def _instruction_references(self, pack: Pack) -> None:
        place, seen = "Instructions:pack", set[str]()
        for pointer in pack.instructions.pointers:
            self._known(place, "topic", (pointer.topic,), pack.instructions.topics)
            self._known(place, "generation", pointer.generations, pack.generations)
            self._known(place, "country", pointer.countries, pack.countries)
            if pointer.id in seen or (pointer.place == "web") != bool(pointer.address):
                raise self._places[place].refuse(f"{pointer.id} stands twice, or its address does not fit its place.")
            seen.add(pointer.id)

    def _unit_references(self, unit: HeadUnit, pack: Pack) -> None:
        place = f"HeadUnit:{unit.name}"
        self._known(place, "generation", unit.generations, pack.generations)
        ids = {node.id for node in unit.nodes()}
        for node in unit.nodes():
            self._known(place, "generation", node.generations, unit.generations)
            if node.leads_to is not None:
                self._known(place, "element", (node.leads_to,), ids)
        written = self._places[place].mapping(place)["tasks"].items("tasks")
        for task, entry in zip(unit.tasks, written, strict=True):
            self._known(place, "generation", task.generations, unit.generations)
            for generation in task.generations:
                try:
                    unit.walk_path(task.path, generation)
                except NoSuchStep as error:
                    raise entry.refuse(f"The path of {task.task} cannot be walked in {generation}: {error}.") from None

    def _known(self, place: str, what: str, names: Any, known: Any) -> None:
        for name in names:
            if name not in known:
                raise self._places[place].refuse(
                    f"{place.replace(':', ' ')} names the {what} “{name}”, which does not exist."
                )


def _spelled_out(names: tuple[str, ...], everything: Any) -> tuple[str, ...]:
    """The names themselves, or all there are for "*"."""
    return tuple(everything) if names == ("*",) else names


def _without(entry: Entry, *names: str) -> Any:
    """The YAML mapping without these entries, at the same line."""
    node: Any = entry.node
    kept = [(key, value) for key, value in node.value if key.value not in names]
    return type(node)(node.tag, kept, node.start_mark, node.end_mark)


def _flat(entry: Entry, prefix: str) -> Iterator[tuple[str, str]]:
    """Nested texts as dotted keys: {label: {portal: …}} is label.portal."""
    for name, value in entry.mapping("The texts").items():
        if value.is_mapping:
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value.scalar(f"The text “{prefix}{name}”", "a text", "str").strip()
