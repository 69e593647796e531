"""Icons, moments, money, bars and pictures as pages use them."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

from vettura.foundation.money import Money
from vettura.portal.renderer import VetturaRenderer


@dataclass
class Car:
    """What the picture needs to know of a vehicle."""

    generation: str
    model_name: str = "Saloon"
    production_year: int = 2020
    model_year: int = 2020


def _render(source: str, **facts: object) -> str:
    return Template("{% load design %}" + source).render(Context(facts))


def test_an_icon_beside_text_is_silent_and_one_that_stands_alone_is_named():
    assert 'aria-hidden="true"' in _render('{% icon "lock" %}')
    assert 'role="img" aria-label="Locked"' in _render('{% icon "lock" "Locked" %}')


def test_an_unknown_icon_is_an_error():
    with pytest.raises(KeyError):
        _render('{% icon "no-such-icon" %}')


@pytest.mark.parametrize(
    ("language", "distance", "text"),
    [
        ("en", timedelta(seconds=-5), "just now"),
        ("en", timedelta(minutes=-2), "2 minutes ago"),
        ("it", timedelta(days=12), "tra 12 giorni"),
        ("de", timedelta(hours=-3), "vor 3 Stunden"),
    ],
)
def test_a_moment_reads_relative_and_carries_the_exact_one(clock, language, distance, text):
    with translation.override(language):
        html = _render("{% moment at %}", at=clock.now() + distance)

    assert f">{text}</time>" in html
    assert "title=" in html


def test_a_moment_far_away_is_a_day(clock):
    with translation.override("en"):
        html = _render("{% moment at %}", at=clock.now() + timedelta(days=400))

    assert ">6 October 2027</time>" in html


def test_a_day_is_a_day():
    with translation.override("de"):
        assert ">14. Mai 2028</time>" in _render("{% moment day %}", day=date(2028, 5, 14))


def test_an_exact_moment_is_written_as_its_language_writes_days(clock):
    with translation.override("de"):
        html = _render('{% moment at "exact" %}', at=clock.now())

    assert re.search(r">\d{1,2}\. \w+ \d{4}, \d\d:\d\d</time>", html)


def test_a_number_stays_with_its_unit():
    assert _render("{{ text|unbroken }}", text="Locked, 78 %, 1,312 km") == "Locked, 78\xa0%, 1,312\xa0km"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("+390110000001", "+39\xa0011\xa0000\xa00001"),
        ("+39 555 0100", "+39\xa0555\xa00100"),
        ("112", "112"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_phone_number_is_grouped_and_stays_on_one_line(number, text):
    assert _render("{{ number|phone }}", number=number) == text


def test_no_moment_is_nothing():
    assert _render("{% moment at %}", at=None) == ""


@pytest.mark.parametrize(("language", "text"), [("en", "€149.00"), ("it", "149,00\xa0€"), ("de", "149,00\xa0€")])
def test_money_reads_as_the_language_writes_it(language, text):
    with translation.override(language):
        assert _render("{{ price|money }}", price=Money(Decimal("149.00"), "EUR")) == text


def test_a_bar_shows_what_is_left_of_a_term(clock):
    html = _render(
        "{% term_bar start end %}", start=clock.now() - timedelta(days=75), end=clock.now() + timedelta(days=25)
    )

    assert "--value: 25%" in html
    assert "bar--attention" in html


def test_a_term_without_an_end_has_no_bar(clock):
    assert _render("{% term_bar start end %}", start=clock.now(), end=None) == ""


@pytest.mark.rule("GAR-018")
def test_a_car_that_the_pack_does_not_draw_is_a_silhouette():
    html = _render('{% vehicle_picture car "side" %}', car=Car(generation="unknown"))

    assert 'data-picture-kind="silhouette"' in html
    assert 'role="img" aria-label="Saloon from the side"' in html


@pytest.mark.rule("GAR-017")
def test_a_car_of_the_pack_is_drawn_with_its_state():
    html = _render('{% vehicle_picture car "top" "is-locked" %}', car=Car(generation="TAY"))

    assert 'data-picture-kind="model"' in html
    assert 'class="car car--top is-locked"' in html


@pytest.mark.rule("GAR-016")
def test_a_very_old_car_is_a_sample():
    assert 'data-picture-kind="sample"' in _render(
        "{% vehicle_picture car %}", car=Car(generation="TAY", production_year=1983)
    )


class _Form(forms.Form):
    default_renderer = VetturaRenderer
    email = forms.EmailField(label="E-mail", help_text="For the invitation")
    agrees = forms.BooleanField(label="I agree")


def test_a_field_says_what_is_wrong_where_it_is_wrong():
    html = str(_Form({"email": "nobody"}))

    assert 'class="field__label" for="id_email"' in html
    assert 'aria-describedby="id_email_helptext id_email_error"' in html
    assert 'class="field__error" id="id_email_error"' in html
    assert '<label class="choice" for="id_agrees">' in html
