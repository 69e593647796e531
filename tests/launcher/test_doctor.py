import pytest

from vettura.launcher import doctor
from vettura.launcher.certificates import ensure_keys
from vettura.launcher.places import Places


@pytest.fixture
def places(tmp_path, monkeypatch, postgres, nats_server):
    """An installation with nothing wrong."""
    from vettura.identity.adapters.keys import ensure_oidc_key
    from vettura.notifications.adapters.push_keys import ensure_push_key

    ensure_keys(tmp_path / "keys")
    ensure_oidc_key(tmp_path / "keys" / "oidc.pem")
    ensure_push_key(tmp_path / "keys" / "vapid.pem")
    monkeypatch.setenv("VETTURA_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("VETTURA_NATS_URL", nats_server.url)
    monkeypatch.setenv("VETTURA_MQTT_URL", nats_server.mqtt_url)
    return Places.from_environment()


def test_a_sound_installation_has_no_problem(places):
    assert doctor.problems(places) == []


def test_a_database_that_does_not_answer_is_named(places, monkeypatch):
    monkeypatch.setenv("VETTURA_DATABASE_URL", "postgresql://vettura@127.0.0.1:1/vettura")

    [problem] = doctor.problems(places)

    assert problem.startswith("The database does not answer")
    assert problem.endswith("Is VETTURA_DATABASE_URL right?")


def test_a_broker_that_does_not_answer_is_named(places, monkeypatch):
    monkeypatch.setenv("VETTURA_NATS_URL", "nats://127.0.0.1:1")

    assert doctor.problems(places) == [
        "No NATS server answers at nats://127.0.0.1:1. Run `vettura up`, or set VETTURA_NATS_URL."
    ]


def test_missing_keys_and_keys_that_others_may_read_are_named(places):
    (places.keys_dir / "platform.key").unlink()
    (places.keys_dir / "ca.key").chmod(0o644)

    missing, readable = doctor.problems(places)

    assert missing == f"Keys are missing in {places.keys_dir}: platform.key. `vettura up` makes them."
    assert (
        readable
        == f"Others may read {places.keys_dir / 'ca.key'}. Take their rights away: chmod 600 {places.keys_dir / 'ca.key'}"
    )


def test_a_pack_that_is_not_there_is_named(places, monkeypatch):
    monkeypatch.setenv("VETTURA_PACK", "/nowhere/at/all")

    assert doctor.problems(places) == [
        "There is no brand pack /nowhere/at/all. VETTURA_PACK must be the name of a folder under packs/, or a path."
    ]


def test_production_refuses_the_secrets_of_the_demo(places, monkeypatch):
    monkeypatch.setenv("VETTURA_PROFILE", "production")
    monkeypatch.setenv("VETTURA_SECRET_KEY", "secret" * 10)

    problems = doctor.problems(places)

    assert "VETTURA_SECRET_KEY is too easy to guess; use at least 32 random signs." in problems
    assert "VETTURA_CARDS_KEY still has the value of the demo's sandbox; set the provider's own." in problems
    assert "VETTURA_BASE_URL must begin with https:// in production." in problems


def test_an_unknown_profile_is_named(places, monkeypatch):
    monkeypatch.setenv("VETTURA_PROFILE", "prod")

    assert doctor.problems(places) == ["VETTURA_PROFILE is 'prod'; it must be one of demo, test, production, cluster."]


def test_what_does_not_fit_together_of_mqtt_for_owners_is_named(places, monkeypatch):
    monkeypatch.setenv("VETTURA_OWNER_MQTT_CERTIFICATE", "/nowhere/at/all.pem")

    assert doctor.problems(places) == [
        "VETTURA_OWNER_MQTT_CERTIFICATE and VETTURA_OWNER_MQTT_KEY belong together: set both, or none."
    ]

    monkeypatch.setenv("VETTURA_OWNER_MQTT_KEY", str(places.keys_dir / "server.key"))
    monkeypatch.setenv("VETTURA_OWNER_MQTT_URL", "http://cars.example")

    unread, plain = doctor.problems(places)
    assert unread == "VETTURA_OWNER_MQTT_CERTIFICATE names /nowhere/at/all.pem, which cannot be read."
    assert plain.startswith("VETTURA_OWNER_MQTT_URL must begin with mqtts://")
