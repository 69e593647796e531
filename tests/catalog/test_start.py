"""The platform starts with the pack that its settings name, and with no other."""

from pathlib import Path

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from vettura.catalog import queries

# a document is the one in force today
pytestmark = pytest.mark.usefixtures("clock")

PACKS = Path(__file__).resolve().parents[2] / "packs"


def test_the_pack_is_the_one_that_settings_name(settings):
    settings.VETTURA_PACK_DIR = PACKS / "plain"
    assert queries.pack().id == "plain"
    assert queries.labels("it")["portal"] == "Plain Portal"
    assert [generation.code for generation in queries.generations()] == ["HATCH", "SALOON"]
    made = queries.offers_for(generation="SALOON", drive="BEV", equipment=["connect_plus"], country="DE")
    assert {offer.id for offer in made} == {"remote_package", "remote_climate", "traffic_year", "traffic_month"}
    assert queries.legal_document("privacy", "DE", "de").title == "Datenschutzerklärung von Plain Dienste"


def test_the_pack_is_read_once(settings):
    settings.VETTURA_PACK_DIR = PACKS / "plain"
    assert queries.pack() is queries.pack()


def test_a_pack_that_cannot_be_used_stops_the_start(settings, tmp_path):
    settings.VETTURA_PACK_DIR = tmp_path / "nowhere"
    with pytest.raises(ImproperlyConfigured, match=r"The brand pack cannot be used. .*the folder is missing"):
        apps.get_app_config("catalog").ready()


def test_no_word_of_the_brand_is_in_the_neutral_pack():
    words = [w.casefold() for w in ("Porsche", "Taycan", "Cayenne", "Panamera", "Macan")]
    for file in (PACKS / "plain").rglob("*"):
        if file.suffix in (".yaml", ".md"):
            text = file.read_text().casefold()
            assert not [word for word in words if word in text], file
