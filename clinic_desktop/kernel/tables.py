"""What every table shares: keys, times, versions, column types, and the marks of a ledger and of what no journal holds."""

from __future__ import annotations

import enum
from datetime import UTC, date, datetime, time
from time import sleep
from typing import Any, ClassVar, cast
from uuid import UUID, SafeUUID

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Dialect,
    Enum,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Time,
    Uuid,
    and_,
    bindparam,
)
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Mapped, Mapper, declared_attr, mapped_column
from sqlalchemy.orm.exc import UnmappedClassError
from sqlalchemy.types import TypeDecorator

from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.money import Money

NO_CURRENCY = "XXX"
"""ISO 4217 for "no currency": what money carries before a hospital has chosen one."""


class Key(Uuid[UUID]):
    """An id. SQLite keeps it as hex digits, and a list has several in each row: those that we wrote are read without doubting them."""

    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """As the library's, in a third of the time on SQLite; Postgres has ids of its own."""
        return known_id if dialect.name == "sqlite" else super().result_processor(dialect, coltype)  # type: ignore[no-untyped-call]


_blank, _fill, _UNKNOWN = object.__new__, object.__setattr__, SafeUUID.unknown


def known_id(digits: str | None) -> UUID | None:
    """The id that these digits are."""
    if digits is None:
        return None
    made = _blank(UUID)
    _fill(made, "int", int(digits, 16))
    _fill(made, "is_safe", _UNKNOWN)
    return made


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC instant with microseconds; naive values are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive values and store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("a stored instant must be aware")
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return an aware instant in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """The same in one step on SQLite, which keeps text."""
        return _instant if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text + "+00:00")


class MoneyColumn(TypeDecorator[Money]):
    """Money as integer minor units of the one currency of the database (``Database.currency``)."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Money | None, dialect: Dialect) -> int | None:
        """Refuse anything that is not Money of the database's currency."""
        if value is None:
            return None
        if not isinstance(value, Money):
            raise TypeError(f"a money column takes Money, not {type(value).__name__}")
        currency = currency_of(dialect)
        if value.currency != currency:
            raise TypeError(f"this database keeps {currency}, not {value.currency}")
        return value.minor

    def process_result_value(self, value: Any, dialect: Dialect) -> Money | None:
        """Return Money; sums come as Decimal from Postgres."""
        return None if value is None else Money(int(value), currency_of(dialect))


def currency_of(dialect: Dialect) -> str:
    """The currency of the database behind a dialect; each engine has a dialect of its own."""
    return getattr(dialect, "clinic_currency", NO_CURRENCY)


NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


def _values(kind: type[enum.Enum]) -> list[str]:
    return [member.value for member in kind]


class Base(DeclarativeBase):
    """Declarative base: plain annotations map to the types that both engines agree on."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        UUID: Key(),
        datetime: UtcDateTime(),
        date: Date(),
        time: Time(),
        Money: MoneyColumn(),
        str: Text(),
        int: Integer(),
        bool: Boolean(),
        bytes: LargeBinary(),
        enum.StrEnum: Enum(enum.StrEnum, native_enum=False, create_constraint=True, length=24, values_callable=_values),
    }


ByteOrdered = Text().with_variant(Text(collation="C"), "postgresql")
"""Text in byte order on both engines, so that its index also serves "begins with" (``begins_with``)."""


def begins_with(column: InstrumentedAttribute[Any], text: str) -> ColumnElement[bool]:
    """Whether a ByteOrdered column begins with the text, as a range that an index serves."""
    return and_(column >= text, column < text + "\U0010ffff")


def id_parameter(name: str) -> BindParameter[UUID]:
    """A key to be bound by name in a statement that is built once: a foreign key column does not know its type that early."""
    return bindparam(name, type_=Key())


def status_type(kind: type[enum.StrEnum], name: str) -> Enum:
    """A status column with its own CHECK name, for tables that hold two columns of one status kind."""
    return Enum(kind, native_enum=False, create_constraint=True, length=24, values_callable=_values, name=name)


class Record(Base):
    """A row of any clinic table: UUIDv7 key, times set by the journal, optimistic version."""

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-10)
    created_at: Mapped[datetime] = mapped_column(sort_order=90)
    updated_at: Mapped[datetime] = mapped_column(sort_order=91)
    row_version: Mapped[int] = mapped_column(sort_order=92)

    def __init__(self, **values: Any) -> None:
        # The key is there from the start, so that rows can name one another before they are written.
        super().__init__(**{"id": new_id(), **values})

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805
        return {"version_id_col": cls.__table__.c.row_version if "__table__" in cls.__dict__ else cls.row_version}


class Ledger(Record):
    """A row that is only ever inserted: database triggers on both engines refuse to change or delete it."""

    __abstract__ = True

    @declared_attr.directive
    def __table_args__(cls) -> Any:  # noqa: N805
        return (*cls.ledger_constraints(), {"info": {"append_only": True}})

    @classmethod
    def ledger_constraints(cls) -> tuple[Any, ...]:
        """Constraints and indexes of the table; overridden instead of ``__table_args__``."""
        return ()


def is_journalled(table: Table) -> bool:
    """Whether each change of a row is an entry of the journal, and with it audited, synced and heard by other screens.

    ``info={"journalled": False}`` stands beside the few tables of which none of that is true.
    """
    return bool(table.info.get("journalled", True))


def declared_tables(base: type[DeclarativeBase] = Base) -> tuple[Table, ...]:
    """Every table that is there wholly: those of the metadata may be half made, and grow in number while one goes through them."""
    return tuple(cast("Table", mapper.local_table) for mapper in mappers(base))


def append_only_tables() -> list[str]:
    """Names of all mapped tables that triggers must guard."""
    return sorted(table.name for table in declared_tables() if table.info.get("append_only"))


def mappers(base: type[DeclarativeBase] = Base) -> frozenset[Mapper[Any]]:
    """Every mapper there is; while another thread imports a department, one more may be in the making for a moment."""
    while True:
        try:
            return base.registry.mappers
        except (UnmappedClassError, RuntimeError):  # the latter from a dictionary that grew meanwhile
            sleep(0.001)
