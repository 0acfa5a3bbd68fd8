"""Alembic's environment: the program hands over an open connection; nothing is read from a configuration file."""

from __future__ import annotations

from typing import Any

from alembic import context
from sqlalchemy import TypeDecorator

from clinic_desktop.clinic.departments import load_departments
from clinic_desktop.kernel import origins
from clinic_desktop.kernel.tables import Base
from clinic_desktop.sync import models, peers

__all__ = ["models", "origins", "peers"]  # their tables, too, are the schema's
load_departments()


def plain_type(kind: str, item: Any, _autogen: Any) -> str | bool:
    """Revisions name only SQLAlchemy's own types, so that they stay true when our types change."""
    return f"sa.{item.impl_instance!r}" if kind == "type" and isinstance(item, TypeDecorator) else False


def migrate() -> None:
    """Run the wanted revisions inside the caller's transaction."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=Base.metadata,
        render_item=plain_type,
        transactional_ddl=True,
        compare_type=True,
        include_object=lambda _object, name, kind, _reflected, _to: not (kind == "table" and str(name).startswith("patient_search")),
    )
    context.run_migrations()


migrate()
