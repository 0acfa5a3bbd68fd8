"""Mail by SMTP: certificates are verified, and nothing goes unprotected over a network."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, parseaddr

from clinic_desktop.clinic.messages.rules import MailNotSetUp, Outgoing, Security, Undeliverable, is_this_computer

TIMEOUT = 20.0
"""Seconds to wait for any answer of the server."""


@dataclass(frozen=True, slots=True)
class SmtpTransport:
    """A mail server; raises MailNotSetUp when mail would cross a network unprotected.

    ``context`` is for tests: by default the certificates that this computer trusts are verified.
    """

    host: str
    port: int
    security: Security
    sender: str
    username: str = ""
    password: str | None = field(default=None, repr=False)
    timeout: float = TIMEOUT
    context: ssl.SSLContext | None = None

    def __post_init__(self) -> None:
        if self.security is Security.UNPROTECTED and not is_this_computer(self.host):
            raise MailNotSetUp(reason="unprotected")

    def send(self, message: Outgoing) -> str:
        """Hand one mail over; returns its Message-ID. Raises Undeliverable."""
        mail = self.compose(message)
        try:
            with self._connect() as server:
                if self.username:
                    server.login(self.username, self.password or "")
                server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            code, text = next(iter(error.recipients.values()))
            raise Undeliverable(_said(code, text), for_good=code >= 500) from error
        except smtplib.SMTPAuthenticationError as error:
            raise Undeliverable(_said(error.smtp_code, error.smtp_error)) from error  # somebody will set the password right
        except smtplib.SMTPResponseException as error:
            raise Undeliverable(_said(error.smtp_code, error.smtp_error), for_good=error.smtp_code >= 500) from error
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise Undeliverable(f"{type(error).__name__}: {error}") from error
        return str(mail["Message-ID"])

    def compose(self, message: Outgoing) -> EmailMessage:
        """The mail; its Message-ID is the same at every attempt, so that a second copy can be told from a second mail."""
        mail = EmailMessage()
        try:
            mail["From"], mail["To"], mail["Subject"] = self.sender, message.recipient, message.subject
        except ValueError as error:
            raise Undeliverable(str(error), for_good=True) from error
        domain = parseaddr(self.sender)[1].partition("@")[2] or "localhost"
        mail["Message-ID"] = f"<{message.message_id}@{domain}>"
        mail["Date"] = formatdate(usegmt=True)
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.body)
        return mail

    def _connect(self) -> smtplib.SMTP:
        if self.security is Security.TLS:
            return smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=self._trust())
        server = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        try:
            if self.security is Security.STARTTLS:
                server.starttls(context=self._trust())  # raises where the server offers none: nothing is sent in the clear
        except BaseException:
            server.close()
            raise
        return server

    def _trust(self) -> ssl.SSLContext:
        return self.context or ssl.create_default_context()


def _said(code: int, text: bytes | str) -> str:
    return f"{code} {text.decode(errors='replace') if isinstance(text, bytes) else text}"
