"""Checks: what must always be true, recomputed from the rows. Declared beside the tables that they read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, func, literal_column, select, type_coerce
from sqlalchemy.orm import Session

from clinic_desktop.kernel.tables import Base


@dataclass(frozen=True, slots=True)
class Finding:
    """Outcome of one check: how many rows it looked at, and each one that lies, in a line."""

    rows: int
    failures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One named check with its finding."""

    name: str
    rows: int
    failures: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether every row told the truth."""
        return not self.failures


Check = Callable[[Session], Finding]
_declared: dict[str, Check] = {}


def check(name: str) -> Callable[[Check], Check]:
    """Declare a check; its name says the invariant, such as ``M1 invoice totals``."""

    def declare(function: Check) -> Check:
        if name in _declared:
            raise ValueError(f"check {name} is declared twice")
        _declared[name] = function
        return function

    return declare


def looked_at(session: Session, table: type[Base], *where: ColumnElement[bool]) -> int:
    """How many rows of a table a check looks at."""
    return session.scalar(select(func.count()).select_from(table).where(*where)) or 0


def lies(session: Session, found: Select[*tuple[Any, ...]], wording: str) -> list[str]:
    """One line for each row that a statement finds; ``wording`` names the statement's columns in braces."""
    return [wording.format(**row._mapping) for row in session.execute(found)]


def minor(amount: Any) -> ColumnElement[int]:
    """An amount as plain minor units, for arithmetic inside a statement."""
    return type_coerce(amount, BigInteger)


def or_zero(amount: Any) -> ColumnElement[Any]:
    """A sum that is zero where there is nothing to add up, of the sum's own type."""
    return func.coalesce(amount, literal_column("0"))


def finding(rows: int, *failures: Iterable[str]) -> Finding:
    """A finding from several lists of lies."""
    return Finding(rows, tuple(line for lines in failures for line in lines))


def declared_checks() -> list[str]:
    """Names of all checks, in order."""
    return sorted(_declared)


def run_check(session: Session, name: str) -> CheckResult:
    """Run one check."""
    finding = _declared[name](session)
    return CheckResult(name, finding.rows, finding.failures)


def run_checks(session: Session) -> Iterator[CheckResult]:
    """Run every check in one read view, so that a clinic at work cannot make it report a lie."""
    for name in declared_checks():
        yield run_check(session, name)
