"""Misspelt names are found: the sounds of each name, and every word of a name once with what small mistakes make of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from clinic_desktop.clinic.patients.names import name_key, search_text, sounds
from clinic_desktop.kernel.revision_steps import dialect, run

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

LEARNING = {
    "sqlite": (
        """
CREATE TRIGGER name_words_keys AFTER INSERT ON name_words WHEN length(new.word) >= 3 BEGIN
  INSERT INTO name_word_keys (key, word) SELECT DISTINCT substr(w.start, 1, n.value - 1) || substr(w.start, n.value + 1), new.word
  FROM (SELECT substr(new.word, 1, 5) AS start) w, json_each('[1,2,3,4,5,6]') n WHERE n.value <= length(w.start) + 1;
END
""",
        """
CREATE TRIGGER name_words_gone AFTER DELETE ON name_words BEGIN
  DELETE FROM name_word_keys WHERE word = old.word AND key IN (SELECT substr(w.start, 1, n.value - 1) || substr(w.start, n.value + 1)
  FROM (SELECT substr(old.word, 1, 5) AS start) w, json_each('[1,2,3,4,5,6]') n);
END
""",
        """
CREATE TRIGGER patients_name_words_insert AFTER INSERT ON patients BEGIN
  INSERT INTO name_words (word, sound) SELECT key, value FROM json_each(new.sounds) WHERE true ON CONFLICT DO NOTHING;
END
""",
        """
CREATE TRIGGER patients_name_words_update AFTER UPDATE OF sounds ON patients WHEN old.sounds <> new.sounds BEGIN
  INSERT INTO name_words (word, sound) SELECT key, value FROM json_each(new.sounds) WHERE true ON CONFLICT DO NOTHING;
  DELETE FROM name_words WHERE word IN (SELECT key FROM json_each(old.sounds)) AND word NOT IN (SELECT key FROM json_each(new.sounds))
  AND NOT EXISTS (
    SELECT 1 FROM patient_search('"  ' || name_words.word || '  "') s WHERE s.rowid <> new.search_key);
END
""",
        """
CREATE TRIGGER patients_name_words_delete AFTER DELETE ON patients BEGIN
  DELETE FROM name_words WHERE word IN (SELECT key FROM json_each(old.sounds)) AND NOT EXISTS (
    SELECT 1 FROM patient_search('"  ' || name_words.word || '  "') s WHERE s.rowid <> old.search_key);
END
""",
        "INSERT INTO name_words (word, sound) SELECT s.key, min(s.value) FROM patients p, json_each(p.sounds) s WHERE true GROUP BY s.key ON CONFLICT DO NOTHING",
    ),
    "postgresql": (
        """
CREATE FUNCTION learn_name_words() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
  WITH heard AS (SELECT s.key AS word, min(s.value) AS sound FROM written p CROSS JOIN LATERAL jsonb_each_text(p.sounds::jsonb) s GROUP BY s.key), added AS (INSERT INTO name_words (word, sound) SELECT word, sound FROM heard ORDER BY word ON CONFLICT DO NOTHING RETURNING word)
  INSERT INTO name_word_keys (key, word)
  SELECT DISTINCT left(w.start, n - 1) || substr(w.start, n + 1), a.word FROM added a
  CROSS JOIN LATERAL (SELECT left(a.word, 5) AS start) w CROSS JOIN generate_series(1, 6) n
  WHERE length(a.word) >= 3 AND n <= length(w.start) + 1;
  RETURN NULL; END $$
""",
        """
CREATE FUNCTION relearn_name_words() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
  IF NOT EXISTS (SELECT FROM written n JOIN before o ON o.id = n.id WHERE o.sounds <> n.sounds) THEN RETURN NULL; END IF;
  WITH heard AS (SELECT s.key AS word, min(s.value) AS sound FROM written p CROSS JOIN LATERAL jsonb_each_text(p.sounds::jsonb) s GROUP BY s.key), added AS (INSERT INTO name_words (word, sound) SELECT word, sound FROM heard ORDER BY word ON CONFLICT DO NOTHING RETURNING word)
  INSERT INTO name_word_keys (key, word)
  SELECT DISTINCT left(w.start, n - 1) || substr(w.start, n + 1), a.word FROM added a
  CROSS JOIN LATERAL (SELECT left(a.word, 5) AS start) w CROSS JOIN generate_series(1, 6) n
  WHERE length(a.word) >= 3 AND n <= length(w.start) + 1;
  WITH left_over AS (SELECT w.key AS word FROM before o CROSS JOIN LATERAL jsonb_each_text(o.sounds::jsonb) w
    EXCEPT SELECT w.key FROM written n CROSS JOIN LATERAL jsonb_each_text(n.sounds::jsonb) w),
  gone AS (DELETE FROM name_words w USING left_over l WHERE w.word = l.word
    AND NOT EXISTS (SELECT FROM patients p WHERE p.search_text LIKE chr(37) || '  ' || l.word || '  ' || chr(37)) RETURNING w.word)
  DELETE FROM name_word_keys k USING gone g WHERE k.word = g.word;
  RETURN NULL; END $$
""",
        """
CREATE FUNCTION forget_name_words() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
  WITH left_over AS (SELECT DISTINCT w.key AS word FROM before o CROSS JOIN LATERAL jsonb_each_text(o.sounds::jsonb) w),
  gone AS (DELETE FROM name_words w USING left_over l WHERE w.word = l.word
    AND NOT EXISTS (SELECT FROM patients p WHERE p.search_text LIKE chr(37) || '  ' || l.word || '  ' || chr(37)) RETURNING w.word)
  DELETE FROM name_word_keys k USING gone g WHERE k.word = g.word;
  RETURN NULL; END $$
""",
        "CREATE TRIGGER patients_name_words_insert AFTER INSERT ON patients REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION learn_name_words()",
        "CREATE TRIGGER patients_name_words_update AFTER UPDATE ON patients REFERENCING OLD TABLE AS before NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION relearn_name_words()",
        "CREATE TRIGGER patients_name_words_delete AFTER DELETE ON patients REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION forget_name_words()",
        """
WITH heard AS (SELECT s.key AS word, min(s.value) AS sound FROM patients p CROSS JOIN LATERAL jsonb_each_text(p.sounds::jsonb) s GROUP BY s.key), added AS (INSERT INTO name_words (word, sound) SELECT word, sound FROM heard ORDER BY word ON CONFLICT DO NOTHING RETURNING word)
  INSERT INTO name_word_keys (key, word)
  SELECT DISTINCT left(w.start, n - 1) || substr(w.start, n + 1), a.word FROM added a
  CROSS JOIN LATERAL (SELECT left(a.word, 5) AS start) w CROSS JOIN generate_series(1, 6) n
  WHERE length(a.word) >= 3 AND n <= length(w.start) + 1
""",
        "CREATE INDEX ix_patients_search_first ON patients USING gin (search_text gin_trgm_ops) WITH (fastupdate = off) WHERE search_key < 72057594037927936",
    ),
}
"""What learns the words of the patients that are there, and of those to come."""

NO_LEARNING = {
    "sqlite": (
        "DROP TRIGGER IF EXISTS patients_name_words_delete",
        "DROP TRIGGER IF EXISTS patients_name_words_update",
        "DROP TRIGGER IF EXISTS patients_name_words_insert",
        "DROP TRIGGER IF EXISTS name_words_gone",
        "DROP TRIGGER IF EXISTS name_words_keys",
    ),
    "postgresql": (
        "DROP TRIGGER IF EXISTS patients_name_words_delete ON patients",
        "DROP TRIGGER IF EXISTS patients_name_words_update ON patients",
        "DROP TRIGGER IF EXISTS patients_name_words_insert ON patients",
        "DROP FUNCTION IF EXISTS forget_name_words()",
        "DROP FUNCTION IF EXISTS relearn_name_words()",
        "DROP FUNCTION IF EXISTS learn_name_words()",
        "DROP INDEX IF EXISTS ix_patients_search_first",
    ),
}
_AT_ONCE = 5_000


def upgrade() -> None:
    op.add_column("patients", sa.Column("sounds", sa.Text(), server_default="{}", nullable=False))
    ordered = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.create_table(
        "name_words",
        sa.Column("word", ordered, nullable=False),
        sa.Column("sound", ordered, nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_name_words")),
    )
    op.create_index("ix_name_words_sound", "name_words", ["sound", "word"])
    op.create_table(
        "name_word_keys",
        sa.Column("key", ordered, nullable=False),
        sa.Column("word", ordered, nullable=False),
        sa.PrimaryKeyConstraint("key", "word", name=op.f("pk_name_word_keys")),
    )
    _spell_out()
    _join_numbers()
    run(LEARNING[dialect()])


def _spell_out() -> None:
    """The sounds follow from the name: once for each name that there is."""
    patients = sa.table("patients", sa.column("full_name"), sa.column("name_key"), sa.column("sounds"))
    names = list(op.get_bind().scalars(sa.select(patients.c.full_name).distinct()))
    derived = {"sounds": sa.bindparam("spoken"), "name_key": sa.bindparam("key")}  # Arabic names have another key now
    spoken = patients.update().where(patients.c.full_name == sa.bindparam("named")).values(derived)
    for start in range(0, len(names), _AT_ONCE):
        op.get_bind().execute(
            spoken, [{"named": name, "spoken": sounds(name), "key": name_key(name)} for name in names[start : start + _AT_ONCE]]
        )


def _join_numbers() -> None:
    """A national id that is written in groups is found in one piece, too."""
    named = ("id", "full_name", "patient_number", "phone", "phone_typed", "national_id", "search_text")
    patients = sa.table("patients", sa.column("id", sa.Uuid()), *(sa.column(name) for name in named[1:]))
    others = sa.table("patient_identifiers", sa.column("patient_id", sa.Uuid()), sa.column("value"))
    spaced = sa.or_(patients.c.national_id.like("% %"), patients.c.id.in_(sa.select(others.c.patient_id).where(others.c.value.like("% %"))))
    for row in op.get_bind().execute(sa.select(*(patients.c[name] for name in named)).where(spaced)).all():
        known = sorted(op.get_bind().scalars(sa.select(others.c.value).where(others.c.patient_id == row.id)))
        known += [row.national_id] if row.national_id else []
        words = search_text(row.full_name, row.patient_number, row.phone, row.phone_typed, known)
        op.get_bind().execute(patients.update().where(patients.c.id == row.id).values(search_text=words))


def downgrade() -> None:
    run(NO_LEARNING[dialect()])
    op.drop_table("name_word_keys")
    op.drop_index("ix_name_words_sound", "name_words")
    op.drop_table("name_words")
    op.drop_column("patients", "sounds")
