"""Settings: the value in force in a place, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.organisation.models import HospitalSetting, Workstation
from clinic_desktop.clinic.organisation.rules import scope_of_place
from clinic_desktop.kernel.remembered import remembered
from clinic_desktop.kernel.settings import Scope, Setting, declared_settings
from clinic_desktop.kernel.tables import id_parameter

T = TypeVar("T")
_WIDEST_FIRST = (Scope.HOSPITAL, Scope.CLINIC, Scope.WORKSTATION)


@dataclass(frozen=True, slots=True)
class SettingRow:
    """A declared setting with the value in force in one place and where that value comes from (None: the default)."""

    declared: Setting[Any]
    value: object
    set_at: Scope | None
    wider: object
    """What would hold if this place had no value of its own."""
    is_own: bool
    """Whether this very place has a value of its own."""

    @property
    def key(self) -> str:
        """The setting's key."""
        return self.declared.key


def setting_value(session: Session, setting: Setting[T], *, clinic_id: UUID | None = None, workstation_id: UUID | None = None) -> T:
    """The value in force: of the workstation, else the clinic, else the hospital, else the default."""
    stored = _stored_settings(session, clinic_id, workstation_id).get(setting.key)
    return setting.default if not stored else setting.decode(stored[-1].value)


def settings(session: Session, *, clinic_id: UUID | None = None, workstation_id: UUID | None = None) -> list[SettingRow]:
    """Every declared setting with the value in force in one place: a workstation, else a clinic, else the hospital."""
    place = Scope.WORKSTATION if workstation_id is not None else scope_of_place(clinic_id, None)
    stored = _stored_settings(session, clinic_id, workstation_id)
    return [_setting_row(one, stored.get(one.key, []), place) for one in declared_settings()]


def _setting_row(declared: Setting[Any], stored: list[_Stored], place: Scope) -> SettingRow:
    values = [(row.scope, declared.decode(row.value)) for row in stored]
    is_own = bool(values) and values[-1][0] is place
    wider = values[:-1] if is_own else values
    return SettingRow(
        declared,
        value=values[-1][1] if values else declared.default,
        set_at=values[-1][0] if values else None,
        wider=wider[-1][1] if wider else declared.default,
        is_own=is_own,
    )


_WORKSTATION_ALONE = id_parameter("workstation_alone")
_STORED = select(HospitalSetting.key, HospitalSetting.value, HospitalSetting.scope).where(
    or_(
        HospitalSetting.scope == Scope.HOSPITAL,
        HospitalSetting.clinic_id == id_parameter("clinic_id"),
        HospitalSetting.workstation_id == id_parameter("workstation_id"),
        HospitalSetting.clinic_id.in_(select(Workstation.clinic_id).where(Workstation.id == _WORKSTATION_ALONE)),
    )
)
_Stored = Row[str, str, Scope]


def _stored_settings(session: Session, clinic_id: UUID | None, workstation_id: UUID | None) -> dict[str, list[_Stored]]:
    """The stored values of every key that apply to a place, the widest first: there are few, so one statement a transaction reads all."""
    alone = workstation_id if clinic_id is None else None
    place = {"clinic_id": clinic_id, "workstation_id": workstation_id, "workstation_alone": alone}

    def read() -> dict[str, list[_Stored]]:
        found: dict[str, list[_Stored]] = {}
        for row in sorted(session.execute(_STORED, place), key=lambda row: _WIDEST_FIRST.index(row.scope)):
            found.setdefault(row.key, []).append(row)
        return found

    return remembered(session, HospitalSetting.__tablename__, (clinic_id, workstation_id), read)
