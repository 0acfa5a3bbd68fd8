"""People work on the server with logins of their own: made, changed and locked with their accounts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime

import psycopg
import pytest

from clinic_desktop.clinic.access import accounts
from clinic_desktop.clinic.access.commands import change_grants, enable_user, save_account, set_password
from clinic_desktop.clinic.access.login import change_password, log_in
from clinic_desktop.clinic.access.passwords import HashedPassword
from clinic_desktop.clinic.access.pins import set_pin, switch_user
from clinic_desktop.clinic.access.resets import issue_reset_code, request_reset_mail, reset_password
from clinic_desktop.clinic.access.rules import AccountDisabled, CodeRefused, PinOff
from clinic_desktop.clinic.billing import commands as billing
from clinic_desktop.clinic.billing.rules import PaymentMethod, Tender
from clinic_desktop.clinic.frontdesk import commands as frontdesk
from clinic_desktop.clinic.patients.commands import register_patient
from clinic_desktop.clinic.patients.rules import Gender
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import DatabaseUnavailable, SessionEnded
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.keys import USER, UserPassword
from clinic_desktop.kernel.lan import names
from clinic_desktop.kernel.lan.seats import ServerLoginDue
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.security import Actor
from clinic_desktop.kernel.store import store_of
from clinic_desktop.kernel.vault import VaultMissing
from clinic_desktop.ui import entering
from tests.clinic.world import money
from tests.conftest import FrozenClock
from tests.lan.conftest import ComeIn
from tests.lan.server import DATABASE, PASSWORD, LanServer

LATER = "green-Giraffe-43"


def test_a_day_at_the_desks_under_own_logins(server: LanServer, pc: Database, come_in: ComeIn, clock: FrozenClock) -> None:
    world, people = server.world, {role: come_in(role) for role in ("receptionist", "doctor", "cashier")}
    patient = pc.run(
        people["receptionist"],
        register_patient,
        key=new_id(),
        clinic_id=world.clinic_id,
        first_name="Asha",
        gender=Gender.FEMALE,
        age_years=30,
    )
    booked = pc.run(
        people["receptionist"],
        frontdesk.book,
        key=new_id(),
        clinic_id=world.clinic_id,
        doctor_id=world.doctor_id,
        patient_id=patient.id,
        service_id=world.services["CONS"],
        start=datetime(2026, 3, 2, 4, 30, tzinfo=UTC),
    )
    assert booked.invoice_id is not None
    pc.run(people["receptionist"], frontdesk.check_in, visit_id=booked.visit_id)
    pc.run(people["doctor"], frontdesk.call_next, clinic_id=world.clinic_id, doctor_id=world.doctor_id, room="1")
    pc.run(people["doctor"], frontdesk.start_consultation, visit_id=booked.visit_id)
    clock.advance(minutes=10)
    pc.run(people["cashier"], billing.open_till, key=new_id(), clinic_id=world.clinic_id, opening_float=money(0))
    pc.run(people["cashier"], billing.issue_invoice, key=new_id(), invoice_id=booked.invoice_id)
    with pc.read(people["cashier"]) as session:
        total = session.connection().exec_driver_sql(f"SELECT total FROM invoices WHERE id = '{booked.invoice_id}'").scalar_one()
    tender = Tender(PaymentMethod.CASH, Money(int(total), "INR"))
    pc.run(people["cashier"], billing.take_payment, key=new_id(), invoice_id=booked.invoice_id, tenders=[tender])
    who = {}
    for role, actor in people.items():
        with pc.read(actor) as session:
            who[role] = session.connection().exec_driver_sql("SELECT session_user").scalar_one()
    assert who == {role: names.person(DATABASE, world.users[role]) for role in people}


def test_a_persons_login_reaches_no_further_than_the_person(server: LanServer, pc: Database, come_in: ComeIn) -> None:
    cashier = come_in("cashier")
    forged = Actor(cashier.user_id, cashier.name, is_system=True)  # a program that was tampered with
    with pytest.raises(DatabaseUnavailable) as refused:
        pc.run(forged, set_password, user_id=server.world.users["super_admin"], password=HashedPassword("$x", "y"))
    assert refused.value.params["reason"] == "not_granted"


def test_a_disabled_person_is_out_at_once(server: LanServer, pc: Database, come_in: ComeIn) -> None:
    owner, nurse = come_in("super_admin"), server.world.users["nurse"]
    with server.person("nurse") as line:
        assert line.execute("SELECT 1").fetchone() == (1,)
        accounts.disable(pc, owner, user_id=nurse)
        with pytest.raises(psycopg.OperationalError):
            line.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
        server.person("nurse")
    with pytest.raises(AccountDisabled):
        come_in("nurse")
    pc.run(owner, enable_user, user_id=nurse)
    assert come_in("nurse").user_id == nurse


def test_a_new_account_begins_with_a_code_and_changes_its_own_password(server: LanServer, pc: Database, come_in: ComeIn) -> None:
    owner = come_in("super_admin")
    made = pc.run(owner, save_account, user_id=None, username="newcomer", full_name="Nila New", roles=("cashier",))
    code = issue_reset_code(pc, owner, made)
    with pytest.raises(CodeRefused):
        reset_password(pc, "newcomer", "0000000000", PASSWORD)
    reset_password(pc, "newcomer", code.text, PASSWORD)
    assert come_in("newcomer").user_id == made
    change_password(pc, "newcomer", PASSWORD, LATER)
    with pytest.raises(Exception, match="login_refused"):
        come_in("newcomer")
    assert come_in("newcomer", LATER).user_id == made
    with pytest.raises(CodeRefused):
        reset_password(pc, "newcomer", code.text, PASSWORD)


def test_a_first_password_given_by_an_administrator_opens_too(server: LanServer, pc: Database, come_in: ComeIn) -> None:
    owner = come_in("super_admin")
    made = accounts.create(pc, owner, username="starter", full_name="Sami Start", roles=("nurse",), password=PASSWORD)
    change_password(pc, "starter", PASSWORD, LATER)
    assert come_in("starter", LATER).user_id == made


def test_a_vault_that_is_missing_is_founded_by_an_administrator_alone(server: LanServer, pc: Database, come_in: ComeIn) -> None:
    with _without_vault(server):
        cashier = come_in("cashier")
        entering.keep_keys(pc, cashier, username="cashier", password=PASSWORD)
        assert not pc.vault.exists
        with pytest.raises(VaultMissing):
            store_of(pc).put(b"a letter")
        entering.keep_keys(pc, come_in("super_admin"), username="super_admin", password=PASSWORD)
        assert [(slot.kind, slot.name) for slot in pc.vault.slots()] == [(USER, "super_admin")]
        entering.keep_keys(pc, cashier, username="cashier", password=PASSWORD)
        with closing(Database.open(server.url)) as other:
            other.vault.unlock(UserPassword("cashier", PASSWORD))
            assert other.data_key == pc.data_key


@contextmanager
def _without_vault(server: LanServer) -> Iterator[None]:
    with closing(server.owner()) as owner:
        kept = owner.vault.export()
    server.run("DELETE FROM key_vault")
    try:
        yield
    finally:
        server.run("UPDATE key_vault SET content = %s", kept)


def test_no_token_by_mail_opens_a_server(server: LanServer, pc: Database) -> None:
    request_reset_mail(pc, "cashier")
    with server.person("super_admin") as line:
        assert line.execute("SELECT count(*) FROM password_resets WHERE issued_by_id IS NULL").fetchone() == (0,)


def test_a_login_that_the_account_left_behind_is_said(server: LanServer, pc: Database, come_in: ComeIn) -> None:
    login = names.person(DATABASE, server.world.users["optician"])
    server.run(f"ALTER ROLE {login} PASSWORD 'another'")
    with pytest.raises(ServerLoginDue):
        come_in("optician")
    assert pc.seats.has(server.world.users["optician"]) is False


def test_groups_follow_the_roles(server: LanServer, pc: Database, come_in: ComeIn) -> None:
    owner = come_in("super_admin")
    ask = "SELECT pg_has_role(session_user, 'clinic_may_billing.credit', 'MEMBER')"
    with server.person("cashier") as line:
        assert line.execute(ask.encode()).fetchone() == (True,)
        pc.run(owner, change_grants, changes={"cashier": {"billing.credit": False}})
        assert line.execute(ask.encode()).fetchone() == (False,)
        pc.run(owner, change_grants, changes={"cashier": {"billing.credit": True}})
        assert line.execute(ask.encode()).fetchone() == (True,)


def test_a_manager_of_accounts_hands_on_no_right_of_others(server: LanServer, pc: Database, come_in: ComeIn) -> None:
    owner = come_in("super_admin")
    pc.run(owner, change_grants, changes={"receptionist": {"access.users": True}})
    with server.person("receptionist") as line:
        for statement in (
            f"SELECT clinic_lan.keep_person('{server.world.users['receptionist']}', ARRAY['clinic_may_clinical.read'], true)",
            f"SELECT clinic_lan.keep_person('{server.world.users['receptionist']}', ARRAY['clinic_owner'], true)",
            f"SELECT clinic_lan.end_connections('{server.world.users['super_admin']}')",
        ):
            with pytest.raises(psycopg.Error, match=r"not yours to give|no such group"):
                line.execute(statement.encode())
    pc.run(owner, change_grants, changes={"receptionist": {"access.users": False}})


def test_a_pin_opens_only_where_the_password_was_seen(server: LanServer, pc: Database, come_in: ComeIn, clock: FrozenClock) -> None:
    doctor = come_in("doctor")
    set_pin(pc, doctor, PASSWORD, "731946")
    come_in("cashier")
    again = switch_user(pc, "doctor", "731946", clinic_id=server.world.clinic_id, workstation_id=None)
    assert again.user_id == doctor.user_id
    come_in("cashier")
    restarted = Database.open(server.url, clock=clock)
    try:
        with pytest.raises(PinOff):
            switch_user(restarted, "doctor", "731946", clinic_id=server.world.clinic_id, workstation_id=None)
        with pytest.raises(SessionEnded), restarted.read(again):
            pass
        assert log_in(restarted, "doctor", PASSWORD, clinic_id=server.world.clinic_id, workstation_id=None).name == doctor.name
    finally:
        restarted.close()
