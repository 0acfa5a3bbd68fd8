"""What must be true of accounts: somebody can administer the program, and no password is kept readable."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.access.grants import administrators
from clinic_desktop.clinic.access.models import User
from clinic_desktop.kernel.checks import Finding, check, lies, looked_at


@check("A1 administrator")
def administrator(session: Session) -> Finding:
    """Where there are accounts, an active one may administer the program."""
    rows = looked_at(session, User)
    return Finding(rows, ("no active user may administer the program",) if rows and not administrators(session) else ())


@check("A2 password hashes")
def password_hashes(session: Session) -> Finding:
    """Passwords are kept as Argon2id hashes only."""
    readable = select(User.username).where(User.password_hash.is_not(None), User.password_hash.not_like("$argon2id$%"))
    return Finding(
        looked_at(session, User, User.password_hash.is_not(None)), tuple(lies(session, readable, "{username} has no Argon2id hash"))
    )
