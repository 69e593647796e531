"""Template tags of the design system: icons, drawings, moments, money and bars."""

import re
from collections.abc import Collection
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import phonenumbers
from babel.dates import format_date, format_timedelta
from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import get_current_timezone
from django.utils.translation import get_language, gettext

from vettura.catalog import queries as catalog
from vettura.foundation import clock, periods
from vettura.foundation import diagnosis as engine
from vettura.foundation.money import Money, format_money
from vettura.foundation.periods import locale_of
from vettura.help_center import diagnosis
from vettura.portal import pictures
from vettura.portal.icons import ICONS
from vettura_pack.model import Generation

if TYPE_CHECKING:
    from vettura.vehicles.models import Vehicle

register = template.Library()

# After this, "5 weeks ago" says less than the day itself.
RELATIVE_UP_TO = timedelta(days=28)
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
_NUMBER_AND_UNIT = re.compile(r"(?<=\d) (?=%|km\b|kWh\b|h\b|°)")


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon; silent for screen readers unless it stands alone and has a label. An unknown name is an error."""
    shape = mark_safe(ICONS[name])  # noqa: S308 (our own shapes)
    if label:
        return format_html('<svg class="icon" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>', label, shape)
    return format_html('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', shape)


@register.simple_tag
def why(topic: str | None, *, vin: str = "", service: str = "", text: str = "", about: str = "") -> SafeString:
    """
    A link to the cause of what does not work, where one can be looked for; nothing otherwise. `about`: what is meant, for whoever hears the
    links of a page one after the other.
    """
    if topic is None or not engine.is_topic(topic):
        return SafeString("")
    href = diagnosis.address_of(topic=topic, vin=vin, service=service)
    heard = format_html('<span class="visually-hidden"> {}</span>', about) if about else ""
    return format_html('<a href="{}">{}{}</a>', href, text or gettext("Why?"), heard)


@register.simple_tag
def vehicle_picture(
    vehicle: "Vehicle",
    view: Literal["side", "top", "dashboard"] = "side",
    state: str = "",
    open_parts: Collection[str] = (),
) -> SafeString:
    """
    The drawing of a vehicle, inline, with its parts as `data-part` for pages that show state on it.

    `state` adds classes to the drawing (`is-locked`, `is-charging` …), `open_parts` names the parts that stand open. Cars
    without a drawing of their own get a sample (built before 1984) or a silhouette.
    """
    path = pictures.model_picture(generation=vehicle.generation, view=view)
    kind = pictures.picture_kind(
        production_year=vehicle.production_year or vehicle.model_year, has_picture=path is not None
    )
    if kind != "model" or path is None:
        path = pictures.SHELL_PICTURES / ("sample-side.svg" if kind == "sample" else f"silhouette-{view}.svg")
        if not path.is_file():
            path = pictures.SHELL_PICTURES / "silhouette-side.svg"
    return _drawing(
        path,
        label=_label(vehicle.model_name, view),
        classes=f"car car--{view} {state}".strip(),
        kind=kind,
        open_parts=open_parts,
    )


@register.simple_tag
def generation_picture(code: str, view: Literal["side", "top", "dashboard"] = "side", label: str = "") -> SafeString:
    """The drawing of a generation, where no particular vehicle is meant. Without a label it is decoration."""
    path = pictures.model_picture(generation=code, view=view)
    kind = "silhouette" if path is None else "model"
    return _drawing(
        path or pictures.SHELL_PICTURES / "silhouette-side.svg", label=label, classes=f"car car--{view}", kind=kind
    )


@register.simple_tag
def showcase_picture() -> SafeString:
    """A car of the pack as decoration, for pages that know no vehicle yet: the newest generation that is drawn."""
    drawn = [each for each in catalog.generations() if pictures.model_picture(generation=each.code, view="side")]
    newest = max(drawn, key=lambda each: each.model_years.first or 0, default=None)
    return generation_picture(newest.code if newest else "", "side")


def _drawing(path: Path, *, label: str, classes: str, kind: str, open_parts: Collection[str] = ()) -> SafeString:
    attributes, inside = pictures.drawing(path)
    for part in open_parts:
        inside = inside.replace(f'data-part="{part}"', f'data-part="{part}" class="is-open"')
    return format_html(
        '<svg class="{}" {} data-picture-kind="{}" {}>{}</svg>',
        classes,
        mark_safe(attributes),  # noqa: S308 (the pack's drawing; packs are installed by the operator)
        kind,
        format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"'),
        mark_safe(inside),  # noqa: S308 (as above)
    )


def _label(name: str, view: str) -> str:
    if view == "top":
        return gettext("{name} from above").format(name=name)
    if view == "dashboard":
        return gettext("Dashboard of the {name}").format(name=name)
    return gettext("{name} from the side").format(name=name)


@register.simple_tag
def moment(value: datetime | date | None, style: Literal["relative", "exact", "day"] = "relative") -> SafeString:
    """
    A moment as people say it, with the exact one on hover: "5 minutes ago", and the day itself when it is far away.

    `exact` shows day and time, `day` the day only. Nothing for `None`.
    """
    if value is None:
        return mark_safe("")
    locale = locale_of(get_language() or "en")
    if not isinstance(value, datetime):
        return format_html(
            '<time datetime="{}">{}</time>', value.isoformat(), format_date(value, "long", locale=locale)
        )
    local = value.astimezone(get_current_timezone())
    exact = f"{format_date(local, 'long', locale=locale)}, {local:%H:%M}"
    distance = value - clock.now()
    if style == "exact":
        text = exact
    elif style == "day" or abs(distance) > RELATIVE_UP_TO:
        text = format_date(local, "long", locale=locale)
    elif abs(distance) < timedelta(seconds=45):
        text = gettext("just now") if distance <= timedelta(0) else gettext("in a moment")
    else:
        text = format_timedelta(distance, add_direction=True, threshold=_threshold(distance), locale=locale)
    return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), exact, text)


def _threshold(distance: timedelta) -> float:
    """Babel moves to a unit from this many of it on; high enough for weeks that "in 12 days" is not "in 2 weeks"."""
    return 5.0 if abs(distance) >= timedelta(days=5) else 1.2


@register.filter
def generation_name(generation: Generation) -> str:
    """What a generation is called in the language of the page."""
    return catalog.generation_name(generation)


@register.filter
def country_name(code: str) -> str:
    """The name of a country (ISO 3166 code) in the language of the page; what is no such code stays as it is."""
    return periods.country_name(code, get_language() or "en")


@register.filter
def money(value: Money | None) -> str:
    """An amount as people of the page's language write it; nothing for `None`."""
    return "" if value is None else format_money(value, get_language() or "en")


@register.filter
def unbroken(text: str) -> str:
    """The text with each number and its unit on one line: "80 %" and "312 km" are never torn apart."""
    return _NUMBER_AND_UNIT.sub(NO_BREAK_SPACE, text)


@register.filter
def phone(number: str | None) -> str:
    """A phone number as people write it, on one line; left as it is written where it is no full number."""
    if not number:
        return ""
    try:
        known = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number.replace(" ", NO_BREAK_SPACE)
    if phonenumbers.is_possible_number(known) and " " not in number:
        number = phonenumbers.format_number(known, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return number.replace(" ", NO_BREAK_SPACE)


@register.simple_tag
def term_bar(starts_at: datetime, ends_at: datetime | None) -> SafeString:
    """How much of a term is left, as a bar. A term without an end has no bar."""
    if ends_at is None:
        return mark_safe("")
    whole, left = ends_at - starts_at, ends_at - clock.now()
    share = max(0.0, min(1.0, left / whole)) if whole > timedelta(0) else 0.0
    percent = round(share * 100)
    tone = " bar--attention" if left <= timedelta(days=30) else ""
    return format_html(
        '<div class="bar{}" style="--value: {}%" role="img" aria-label="{}"></div>',
        tone,
        percent,
        gettext("{percent} % of the term is left").format(percent=percent),
    )


@register.filter
def widget_kind(field: BoundField) -> str:
    """`checkbox` for a single box (its label stands beside it), `choices` for groups, else `input`."""
    widget = field.field.widget
    if isinstance(widget, CheckboxInput):
        return "checkbox"
    return "choices" if isinstance(widget, RadioSelect | CheckboxSelectMultiple) else "input"
