"""Whose login a scope uses: each person at this computer has a connection of their own; before and beside them the computer has its."""

from __future__ import annotations

from threading import Lock
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from clinic_desktop.kernel.errors import ClinicError, SessionEnded
from clinic_desktop.kernel.lan import names
from clinic_desktop.kernel.lan.scram import person_secret
from clinic_desktop.kernel.security import Actor
from clinic_desktop.kernel.servers import beside

_HAS_LOGINS = text("SELECT has_schema_privilege(oid, 'USAGE') FROM pg_namespace WHERE nspname = :schema")
_MANAGED = "clinic_has_logins"
_REFUSED = ("password authentication failed", "not permitted to log in", "does not exist")


class ServerLoginDue(ClinicError):
    """The clinic password is right and the server's is not: an administrator gives this person a password again."""

    code = "server_login_due"


def has_logins(engine: Engine) -> bool:
    """Whether the people of this database have logins of their own on its server."""
    return bool(getattr(engine.dialect, _MANAGED, False))


class Seats:
    """The people whose logins this program holds; lost when it ends, so that a PIN opens nothing after a restart."""

    def __init__(self, engine: Engine) -> None:
        self._own = engine
        self._engines: dict[UUID, Engine] = {}
        self._current: UUID | None = None
        self._lock = Lock()

    def look(self, connection: Any) -> None:
        """See, once a database opens, whether its people have logins."""
        if connection.dialect.name == "postgresql":
            setattr(self._own.dialect, _MANAGED, bool(connection.scalar(_HAS_LOGINS, {"schema": names.SCHEMA})))

    @property
    def is_needed(self) -> bool:
        """Whether people work with logins of their own: on a clinic's server, unless this program came as its administrator."""
        return has_logins(self._own) and str(self._own.url.username).startswith(f"{self._own.url.database}_d_")

    def has(self, user_id: UUID) -> bool:
        """Whether this person can work here without typing the password again."""
        return not self.is_needed or user_id in self._engines

    def take(self, user_id: UUID, password: str) -> bool:
        """Come in with a person's own login; False when the server does not let them. Raises DatabaseUnavailable."""
        if not self.is_needed:
            return True
        login = names.person(str(self._own.url.database), user_id)
        made = beside(self._own, username=login, password=person_secret(user_id, password))
        try:
            made.connect().close()
        except DBAPIError as error:
            made.dispose()
            if any(sign in str(error) for sign in _REFUSED):
                return False
            raise
        with self._lock:
            before = self._engines.pop(user_id, None)
            self._engines[user_id] = made
            self._current = user_id
        if before is not None:
            before.dispose()
        return True

    def turn_to(self, user_id: UUID | None) -> None:
        """Say who is at work now: reads that name nobody are theirs."""
        if user_id in self._engines:
            self._current = user_id

    def leave(self, user_id: UUID) -> None:
        """Forget a person's login."""
        with self._lock:
            engine = self._engines.pop(user_id, None)
            self._current = None if self._current == user_id else self._current
        if engine is not None:
            engine.dispose()

    def engine_of(self, actor: Actor | None) -> Engine:
        """The connections for what an actor does; raises SessionEnded for a person who has not come in here."""
        if not self._engines and not self.is_needed:
            return self._own
        user_id = self._current if actor is None else actor.user_id
        found = self._engines.get(user_id) if user_id is not None else None
        if found is not None:
            return found
        if actor is None or actor.is_system:
            return self._own
        raise SessionEnded(reason="elsewhere")

    def rest(self) -> None:
        """End everybody's connections and keep their logins."""
        for engine in list(self._engines.values()):
            engine.dispose()

    def close(self) -> None:
        """End everybody's connections."""
        for user_id in list(self._engines):
            self.leave(user_id)
