"""Short ways to fill a patient's folder."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from clinic_desktop.clinic.patients import commands, queries
from clinic_desktop.clinic.patients.commands.documents import Description
from clinic_desktop.clinic.patients.filing import attach_file, sign
from clinic_desktop.clinic.patients.queries import DocumentRow, TemplateRow
from clinic_desktop.clinic.patients.rules import AccessLevel, ConsentType, DocumentCategory
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.key_secrets import Passphrase
from tests.clinic.patients.hostile_files import picture
from tests.clinic.world import World

STROKES = [[(0.1 + step / 40, 0.1 + (step % 5) / 30) for step in range(20)]]
"""A hand that writes a name."""


def unlock(world: World) -> None:
    """A server keeps documents encrypted only."""
    if world.db.engine.dialect.name == "postgresql":
        world.db.vault.add(Passphrase("correct horse battery"))


def attach(
    world: World, patient_id: UUID, *, role: str = "receptionist", name: str = "scan.png", data: bytes | None = None, **said: Any
) -> UUID:
    """Attach a file, a picture unless it is said otherwise."""
    described = Description(**{"category": DocumentCategory.FORMS_DOCUMENTS, "access_level": AccessLevel.STAFF, **said})
    return attach_file(
        world.db, world.actor(role), patient_id=patient_id, name=name, data=data or picture(), described=described, key=new_id()
    )


def folder(world: World, patient_id: UUID, role: str = "receptionist", *, archived: bool = False) -> list[DocumentRow]:
    """What somebody of a role finds in a folder."""
    with world.db.read() as session:
        return queries.documents_of(session, patient_id=patient_id, actor=world.actor(role), now=world.db.clock(), archived=archived)


def texts(world: World) -> dict[tuple[ConsentType, str], TemplateRow]:
    """Put the drafts in; the texts that can be signed."""
    world.db.run(world.actor("admin"), commands.add_drafted_texts, clinic_id=world.clinic_id)
    with world.db.read() as session:
        found = queries.texts_in_use(session, today=world.db.clock().date())
    return {(one.type, one.language): one for one in found}


def signed(world: World, patient_id: UUID, text: TemplateRow, *, role: str = "receptionist", by_hand: bool = True, **more: Any) -> UUID:
    """Let a patient sign."""
    hand: dict[str, Any] = {"strokes": STROKES, "picture": picture(300, 100)} if by_hand else {"strokes": [], "picture": None}
    values = {"key": new_id(), "clinic_id": world.clinic_id, "patient_id": patient_id, "template_id": text.id, **more}
    return sign(world.db, world.actor(role), **hand, **values)
