import json

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from vettura.launcher.certificates import ensure_keys, provision
from vettura.launcher.errors import LauncherError
from vettura_wire import signing

VIN = "WP0ZZZY1ZLSA00001"


@pytest.fixture
def data_dir(tmp_path):
    ensure_keys(tmp_path / "keys")
    return tmp_path


def mode(path):
    return path.stat().st_mode & 0o777


def test_a_car_gets_a_certificate_with_its_vin_signed_by_our_authority(data_dir):
    folder = provision(data_dir, VIN)

    certificate = x509.load_pem_x509_certificate((folder / "car.pem").read_bytes())
    authority = x509.load_pem_x509_certificate((folder / "ca.pem").read_bytes())
    certificate.verify_directly_issued_by(authority)
    assert [name.value for name in certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)] == [VIN]
    usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [ExtendedKeyUsageOID.CLIENT_AUTH]


def test_a_car_knows_the_platforms_signing_key(data_dir):
    folder = provision(data_dir, VIN)

    public_key = (data_dir / "keys" / "platform.pub").read_bytes()
    assert set(signing.read_keys((folder / "platform-keys.json").read_bytes())) == {signing.key_id(public_key)}


def test_private_keys_can_be_read_by_nobody_else(data_dir):
    folder = provision(data_dir, VIN)

    secrets = [folder / "car.key", *(data_dir / "keys").glob("*.key"), *(data_dir / "keys").glob("*.seed")]
    assert {path.name for path in secrets} >= {"car.key", "ca.key", "platform.key", "server.key", "nats-issuer.seed"}
    assert {mode(path) for path in secrets} == {0o600}
    assert mode(folder) == mode(data_dir / "keys") == 0o700


def test_provisioning_twice_keeps_the_cars_key_and_takes_its_new_build(data_dir):
    folder = provision(data_dir, VIN, {"generation": "A"})
    before = (folder / "car.key").read_bytes(), (folder / "car.pem").read_bytes()

    provision(data_dir, VIN, {"generation": "B"})

    assert ((folder / "car.key").read_bytes(), (folder / "car.pem").read_bytes()) == before
    assert json.loads((folder / "car.json").read_text()) == {"generation": "B"}


def test_what_is_not_a_vin_is_refused(data_dir):
    with pytest.raises(LauncherError, match="is not a VIN"):
        provision(data_dir, "../../etc/passwd")

    assert not (data_dir / "cars").exists()


def test_the_servers_certificate_follows_the_host_names_and_otherwise_stays(data_dir):
    keys_dir = data_dir / "keys"
    first = (keys_dir / "server.pem").read_bytes()

    ensure_keys(keys_dir)
    assert (keys_dir / "server.pem").read_bytes() == first

    ensure_keys(keys_dir, ["cars.example"])
    certificate = x509.load_pem_x509_certificate((keys_dir / "server.pem").read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert "cars.example" in names.get_values_for_type(x509.DNSName)
    assert "localhost" in names.get_values_for_type(x509.DNSName)
