"""What the frame of the desk shows."""

from typing import Any

from django import template

from vettura.foundation.panels import Section, sections

register = template.Library()


@register.simple_tag(takes_context=True)
def desk_sections(context: dict[str, Any]) -> list[Section]:  # Any: a template context
    """The places of the desk that whoever is signed in works in."""
    return sections(context["request"].user)


@register.simple_tag
def current_section(places: list[Section], path: str) -> Section | None:
    """The place that a page belongs to: the one whose address its own begins with, the longest if there are several."""
    return max((each for each in places if path.startswith(each.url)), key=lambda each: len(each.url), default=None)
