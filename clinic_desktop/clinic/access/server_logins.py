"""The logins of a clinic's people on its server: made, locked and given their groups in the transaction that changes the account.

Nothing happens on a database file, nor on a server whose people have no logins of their own.
"""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from clinic_desktop.clinic.access.events import RoleChanged, UserChanged, UserCreated
from clinic_desktop.clinic.access.grants import permissions_of, roles_of
from clinic_desktop.clinic.access.models import User, UserRole
from clinic_desktop.clinic.access.passwords import HashedCode, HashedPassword
from clinic_desktop.clinic.access.rules import RESET_CODE_LIFE, CodeRefused, UserStatus
from clinic_desktop.kernel.commands import reacts, step
from clinic_desktop.kernel.db import Database, Tx
from clinic_desktop.kernel.lan import names
from clinic_desktop.kernel.lan.scram import verifier
from clinic_desktop.kernel.lan.seats import has_logins
from clinic_desktop.kernel.security import Actor

_WHO = text("SELECT session_user")
_GROUPS = text("SELECT rolname FROM pg_roles WHERE starts_with(rolname, :prefix)")
_HELD = text(
    "SELECT p.rolcanlogin, coalesce(array_agg(g.rolname::text) FILTER (WHERE starts_with(g.rolname, :prefix)), '{}') AS groups"
    " FROM pg_roles p LEFT JOIN pg_auth_members m ON m.member = p.oid LEFT JOIN pg_roles g ON g.oid = m.roleid"
    " WHERE p.rolname = :login GROUP BY p.rolcanlogin"
)
_KEEP = text("SELECT clinic_lan.keep_person(:person, CAST(:groups AS text[]), :active)")
_PASSWORD = text("SELECT clinic_lan.keep_password(:person, :verifier)")
_ALLOW = text("SELECT clinic_lan.allow_reset(:person, :digest, :minutes)")
_RESET = text("SELECT clinic_lan.reset_password(:person, :code, :verifier)")
_END = text("SELECT clinic_lan.end_connections(:person)")


@reacts(UserCreated)
def give_login(tx: Tx, happened: UserCreated) -> None:
    """Make the login of a new account."""
    _follow(tx, happened.user_id)


@reacts(UserChanged)
def change_login(tx: Tx, happened: UserChanged) -> None:
    """Lock the login of a disabled account, open it again, or follow another role."""
    _follow(tx, happened.user_id)


@reacts(RoleChanged)
def change_logins(tx: Tx, happened: RoleChanged) -> None:
    """Follow a role that holds other permissions, or is out of use, with the logins of everybody who has it."""
    if has_logins(tx.engine):
        for user_id in tx.session.scalars(select(UserRole.user_id).where(UserRole.role_id == happened.role_id)):
            _follow(tx, user_id)


def follow_everybody(tx: Tx) -> int:
    """Make the logins of all accounts what the accounts say: after a set-up, an upgrade or a restore. Returns how many there are."""
    people = tx.session.scalars(select(User.id)).all()
    for user_id in people:
        _follow(tx, user_id)
    return len(people)


def _follow(tx: Tx, user_id: UUID) -> None:
    if not has_logins(tx.engine):
        return
    database = _database(tx)
    prefix = names.group(database, "")
    known = set(tx.session.connection().scalars(_GROUPS, {"prefix": prefix}))
    wanted = sorted(known & {names.group(database, code) for code in permissions_of(tx.session, roles_of(tx.session, user_id))})
    active = tx.session.scalar(select(User.status).where(User.id == user_id)) is UserStatus.ACTIVE
    held = tx.session.connection().execute(_HELD, {"prefix": prefix, "login": names.person(database, user_id)}).one_or_none()
    if held is None or held.rolcanlogin != active or set(held.groups) != set(wanted):
        tx.session.connection().execute(_KEEP, {"person": user_id, "groups": wanted, "active": active})


@step
def keep_login_password(tx: Tx, user_id: UUID, password: HashedPassword) -> None:
    """Have the server's login of a person open with the new password."""
    if not has_logins(tx.engine) or password.login_secret is None:
        return
    login, fresh = names.person(_database(tx), user_id), verifier(password.login_secret)
    if tx.session.connection().scalar(_WHO) == login:
        tx.session.connection().exec_driver_sql(f"ALTER ROLE CURRENT_USER PASSWORD '{fresh}'")
    else:
        tx.session.connection().execute(_PASSWORD, {"person": user_id, "verifier": fresh})


@step
def allow_login_reset(tx: Tx, user_id: UUID, code: HashedCode) -> None:
    """Let whoever shows this code give the person's login a new password; the server's own clock ends it."""
    if has_logins(tx.engine):
        digest = sha256(code.plain.encode()).hexdigest()
        tx.session.connection().execute(_ALLOW, {"person": user_id, "digest": digest, "minutes": RESET_CODE_LIFE // timedelta(minutes=1)})


@step
def reset_login_password(tx: Tx, user_id: UUID, code: str | None, password: HashedPassword) -> None:
    """Give a person's login a new password by the code, which the server checks for itself; raises CodeRefused."""
    if has_logins(tx.engine) and password.login_secret is not None:
        given = {"person": user_id, "code": code or "", "verifier": verifier(password.login_secret)}
        if not tx.session.connection().scalar(_RESET, given):
            raise CodeRefused("code")


def end_connections(db: Database, actor: Actor, user_id: UUID) -> None:
    """Throw a person off the server, whose login is locked by now."""
    if has_logins(db.engine):
        with db.seats.engine_of(actor).begin() as connection:
            connection.execute(_END, {"person": user_id})


def login_of(db: Database, user_id: UUID) -> UUID | None:
    """What the secret of a person's login is stretched with; None where there are no such logins."""
    return user_id if has_logins(db.engine) else None


def has_own_logins(session: Session) -> bool:
    """Whether the people of this database have logins on its server."""
    return has_logins(session.get_bind().engine)


def _database(tx: Tx) -> str:
    return str(tx.engine.url.database)
