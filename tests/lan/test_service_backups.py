"""The service beside a clinic's server makes the scheduled backups; the program on that computer leaves them to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, timedelta
from pathlib import Path
from threading import Event, Thread
from uuid import UUID

import pytest
from sqlalchemy import select

from clinic_desktop.clinic.access.login import log_in
from clinic_desktop.clinic.backups.commands import FOLDER, SECOND_FOLDER
from clinic_desktop.clinic.backups.queries import BackupRow, backups
from clinic_desktop.clinic.backups.rules import BackupReason
from clinic_desktop.clinic.backups.serving import serving
from clinic_desktop.clinic.frontdesk import commands as frontdesk
from clinic_desktop.clinic.frontdesk.models import Appointment
from clinic_desktop.clinic.frontdesk.rules import AppointmentStatus
from clinic_desktop.clinic.organisation.commands import set_setting
from clinic_desktop.clinic.patients.commands import register_patient
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.rules import Gender
from clinic_desktop.kernel.backup.folders import backups_in
from clinic_desktop.kernel.backup.planning import plan_restore
from clinic_desktop.kernel.backup.restoring import restore
from clinic_desktop.kernel.clock import system_clock
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.key_secrets import UserPassword
from clinic_desktop.kernel.lan.backing import make_backup_login
from clinic_desktop.ui import upkeep
from tests.lan.server import DATABASE, OPENS, PASSWORD, LanServer
from tests.lan.service import lan_service, wait_for
from tests.lan.test_copies import register

SECRET = UserPassword(OPENS, PASSWORD)


def made_in(database: Database, folder: Path) -> list[BackupRow]:
    """What is on record of a folder."""
    with database.read() as session:
        return [one for one in backups(session) if one.folder == str(folder)]


def book_late(owner: Database, server: LanServer) -> UUID:
    """Somebody who should have been here hours ago."""
    world, system = server.world, server.world.system()
    who = {"first_name": "Late", "last_name": "Rao", "gender": Gender.FEMALE, "date_of_birth": date(1990, 1, 1)}
    patient = owner.run(system, register_patient, key=new_id(), clinic_id=world.clinic_id, **who)  # type: ignore[arg-type]
    wish = {"doctor_id": world.doctor_id, "patient_id": patient.id, "service_id": world.services["CONS"]}
    when = {"start": owner.clock() - timedelta(hours=5), "override_reason": "was written down on paper"}
    return owner.run(system, frontdesk.book, key=new_id(), clinic_id=world.clinic_id, **wish, **when).appointment_id


def status_of(owner: Database, appointment_id: UUID) -> AppointmentStatus:
    with owner.read() as session:
        return session.get_one(Appointment, appointment_id).status


@contextmanager
def at_work(desk: Database, server: LanServer) -> Iterator[list[upkeep.BackedUp]]:
    """The program is open on the server's own computer, and looks again and again whether a backup is due."""
    ended, told = Event(), list[upkeep.BackedUp]()

    def look() -> None:
        while not ended.is_set():
            told.append(upkeep.back_up(desk, server.world.clinic_id, server.world.workstations["front desk"]))

    thread = Thread(target=look)
    thread.start()
    try:
        yield told
    finally:
        ended.set()
        thread.join()


def test_the_service_backs_up_and_sweeps_by_itself_once_and_everybody_hears_what_fails(
    server: LanServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLINIC_STATE_FOLDER", str(tmp_path / "pc"))
    chosen, missing = tmp_path / "disk", tmp_path / "drawer"
    chosen.mkdir()
    clinic_id, front = server.world.clinic_id, server.world.workstations["front desk"]
    make_backup_login(server.admin, DATABASE)
    with closing(server.owner()) as owner, closing(Database.open(server.url)) as desk, lan_service(server, tmp_path / "service") as service:
        own = service.folder / "backups"
        wait_for(lambda: [one for one in made_in(owner, own) if one.verified_at])  # nobody has logged in anywhere
        boss = log_in(desk, OPENS, PASSWORD, clinic_id=clinic_id, workstation_id=front)
        desk.vault.unlock(SECRET)
        assert upkeep.back_up(desk, clinic_id, front) == upkeep.BackedUp(None, is_worth_closing=False)
        desk.run(boss, set_setting, key=FOLDER.key, value=str(chosen), workstation_id=front)
        desk.run(boss, set_setting, key=SECOND_FOLDER.key, value=str(missing), workstation_id=front)
        number = register(desk, boss, clinic_id, "Asha")
        with at_work(desk, server) as told:
            service.stop()  # and the program may do it; both see that it is due, and one of them does it
            late = book_late(owner, server)
            service.start()
            wait_for(lambda: serving_of(owner) and [one for one in made_in(owner, chosen) if one.verified_at])
            seen = len(told)
            wait_for(lambda: len(told) > seen + 2)
            wait_for(lambda: status_of(owner, late) is AppointmentStatus.NO_SHOW)  # at no desk
        assert [one.reason for one in made_in(owner, chosen) if one.error is None] == [BackupReason.SCHEDULED]
        assert len(list(backups_in(chosen))) == len(list(backups_in(own))) == 1
        assert told[-1].error is not None
        assert told[-1].error.params["folder"] == str(missing)
        other = upkeep.back_up(desk, clinic_id, server.world.workstations["room 1"])  # whose folders these are not
        assert (other.error and other.error.params["folder"]) == str(missing)
    url = f"sqlcipher:///{tmp_path / 'restored.db'}"
    restore(plan_restore(chosen, SECRET, system_clock()), url, SECRET)
    with closing(Database.open(url, secret=SECRET)) as restored, restored.read() as session:
        assert number in session.scalars(select(Patient.patient_number)).all()


def serving_of(database: Database) -> bool:
    with database.read() as session:
        return serving(session, database.clock()) is not None
