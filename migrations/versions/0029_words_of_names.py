"""A word of names is forgotten when nobody is called so any more, though a merged record's survivor is still found by it."""

from __future__ import annotations

from clinic_desktop.kernel.revision_steps import dialect, run

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

NO_FORGETTING = {
    "sqlite": ("DROP TRIGGER IF EXISTS patients_name_words_update", "DROP TRIGGER IF EXISTS patients_name_words_delete"),
    "postgresql": (),
}
BY_NAMES = {
    "sqlite": (
        """
CREATE TRIGGER patients_name_words_update AFTER UPDATE OF sounds ON patients WHEN old.sounds <> new.sounds BEGIN
  INSERT INTO name_words (word, sound) SELECT key, value FROM json_each(new.sounds) WHERE true ON CONFLICT DO NOTHING;
  DELETE FROM name_words WHERE word IN (SELECT key FROM json_each(old.sounds)) AND word NOT IN (SELECT key FROM json_each(new.sounds))
  AND NOT EXISTS (
    SELECT 1 FROM patient_search('"  ' || name_words.word || '  "') s JOIN patients p ON p.search_key = s.rowid
    JOIN json_each(p.sounds) k ON k.key = name_words.word WHERE s.rowid <> new.search_key);
END
""",
        """
CREATE TRIGGER patients_name_words_delete AFTER DELETE ON patients BEGIN
  DELETE FROM name_words WHERE word IN (SELECT key FROM json_each(old.sounds)) AND NOT EXISTS (
    SELECT 1 FROM patient_search('"  ' || name_words.word || '  "') s JOIN patients p ON p.search_key = s.rowid
    JOIN json_each(p.sounds) k ON k.key = name_words.word WHERE s.rowid <> old.search_key);
END
""",
    ),
    "postgresql": (
        """
CREATE OR REPLACE FUNCTION relearn_name_words() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
  IF NOT EXISTS (SELECT FROM written n JOIN before o ON o.id = n.id WHERE o.sounds <> n.sounds) THEN RETURN NULL; END IF;
  WITH heard AS (SELECT s.key AS word, min(s.value) AS sound FROM written p CROSS JOIN LATERAL jsonb_each_text(p.sounds::jsonb) s GROUP BY s.key), added AS (INSERT INTO name_words (word, sound) SELECT word, sound FROM heard ORDER BY word ON CONFLICT DO NOTHING RETURNING word)
  INSERT INTO name_word_keys (key, word)
  SELECT DISTINCT left(w.start, n - 1) || substr(w.start, n + 1), a.word FROM added a
  CROSS JOIN LATERAL (SELECT left(a.word, 5) AS start) w CROSS JOIN generate_series(1, 6) n
  WHERE length(a.word) >= 3 AND n <= length(w.start) + 1;
  WITH left_over AS (SELECT w.key AS word FROM before o CROSS JOIN LATERAL jsonb_each_text(o.sounds::jsonb) w
    EXCEPT SELECT w.key FROM written n CROSS JOIN LATERAL jsonb_each_text(n.sounds::jsonb) w),
  gone AS (DELETE FROM name_words w USING left_over l WHERE w.word = l.word
    AND NOT EXISTS (SELECT FROM patients p WHERE p.search_text LIKE chr(37) || '  ' || l.word || '  ' || chr(37)
      AND jsonb_exists(p.sounds::jsonb, l.word)) RETURNING w.word)
  DELETE FROM name_word_keys k USING gone g WHERE k.word = g.word;
  RETURN NULL; END $$
""",
        """
CREATE OR REPLACE FUNCTION forget_name_words() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
  WITH left_over AS (SELECT DISTINCT w.key AS word FROM before o CROSS JOIN LATERAL jsonb_each_text(o.sounds::jsonb) w),
  gone AS (DELETE FROM name_words w USING left_over l WHERE w.word = l.word
    AND NOT EXISTS (SELECT FROM patients p WHERE p.search_text LIKE chr(37) || '  ' || l.word || '  ' || chr(37)
      AND jsonb_exists(p.sounds::jsonb, l.word)) RETURNING w.word)
  DELETE FROM name_word_keys k USING gone g WHERE k.word = g.word;
  RETURN NULL; END $$
""",
    ),
}
"""Whoever is found by a word is asked whether it is a name of theirs."""
BY_SEARCH = {
    "sqlite": (
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
    ),
    "postgresql": (
        """
CREATE OR REPLACE FUNCTION relearn_name_words() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
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
CREATE OR REPLACE FUNCTION forget_name_words() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
  WITH left_over AS (SELECT DISTINCT w.key AS word FROM before o CROSS JOIN LATERAL jsonb_each_text(o.sounds::jsonb) w),
  gone AS (DELETE FROM name_words w USING left_over l WHERE w.word = l.word
    AND NOT EXISTS (SELECT FROM patients p WHERE p.search_text LIKE chr(37) || '  ' || l.word || '  ' || chr(37)) RETURNING w.word)
  DELETE FROM name_word_keys k USING gone g WHERE k.word = g.word;
  RETURN NULL; END $$
""",
    ),
}
"""Whoever is found by a word keeps it."""
NOBODYS = {
    "sqlite": ("DELETE FROM name_words WHERE word NOT IN (SELECT s.key FROM patients p, json_each(p.sounds) s)",),
    "postgresql": (
        """
WITH gone AS (DELETE FROM name_words w WHERE NOT EXISTS (
    SELECT FROM patients p CROSS JOIN LATERAL jsonb_object_keys(p.sounds::jsonb) k WHERE k = w.word) RETURNING w.word)
  DELETE FROM name_word_keys k USING gone g WHERE k.word = g.word
""",
    ),
}
"""Words that stayed because a merged record had them."""


def upgrade() -> None:
    for each in (NO_FORGETTING, BY_NAMES, NOBODYS):
        run(each[dialect()])


def downgrade() -> None:
    for each in (NO_FORGETTING, BY_SEARCH):
        run(each[dialect()])
