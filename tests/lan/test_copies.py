"""A computer of a clinic on a real server, with logins over TLS: it keeps a copy, works on it while the server is gone, and returns."""

from __future__ import annotations

import signal
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from clinic_desktop.clinic.access.login import log_in
from clinic_desktop.clinic.patients import commands as patients
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.rules import Gender
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import DatabaseUnavailable
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.key_secrets import UserPassword
from clinic_desktop.kernel.security import Actor
from clinic_desktop.sync import joining, replicas
from clinic_desktop.sync.errors import Offline
from clinic_desktop.sync.runner import Phase
from clinic_desktop.sync.watching import Watching
from clinic_desktop.ui import sync_runner
from tests.lan.server import OPENS, PASSWORD, LanServer
from tests.lan.service import lan_service, wait_for
from tests.server.serving import serving


def register(database: Database, actor: Actor, clinic_id: UUID, name: str) -> str:
    person = {"first_name": name, "last_name": "Rao", "gender": Gender.FEMALE, "date_of_birth": date(1990, 1, 1)}
    row = database.run(actor, patients.register_patient, key=new_id(), clinic_id=clinic_id, **person)  # type: ignore[arg-type]
    with database.read(actor) as session:
        return str(session.get_one(Patient, row.id).patient_number)


def numbers(database: Database, actor: Actor) -> set[str]:
    with database.read(actor) as session:
        return set(session.scalars(select(Patient.patient_number)))


def test_a_copy_is_kept_worked_on_while_the_server_is_gone_and_handed_over(
    server: LanServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLINIC_STATE_FOLDER", str(tmp_path / "pc"))
    clinic_id = server.world.clinic_id
    with lan_service(server, tmp_path / "service") as service:
        lan = Database.open(server.url)
        try:
            boss = log_in(lan, OPENS, PASSWORD, clinic_id=clinic_id, workstation_id=None)
            assert replicas.may_keep(lan, boss) == "locked"
            lan.vault.unlock(UserPassword(OPENS, PASSWORD))
            kept = replicas.keep(lan, boss, name="front desk")
            assert (kept.code[:1], kept.is_complete, kept.lan) == ("D", True, f"127.0.0.1:{server.port}/clinic")
            first = register(lan, boss, clinic_id, "Asha")
            feeder = replicas.Feeder(kept, lan=lan)
            feeder.runner.once()
            feeder.stop()
            service.stop()
            server.cluster.stop(signal.SIGQUIT)
            with pytest.raises(DatabaseUnavailable):
                register(lan, boss, clinic_id, "Nobody")
            lan.close()
            there = replicas.replica_for(server.url)
            assert there is not None
            copy = Database.open(there.url, secret=replicas.secret_of(there))
            replicas.detach(copy, boss)
            me = log_in(copy, "receptionist", PASSWORD, clinic_id=clinic_id, workstation_id=None)
            assert first in numbers(copy, me)
            second = register(copy, me, clinic_id, "Usha")
            assert second.startswith(f"PAT-{kept.code}-")
            with pytest.raises(Offline):
                replicas.hand_over(copy)
        finally:
            server.cluster.start()
        service.start()
        assert replicas.hand_over(copy).sent == 3
        copy.close()
        lan = Database.open(server.url)
        try:
            me = log_in(lan, "receptionist", PASSWORD, clinic_id=clinic_id, workstation_id=None)
            assert {first, second} <= numbers(lan, me)
            _join_a_chain(lan, clinic_id, tmp_path / "central", {first, second})
        finally:
            lan.close()


def _join_a_chain(lan: Database, clinic_id: UUID, folder: Path, expected: set[str]) -> None:
    """Somebody joins at a desk; the service sends everything on, what was done on a copy too, and the desks see how it stands."""
    boss = log_in(lan, OPENS, PASSWORD, clinic_id=clinic_id, workstation_id=None)
    lan.vault.unlock(UserPassword(OPENS, PASSWORD))
    with serving("sqlite", folder) as central:
        joining.enrol(lan, boss, address=central.address, code=central.code(code="MAIN").text)
        wait_for(lambda: expected <= set(_all_numbers(central.database)))
        told: list[Phase] = []
        watching = Watching(lan, told.append)
        wait_for(lambda: looked(watching).last_synced_at is not None)
        assert (told[-1].is_elsewhere, told[-1].is_online, told[-1].unsent) == (True, True, 0)
        made = sync_runner.begin(lan, joining.channel_of, lambda _told: None)
        assert made is not None
        assert isinstance(made.runner, Watching)
        joining.leave(lan, boss)


def looked(watching: Watching) -> Phase:
    watching.once()
    return watching.phase


def _all_numbers(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.scalars(select(Patient.patient_number)))
