"""Central, or a site, comes back from its last backup and the journal that was saved since: nothing is lost, nothing counted twice."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from clinic_desktop.clinic.patients.models import Patient, PatientIdentifier
from clinic_desktop.clinic.stock.models import Batch, Medicine
from clinic_desktop.kernel.backup.planning import plan_restore
from clinic_desktop.kernel.backup.restoring import restore
from clinic_desktop.kernel.backup.routine import back_up, save_journal
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.identity import accept_as_restored
from clinic_desktop.kernel.ids import id_of
from clinic_desktop.kernel.key_secrets import Passphrase
from clinic_desktop.kernel.security import Actor
from clinic_desktop.sync.comparing import Compared, compare
from clinic_desktop.sync.rounds import catch_up
from tests.databases import PASSPHRASE, copied, drop
from tests.sync.chain import Direct
from tests.sync.houses import House, Houses, all_rows, row_of, waiting


def saved(database: Database, folder: Path) -> None:
    """What a scheduled backup does between two whole ones; the first time it is a whole one."""
    if folder.exists():
        save_journal(database, folder, passphrase=PASSPHRASE)
    else:
        folder.mkdir()
        back_up(database, folder, reason="test", passphrase=PASSPHRASE)


def brought_back(houses: Houses, database: Database, folder: Path) -> Database:
    """The database of a backup folder on another machine, without a word from the one that is gone."""
    url = f"sqlite:///{houses.folder / 'restored.db'}"
    restore(plan_restore(folder, Passphrase(PASSPHRASE), database.clock()), url, Passphrase(PASSPHRASE), clock=database.clock)
    return Database.open(url, clock=database.clock)


def to_central(houses: Houses, database: Database) -> None:
    """From now on the houses meet another database at central's address."""
    houses.chain.central = database
    for site in houses.chain.sites.values():
        site.channel = Direct(database, site.database)


def go_on_from(houses: Houses, backup: Database) -> None:
    """Central's disk dies; it goes on from a backup."""
    accept_as_restored(backup, Actor.system())
    to_central(houses, backup)


def sold(house: House, quantity: int) -> None:
    """Some of the first medicine leaves the shelf of a house."""
    item_id = house.read(Medicine, next(iter(house.medicines.values()))).item_id
    house.room.shelf.issue(item_id, quantity)


def on_hand(database: Database) -> list[int]:
    return [one.quantity_on_hand for one in all_rows(database, Batch)]


def test_a_central_that_replayed_the_journal_takes_nothing_twice(houses: Houses, tmp_path: Path) -> None:
    main, north, folder = houses.main, houses.north, tmp_path / "backups"
    saved(houses.central, folder)
    sold(main, 5)
    patient_id = north.register("Asha")
    houses.chain.settle()
    saved(houses.central, folder)
    sold(main, 7)
    houses.chain.settle()
    expected = on_hand(main.db)

    lost = houses.central
    to_central(houses, brought_back(houses, lost, folder))
    houses.agree()
    assert on_hand(houses.central) == on_hand(main.db) == on_hand(north.db) == expected
    assert row_of(houses.central, Patient, patient_id) is not None
    drop(lost)


def test_a_site_that_replayed_the_journal_sends_nothing_of_others_as_its_own(houses: Houses, tmp_path: Path) -> None:
    main, north, folder = houses.main, houses.north, tmp_path / "backups"
    saved(north.db, folder)
    sold(north, 3)
    houses.chain.settle()
    sold(main, 5)
    houses.chain.settle()  # the last thing that north's journal holds is what main did
    saved(north.db, folder)
    expected = on_hand(main.db)

    lost = north.db
    houses.replace(north, brought_back(houses, lost, folder))
    houses.agree()
    assert on_hand(houses.central) == on_hand(main.db) == on_hand(north.db) == expected
    drop(lost)


def test_what_a_restored_central_lost_stays_with_those_who_read_it_until_it_is_sent_again(houses: Houses) -> None:
    """Its site may come back late, or never: then another one is the only place where it is."""
    main, north = houses.main, houses.north
    known = north.register("Asha")
    houses.chain.settle()
    backup = copied(houses.central, houses.folder)
    patient_id = north.register("Usha")
    north.write(Patient, known, city="Pune")
    houses.chain.settle()

    lost = houses.central
    go_on_from(houses, backup)
    main_site = houses.chain.sites["MAIN"]
    main.write(Patient, patient_id, city="Nashik")
    catch_up(main_site)
    assert [one.reason for one in waiting(backup)] == ["row_missing"]
    assert compare(main_site) == Compared(is_proof=True)
    assert (main.read(Patient, patient_id).first_name, main.read(Patient, known).city) == ("Usha", "Pune")

    houses.chain.sync("NORTH")
    catch_up(main_site)
    assert main_site.is_proof_due(timedelta(days=1))  # what is told again may have come out another way
    houses.agree()
    assert row_of(backup, Patient, patient_id).city == "Nashik"
    drop(lost)


def test_what_a_restored_central_made_itself_and_lost_is_gone_for_all(houses: Houses) -> None:
    main, central = houses.main, houses.central
    known = main.register("Asha")
    houses.chain.settle()
    backup = copied(central, houses.folder)
    with central.write(Actor.system()) as tx:
        tx.command = "test.edit"
        tx.session.get_one(Patient, known).city = "Pune"
    houses.chain.settle()
    assert main.read(Patient, known).city == "Pune"

    go_on_from(houses, backup)
    houses.chain.settle()
    for site in houses.chain.sites.values():
        compare(site)
    houses.agree()
    assert main.read(Patient, known).city is None
    drop(central)


def test_sites_that_send_again_what_a_restored_central_lost_never_wait_for_one_another(houses: Houses) -> None:
    main, north, other = houses.main, houses.north, id_of("patient_identifiers", "old", "8")
    patient_id = main.register("Asha")
    houses.chain.settle()
    backup, lost = copied(houses.central, houses.folder), houses.central
    with main.db.write(main.room.world.system()) as tx:
        tx.command = "test.identify"
        tx.add(PatientIdentifier(id=other, patient_id=patient_id, system="old", value="8"))
        tx.session.get_one(Patient, patient_id).remarks = "known elsewhere as 8"
    houses.chain.settle()
    with north.db.write(north.room.world.system()) as tx:
        tx.command = "test.identify"
        tx.session.delete(tx.session.get_one(PatientIdentifier, other))
        tx.session.get_one(Patient, patient_id).remarks = "not known elsewhere"
    houses.chain.settle()

    go_on_from(houses, backup)
    houses.chain.sync("NORTH")  # takes away a row that central has never seen, and touches the patient whom main touches to add it
    assert [one.reason for one in waiting(backup)] == ["row_missing"]
    houses.agree()
    assert all_rows(backup, PatientIdentifier) == []
    assert row_of(backup, Patient, patient_id).remarks == "not known elsewhere"
    drop(lost)
