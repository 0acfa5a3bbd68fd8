"""Rows that every site makes by itself are the same rows everywhere, and what must differ between sites does."""

from __future__ import annotations

from sqlalchemy import select

from clinic_desktop.clinic.access.models import PermissionRecord, Role, RolePermission, UserRole
from clinic_desktop.clinic.organisation import commands as organisation
from clinic_desktop.clinic.organisation.models import Document, HospitalSetting
from clinic_desktop.clinic.patients import commands as patients
from clinic_desktop.clinic.patients.cards import new_seed, public_key, verify_card
from clinic_desktop.clinic.patients.models import CardSigningKey
from clinic_desktop.clinic.patients.queries import card_public_keys
from clinic_desktop.kernel.ids import id_of, new_id
from tests.clinic.patients.desk import register
from tests.clinic.world import World


def test_what_every_database_makes_has_the_same_id_everywhere(world: World) -> None:
    digest = "ab" * 32
    world.db.run(world.system(), organisation.set_setting, key="queue.skip_behind", value=4)
    world.db.run(world.system(), organisation.set_setting, key="queue.skip_behind", value=5, clinic_id=world.clinic_id)
    world.db.run(world.system(), organisation.set_logo, sha256=digest, size_bytes=10)
    with world.db.read() as session:
        assert all(one.id == id_of("permissions", one.code) for one in session.scalars(select(PermissionRecord)))
        assert all(one.id == id_of("roles", one.code) for one in session.scalars(select(Role).where(Role.is_default)))
        held = session.scalars(select(RolePermission)).all()
        assert held
        assert all(one.id == id_of("role_permissions", one.role_id, one.permission_id) for one in held)
        assert all(one.id == id_of("user_roles", one.user_id, one.role_id) for one in session.scalars(select(UserRole)))
        assert {one.id for one in session.scalars(select(HospitalSetting).where(HospitalSetting.key == "queue.skip_behind"))} == {
            id_of("hospital_settings", place, "queue.skip_behind") for place in (world.hospital_id, world.clinic_id)
        }
        assert session.scalars(select(Document.id)).one() == id_of("documents", digest)


def test_each_site_signs_cards_with_a_key_of_its_own_and_knows_the_others(world: World) -> None:
    """Another site's key came without what signs."""
    elsewhere = new_seed()
    with world.db.write(world.system()) as tx:
        tx.command = "sync.pull"
        tx.add(CardSigningKey(key_number=7, seed=None, public_key=public_key(elsewhere)))
    asha = register(world)
    reception = world.actor("receptionist")
    card = world.db.run(reception, patients.issue_id_card, key=new_id(), clinic_id=world.clinic_id, patient_id=asha.id)
    with world.db.read() as session:
        keys = card_public_keys(session)
    assert len(keys) == 2
    assert verify_card(card.qr_payload, keys).key_number not in (1, 7)
