"""Writing an export where the operator says: a plain ZIP with everything, or one paper that asks for a password."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile

from clinic_desktop.clinic.privacy.belongings import StoredFile
from clinic_desktop.clinic.privacy.commands import EXPORT, record_export_done
from clinic_desktop.clinic.privacy.rules import ExportWay
from clinic_desktop.documents.compose.patient_export import PatientExport, patient_export
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.durable import write_durably
from clinic_desktop.kernel.i18n import Language
from clinic_desktop.kernel.security import Actor
from clinic_desktop.kernel.store import Store, store_of

_STRANGE = re.compile(r"[^\w.\- ]+")
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: nothing that is taken for something else
_GROUPS, _GROUP = 4, 4


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was written; ``password`` is shown once and kept nowhere."""

    path: Path
    rows: int
    files: int
    missing: tuple[str, ...]
    password: str | None


def new_password() -> str:
    """Eighty random bits in groups that a person can type."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))


def write_export(
    db: Database,
    actor: Actor,
    *,
    request_id: UUID,
    path: Path,
    way: ExportWay,
    language: Language,
    progress: Callable[[int, int, str], None] = lambda _done, _total, _label: None,
) -> Written:
    """Write all of a patient's data to ``path``, then note it; raises what ``progress`` raises, with nothing written."""
    actor.require(EXPORT, record_export_done.name)
    password = new_password() if way is ExportWay.SEALED_PDF else None
    progress(0, 0, "read")
    with db.read(actor) as session:
        made = patient_export(session, language=language, now=db.clock(), request_id=request_id, password=password)
    missing: tuple[str, ...] = ()
    if way is ExportWay.ZIP:
        content, missing = _zipped(made, store_of(db), progress)
    else:
        content = made.pdf
    progress(1, 1, "write")
    write_durably(path, content)
    count = len(made.owned.files) - len(missing) if way is ExportWay.ZIP else 0
    db.run(actor, record_export_done, request_id=request_id, rows=made.owned.count, files=count, way=way.value)
    return Written(path, made.owned.count, count, missing, password)


def _zipped(made: PatientExport, store: Store, progress: Callable[[int, int, str], None]) -> tuple[bytes, tuple[str, ...]]:
    body, missing = BytesIO(), list[str]()
    with ZipFile(body, "w", ZIP_DEFLATED) as archive:
        archive.writestr(f"{made.number}.pdf", made.pdf)
        archive.writestr(f"{made.number}.json", made.json)
        for number, one in enumerate(made.owned.files, 1):
            progress(number, len(made.owned.files), "files")
            if store.has(one.sha256):
                archive.writestr(f"files/{number:03d} {safe_name(one)}", store.get(one.sha256))
            else:
                missing.append(one.name)
    return body.getvalue(), tuple(missing)


def safe_name(file: StoredFile) -> str:
    """A file's name without anything that a folder could mean."""
    name = _STRANGE.sub("_", file.name.replace("\\", "/").rsplit("/", 1)[-1]).strip(" .")
    return name[-120:] or "file"
