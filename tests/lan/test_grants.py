"""What the server itself lets people and computers do: no table without a rule, ledgers that only grow, notes for those who treat."""

from __future__ import annotations

from contextlib import closing

import psycopg
import pytest

from clinic_desktop.clinic.server_rights import UNWRITTEN, server_rights
from clinic_desktop.clinic.server_setup import settle
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.journal import INSERT, Entry, Header, append
from clinic_desktop.kernel.lan import names
from clinic_desktop.kernel.lan.rights import CHANGE, grants
from clinic_desktop.kernel.security import Actor
from clinic_desktop.kernel.tables import Base, append_only_tables
from tests.lan.server import DATABASE, LanServer

REFUSED = psycopg.errors.InsufficientPrivilege
OURS = f"SELECT rolname FROM pg_roles WHERE starts_with(rolname, '{DATABASE}_') AND rolname <> '{names.owner(DATABASE)}'"


def test_every_table_has_a_rule() -> None:
    ruled = server_rights().ruled
    runners = ("clinic_desktop.sync.", "clinic_desktop.kernel.origins")
    syncs = {one.class_.__tablename__ for one in Base.registry.mappers if one.class_.__module__.startswith(runners)}
    without = set(Base.metadata.tables) - ruled - syncs  # those only the site's own runner writes, with the owner's connection
    assert without == UNWRITTEN, "resources/server/table_rights.txt or server_rights.py has nothing on it"
    assert not ruled & UNWRITTEN


def test_a_ledger_cannot_be_granted_for_change() -> None:
    rights = server_rights()
    rights = type(rights)(**{name: getattr(rights, name) for name in rights.__slots__} | {"devices": {"payments": frozenset((CHANGE,))}})
    with pytest.raises(ValueError, match="append-only"):
        grants(rights, DATABASE, frozenset(Base.metadata.tables))


def test_nobody_changes_a_ledger_or_the_schema(server: LanServer) -> None:
    with psycopg.connect(server.admin_inside) as line:
        there = {name for (name,) in line.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
        frozen = sorted(set(append_only_tables()) & there)
        able = line.execute(
            f"SELECT r.rolname, t.name FROM ({OURS}) r CROSS JOIN unnest(%s::text[]) AS t(name)"
            " WHERE has_any_column_privilege(r.rolname, t.name, 'UPDATE') OR has_table_privilege(r.rolname, t.name, 'DELETE, TRUNCATE')",
            (frozen,),
        ).fetchall()
        owners = line.execute("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'").fetchall()
        who = f"SELECT rolname FROM pg_roles WHERE rolname IN ({OURS})"
        makers = line.execute(f"{who} AND has_schema_privilege(rolname, 'public', 'CREATE')").fetchall()
        mighty = line.execute(f"{who} AND (rolsuper OR rolbypassrls OR rolcreatedb OR rolcanlogin AND rolcreaterole)").fetchall()
    assert len(frozen) > 10
    assert (able, makers, mighty) == ([], [], [])
    assert owners == [(names.owner(DATABASE),)]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE payments SET amount = amount",
        "UPDATE journal SET reason = 'mine'",
        "DELETE FROM invoices",
        "SELECT complaint FROM consultations",
        "SELECT * FROM vital_signs",
        "SELECT * FROM journal_secrets",
        "UPDATE users SET status = 'ACTIVE'",
        "INSERT INTO user_roles SELECT * FROM user_roles",
        "ALTER TABLE payments DISABLE TRIGGER ALL",
        "CREATE TABLE mine (id integer)",
        "DROP TABLE payments",
        f"SET ROLE {names.owner(DATABASE)}",
        f"SET ROLE {names.keeper(DATABASE)}",
        "SELECT clinic_lan.keep_person(gen_random_uuid(), '{}', true)",
        "SELECT clinic_lan.invite('ABCD', '', 5)",
        "SELECT * FROM clinic_lan.resets",
        "INSERT INTO key_vault (id, content) VALUES (2, '')",
    ],
)
def test_a_cashier_with_sql_acts_within_the_tables_of_cashiers(server: LanServer, statement: str) -> None:
    with server.person("cashier") as line, pytest.raises(REFUSED):
        line.execute(statement.encode())


def test_the_journal_tells_of_notes_only_to_those_who_read_them(server: LanServer) -> None:
    count = (
        b"SELECT count(*) FILTER (WHERE entity_type = 'consultations'), count(*) FROM audit_logs"
        b" WHERE operation <> 'N' AND entity_type <> 'server_certificates'"  # an auditor's alone
    )
    with closing(server.owner()) as owner, owner.write(Actor.system("test")) as tx:
        header = Header(tx.now, None, "test", None, "test.consult", None)
        append(tx.session, header, [Entry("consultations", new_id(), INSERT, {})])  # the chain of the journal stays whole
    seen = {}
    for role in ("cashier", "doctor", "auditor"):
        with server.person(role) as line:
            seen[role] = line.execute(count).fetchone()
    cashier, doctor, auditor = seen["cashier"], seen["doctor"], seen["auditor"]
    assert cashier is not None
    assert doctor is not None
    assert auditor is not None
    assert (cashier[0], doctor[0], auditor[0]) == (0, 1, 1)
    assert cashier[1] == auditor[1] - 1


def test_a_computer_reads_what_the_door_needs_and_no_patient(server: LanServer) -> None:
    with server.device() as line:
        assert line.execute("SELECT count(*) FROM users").fetchone() != (0,)
        for statement in (
            b"SELECT * FROM patients",
            b"SELECT * FROM invoices",
            b"SELECT changes FROM audit_logs",
            b"INSERT INTO user_roles SELECT * FROM user_roles",
            b"INSERT INTO key_vault (id, content) VALUES (2, '')",
        ):
            with pytest.raises(REFUSED):
                line.execute(statement)


def test_setting_up_again_changes_nothing(server: LanServer) -> None:
    asked = (
        f"SELECT r.rolname, c.relname, c.relacl::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, ({OURS}) r"
        " WHERE n.nspname = 'public' AND c.relkind = 'r' ORDER BY 1, 2"
    )
    with psycopg.connect(server.admin_inside, autocommit=True) as line:
        line.execute("GRANT ALL ON payments TO PUBLIC")
        again = settle(server.admin, DATABASE)
        before = {(role, table): sorted(str(acl).strip("{}").split(",")) for role, table, acl in line.execute(asked.encode())}
        settle(server.admin, DATABASE)
        after = {(role, table): sorted(str(acl).strip("{}").split(",")) for role, table, acl in line.execute(asked.encode())}
        public = line.execute("SELECT has_table_privilege('public', 'payments', 'SELECT')").fetchone()
    assert not again.is_new
    assert again.people >= len(server.world.users)
    assert before == after
    assert public == (False,)
