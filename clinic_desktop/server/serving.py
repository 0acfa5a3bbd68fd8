"""What one worker process has open while it serves."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import UUID

import msgspec

from clinic_desktop.clinic.departments import load_departments
from clinic_desktop.kernel.db import Database, Tx
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.key_secrets import DataKey, WrongPassphrase
from clinic_desktop.server.admission import Admission, Limits
from clinic_desktop.server.figures import Figures
from clinic_desktop.server.folder import database_id_of, identity_of
from clinic_desktop.server.lan import open_database, read_service
from clinic_desktop.sync.enrolment import doorkeeper, own_key
from clinic_desktop.sync.peers import SyncPeer

log = logging.getLogger("clinic_desktop.server")
_HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Spec:
    """All that a worker process needs to begin; it travels through a pipe of the same program."""

    folder: Path
    url: str
    data_key: bytes = field(repr=False)
    pin: bytes | None
    limits: Limits
    is_lan: bool = False
    """Beside a clinic's own server, for the copies on its computers."""


@dataclass(slots=True)
class Serving:
    """One worker process's database, keys, lanes and figures."""

    spec: Spec
    database: Database
    central_id: UUID
    codes_key: bytes = field(repr=False)
    tokens_key: bytes = field(repr=False)
    admission: Admission
    figures: Figures
    is_stopping: bool = False
    _notes: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="central-notes"))
    _remembered: dict[tuple[UUID, str], float] = field(default_factory=dict)

    @classmethod
    def begin(cls, spec: Spec) -> Serving:
        """Open the database; raises what opening it raises."""
        load_departments()
        database = _opened(spec)
        codes, tokens = own_key(database, "codes"), own_key(database, "tokens")
        central_id = database_id_of(database) if spec.is_lan else identity_of(database)
        return cls(spec, database, central_id, codes, tokens, Admission(spec.limits), Figures())

    def take_keys(self) -> None:
        """Go on with what the present data key derives: it was replaced meanwhile."""
        self.codes_key, self.tokens_key = own_key(self.database, "codes"), own_key(self.database, "tokens")

    def remember_refusal(self, site_id: UUID, code: str, verb: str) -> None:
        """Note in the journal that a site was refused: once an hour for each reason, however often it comes."""
        now = monotonic()
        if now - self._remembered.get((site_id, code), -_HOUR) >= _HOUR:
            self._remembered[site_id, code] = now
            self._notes.submit(self._note_refusal, site_id, code, verb)

    def _note_refusal(self, site_id: UUID, code: str, verb: str) -> None:
        def note(tx: Tx) -> None:
            if tx.session.get(SyncPeer, site_id) is not None:  # of no site that was never here: anybody may say any id
                tx.command = "sync.refuse_site"
                tx.note("site_refused", "sites", site_id, code=code, verb=verb)

        try:
            self.database.run(doorkeeper(), note)
        except ClinicError:
            log.exception("a refusal could not be noted")

    def end(self) -> None:
        """Let what is running end, and close the database."""
        self.is_stopping = True
        self.admission.close()
        self._notes.shutdown(wait=True)
        self.database.close()


def _opened(spec: Spec) -> Database:
    try:
        return Database.open(spec.url, secret=DataKey(spec.data_key))
    except WrongPassphrase:
        if not spec.is_lan:
            raise
        # The data key was replaced since the service began: a worker process that begins later goes by the service's own slot.
        return open_database(read_service(spec.folder))


def tell(event: str, /, **details: Any) -> None:
    """One structured line of the log: codes, ids and numbers, never a name, a secret or what a person typed."""
    log.info("%s", event, extra={"told": {"event": event, **details}})


class AsJson(logging.Formatter):
    """Each record as one JSON object on one line."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        line: dict[str, Any] = {"at": datetime.fromtimestamp(record.created, UTC), "level": record.levelname.lower(), "from": record.name}
        line |= getattr(record, "told", None) or {"event": "message", "text": record.getMessage()}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return msgspec.json.encode(line, enc_hook=str).decode()


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": AsJson}},
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stderr"}},
    "loggers": {
        name: {"handlers": ["out"], "level": level, "propagate": False}
        for name, level in {"uvicorn": "WARNING", "clinic_desktop": "INFO"}.items()
    },
}
