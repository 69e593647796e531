"""
Keys and certificates of this installation: a certificate authority of our own, the server's certificate, the platform's
signing key, the broker's seeds, and what a car needs to be let in.

Private keys are written 0600 into folders 0700 and never replaced, except the server's certificate, which follows the
host names and its expiry.
"""

from __future__ import annotations

import ipaddress
import json
import os
import shutil
from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path

import nkeys
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from vettura.launcher.errors import LauncherError
from vettura_wire import signing, topics
from vettura_wire.clock import real_now

AUTHORITY_LIFETIME = timedelta(days=3650)
CAR_LIFETIME = timedelta(days=3650)
# Browsers and phones refuse server certificates that live longer (CA/Browser Forum, Apple).
SERVER_LIFETIME = timedelta(days=397)
RENEW_SERVER_BEFORE = timedelta(days=30)
CLOCKS_MAY_DIFFER_BY = timedelta(hours=1)
LOOPBACK = ("localhost", "127.0.0.1", "::1")


def ensure_keys(keys_dir: Path, hosts: Iterable[str] = LOOPBACK) -> None:
    """
    Write every key that is missing, and the server's certificate for these host names and addresses.

    The authority's certificate also lies beside `keys_dir`, where people find it.

    Repeating it changes nothing, unless the names changed or the certificate is about to end.
    """
    keys_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    keys_dir.chmod(0o700)
    if not (keys_dir / "ca.key").exists():
        _make_authority(keys_dir)
    # for clients that should trust us: `curl --cacert .vettura/ca.pem`
    shutil.copyfile(keys_dir / "ca.pem", keys_dir.parent / "ca.pem")
    if not (keys_dir / "platform.key").exists():
        key = Ed25519PrivateKey.generate()
        _write(
            keys_dir / "platform.pub", key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        )
        _write_secret(keys_dir / "platform.key", _private_pem(key))
    seeds = {"issuer": nkeys.PREFIX_BYTE_ACCOUNT, "platform": nkeys.PREFIX_BYTE_USER, "system": nkeys.PREFIX_BYTE_USER}
    for name, prefix in seeds.items():
        seed_file = keys_dir / f"nats-{name}.seed"
        if not seed_file.exists():
            _write_secret(seed_file, bytes(nkeys.encode_seed(os.urandom(32), prefix)) + b"\n")
    _ensure_server_certificate(keys_dir, sorted({*LOOPBACK, *hosts}))


def provision(data_dir: Path, vin: str, build: Mapping[str, object] | None = None) -> Path:
    """
    Write what a car needs into `cars/VIN/` of the data folder and return that folder.

    Key and certificate of a car that has them stay; the authority's certificate and the platform's public keys are
    written anew. `build` is what the car is (generation, drive, country …). Raises LauncherError for an ill-formed VIN
    or when the authority's key is missing.
    """
    if not topics.is_vin(vin):
        raise LauncherError(f"{vin!r} is not a VIN: 17 letters and digits, without I, O and Q.")
    keys_dir = data_dir / "keys"
    if not (keys_dir / "ca.key").exists():
        raise LauncherError(
            f"There is no certificate authority in {keys_dir}. Run `vettura up` once, or copy its keys there."
        )
    folder = data_dir / "cars" / vin
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    if not (folder / "car.pem").exists() or not (folder / "car.key").exists():
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = _signed_by_authority(keys_dir, _name(vin), key.public_key(), CAR_LIFETIME, server_names=None)
        _write_secret(folder / "car.key", _private_pem(key))
        _write(folder / "car.pem", certificate.public_bytes(Encoding.PEM))
    shutil.copyfile(keys_dir / "ca.pem", folder / "ca.pem")
    _write(folder / "platform-keys.json", _as_bytes(signing.write_keys([(keys_dir / "platform.pub").read_bytes()])))
    if build is not None:
        _write(folder / "car.json", json.dumps(dict(build), indent=2, ensure_ascii=False).encode() + b"\n")
    return folder


def fingerprint_of(data_dir: Path, vin: str) -> str:
    """
    The SHA-256 of the certificate that a car was given last, in hex. Raises LauncherError when there is none.
    """
    path = data_dir / "cars" / vin / "car.pem"
    if not topics.is_vin(vin) or not path.exists():
        raise LauncherError(f"There is no certificate of {vin} in {path.parent}.")
    return x509.load_pem_x509_certificate(path.read_bytes()).fingerprint(hashes.SHA256()).hex()


def put_aside(data_dir: Path, vin: str) -> Path:
    """
    Put a car's key and certificate beside: `provision` makes new ones. Returns where the certificate lies now.
    """
    folder = data_dir / "cars" / vin
    kept = folder / f"revoked-{fingerprint_of(data_dir, vin)[:16]}.pem"
    (folder / "car.pem").replace(kept)
    # a key that may not be used any more is no use to anybody
    (folder / "car.key").unlink(missing_ok=True)
    return kept


def _make_authority(keys_dir: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("Vettura demo authority")
    now = real_now()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCKS_MAY_DIFFER_BY)
        .not_valid_after(now + AUTHORITY_LIFETIME)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    _write_secret(keys_dir / "ca.key", _private_pem(key))
    _write(keys_dir / "ca.pem", certificate.public_bytes(Encoding.PEM))


def _ensure_server_certificate(keys_dir: Path, names: list[str]) -> None:
    path = keys_dir / "server.pem"
    if path.exists() and (keys_dir / "server.key").exists():
        certificate = x509.load_pem_x509_certificate(path.read_bytes())
        held = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        if held == _alternative_names(names) and certificate.not_valid_after_utc - real_now() > RENEW_SERVER_BEFORE:
            return
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _signed_by_authority(
        keys_dir, _name("localhost"), key.public_key(), SERVER_LIFETIME, server_names=names
    )
    _write_secret(keys_dir / "server.key", _private_pem(key))
    _write(path, certificate.public_bytes(Encoding.PEM))


def _signed_by_authority(
    keys_dir: Path,
    subject: x509.Name,
    public_key: ec.EllipticCurvePublicKey,
    lifetime: timedelta,
    *,
    server_names: list[str] | None,
) -> x509.Certificate:
    """A certificate for a server with these names, or, without names, for a client."""
    authority = x509.load_pem_x509_certificate((keys_dir / "ca.pem").read_bytes())
    authority_key = load_pem_private_key((keys_dir / "ca.key").read_bytes(), password=None)
    if not isinstance(authority_key, ec.EllipticCurvePrivateKey):
        raise LauncherError(f"{keys_dir / 'ca.key'} is not an elliptic curve key; the authority's key must be one.")
    purpose = ExtendedKeyUsageOID.CLIENT_AUTH if server_names is None else ExtendedKeyUsageOID.SERVER_AUTH
    now = real_now()
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(authority.subject)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCKS_MAY_DIFFER_BY)
        .not_valid_after(min(now + lifetime, authority.not_valid_after_utc))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()),
            critical=False,
        )
    )
    if server_names is not None:
        builder = builder.add_extension(_alternative_names(server_names), critical=False)
    return builder.sign(authority_key, hashes.SHA256())


def _alternative_names(names: Iterable[str]) -> x509.SubjectAlternativeName:
    general: list[x509.GeneralName] = []
    for name in names:
        try:
            general.append(x509.IPAddress(ipaddress.ip_address(name)))
        except ValueError:
            general.append(x509.DNSName(name))
    return x509.SubjectAlternativeName(general)


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _private_pem(key: ec.EllipticCurvePrivateKey | Ed25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _as_bytes(data: bytes | str) -> bytes:
    return data.encode() if isinstance(data, str) else data


def _write(path: Path, data: bytes) -> None:
    """Write whole or not at all: another process may be reading."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    unfinished.write_bytes(data)
    unfinished.replace(path)


def _write_secret(path: Path, data: bytes) -> None:
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    unfinished.touch(mode=0o600)
    unfinished.write_bytes(data)
    unfinished.replace(path)
