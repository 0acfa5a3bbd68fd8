"""A signed consent and a file of the folder on paper: what was signed, in its own language, and nothing of a hostile page."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from clinic_desktop.clinic.patients import commands, queries
from clinic_desktop.clinic.patients.filing import opened, signature_of
from clinic_desktop.clinic.patients.rules import ConsentType, DocumentCategory
from clinic_desktop.documents import compose
from clinic_desktop.documents.compose import Composed, DocumentKind
from clinic_desktop.kernel.errors import InvalidInput
from tests.clinic.patients.folder import attach, signed, texts, unlock
from tests.clinic.patients.hostile_files import built_pdf, pdf, picture
from tests.documents.floor import Floor
from tests.documents.rendering import page_pictures, page_texts, stray_ink

TREATMENT = ConsentType.TREATMENT


def paper(floor: Floor, consent_id: object) -> Composed:
    """A consent as the screen has it printed."""
    with floor.world.db.read() as session:
        sha256 = queries.consent(session, consent_id).signature_sha256  # type: ignore[arg-type]
    signature = signature_of(floor.world.db, floor.world.actor("receptionist"), sha256=sha256)
    return floor.document(compose.signed_consent, consent_id=consent_id, clinic_id=floor.world.clinic_id, signature=signature)


def keep(document: Composed, name: str) -> None:
    """For whoever wants to look at it."""
    folder = os.environ.get("CLINIC_PICTURES")
    if folder:
        for number, page in enumerate(page_pictures(document.pdf, 90), start=1):
            page.save(Path(folder) / f"{name}-{number}.png")


@pytest.mark.parametrize("language", ["en", "ar", "hi"])
def test_a_consent_is_printed_in_the_language_of_its_text(floor: Floor, language: str) -> None:
    unlock(floor.world)
    text = texts(floor.world)[TREATMENT, language]
    patient = floor.register("Kiran", "Rao", date_of_birth=date(2019, 5, 1))
    made = paper(floor, signed(floor.world, patient.id, text, guardian="Meera Rao"))
    keep(made, f"consent-{language}")
    (page,) = page_texts(made.pdf)
    assert (made.kind, made.entity_type, made.is_reprint) == (DocumentKind.CONSENT, "patient_consents", False)
    for said in ("Kiran Rao", "Meera Rao", patient.patient_number, "Receptionist One"):
        assert said in page
    if language == "en":
        assert text.title in page
        assert "I may withdraw this consent at any time" in page
        assert "for the patient, as parent or guardian" in page
    (drawn,) = page_pictures(made.pdf, 60)
    assert stray_ink(drawn, 60, side=10, top=8, bottom=5) == []


def test_what_was_withdrawn_and_what_a_witness_attests_is_said(floor: Floor) -> None:
    unlock(floor.world)
    patient = floor.register("Asha", "Rao")
    key = signed(floor.world, patient.id, texts(floor.world)[TREATMENT, "en"], by_hand=False, witness="Nurse One")
    floor.run("receptionist", commands.withdraw_consent, clinic_id=floor.world.clinic_id, consent_id=key, reason="Moves away")
    made = paper(floor, key)
    keep(made, "consent-withdrawn")
    (page,) = page_texts(made.pdf)
    assert "Withdrawn on Mar 2, 2026: Moves away" in page
    assert "Not signed by hand: attested by the witness" in page
    assert "Nurse One" in page


def test_a_long_text_goes_over_pages_that_name_the_patient_and_an_empty_form_can_be_signed_on_paper(floor: Floor) -> None:
    unlock(floor.world)
    values = {"clinic_id": floor.world.clinic_id, "kind": ConsentType.RESEARCH, "language": "en", "title": "Study 7"}
    body = "\n".join(f"Paragraph {n}. " + "I agree to what is described here. " * 6 for n in range(40))
    template_id = floor.run("admin", commands.publish_consent_text, key=floor.world.clinic_id, body=body, **values)
    patient = floor.register("Asha", "Rao")
    with floor.world.db.read() as session:
        text = queries.consent_text(session, template_id)
    pages = page_texts(paper(floor, signed(floor.world, patient.id, text)).pdf)
    assert len(pages) > 1
    assert all(patient.patient_number in page for page in pages)
    assert "Paragraph 39." in pages[-1] + pages[-2]
    form = floor.document(compose.consent_preview, template_id=template_id, clinic_id=floor.world.clinic_id)
    assert "Place and day" in page_texts(form.pdf)[-1]


def test_a_file_is_printed_page_by_page_whatever_size_it_says_that_it_has(floor: Floor) -> None:
    unlock(floor.world)
    world, patient = floor.world, floor.register("Asha", "Rao")
    vast = built_pdf().replace(b"[0 0 200 200]", b"[0 0 99999 99]")
    files = {"huge.pdf": vast, "letter.pdf": pdf(2), "knee.png": picture(300, 200), "note.txt": "नमस्ते Haemoglobin\n12,4".encode()}
    for name, data in files.items():
        key = attach(world, patient.id, name=name, data=data, category=DocumentCategory.CORRESPONDENCE)
        found = opened(world.db, world.actor("receptionist"), document_id=key)
        made = floor.document(compose.folder_paper, row=found.row, data=found.data)
        keep(made, f"paper-{name}")
        pages = page_texts(made.pdf)
        assert len(pages) == (2 if name == "letter.pdf" else 1)
        assert all(patient.patient_number in page for page in pages)
        if name == "note.txt":
            assert "12,4" in pages[0]
    key = attach(world, patient.id, name="book.pdf", data=pdf(21))
    found = opened(world.db, world.actor("receptionist"), document_id=key)
    with pytest.raises(InvalidInput, match="too_long_to_print"):
        floor.document(compose.folder_paper, row=found.row, data=found.data)
