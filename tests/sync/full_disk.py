"""A disk that takes nothing more: of a file by its own limit, of a server by what it says at the commit."""

from __future__ import annotations

from sqlalchemy import event

from clinic_desktop.kernel.db import Database


class full:  # noqa: N801 - reads as what it says
    """A disk with no room for another page."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def __enter__(self) -> None:
        if self.database.address.file is None:
            self._run(_FULL)
        else:
            self._limit("(SELECT page_count FROM pragma_page_count)")

    def __exit__(self, *gone: object) -> None:
        if self.database.address.file is None:
            self._run("DROP FUNCTION no_room CASCADE")
        else:
            self._limit("1073741823")

    def _run(self, statements: str) -> None:
        with self.database.engine.execution_options(clinic_write=True).begin() as connection:
            connection.exec_driver_sql(statements)

    def _limit(self, pages: str) -> None:
        with self.database.engine.connect() as connection:
            most = connection.exec_driver_sql(f"SELECT {pages}").scalar_one()
        if pages.startswith("("):
            self._held = lambda raw, *_: raw.execute(f"PRAGMA max_page_count = {most}")
            event.listen(self.database.engine.pool, "checkout", self._held)
        else:
            event.remove(self.database.engine.pool, "checkout", self._held)
            event.listen(self.database.engine.pool, "checkout", lambda raw, *_: raw.execute(f"PRAGMA max_page_count = {most}"))


_FULL = """
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$;
CREATE CONSTRAINT TRIGGER no_room AFTER INSERT ON journal_origins DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION no_room();
"""
"""What a server says at the commit of whoever brings change sets; a disk of its own that is full: tests/faults/test_disk_full.py."""
