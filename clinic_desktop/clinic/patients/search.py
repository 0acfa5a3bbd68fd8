"""The search index over patients, for each engine: trigrams and whole words in SQLite's FTS5, trigrams in Postgres' pg_trgm."""

from __future__ import annotations

from clinic_desktop.clinic.patients.name_words import drop_name_words_ddl, name_words_ddl
from clinic_desktop.clinic.patients.rules import SEARCH_KEY_BITS

FIRST = 1 << (SEARCH_KEY_BITS - 6)
"""One patient in 64 has a key below this."""
_SQLITE = (
    # External content: the text stays in ``patients``; search_key is a row id that VACUUM does not move.
    "CREATE VIRTUAL TABLE patient_search USING fts5("
    "search_text, content='patients', content_rowid='search_key', columnsize=0, tokenize='trigram case_sensitive 1')",
    """CREATE TRIGGER patient_search_insert AFTER INSERT ON patients BEGIN
  INSERT INTO patient_search(rowid, search_text) VALUES (new.search_key, new.search_text);
END""",
    """CREATE TRIGGER patient_search_delete AFTER DELETE ON patients BEGIN
  INSERT INTO patient_search(patient_search, rowid, search_text) VALUES ('delete', old.search_key, old.search_text);
END""",
    """CREATE TRIGGER patient_search_update AFTER UPDATE OF search_text, search_key ON patients
WHEN old.search_text <> new.search_text OR old.search_key <> new.search_key BEGIN
  INSERT INTO patient_search(patient_search, rowid, search_text) VALUES ('delete', old.search_key, old.search_text);
  INSERT INTO patient_search(rowid, search_text) VALUES (new.search_key, new.search_text);
END""",
    "INSERT INTO patient_search(patient_search) VALUES ('rebuild')",
    # Common whole words together are many times faster asked of words than of their trigrams. Blanks alone part words.
    "CREATE VIRTUAL TABLE patient_search_words USING fts5("
    "search_text, content='patients', content_rowid='search_key', columnsize=0, detail=none, tokenize='ascii')",
    """CREATE TRIGGER patient_search_words_insert AFTER INSERT ON patients BEGIN
  INSERT INTO patient_search_words(rowid, search_text) VALUES (new.search_key, new.search_text);
END""",
    """CREATE TRIGGER patient_search_words_delete AFTER DELETE ON patients BEGIN
  INSERT INTO patient_search_words(patient_search_words, rowid, search_text) VALUES ('delete', old.search_key, old.search_text);
END""",
    """CREATE TRIGGER patient_search_words_update AFTER UPDATE OF search_text, search_key ON patients
WHEN old.search_text <> new.search_text OR old.search_key <> new.search_key BEGIN
  INSERT INTO patient_search_words(patient_search_words, rowid, search_text) VALUES ('delete', old.search_key, old.search_text);
  INSERT INTO patient_search_words(rowid, search_text) VALUES (new.search_key, new.search_text);
END""",
    "INSERT INTO patient_search_words(patient_search_words) VALUES ('rebuild')",
)
_SQLITE_DROP = (
    "DROP TRIGGER IF EXISTS patient_search_words_update",
    "DROP TRIGGER IF EXISTS patient_search_words_delete",
    "DROP TRIGGER IF EXISTS patient_search_words_insert",
    "DROP TABLE IF EXISTS patient_search_words",
    "DROP TRIGGER IF EXISTS patient_search_update",
    "DROP TRIGGER IF EXISTS patient_search_delete",
    "DROP TRIGGER IF EXISTS patient_search_insert",
    "DROP TABLE IF EXISTS patient_search",
)
_POSTGRES = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    # Without fast update a search never has to walk a list of pending entries.
    "CREATE INDEX ix_patients_search ON patients USING gin (search_text gin_trgm_ops) WITH (fastupdate = off)",
    # What many match is answered by the first of them in the order of the keys, as on SQLite, without reading and sorting all.
    "CREATE INDEX ix_patients_search_first ON patients USING gin (search_text gin_trgm_ops) WITH (fastupdate = off)"
    f" WHERE search_key < {FIRST}",
)
# The extension stays: other parts of a shared database may use it.
_POSTGRES_DROP = ("DROP INDEX IF EXISTS ix_patients_search_first", "DROP INDEX IF EXISTS ix_patients_search")


def search_ddl(dialect_name: str) -> list[str]:
    """Statements that build the search index over the patients that are there; run after ``patients`` exists."""
    return [*(_POSTGRES if dialect_name == "postgresql" else _SQLITE), *name_words_ddl(dialect_name)]


def drop_search_ddl(dialect_name: str) -> list[str]:
    """Statements that take the search index away; run before ``patients`` is dropped."""
    return [*drop_name_words_ddl(dialect_name), *(_POSTGRES_DROP if dialect_name == "postgresql" else _SQLITE_DROP)]
