"""A server's certificate: made here with an authority of the clinic's own, or seen from outside as a computer sees it that joins."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from cryptography import x509

from clinic_desktop.kernel.certificates import AUTHORITY_LASTS, Issued, new_authority, new_certificate
from clinic_desktop.kernel.durable import write_durably
from clinic_desktop.kernel.reach import PATIENCE, ServerRefused, check_way

AUTHORITY, AUTHORITY_KEY = "clinic-authority.crt", "clinic-authority.key"
CERTIFICATE, KEY = "clinic-server.crt", "clinic-server.key"
_SSL_REQUEST = bytes((0, 0, 0, 8, 4, 210, 22, 47))
"""What a client of Postgres says before TLS."""


@dataclass(frozen=True, slots=True)
class Certificates:
    """Where a server's certificate and the authority's lie."""

    authority: Path
    certificate: Path
    key: Path

    @property
    def fingerprint(self) -> str:
        """The server certificate's, as a person compares it."""
        return fingerprint(ssl.PEM_cert_to_DER_cert(self.certificate.read_text(encoding="ascii")))


def fingerprint(certificate: bytes) -> str:
    """SHA-256 of a certificate (DER), in pairs."""
    return ":".join(f"{one:02X}" for one in sha256(certificate).digest())


def make_certificates(folder: Path, hosts: Iterable[str], *, now: datetime | None = None) -> Certificates:
    """Make the server's certificate for these names and addresses; the authority is made once and kept beside it."""
    at = now or datetime.now(UTC)
    made = Certificates(folder / AUTHORITY, folder / CERTIFICATE, folder / KEY)
    # Postgres does not renew its certificate by itself, and no browser looks at it.
    issued = new_certificate(_authority(folder, at), dict.fromkeys(hosts), now=at, lasts=AUTHORITY_LASTS)
    _write(made.certificate, issued.certificate, 0o644)
    _write(made.key, issued.key, 0o600)
    return made


def own_names() -> list[str]:
    """The names and addresses under which other computers find this one."""
    found = [socket.gethostname(), socket.getfqdn(), "localhost", "127.0.0.1", *own_addresses()]
    return [one for one in dict.fromkeys(found) if one]


def own_addresses() -> list[str]:
    """This computer's addresses in its networks."""
    try:
        told = socket.getaddrinfo(socket.gethostname(), None, family=socket.AF_INET)
    except OSError:
        told = []
    found = [str(entry[4][0]) for entry in told]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:  # nothing is sent: the system only says which address it would use
        try:
            probe.connect(("192.0.2.1", 9))
            found.insert(0, str(probe.getsockname()[0]))
        except OSError:
            pass
    return [one for one in dict.fromkeys(found) if not ipaddress.ip_address(one).is_loopback]


def seen_certificate(host: str, port: int) -> bytes:
    """The certificate (DER) that a server shows, believed by nobody yet; raises ServerRefused."""
    check_way(host, port)
    refusal = ServerRefused(reason="no_tls", host=host, port=port, database="", said="")
    try:
        with socket.create_connection((host, port), timeout=PATIENCE) as line:
            line.sendall(_SSL_REQUEST)
            if line.recv(1) != b"S":
                raise refusal
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # the joining code says whether it is the right one
            with context.wrap_socket(line, server_hostname=host) as covered:
                return covered.getpeercert(binary_form=True) or b""
    except OSError as error:
        raise refusal from error


def is_own_authority(certificate: bytes) -> bool:
    """Whether a certificate (DER) vouches for itself."""
    read = x509.load_der_x509_certificate(certificate)
    return read.issuer == read.subject


def pem_of(certificate: bytes) -> str:
    """A certificate as text."""
    return ssl.DER_cert_to_PEM_cert(certificate)


def _authority(folder: Path, at: datetime) -> Issued:
    place, key_place = folder / AUTHORITY, folder / AUTHORITY_KEY
    if place.exists() and key_place.exists():
        return Issued(place.read_bytes(), key_place.read_bytes())
    made = new_authority("Clinic Desktop", now=at)
    _write(key_place, made.key, 0o600)
    _write(place, made.certificate, 0o644)
    return made


def _write(path: Path, content: bytes, mode: int) -> None:
    write_durably(path, content)  # readable by this user only, until it is there
    path.chmod(mode)
