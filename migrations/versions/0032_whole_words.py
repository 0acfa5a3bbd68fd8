"""SQLite keeps an index of whole words beside the trigrams: names of several common words, one of them misspelt, are found at once."""

from __future__ import annotations

from clinic_desktop.kernel.revision_steps import dialect, run

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

WORDS = (
    "CREATE VIRTUAL TABLE patient_search_words USING fts5("
    "search_text, content='patients', content_rowid='search_key', columnsize=0, detail=none, tokenize='ascii')",
    """
CREATE TRIGGER patient_search_words_insert AFTER INSERT ON patients BEGIN
  INSERT INTO patient_search_words(rowid, search_text) VALUES (new.search_key, new.search_text);
END
""",
    """
CREATE TRIGGER patient_search_words_delete AFTER DELETE ON patients BEGIN
  INSERT INTO patient_search_words(patient_search_words, rowid, search_text) VALUES ('delete', old.search_key, old.search_text);
END
""",
    """
CREATE TRIGGER patient_search_words_update AFTER UPDATE OF search_text, search_key ON patients
WHEN old.search_text <> new.search_text OR old.search_key <> new.search_key BEGIN
  INSERT INTO patient_search_words(patient_search_words, rowid, search_text) VALUES ('delete', old.search_key, old.search_text);
  INSERT INTO patient_search_words(rowid, search_text) VALUES (new.search_key, new.search_text);
END
""",
    "INSERT INTO patient_search_words(patient_search_words) VALUES ('rebuild')",
)
NO_WORDS = (
    "DROP TRIGGER IF EXISTS patient_search_words_update",
    "DROP TRIGGER IF EXISTS patient_search_words_delete",
    "DROP TRIGGER IF EXISTS patient_search_words_insert",
    "DROP TABLE IF EXISTS patient_search_words",
)


def upgrade() -> None:
    if dialect() == "sqlite":
        run(WORDS)


def downgrade() -> None:
    if dialect() == "sqlite":
        run(NO_WORDS)
