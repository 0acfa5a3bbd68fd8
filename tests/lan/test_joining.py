"""A computer joins with an address and a code: the right code, once, in time, at the right server; and it is shut out again."""

from __future__ import annotations

from dataclasses import replace

import psycopg
import pytest
from sqlalchemy import make_url

from clinic_desktop.clinic.access.commands import remove_computer
from clinic_desktop.clinic.access.computers import computers, invite
from clinic_desktop.clinic.access.rules import NoServerLogins, TooManyInvitations
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import ClinicError, InvalidInput, NotFound, PermissionDenied
from clinic_desktop.kernel.lan.codes import JoiningCode, read_code
from clinic_desktop.kernel.lan.functions import MOST_OPEN
from clinic_desktop.kernel.lan.joining import JoinRefused, join, read_address
from clinic_desktop.kernel.lan.names import joining_login
from clinic_desktop.kernel.lan.scram import verifier
from clinic_desktop.kernel.reach import ServerRefused
from clinic_desktop.kernel.security import Actor
from tests.lan.conftest import ComeIn
from tests.lan.server import DATABASE, LanServer, secret_in


def spend(server: LanServer) -> None:
    """Close the codes that earlier tests have left open."""
    server.run("UPDATE clinic_lan.invitations SET used_at = now() WHERE used_at IS NULL")


def refusal(server: LanServer, code: str) -> tuple[str, str | None]:
    with pytest.raises(JoinRefused) as refused:
        join(read_address(server.place), code)
    return str(refused.value.params["reason"]), refused.value.field


def test_a_code_lets_one_computer_in(server: LanServer) -> None:
    spend(server)
    made = server.invite()
    joined = join(read_address(server.place), made.code.lower().replace("-", " "), name="pharmacy")
    url = make_url(joined.url)
    assert (url.query["sslmode"], url.password, url.database) == ("verify-full", None, DATABASE)
    with psycopg.connect(secret_in(joined)) as line:
        row = line.execute("SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()").fetchone()
        assert row is not None
        assert (row[0], row[1][:5]) == (True, "TLSv1")
    assert refusal(server, made.code) == ("used", "code")


def test_two_computers_show_one_code_at_the_same_moment(server: LanServer) -> None:
    spend(server)
    code = read_code(server.invite().code)
    url = make_url(secret_in(server.joined)).set(username=joining_login(DATABASE, code.name), password=code.secret)
    asked, whole = b"SELECT clinic_lan.join_device(%s, %s)", url.render_as_string(hide_password=False)
    with psycopg.connect(whole, autocommit=True) as left, psycopg.connect(whole, autocommit=True) as right:
        assert left.execute(asked, ("left", verifier("one"))).fetchone() is not None
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="was used or is over"):
            right.execute(asked, ("right", verifier("two")))


def test_a_wrong_or_old_code_opens_nothing(server: LanServer) -> None:
    spend(server)
    made = read_code(server.invite().code)
    other = "0" if made.secret[0] != "0" else "1"
    assert refusal(server, replace(made, secret=other + made.secret[1:]).text) == ("code", "code")
    assert refusal(server, JoiningCode("ZZZZ", made.secret, made.pin).text) == ("no_access", "code")
    server.run(f"ALTER ROLE {joining_login(DATABASE, made.name)} VALID UNTIL '2020-01-01'")
    assert refusal(server, made.text) == ("code", "code")


def test_a_code_that_ended_while_it_was_shown_opens_nothing(server: LanServer) -> None:
    spend(server)
    made = server.invite()
    server.run("UPDATE clinic_lan.invitations SET expires_at = now() - interval '1 second' WHERE used_at IS NULL")
    assert refusal(server, made.code) == ("used", "code")


def test_nothing_is_sent_to_another_server(server: LanServer) -> None:
    spend(server)
    made = read_code(server.invite().code)
    pin = "".join("1" if one == "0" else "0" for one in made.pin)
    assert refusal(server, replace(made, pin=pin).text) == ("other_server", "code")
    assert join(read_address(server.place), made.text).secret  # and the code was not used up


def test_a_server_that_is_not_there_or_has_no_encryption(server: LanServer) -> None:
    code = server.invite().code
    with pytest.raises(ServerRefused) as nobody:
        join(read_address("127.0.0.1:1"), code)
    assert nobody.value.params["reason"] == "refused"
    for typed in ("", "a b", "host:99999", "host/Not A Name", "host:5432/postgres"):
        with pytest.raises(InvalidInput) as wrong:
            read_address(typed)
        assert wrong.value.field == "address"
    for typed in ("", "ABCD", "!" * 24, "A" * 25):
        with pytest.raises(InvalidInput) as wrong:
            join(read_address(server.place), typed)
        assert wrong.value.field == "code"
    assert str(read_address("[::1]:5433/other")) == "[::1]:5433/other"


def test_a_swapped_certificate_is_not_believed(server: LanServer, tmp_path_factory: pytest.TempPathFactory) -> None:
    joined = server.joined
    stranger = server.foreign_authority(tmp_path_factory.mktemp("stranger"))
    url = make_url(secret_in(joined)).update_query_dict({"sslrootcert": str(stranger)})
    with pytest.raises(psycopg.OperationalError, match="certificate verify failed"):
        psycopg.connect(url.render_as_string(hide_password=False))
    plain = make_url(secret_in(joined)).set(query={"sslmode": "disable"})
    with pytest.raises(psycopg.OperationalError, match="pg_hba"):
        psycopg.connect(plain.render_as_string(hide_password=False))


def test_codes_are_few_and_for_administrators(server: LanServer, pc: Database, come_in: ComeIn) -> None:
    spend(server)
    owner = come_in("super_admin")
    for _number in range(MOST_OPEN):
        invite(pc, owner)
    with pytest.raises(TooManyInvitations):
        invite(pc, owner)
    with pytest.raises(PermissionDenied):
        invite(pc, come_in("cashier"))
    spend(server)


def test_a_removed_computer_is_out_at_once(server: LanServer, pc: Database, come_in: ComeIn) -> None:
    spend(server)
    owner = come_in("super_admin")
    joined = join(read_address(server.place), invite(pc, owner).code, name="sold")
    login = str(make_url(joined.url).username)
    assert login in {one.login for one in computers(pc, owner)}
    with psycopg.connect(secret_in(joined), autocommit=True) as line:
        pc.run(owner, remove_computer, login=login)
        with pytest.raises(psycopg.OperationalError):
            line.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError, match=r"no pg_hba\.conf entry"):
        psycopg.connect(secret_in(joined))
    assert login not in {one.login for one in computers(pc, owner)}
    with pytest.raises(NotFound):
        pc.run(owner, remove_computer, login=login)


def test_a_file_has_no_computers_to_invite(database: Database) -> None:
    refusals: list[type[ClinicError]] = []
    for ask in (lambda: invite(database, Actor.system()), lambda: computers(database, Actor.system())):
        with pytest.raises(NoServerLogins) as refused:
            ask()
        refusals.append(type(refused.value))
    assert refusals == [NoServerLogins, NoServerLogins]
