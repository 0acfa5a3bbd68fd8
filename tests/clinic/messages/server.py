"""A real mail server on this computer, good or bad as a test wants it, with a certificate of its own making."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Mailbox:
    """Takes mail; ``answers`` are given first, one a mail: a refusal to say, or "hang"."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answers: list[str] = []
        self.let_go = asyncio.Event()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the mail, or answer as the test wants."""
        answer = self.answers.pop(0) if self.answers else ""
        if answer == "hang":
            await asyncio.sleep(30)
        if answer and answer != "hang":
            return answer
        self.mails.append(cast(EmailMessage, message_from_bytes(cast(bytes, envelope.content), policy=policy.default)))
        return "250 taken"

    async def handle_RCPT(self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any) -> str:  # noqa: N802
        """Refuse an address that says so."""
        if address.startswith("gone@"):
            return "550 no such person"
        if address.startswith("busy@"):
            return "451 come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"


def _login(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: Any) -> AuthResult:
    right = isinstance(given, LoginPassword) and (given.login, given.password) == (b"clinic", b"post-office-7")
    return AuthResult(success=right, handled=right)


@contextmanager
def mail_server(
    *, context: ssl.SSLContext | None = None, starttls: bool = False, with_login: bool = False
) -> Iterator[tuple[Mailbox, str, int]]:
    """A server on a free port: (its mailbox, host, port)."""
    box = Mailbox()
    options: dict[str, Any] = {"hostname": "127.0.0.1", "port": 0, "ready_timeout": 60.0}
    if context is not None and starttls:
        options |= {"tls_context": context, "require_starttls": True}
    elif context is not None:
        options |= {"ssl_context": context}
    if with_login:
        options |= {"authenticator": _login, "auth_required": True, "auth_require_tls": False}
    controller = _OnFreePort(box, **options)
    controller.start()
    try:
        server = controller.server
        assert isinstance(server, asyncio.Server)
        yield box, "127.0.0.1", server.sockets[0].getsockname()[1]
    finally:
        controller.stop()


class _OnFreePort(Controller):
    """A port that the system chooses: the controller itself greets the one that it was told."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A fresh certificate for 127.0.0.1: the server's context, and that of a client who trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    both = folder / "server.pem"
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    both.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(both)
    return server, ssl.create_default_context(cadata=made.public_bytes(serialization.Encoding.PEM).decode())
