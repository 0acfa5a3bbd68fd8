"""The ``clinic`` command as a person or a script uses it: results on standard output, one clear line for wrong input."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from io import StringIO
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import click
import msgspec
import pytest

from clinic_desktop import cli
from clinic_desktop.cli.main import main
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.schema import newest_revision
from tests.clinic.world import build_world
from tests.conftest import FrozenClock
from tests.databases import bare, drop, fresh


class Outcome:
    """How one run ended: exit code, standard output and standard error."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def json(self) -> Any:
        """The one object on standard output."""
        return msgspec.json.decode(self.out)


Clinic = Callable[..., Outcome]


@pytest.fixture
def clinic(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Clinic:
    """Run ``clinic`` with arguments, without any address or passphrase in the environment unless a test sets one."""
    monkeypatch.delenv("CLINIC_DATABASE_URL", raising=False)
    monkeypatch.setenv("COLUMNS", "300")

    def run(*arguments: str) -> Outcome:
        capfd.readouterr()
        with pytest.raises(SystemExit) as leaving:
            main(list(arguments))
        shown = capfd.readouterr()
        return Outcome(int(leaving.value.code or 0), shown.out, shown.err)

    return run


def address_of(database: Database) -> str:
    """The URL that a person would type for a test's database."""
    if database.address.file is not None:
        return f"sqlite:///{database.address.file}"
    return database.address.url.set(drivername="postgresql").render_as_string(hide_password=False)


@pytest.fixture
def empty_url(engine_name: str, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any table."""
    made = bare(engine_name, tmp_path)
    yield address_of(made)
    drop(made)


@pytest.fixture
def world_url(engine_name: str, clock: FrozenClock, tmp_path: Path) -> Iterator[str]:
    """The address of a furnished clinic."""
    made, _ = fresh(engine_name, tmp_path, clock, recipe="world", build=build_world)
    yield address_of(made)
    drop(made)


def one_line(outcome: Outcome) -> bool:
    """Refused as promised: exit code 2, nothing on standard output, one line and no traceback on standard error."""
    return outcome.code == 2 and outcome.out == "" and len(outcome.err.strip().splitlines()) == 1 and outcome.err.startswith("clinic: ")


def test_init_creates_and_then_has_nothing_to_do(clinic: Clinic, empty_url: str) -> None:
    assert clinic("init", "--db", empty_url, "--json").json == {"revision": newest_revision(), "migrated": True}
    assert clinic("init", "--db", empty_url, "--json").json == {"revision": newest_revision(), "migrated": False}
    assert clinic("check", "--db", empty_url).code == 0


def test_demo_day_and_check_fit_together(clinic: Clinic, tmp_path: Path) -> None:
    empty_url = f"sqlite:///{tmp_path / 'demo.db'}"  # what a demo and a day are on either engine: clinic/simulation
    made = clinic("demo", "--db", empty_url, "--patients", "12", "--json").json
    assert (made["doctors"], made["services"], made["medicines"]) == (3, 40, 120)
    assert made["patients"] >= 12
    day = clinic("day", "--db", empty_url, "--patients", "4", "--seed", "3", "--at", "2027-01-12", "--json").json
    figures = {"commands", "seconds", "commands_per_second", "p95_ms", "wait_minutes", "wait_error_minutes"}
    assert set(day) == {"patients", "completed", *figures}
    assert day["patients"] == 4
    checked = clinic("check", "--db", empty_url, "--json")
    assert checked.code == 0
    assert checked.json["ok"] is True
    assert [one for one in checked.json["checks"] if one["failures"]] == []
    assert {"name", "rows", "failures"} == set(checked.json["checks"][0])
    refused = clinic("demo", "--db", empty_url)
    assert one_line(refused), refused.err


def test_check_and_audit_end_with_1_on_a_lie(clinic: Clinic, world_url: str) -> None:
    assert clinic("audit", "verify", "--db", world_url).code == 0
    database = Database.open(world_url)
    with database.engine.execution_options(clinic_write=True).begin() as connection:
        if database.engine.dialect.name == "postgresql":
            connection.exec_driver_sql("ALTER TABLE journal DISABLE TRIGGER ALL")
        else:
            connection.exec_driver_sql("DROP TRIGGER journal_no_update")
        connection.exec_driver_sql("UPDATE journal SET actor_name = 'nobody' WHERE seq = 3")
    database.close()
    checked = clinic("check", "--db", world_url, "--json")
    assert (checked.code, checked.json["ok"]) == (1, False)
    verified = clinic("audit", "verify", "--db", world_url, "--json")
    assert (verified.code, verified.json["broken"]) == (1, {"seq": 3, "problem": "altered"})


def test_import_reports_by_number_and_writes_only_when_asked(clinic: Clinic, world_url: str, tmp_path: Path) -> None:
    register = tmp_path / "register.csv"
    lines = [
        "Reg No,Patient Name,Sex,DOB / Age,Mobile",
        "A/1,Asha Kulkarni,F,1984-05-06,9822014477",
        "A/2,Ravi Kumar,M,31/02/1980,",
        "A/3,Asha Kulkarni,F,06/05/1984,9822014477",
    ]
    register.write_text("\n".join(lines), encoding="utf-8")
    dry = clinic("import", "patients", str(register), "--dry-run", "--db", world_url, "--json").json
    assert dry["imported"] == 2
    assert [(one["row"], one["field"]) for one in dry["refused"]] == [(3, "date_of_birth")]
    assert {(one["a"], one["b"]) for one in dry["duplicates"]} == {("A/1", "A/3")}
    assert set(dry["duplicates"][0]) == {"a", "b", "score", "reason"}
    again = clinic("import", "patients", str(register), "--db", world_url, "--json").json
    assert again["imported"] == 2
    third = clinic("import", "patients", str(register), "--db", world_url, "--json").json
    assert third["imported"] == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("check",),
        ("check", "--db", "mysql://host/name"),
        ("check", "--db", "sqlite:////no/such/folder/clinic.db"),
        ("check", "--db", "postgresql://nobody@127.0.0.1:1/none"),
        ("day", "--db", "sqlite:////tmp/x.db", "--patients", "none"),
        ("day", "--db", "sqlite:////tmp/x.db", "--at", "31/02/2026"),
        ("import", "patients", "no-such-file.csv", "--db", "sqlite:////tmp/x.db"),
        ("tour", "--size", "tiny"),
        ("nonsense",),
        ("check", "--nonsense"),
    ],
)
def test_wrong_input_gets_one_line(clinic: Clinic, arguments: tuple[str, ...]) -> None:
    outcome = clinic(*arguments)
    assert one_line(outcome), outcome.err


def test_an_encrypted_database_wants_its_passphrase(clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlcipher:///{tmp_path / 'clinic.db'}"
    monkeypatch.delenv("CLINIC_PASSPHRASE", raising=False)
    monkeypatch.setattr("sys.stdin", StringIO())  # nobody can be asked
    assert one_line(clinic("init", "--db", url))
    monkeypatch.setenv("CLINIC_PASSPHRASE", "correct horse")
    assert clinic("init", "--db", url).code == 0
    monkeypatch.setenv("CLINIC_PASSPHRASE", "wrong horse")
    assert one_line(clinic("check", "--db", url))


def test_it_runs_as_a_program_of_its_own(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'clinic.db'}"
    program = [sys.executable, "-c", "from clinic_desktop.cli.main import main; main()"]
    done = subprocess.run([*program, "init", "--db", url, "--json"], capture_output=True, check=False)
    assert (done.returncode, msgspec.json.decode(done.stdout)["migrated"]) == (0, True)
    refused = subprocess.run([*program, "check", "--db", url + ".missing"], capture_output=True, check=False, text=True)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "Traceback" not in refused.stderr


def test_a_command_imports_itself_only() -> None:
    script = "import sys; from clinic_desktop.cli.main import _run; _run(['keys', '--help']); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)
    imported = set(done.stdout.split())
    assert "clinic_desktop.cli.keys" in imported
    assert imported.isdisjoint({"clinic_desktop.cli.day", "clinic_desktop.cli.central", "clinic_desktop.clinic.clinical.commands"})


def test_every_command_of_the_package_is_offered(clinic: Clinic) -> None:
    modules = [import_module(f"clinic_desktop.cli.{one.name}") for one in iter_modules(cli.__path__)]
    made = {vars(module).get(module.__name__.rpartition(".")[2]) for module in modules}
    shown = clinic("--help").out.partition("Commands:")[2].splitlines()[1:]
    assert {line.split()[0] for line in shown} == {one.name for one in made if isinstance(one, click.Command)}
    assert clinic("nonsense").code == 2
