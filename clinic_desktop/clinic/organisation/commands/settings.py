"""Changing settings."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.organisation.commands.permissions import SETTINGS
from clinic_desktop.clinic.organisation.commands.places import hospital_in_turn
from clinic_desktop.clinic.organisation.events import SettingChanged
from clinic_desktop.clinic.organisation.models import HospitalSetting
from clinic_desktop.clinic.organisation.rules import check_scope, scope_of_place
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.ids import id_of
from clinic_desktop.kernel.settings import Setting, declared_settings


def _declared(key: str) -> Setting[Any]:
    found = next((one for one in declared_settings() if one.key == key), None)
    if found is None:
        raise InvalidInput("key", "unknown_setting", key=key)
    return found


def _stored(tx: Tx, key: str, clinic_id: UUID | None, workstation_id: UUID | None) -> HospitalSetting | None:
    place = (
        HospitalSetting.scope == scope_of_place(clinic_id, workstation_id),
        HospitalSetting.clinic_id.is_(None) if clinic_id is None else HospitalSetting.clinic_id == clinic_id,
        HospitalSetting.workstation_id.is_(None) if workstation_id is None else HospitalSetting.workstation_id == workstation_id,
    )
    return tx.session.scalars(select(HospitalSetting).where(HospitalSetting.key == key, *place)).one_or_none()


@command(SETTINGS)
def set_setting(tx: Tx, *, key: str, value: object, clinic_id: UUID | None = None, workstation_id: UUID | None = None) -> None:
    """Set a declared setting for the hospital, or for one clinic or workstation where its scope allows that."""
    declared = _declared(key)
    scope = scope_of_place(clinic_id, workstation_id)
    check_scope(declared, scope)
    encoded = declared.encode(value)
    hospital = hospital_in_turn(tx)
    row = _stored(tx, key, clinic_id, workstation_id)
    if row is None:
        place = {"clinic_id": clinic_id, "workstation_id": workstation_id}
        same = id_of("hospital_settings", workstation_id or clinic_id or hospital.id, key)
        tx.add(HospitalSetting(id=same, hospital_id=hospital.id, key=key, value=encoded, scope=scope, **place))
    else:
        row.value = encoded
    tx.emit(SettingChanged(key))


@command(SETTINGS)
def reset_setting(tx: Tx, *, key: str, clinic_id: UUID | None = None, workstation_id: UUID | None = None) -> None:
    """Take a value back, so that the wider place's holds again, or the default."""
    hospital_in_turn(tx)
    row = _stored(tx, _declared(key).key, clinic_id, workstation_id)
    if row is not None:
        tx.session.delete(row)
        tx.emit(SettingChanged(key))
