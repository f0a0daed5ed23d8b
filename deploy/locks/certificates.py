"""The instance's own certificate authority, and the certificate by which NATS is known."""

import ipaddress
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from shared.runtime.whole_files import put

ALWAYS_NAMED = ("nats", "localhost", "127.0.0.1", "::1")
LASTS, RENEWED_BEFORE = timedelta(days=825), timedelta(days=90)
AUTHORITY_LASTS = timedelta(days=20 * 365)
CLOCKS_DIFFER = timedelta(days=1)

Key = ec.EllipticCurvePrivateKey
PUT_BACK = (
    "put it back from a copy. Where nats.crt and nats.key are the suite's own, delete both, and"
    " others are made; without ca.key and ca.crt another authority is, which all clients have to"
    " trust anew"
)


class BadFileError(Exception):
    """It is there, and is no certificate or key; says which, and what to do."""


class Certificates:
    """`authority` is what clients trust, `key` and `certificate` are NATS's. The authority's own
    key is in no container. Where it is not there and a certificate is, that is an operator's own,
    and stays."""

    def __init__(self, keys: Path) -> None:
        self.folder = keys / "tls"
        self.authority = self.folder / "ca.crt"
        self.certificate = self.folder / "nats.crt"
        self.key = self.folder / "nats.key"
        self._authority_key = self.folder / "ca.key"

    def complete(self, hosts: Iterable[str] = (), now: datetime | None = None) -> bool:
        """Make what is missing, has another name than it should, or ends soon; whether anything
        was."""
        now = now or datetime.now(UTC)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.is_given:
            return False
        names = list(dict.fromkeys([*ALWAYS_NAMED, *hosts]))
        if not (self._authority_key.exists() and self.authority.exists()):
            self._found(now)
        elif self._is_good(names, now):
            return False
        self._issue(names, now)
        return True

    @property
    def trusted(self) -> Path | None:
        return self.authority if self.authority.exists() else None

    @property
    def is_given(self) -> bool:
        return self.certificate.exists() and not self._authority_key.exists()

    def ends(self) -> datetime:
        return _read(self.certificate).not_valid_after_utc

    def _is_good(self, names: list[str], now: datetime) -> bool:
        if not (self.certificate.exists() and self.key.exists()):
            return False
        is_ours = _read(self.certificate)
        named = is_ours.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        key = _key(self.key)
        return (
            set(named) == set(map(_name, names))
            and is_ours.not_valid_after_utc - now > RENEWED_BEFORE
            and is_ours.public_key() == key.public_key()
            and _is_signed(is_ours, _read(self.authority))
        )

    def _found(self, now: datetime) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tribune's own authority")])
        made = (
            _begun(key, name, name, now, now + AUTHORITY_LASTS)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(signs_certificates=True), critical=True)
            .add_extension(_authority_id(key), critical=False)
        )
        put(self._authority_key, _written(key))
        put(self.authority, _pem(made.sign(key, hashes.SHA256())))

    def _issue(self, names: list[str], now: datetime) -> None:
        above, above_key = _read(self.authority), _key(self._authority_key)
        if above.public_key() != above_key.public_key():
            raise BadFileError(
                f"{self._authority_key} does not belong to {self.authority}, so nobody would trust"
                " what it signs: put the one back that does, or, where ca.crt, nats.crt and"
                " nats.key are an operator's own, take ca.key away"
            )
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tribune's NATS")])
        ends = min(now + LASTS, above.not_valid_after_utc)
        made = (
            _begun(key, name, above.subject, now, ends)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs_certificates=False), critical=True)
            .add_extension(_authority_id(above_key), critical=False)
            .add_extension(x509.SubjectAlternativeName(map(_name, names)), critical=False)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        )
        put(self.key, _written(key))
        put(self.certificate, _pem(made.sign(above_key, hashes.SHA256())))


def _begun(
    key: Key, name: x509.Name, issuer: x509.Name, now: datetime, ends: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCKS_DIFFER)
        .not_valid_after(ends)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _authority_id(key: Key) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _is_signed(certificate: x509.Certificate, by: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(by)
    except Exception:  # noqa: BLE001 - an invalid signature, or another issuer's name
        return False
    return True


def _read(path: Path) -> x509.Certificate:
    """Raises BadFileError."""
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except ValueError:
        raise BadFileError(f"{path} holds no certificate; {PUT_BACK}") from None


def _key(path: Path) -> Key:
    """Raises BadFileError."""
    try:
        return cast(Key, serialization.load_pem_private_key(path.read_bytes(), None))
    except (ValueError, TypeError):  # the latter where it wants a password
        raise BadFileError(f"{path} holds no key that can be read; {PUT_BACK}") from None


def _written(key: Key) -> str:
    pkcs8, nothing = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, pkcs8, nothing).decode()


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()
