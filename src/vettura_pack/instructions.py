"""Where more is written about what a car does: in its instructions, on a page, or with somebody who knows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from vettura_pack.values import LocalizedText

Place = Literal[
    "vehicle_instructions", "connect_instructions", "mobile_operator", "support", "partner", "web", "maker_site"
]
"""
The vehicle's own instructions, those for its connected services, a contact, a page with an ``address``, or the maker's site
of the country with a ``chapter`` as the way through it.
"""


@dataclass(frozen=True, kw_only=True)
class Pointer:
    """
    One thing that is written elsewhere.

    `screens`: what the head unit's entries show, do or set (or their ids) beside which it stands. `condition`: as in a menu.
    `generations`, `countries`: where it holds; empty is everywhere. `chapter` is printed as it stands; it may name the
    vehicle as `{model}`. `rules` are the rows of docs/rules.md that it carries out.
    """

    id: str
    topic: str
    place: Place
    text: LocalizedText
    rules: tuple[str, ...]
    screens: tuple[str, ...] = ()
    chapter: str = ""
    address: str = ""
    condition: str | None = None
    generations: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()

    def holds_for(self, *, generation: str, country: str) -> bool:
        """Whether it is said in a car of this generation and country."""
        return (not self.generations or generation in self.generations) and (
            not self.countries or country in self.countries
        )


@dataclass(frozen=True, kw_only=True)
class Section:
    """A section of a chapter: the articles of the help center that it holds, in order. Its title may name a label: `{head_unit}`."""

    id: str
    title: LocalizedText
    articles: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """A chapter of a manual."""

    id: str
    title: LocalizedText
    sections: tuple[Section, ...]


@dataclass(frozen=True, kw_only=True)
class Manual:
    """One document about a vehicle: what it is called, what it is about in a sentence, and what it holds."""

    name: LocalizedText
    about: LocalizedText
    chapters: tuple[Chapter, ...]

    @property
    def articles(self) -> tuple[str, ...]:
        """The articles of all sections, in order."""
        return tuple(each for chapter in self.chapters for section in chapter.sections for each in section.articles)


@dataclass(frozen=True, kw_only=True)
class Instructions:
    """
    All pointers of a pack, by topic. `maker_sites`: the site by country, `other` elsewhere. `manuals`: the documents by name (KB-004). `unprinted`:
    the articles that stand in none of them, each with the reason.
    """

    topics: Mapping[str, LocalizedText]
    pointers: tuple[Pointer, ...]
    maker_sites: Mapping[str, str]
    manuals: Mapping[str, Manual] = field(default_factory=dict)
    unprinted: Mapping[str, str] = field(default_factory=dict)

    def maker_site(self, country: str) -> str:
        """The maker's site in a country."""
        return self.maker_sites.get(country, self.maker_sites.get("other", ""))
