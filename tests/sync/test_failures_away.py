"""A site that comes back after a long time, or after a move: the failures of SYNC.md by number, on both engines."""

from __future__ import annotations

from uuid import UUID

import msgspec
import pytest
from sqlalchemy import delete, update

from clinic_desktop.clinic.clinical.models import Prescription
from clinic_desktop.clinic.departments import load_checks
from clinic_desktop.clinic.patients.models import Patient, PatientConsent, PatientIdentifier
from clinic_desktop.clinic.patients.rules import ConsentType
from clinic_desktop.clinic.privacy.retention.running import journal_part, run_retention
from clinic_desktop.clinic.reconciling.models import SyncConflict
from clinic_desktop.clinic.staff.models import Specialty
from clinic_desktop.kernel.backup.moving import move
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import DatabaseUnavailable
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.journal import UPDATE
from clinic_desktop.kernel.mending import ConflictKind
from clinic_desktop.kernel.security import Actor
from clinic_desktop.kernel.soundness import refuse_moved
from clinic_desktop.sync import parking
from clinic_desktop.sync.central import retry
from clinic_desktop.sync.comparing import compare
from clinic_desktop.sync.errors import Refused
from clinic_desktop.sync.models import SyncLink, SyncParked
from clinic_desktop.sync.reading import Park
from clinic_desktop.sync.runner import Runner
from clinic_desktop.sync.scope import writing
from clinic_desktop.sync.site import Site
from clinic_desktop.sync.standing import standing
from clinic_desktop.sync.wire import Origin, WireChange, WireRow
from tests.clinic.clinical.room import line
from tests.conftest import FrozenClock
from tests.databases import bare, drop
from tests.sync.chain import Direct, caller
from tests.sync.houses import ON_FILES, House, Houses, all_rows, waiting
from tests.sync.test_failures_databases import peer
from tests.sync.test_failures_way import Trouble, dying
from tests.sync.troubled import head_of

load_checks()


def archive_journal(houses: Houses) -> None:
    """What central's own retention does: all change sets that are old enough leave into a file."""
    before = houses.central.clock().date()
    assert run_retention(houses.central, Actor.system(), houses.folder / "archives", today=before).change_sets


def test_30_a_site_away_past_retention_sends_first_and_reads_everything_once_more(houses: Houses, clock: FrozenClock) -> None:
    main, north = houses.main, houses.north
    known, gone = main.register("Asha"), main.register("Usha")
    signed = main.room.active(line(next(iter(main.medicines.values()))))
    houses.chain.settle()
    kept = with_papers(main, gone)
    houses.chain.settle()
    north.write(Patient, known, remarks="before the network went")
    registered = north.register("Nisha")

    forget(main, gone, kept)
    main.write(Patient, known, city="Pune")
    issued = main.room.active(line(next(iter(main.medicines.values()))))
    houses.chain.sync("MAIN")
    clock.advance(days=4 * 366)
    main.write(Patient, known, address="4 years later")
    houses.chain.sync("MAIN")
    archive_journal(houses)
    houses.chain.sync("MAIN")  # it stands where the archive ends, or after it

    with north.db.engine.execution_options(clinic_write=True).begin() as connection:
        connection.execute(update(SyncLink).values(address="https://central.example"))
    with north.db.read() as session:
        link, own = session.get_one(SyncLink, 1), journal_part(session, clock().date())
        assert 0 < own.last_seq <= link.pushed_seq < head_of(north.db), "what was not sent would leave into an archive"
    way = Telling(houses.central, north.db)
    runner = Runner(north.db, way)
    north.write(PatientConsent, kept[0], withdrawn_at=clock())  # nothing else of what was signed can change
    runner.once()
    assert runner.phase.error is None
    assert way.asked.index("push") < way.asked.index("rows")
    row = north.read(Patient, known)
    assert (row.remarks, row.city, row.address) == ("before the network went", "Pune", "4 years later")
    assert [north.read(kind, key) for kind, key in ((Patient, gone), (PatientConsent, kept[0]), (PatientIdentifier, kept[1]))] == [None] * 3
    assert [one.entity_id for one in all_rows(north.db, SyncConflict, SyncConflict.kind == ConflictKind.DELETED)] == [kept[0]]
    assert north.read(Prescription, signed).status == north.read(Prescription, issued).status
    houses.agree(but="is missing from its series")  # no command takes a patient away
    assert main.read(Patient, registered) is not None
    asked = len(way.asked)
    runner.once()
    assert "rows" not in way.asked[asked:]


class Telling(Direct):
    """Remembers what was asked."""

    asked: list[str]

    def __init__(self, central: Database, site: Database) -> None:
        super().__init__(central, site)
        self.asked = []

    def ask(self, verb: str, body: bytes) -> bytes:
        self.asked.append(verb)
        return super().ask(verb, body)


def with_papers(house: House, patient_id: UUID) -> tuple[UUID, UUID]:
    """A consent and a number of a patient."""
    with house.db.write(house.room.world.system()) as tx:
        tx.command = "test.papers"
        signed = {"type": ConsentType.TREATMENT, "template_version": "1", "signed_at": tx.now, "witness": "A. Rao"}
        consent = tx.add(PatientConsent(patient_id=patient_id, **signed))
        number = tx.add(PatientIdentifier(patient_id=patient_id, system="old register", value="4711"))
    return consent.id, number.id


def forget(house: House, patient_id: UUID, papers: tuple[UUID, UUID]) -> None:
    """All of it again."""
    for kind, key in ((PatientConsent, papers[0]), (PatientIdentifier, papers[1]), (Patient, patient_id)):
        with house.db.write(house.room.world.system()) as tx:
            tx.command = "test.forget"
            tx.session.delete(tx.session.get_one(kind, key))


@ON_FILES
def test_42_a_file_moves_to_a_server_with_its_outbox_and_its_numbers(houses: Houses) -> None:
    main, north, file = houses.main, houses.north, houses.main.db
    known = main.register("Asha")
    houses.chain.settle()
    north.write(Patient, known, city="Pune")
    houses.chain.sync("NORTH")
    main.write(Patient, known, remarks="not sent yet")
    unsent = main.register("Usha")
    before = standing(file).unsent
    assert before == 2

    server = bare("postgres", houses.folder)
    server.clock = file.clock
    with dying(server), pytest.raises(Trouble):
        move(file, server, Actor.system("move"))
    nisha = main.register("Nisha")  # it did not come to anything: work goes on here
    moved = move(file, server, Actor.system("move"))
    assert move(file, server, Actor.system("move")) == moved, "asked for again it finds everything done"
    with pytest.raises(DatabaseUnavailable) as refused:
        main.register("Uma")
    assert refused.value.params["reason"] == "moved"
    assert refused.value.params["to"].endswith(f"/{server.address.url.database}")
    with pytest.raises(DatabaseUnavailable):
        refuse_moved(file)

    houses.replace(main, server)
    assert standing(server).unsent >= before
    uma = main.register("Uma")
    numbers = [main.read(Patient, key).patient_number for key in (known, unsent, nisha, uma)]
    assert numbers == [f"PAT-2026-{number:05}" for number in (1, 2, 3, 4)]
    houses.agree()
    assert [north.read(Patient, key).patient_number for key in (known, unsent, nisha, uma)] == numbers
    assert (north.read(Patient, known).remarks, main.read(Patient, known).city) == ("not sent yet", "Pune")
    houses.replace(main, file)
    with pytest.raises(Refused) as left:
        Site(file, Direct(houses.central, file)).round()
    assert left.value.reason == "superseded"
    drop(file)
    houses.replace(main, server)


@ON_FILES
def test_what_central_set_aside_stays_where_it_was_made(houses: Houses) -> None:
    north = houses.north
    with north.db.write(north.room.world.system()) as tx:
        tx.command = "sync.forged"
        made = tx.add(Specialty(name="Sorcery", is_active=True))
    houses.north.register("Asha")
    houses.chain.settle()
    assert len(waiting(houses.central)) == 1
    assert compare(houses.chain.sites["NORTH"]).is_proof
    assert north.read(Specialty, made.id) is not None
    peer(houses, north, keeps_shared_data=True)
    assert retry(houses.central, waiting(houses.central)[0].id)
    houses.agree()


@ON_FILES
def test_11_what_waits_here_goes_in_by_itself_as_it_is_by_then(houses: Houses) -> None:
    """Its parent is missing here, by a disk that fails; a comparison brings that."""
    main, north = houses.main, houses.north
    patient_id = main.register("Asha")
    houses.chain.settle()
    lose(north, patient_id)
    consent_id, number_id = with_papers(main, patient_id)
    houses.chain.settle()
    withdrawn = main.db.clock()
    main.write(PatientConsent, consent_id, withdrawn_at=withdrawn)
    houses.chain.settle()
    assert [one.reason for one in waiting(north.db)] == ["parent_missing"]
    runner = Runner(north.db, Direct(houses.central, north.db))
    runner.once()  # proves, and finds that the patient is missing
    runner.once()
    assert runner.phase.parked == 0
    assert waiting(north.db) == []
    assert north.read(PatientConsent, consent_id).withdrawn_at == withdrawn
    assert north.read(PatientIdentifier, number_id) is not None
    houses.agree()


def lose(house: House, patient_id: UUID) -> None:
    """A page of the disk is gone."""
    with house.db.engine.execution_options(clinic_write=True).connect() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'patients'").all():
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        connection.execute(delete(Patient).where(Patient.id == patient_id))
        connection.commit()
    house.db.engine.dispose()


def set_aside(
    database: Database, patient_id: UUID, clock: FrozenClock, origin: Origin | None = None, *, site_id: UUID | None = None
) -> None:
    """An edit of a patient by a site, or by another one, waits for a person."""
    told = msgspec.json.encode({"phone": [None, "9822012345"]}).decode()
    row = WireRow("patients", str(patient_id), UPDATE, told)
    change = WireChange(7, 6, 7, bytes(32), clock.now, None, "x", None, "patients.edit_patient", None, [row], origin=origin)
    with writing(database) as tx:
        parking.park(tx, site_id or new_id(), new_id(), [(change, Park("refused_by_database"))])


@ON_FILES
def test_what_waits_forgets_who_was_erased(houses: Houses, clock: FrozenClock) -> None:
    """At the site and at central, where others' edits of the same person had been set aside: they hold up nobody's erasure."""
    main, central = houses.main, houses.central
    patient_id = main.register("Asha")
    houses.chain.settle()
    set_aside(main.db, patient_id, clock, origin=Origin(new_id(), new_id(), 7, 7, bytes(32)))
    set_aside(central, patient_id, clock)
    main.write(Patient, patient_id, erased_at=clock.now, first_name="Erased on request", last_name=None, date_of_birth=None)
    Runner(main.db, Direct(central, main.db)).once()
    for database in (main.db, central):
        (parked,) = all_rows(database, SyncParked)
        assert (parked.resolution, parked.body) == ("discarded", b"")


@ON_FILES
def test_an_erasure_that_had_to_wait_is_forgotten_by_what_waits_as_well(houses: Houses, clock: FrozenClock) -> None:
    main, central = houses.main, houses.central
    patient_id = main.register("Asha")
    houses.chain.settle()
    set_aside(central, patient_id, clock, site_id=caller(main.db).site_id)
    set_aside(central, patient_id, clock)
    main.write(Patient, patient_id, erased_at=clock.now, first_name="Erased on request", last_name=None, date_of_birth=None)
    Runner(main.db, Direct(central, main.db)).once()
    first, second, erasure = all_rows(central, SyncParked)
    assert erasure.reason == "depends"
    assert second.resolved_at is None
    with writing(central) as tx:
        parking.discard(tx, parked_id=first.id)
    assert retry(central, erasure.id)
    assert [(one.resolution, one.body) for one in all_rows(central, SyncParked)][1] == ("discarded", b"")
