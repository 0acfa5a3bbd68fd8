"""Where a clinic's database is: told from its address alone, with no engine loaded."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

VERIFY, ENCRYPT, PLAIN = "verify-full", "require", "disable"
"""How the way to a server is kept: proved and encrypted, only encrypted, or open to whoever listens."""


def file_of(url: str) -> Path | None:
    """The file of a database address; None for a server."""
    return Path(url.partition(":///")[2].partition("?")[0]).expanduser() if url.startswith(("sqlite", "sqlcipher")) else None


def is_encrypted_file(url: str) -> bool:
    """Whether a secret opens this database file."""
    return url.startswith("sqlcipher")


def is_server(url: str) -> bool:
    """Whether the database is on a server."""
    return url.startswith("postgres")


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """A clinic's server: all but the password."""

    host: str
    port: int
    database: str
    user: str
    security: str = VERIFY
    certificate: str = ""
    """The file of the authority that vouches for the server; empty: those that the operating system trusts."""

    @property
    def is_this_computer(self) -> bool:
        """Whether nothing goes over a network."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host in ("localhost", "")

    def url(self, password: str | None = None) -> str:
        """The address, with the password where one is given."""
        secret = f":{quote(password, safe='')}" if password else ""
        query = f"sslmode={self.security}"
        if self.security == VERIFY:
            query += f"&sslrootcert={quote(self.certificate or 'system', safe='')}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"postgresql://{quote(self.user, safe='')}{secret}@{host}:{self.port}/{quote(self.database, safe='')}?{query}"


def with_password(url: str, password: str) -> str:
    """A server's address with a password put in."""
    scheme, _colon, rest = url.partition("://")
    user, at, place = rest.rpartition("@")
    return f"{scheme}://{user.partition(':')[0]}:{quote(password, safe='')}{at}{place}"


def has_password(url: str) -> bool:
    """Whether a server's address brings its password along."""
    return ":" in url.partition("://")[2].rpartition("@")[0]
