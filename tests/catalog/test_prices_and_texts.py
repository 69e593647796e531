"""Prices, tax, texts and documents."""

from datetime import date
from decimal import Decimal

import pytest
from babel.numbers import get_currency_precision
from django.test import RequestFactory
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from vettura.catalog import queries, rules
from vettura.catalog.portal import labels_context
from vettura.foundation.money import Money, rounded

# a document is the one in force today
pytestmark = pytest.mark.usefixtures("clock")

COUNTRIES = st.sampled_from(queries.countries())
DAYS = st.dates(min_value=date(2018, 1, 1), max_value=date(2035, 12, 31))


@st.composite
def prices(draw):
    country = draw(COUNTRIES)
    amount = draw(st.decimals(min_value=0, max_value=100_000, places=get_currency_precision(country.currency)))
    return country, Money(amount, country.currency)


@given(price=prices(), on=DAYS)
def test_net_and_tax_always_make_the_price(price, on):
    country, gross = price
    tax = rules.vat_included(gross, country, on)
    net = gross - tax
    assert net + tax == gross
    assert 0 <= tax.amount <= gross.amount
    assert tax == rounded(tax)


@given(price=prices(), on=DAYS)
def test_the_tax_is_at_most_half_a_smallest_unit_off(price, on):
    country, gross = price
    rate = country.vat_rate(on)
    exact = gross.amount * rate / (100 + rate)
    unit = Decimal(1).scaleb(-get_currency_precision(country.currency))
    assert abs(rules.vat_included(gross, country, on).amount - exact) <= unit / 2


@given(price=prices(), more=st.integers(min_value=1, max_value=1000), on=DAYS)
def test_a_higher_price_never_has_less_tax(price, more, on):
    country, gross = price
    higher = Money(gross.amount + more, gross.currency)
    assert rules.vat_included(higher, country, on) >= rules.vat_included(gross, country, on)


@pytest.mark.parametrize(
    ("iso2", "gross", "on", "tax"),
    [
        ("IT", "122.00", date(2026, 11, 22), "22.00"),
        ("IT", "149.00", date(2026, 11, 22), "26.87"),
        ("DE", "119.00", date(2020, 6, 30), "19.00"),
        ("DE", "116.00", date(2020, 7, 1), "16.00"),
        ("FI", "125.50", date(2024, 9, 1), "25.50"),
        ("JP", "24590", date(2026, 11, 22), "2235"),
        ("US", "164.00", date(2026, 11, 22), "0.00"),
    ],
)
def test_the_tax_in_a_price_is_that_of_the_country_and_the_day(iso2, gross, on, tax):
    country = queries.country(iso2)
    assert rules.vat_included(Money(gross, country.currency), country, on) == Money(tax, country.currency)


def test_every_offer_has_a_price_wherever_it_is_made():
    for offer in queries.offers():
        for iso2 in offer.countries:
            price = offer.price_for(iso2)
            assert price.currency.code == queries.country(iso2).currency
            assert price == rounded(price)
            assert price.amount > 0 or offer.id == "breakdown_call"


def test_labels_are_the_words_of_the_brand_in_each_language():
    assert queries.labels("it")["communications"] == "Comunicazioni"
    assert queries.labels("de-ch")["vehicles"] == "Meine Fahrzeuge"
    assert queries.labels("fr")["portal"] == queries.labels("en")["portal"] == "My Porsche"


def test_a_text_carries_its_facts_and_the_terms():
    assert "8 digits" in queries.text("head_unit.code_hint", "en")
    assert queries.text("head_unit.no_data_connection", "it") == "Nessuna connessione dati"


def test_pages_get_labels_in_their_language():
    with translation.override("de"):
        context = labels_context(RequestFactory().get("/"))
    assert context["labels"]["contact"] == "Kontakt"
    assert context["terms"] is queries.terms()


@pytest.mark.parametrize("kind", ["terms_of_business", "terms_of_use", "privacy"])
@pytest.mark.parametrize("language", ["en", "it", "de"])
def test_every_document_is_there_for_every_country(kind, language):
    for country in (*queries.pack().countries, "BR"):
        document = queries.legal_document(kind, country, language)
        assert (document.kind, document.language) == (kind, language)
        assert document.version in document.body_markdown
        assert "{" not in document.body_markdown + document.title


def test_the_terms_of_business_name_the_withdrawal_period():
    assert "within 14 days" in queries.legal_document("terms_of_business", "IT", "en").body_markdown
    assert "connect@porsche.us" in queries.legal_document("privacy", "US", "en").body_markdown


NUMBERS = {
    "N-01": ("password_min_length", 8), "N-02": ("password_min_upper_case", 1), "N-03": ("password_min_digits", 1),
    "N-04": ("password_min_special", 1), "N-05": ("card_code_length", 3), "N-06": ("amex_code_length", 4),
    "N-07": ("pairing_code_length", 8), "N-08": ("hotspot_password_min_length", 8), "N-14": ("identification_price", 0),
    "N-16": ("map_update_max_regions", 3), "N-18": ("renewal_window", 14), "N-21": ("parking_invoices_per_month", 1),
    "N-26": ("fod_download_period", 28), "N-27": ("withdrawal_period", 14), "N-31": ("climate_battery_minimum", 25),
    "N-33": ("appointment_lead", 3), "N-35": ("sample_picture_before_year", 1984), "N-36": ("digital_manuals_since_year", 2018),
    "N-44": ("integrated_sim_roaming_cost", 0),
}  # fmt: skip


@pytest.mark.parametrize("row", sorted(NUMBERS))
def test_the_numbers_are_those_of_the_rules(row):
    name, value = NUMBERS[row]
    assert getattr(queries.terms(), name) == value
    assert row in queries.pack().term_entries[name].source
