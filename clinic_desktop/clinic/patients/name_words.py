"""Every word of a patient's name once, by its sound and by what small mistakes make of it: where a misspelt word finds the right ones.

A word is forgotten when nobody is called so any more: the index tells who is found by it, and of those the names tell; whoever was
merged into somebody is found by a name that is not that one's own.

Triggers keep both tables as patients are written, whoever writes them (a command, a merge of sites, a copy, a restore): nothing else does.
They are no part of a backup or of sync, since every database makes them anew out of its own patients.
"""

from __future__ import annotations

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from clinic_desktop.kernel.tables import Base, ByteOrdered

BEGINNING = 5
"""Letters that the keys of a word are made of: a mistake behind them leaves the keys as they are."""
SHORTEST = 3
"""Letters of a word that has keys."""


class NameWord(Base):
    """A word that stands in somebody's name, and its sound (``names.sound``)."""

    __tablename__ = "name_words"
    __table_args__ = (Index("ix_name_words_sound", "sound", "word"), {"info": {"journalled": False}})

    word: Mapped[str] = mapped_column(ByteOrdered, primary_key=True)
    sound: Mapped[str] = mapped_column(ByteOrdered)


class NameWordKey(Base):
    """The beginning of a word, and the same without one of its letters: two words one mistake apart have a key in common."""

    __tablename__ = "name_word_keys"
    __table_args__ = ({"info": {"journalled": False}},)

    key: Mapped[str] = mapped_column(ByteOrdered, primary_key=True)
    word: Mapped[str] = mapped_column(ByteOrdered, primary_key=True)


def keys_of(word: str) -> set[str]:
    """The keys of a word, as the triggers make them."""
    if len(word) < SHORTEST:
        return set()
    start = word[:BEGINNING]
    return {start, *(start[:place] + start[place + 1 :] for place in range(len(start)))}


# --- triggers -------------------------------------------------------------------------------------------------------

_SQLITE = (
    f"""CREATE TRIGGER name_words_keys AFTER INSERT ON name_words WHEN length(new.word) >= {SHORTEST} BEGIN
  INSERT INTO name_word_keys (key, word) SELECT DISTINCT substr(w.start, 1, n.value - 1) || substr(w.start, n.value + 1), new.word
  FROM (SELECT substr(new.word, 1, {BEGINNING}) AS start) w, json_each('[1,2,3,4,5,6]') n WHERE n.value <= length(w.start) + 1;
END""",
    """CREATE TRIGGER name_words_gone AFTER DELETE ON name_words BEGIN
  DELETE FROM name_word_keys WHERE word = old.word AND key IN (SELECT substr(w.start, 1, n.value - 1) || substr(w.start, n.value + 1)
  FROM (SELECT substr(old.word, 1, 5) AS start) w, json_each('[1,2,3,4,5,6]') n);
END""",
    """CREATE TRIGGER patients_name_words_insert AFTER INSERT ON patients BEGIN
  INSERT INTO name_words (word, sound) SELECT key, value FROM json_each(new.sounds) WHERE true ON CONFLICT DO NOTHING;
END""",
    """CREATE TRIGGER patients_name_words_update AFTER UPDATE OF sounds ON patients WHEN old.sounds <> new.sounds BEGIN
  INSERT INTO name_words (word, sound) SELECT key, value FROM json_each(new.sounds) WHERE true ON CONFLICT DO NOTHING;
  DELETE FROM name_words WHERE word IN (SELECT key FROM json_each(old.sounds)) AND word NOT IN (SELECT key FROM json_each(new.sounds))
  AND NOT EXISTS (
    SELECT 1 FROM patient_search('"  ' || name_words.word || '  "') s JOIN patients p ON p.search_key = s.rowid
    JOIN json_each(p.sounds) k ON k.key = name_words.word WHERE s.rowid <> new.search_key);
END""",
    """CREATE TRIGGER patients_name_words_delete AFTER DELETE ON patients BEGIN
  DELETE FROM name_words WHERE word IN (SELECT key FROM json_each(old.sounds)) AND NOT EXISTS (
    SELECT 1 FROM patient_search('"  ' || name_words.word || '  "') s JOIN patients p ON p.search_key = s.rowid
    JOIN json_each(p.sounds) k ON k.key = name_words.word WHERE s.rowid <> old.search_key);
END""",
    "INSERT INTO name_words (word, sound) SELECT s.key, min(s.value) FROM patients p, json_each(p.sounds) s WHERE true GROUP BY s.key"
    " ON CONFLICT DO NOTHING",
)
_SQLITE_DROP = (
    "DROP TRIGGER IF EXISTS patients_name_words_delete",
    "DROP TRIGGER IF EXISTS patients_name_words_update",
    "DROP TRIGGER IF EXISTS patients_name_words_insert",
    "DROP TRIGGER IF EXISTS name_words_gone",
    "DROP TRIGGER IF EXISTS name_words_keys",
)
# They run as the owner of the tables: nobody else writes what follows from patients. One statement for all rows of a copy.
# chr(37) is LIKE's sign for anything, which drivers would take for a parameter.
_DEFINER = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp"
_HEARD = "SELECT s.key AS word, min(s.value) AS sound FROM {} p CROSS JOIN LATERAL jsonb_each_text(p.sounds::jsonb) s GROUP BY s.key"
_KEYS = f"""INSERT INTO name_word_keys (key, word)
  SELECT DISTINCT left(w.start, n - 1) || substr(w.start, n + 1), a.word FROM added a
  CROSS JOIN LATERAL (SELECT left(a.word, {BEGINNING}) AS start) w CROSS JOIN generate_series(1, {BEGINNING + 1}) n
  WHERE length(a.word) >= {SHORTEST} AND n <= length(w.start) + 1"""
_ADDED = "INSERT INTO name_words (word, sound) SELECT word, sound FROM heard ORDER BY word ON CONFLICT DO NOTHING RETURNING word"
_LEARN = "WITH heard AS (" + _HEARD + "), added AS (" + _ADDED + ")\n  " + _KEYS
_FORGET = """gone AS (DELETE FROM name_words w USING left_over l WHERE w.word = l.word
    AND NOT EXISTS (SELECT FROM patients p WHERE p.search_text LIKE chr(37) || '  ' || l.word || '  ' || chr(37)
      AND jsonb_exists(p.sounds::jsonb, l.word)) RETURNING w.word)
  DELETE FROM name_word_keys k USING gone g WHERE k.word = g.word;
  RETURN NULL; END $$"""
_POSTGRES = (
    f"""CREATE FUNCTION learn_name_words() RETURNS trigger {_DEFINER} AS $$ BEGIN
  {_LEARN.format("written")};
  RETURN NULL; END $$""",
    f"""CREATE FUNCTION relearn_name_words() RETURNS trigger {_DEFINER} AS $$ BEGIN
  IF NOT EXISTS (SELECT FROM written n JOIN before o ON o.id = n.id WHERE o.sounds <> n.sounds) THEN RETURN NULL; END IF;
  {_LEARN.format("written")};
  WITH left_over AS (SELECT w.key AS word FROM before o CROSS JOIN LATERAL jsonb_each_text(o.sounds::jsonb) w
    EXCEPT SELECT w.key FROM written n CROSS JOIN LATERAL jsonb_each_text(n.sounds::jsonb) w),
  {_FORGET}""",
    f"""CREATE FUNCTION forget_name_words() RETURNS trigger {_DEFINER} AS $$ BEGIN
  WITH left_over AS (SELECT DISTINCT w.key AS word FROM before o CROSS JOIN LATERAL jsonb_each_text(o.sounds::jsonb) w),
  {_FORGET}""",
    "CREATE TRIGGER patients_name_words_insert AFTER INSERT ON patients REFERENCING NEW TABLE AS written"
    " FOR EACH STATEMENT EXECUTE FUNCTION learn_name_words()",
    "CREATE TRIGGER patients_name_words_update AFTER UPDATE ON patients REFERENCING OLD TABLE AS before NEW TABLE AS written"
    " FOR EACH STATEMENT EXECUTE FUNCTION relearn_name_words()",
    "CREATE TRIGGER patients_name_words_delete AFTER DELETE ON patients REFERENCING OLD TABLE AS before"
    " FOR EACH STATEMENT EXECUTE FUNCTION forget_name_words()",
    _LEARN.format("patients"),
)
_POSTGRES_DROP = (
    "DROP TRIGGER IF EXISTS patients_name_words_delete ON patients",
    "DROP TRIGGER IF EXISTS patients_name_words_update ON patients",
    "DROP TRIGGER IF EXISTS patients_name_words_insert ON patients",
    "DROP FUNCTION IF EXISTS forget_name_words()",
    "DROP FUNCTION IF EXISTS relearn_name_words()",
    "DROP FUNCTION IF EXISTS learn_name_words()",
)


def name_words_ddl(dialect_name: str) -> list[str]:
    """Statements that learn the words of the patients that are there, and of those to come; run after ``search_ddl``'s own."""
    return list(_POSTGRES if dialect_name == "postgresql" else _SQLITE)


def drop_name_words_ddl(dialect_name: str) -> list[str]:
    """Statements that stop the learning; what was learnt stays."""
    return list(_POSTGRES_DROP if dialect_name == "postgresql" else _SQLITE_DROP)
