"""Certificates that a server makes for itself: an authority of its own, what it serves with, and the pin by which it is known again.

The pin is the SHA-256 of the public key (SPKI): it stays when the certificate is renewed with the same key.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import ip_address
from typing import cast

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from clinic_desktop.kernel.errors import InvalidInput

AUTHORITY_LASTS = timedelta(days=3650)
CERTIFICATE_LASTS = timedelta(days=397)
"""What browsers accept at most; it is renewed with the same key, so pins stay."""
_EARLIER = timedelta(days=1)
"""Certificates begin a day before they are made: another computer's clock may be behind."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate and its private key, in PEM."""

    certificate: bytes
    key: bytes = field(repr=False)


def new_authority(name: str, *, now: datetime, password: bytes | None = None) -> Issued:
    """An authority that signs the server's certificates and nothing else's."""
    key, subject = ec.generate_private_key(ec.SECP256R1()), _named(name)
    builder = (
        _begun(subject, subject, key.public_key(), now, AUTHORITY_LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return Issued(builder.sign(key, SHA256()).public_bytes(Encoding.PEM), _key_text(key, password))


def new_certificate(
    authority: Issued,
    hosts: Iterable[str],
    *,
    now: datetime,
    password: bytes | None = None,
    key: bytes | None = None,
    lasts: timedelta = CERTIFICATE_LASTS,
) -> Issued:
    """A server's certificate for names and addresses; a renewal brings the key that it had. Keys open with ``password``."""
    names = [_host(one) for one in hosts]
    if not names:
        raise InvalidInput("host", "required")
    signer = cast("ec.EllipticCurvePrivateKey", load_pem_private_key(authority.key, password))
    issuer = x509.load_pem_x509_certificate(authority.certificate)
    own = cast("ec.EllipticCurvePrivateKey", load_pem_private_key(key, password)) if key else ec.generate_private_key(ec.SECP256R1())
    builder = (
        _begun(_named(str(names[0].value)), issuer.subject, own.public_key(), now, lasts)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    return Issued(builder.sign(signer, SHA256()).public_bytes(Encoding.PEM), key or _key_text(own, password))


def relocked(key: bytes, passwords: Iterable[bytes], password: bytes) -> bytes | None:
    """A private key that one of these passwords opens, under another one; None where none of them does."""
    for one in passwords:
        with suppress(ValueError):
            return _key_text(cast("ec.EllipticCurvePrivateKey", load_pem_private_key(key, one)), password)
    return None


def expires(certificate: bytes) -> datetime:
    """When a PEM certificate ends."""
    return x509.load_pem_x509_certificate(certificate).not_valid_after_utc


def pin_of_pem(certificate: bytes) -> bytes:
    """The pin of a PEM certificate: SHA-256 of its public key."""
    return _pin(x509.load_pem_x509_certificate(certificate))


def pin_of_der(certificate: bytes) -> bytes:
    """The pin of a certificate as TLS hands it over."""
    return _pin(x509.load_der_x509_certificate(certificate))


def pinned_context(fits: Callable[[bytes], bool]) -> ssl.SSLContext:
    """TLS to a server that ``fits(pin)`` knows by its key alone: no authority, no name and no date are asked."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # the pin says more than an authority would

    class Pinned(ssl.SSLSocket):
        """A connection that says nothing before the server was known again."""

        def do_handshake(self, block: bool = False) -> None:
            super().do_handshake(block)
            shown = self.getpeercert(binary_form=True)
            if shown is None or not fits(pin_of_der(shown)):
                raise ssl.SSLCertVerificationError("the server's key is not the pinned one")

    context.sslsocket_class = Pinned
    return context


def _pin(certificate: x509.Certificate) -> bytes:
    return sha256(certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])


def _host(text: str) -> x509.DNSName | x509.IPAddress:
    try:
        return x509.IPAddress(ip_address(text))
    except ValueError:
        pass
    try:
        plain = text.encode("idna").decode()
    except UnicodeError as error:
        raise InvalidInput("host", "not_a_host", host=text) from error
    if not plain or any(not (c.isalnum() or c in "-.*") for c in plain):
        raise InvalidInput("host", "not_a_host", host=text)
    return x509.DNSName(plain)


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, lasts: timedelta
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
    return builder.serial_number(x509.random_serial_number()).not_valid_before(now - _EARLIER).not_valid_after(now + lasts)


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


def _key_text(key: ec.EllipticCurvePrivateKey, password: bytes | None) -> bytes:
    locked = BestAvailableEncryption(password) if password else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked)
