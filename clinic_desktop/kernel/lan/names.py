"""What the roles of a clinic's database are called: roles belong to the whole server, so each begins with the database's name."""

from __future__ import annotations

import re
from uuid import UUID

from clinic_desktop.kernel.errors import InvalidInput

_DATABASE = re.compile(r"[a-z][a-z0-9_]{0,19}", re.ASCII)
DATABASE = "clinic"
"""What the database is called where nobody says otherwise."""
SCHEMA = "clinic_lan"
"""The schema of the functions that make and change logins; nobody but their owner writes there."""


def database_name(text: str) -> str:
    """The name of a clinic's database: short small letters, so that it can begin the names of roles."""
    if not _DATABASE.fullmatch(text) or text in ("postgres", "template0", "template1"):
        raise InvalidInput("database", "not_a_database_name", text=text)
    return text


def owner(database: str) -> str:
    """Who owns the tables: migrations run as this role, and nobody logs in with it."""
    return f"{database}_owner"


def keeper(database: str) -> str:
    """Who owns the functions that make logins; nobody logs in with it."""
    return f"{database}_keeper"


def staff(database: str) -> str:
    """The group of every person and computer."""
    return f"{database}_staff"


def devices(database: str) -> str:
    """The group of the computers that have joined."""
    return f"{database}_devices"


def joining(database: str) -> str:
    """The group of the one-time logins of joining codes."""
    return f"{database}_joining"


def backup(database: str) -> str:
    """The login of the server's own backups: reads everything, and writes what backups write."""
    return f"{database}_backup"


def service(database: str) -> str:
    """The login of the service that answers the copies on computers: reads everything, and writes what sync writes."""
    return f"{database}_service"


def group(database: str, permission: str) -> str:
    """The group of whoever holds a permission."""
    return f"{database}_may_{permission}"


def person(database: str, user_id: UUID) -> str:
    """The login of a person: by the account's id, which stays when the username changes."""
    return f"{database}_p_{user_id.hex}"


def joining_login(database: str, code: str) -> str:
    """The one-time login of a joining code, told by the code's first characters."""
    return f"{database}_j_{code.lower()}"
