"""The search index over patients, for each engine: trigrams and whole words in SQLite's FTS5, trigrams in Postgres' pg_trgm."""

from __future__ import annotations

from clinic_desktop.clinic.patients.name_words import drop_name_words_ddl, name_words_ddl
from clinic_desktop.clinic.patients.rules import SEARCH_KEY_BITS

FIRST = 1 << (SEARCH_KEY_BITS - 6)
"""One patient in 64 has a key below this."""
_TRIGRAMS, _WORDS = "patient_search", "patient_search_words"


def _kept(index: str, options: str) -> tuple[str, ...]:
    """A full-text index over what is searched for, and the triggers that keep it."""
    add = f"INSERT INTO {index}(rowid, search_text) VALUES (new.search_key, new.search_text);"
    take_out = f"INSERT INTO {index}({index}, rowid, search_text) VALUES ('delete', old.search_key, old.search_text);"
    return (
        # External content: the text stays in ``patients``; search_key is a row id that VACUUM does not move.
        f"CREATE VIRTUAL TABLE {index} USING fts5(search_text, content='patients', content_rowid='search_key', columnsize=0, {options})",
        f"CREATE TRIGGER {index}_insert AFTER INSERT ON patients BEGIN\n  {add}\nEND",
        f"CREATE TRIGGER {index}_delete AFTER DELETE ON patients BEGIN\n  {take_out}\nEND",
        f"CREATE TRIGGER {index}_update AFTER UPDATE OF search_text, search_key ON patients\n"
        f"WHEN old.search_text <> new.search_text OR old.search_key <> new.search_key BEGIN\n  {take_out}\n  {add}\nEND",
        f"INSERT INTO {index}({index}) VALUES ('rebuild')",
    )


def _dropped(index: str) -> tuple[str, ...]:
    triggers = (f"DROP TRIGGER IF EXISTS {index}_{when}" for when in ("update", "delete", "insert"))
    return (*triggers, f"DROP TABLE IF EXISTS {index}")


_SQLITE = (
    *_kept(_TRIGRAMS, "tokenize='trigram case_sensitive 1'"),
    # Common whole words together are many times faster asked of words than of their trigrams. Blanks alone part words.
    *_kept(_WORDS, "detail=none, tokenize='ascii'"),
)
_SQLITE_DROP = (*_dropped(_WORDS), *_dropped(_TRIGRAMS))
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
