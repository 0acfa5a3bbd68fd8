"""Values that must be unique and were given twice while sites could not see each other: by the policy, one row gives way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from clinic_desktop.kernel.capture import VERSION
from clinic_desktop.kernel.journal import NOTE, UPDATE
from clinic_desktop.kernel.merging import Clash, Values
from clinic_desktop.sync.outcomes import Entered
from clinic_desktop.sync.rows import RowKey, same_values
from clinic_desktop.sync.shapes import instant_text, shapes
from clinic_desktop.sync.staging import Writing

if TYPE_CHECKING:
    from clinic_desktop.sync.entering import Prepared
    from clinic_desktop.sync.here import Here

KEPT_OTHERWISE = "kept_otherwise"
MOST_STEPS = 100
"""How often one row may give way before it is left to the database to refuse it."""


def give_way(here: Here, writing: Writing, ready: Sequence[Prepared], *, is_told: bool) -> None:
    """Where another row has the values of a written one, the higher id gives way; ``is_told``: a note says so."""
    for prepared in ready:
        for entry in list(prepared.entries):
            shape = shapes().get(entry.entity_type)
            if shape is None or entry.operation not in ("I", "U"):
                continue
            for clash in shape.policy.clashes:
                if not entry.changes.keys().isdisjoint(clash.columns) or _joins(here, entry, clash):
                    _look(here, writing, prepared, (entry.entity_type, entry.key), clash, is_told)


def _joins(here: Here, entry: Entered, clash: Clash) -> bool:
    """Whether a changed row takes part from now on: a number that was shared is its own."""
    image = here.image(entry.entity_type, entry.key)
    if image is None or entry.operation != UPDATE:
        return False
    return clash.among(image) and not clash.among({**image, **{name: pair[0] for name, pair in entry.changes.items()}})


def _look(here: Here, writing: Writing, prepared: Prepared, row: RowKey, clash: Clash, is_told: bool) -> None:
    for _ in range(MOST_STEPS):
        image = here.image(*row)
        wanted = {name: image.get(name) for name in clash.columns} if image is not None else {}
        if image is None or None in wanted.values() or not clash.among(image):
            return
        other = _another(here, writing, row, wanted, clash)
        if other is None:
            _leave_first(here, writing, row, wanted, clash)
            return
        mine, theirs = (row, other) if row[1] > other[1] else (other, row)
        giving, staying = here.image(*mine), here.image(*theirs)
        assert giving is not None
        assert staying is not None
        changed = clash.give_way(dict(giving), dict(staying))
        if not changed:
            return
        if mine not in writing.inserts and writing.names_new_row(mine, changed):
            writing.share_at_first(theirs, clash.give_way(dict(staying), dict(giving)) or {})
        _change(here, writing, prepared, mine, giving, changed, is_told)
        if clash.task:
            prepared.gave_way.append((mine, theirs, clash.task))


def _leave_first(here: Here, writing: Writing, row: RowKey, wanted: Values, clash: Clash) -> None:
    """A row that has these values until now, and will not when all is written, lets go of them before the other takes them."""
    image = here.image(*row)
    for key in same_values(here.connection, row[0], wanted):
        leaving = (row[0], key)
        told = writing.updates.get(leaving)
        if leaving == row or told is None or image is None:
            continue
        if writing.names_new_row(leaving, told[0]):
            writing.share_at_first(row, clash.give_way(dict(image), dict(here.image(*leaving) or {})) or {})
        else:
            writing.write_first(leaving)


def _another(here: Here, writing: Writing, row: RowKey, wanted: Values, clash: Clash) -> RowKey | None:
    """Another row that has these values, in the database or among what is about to be written."""
    table = row[0]
    stored = {(table, key) for key in same_values(here.connection, table, wanted)}
    coming = {one for one in (*writing.inserts, *writing.updates) if one[0] == table}
    for one in sorted((stored | coming) - {row}, key=lambda found: found[1]):
        image = here.image(*one)
        if image is not None and clash.among(image) and all(image.get(name) == value for name, value in wanted.items()):
            return one
    return None


def _change(here: Here, writing: Writing, prepared: Prepared, row: RowKey, before: Values, changed: Values, is_told: bool) -> None:
    shape, after = shapes()[row[0]], before | changed
    if shape.policy.derive is not None:
        after |= shape.policy.derive(after)
    changes = {name: [before.get(name), value] for name, value in after.items() if before.get(name) != value}
    if shape.has_version:
        changes[VERSION] = [before[VERSION], before[VERSION] + 1]
        after[VERSION] = before[VERSION] + 1
    here.put(*row, after)
    writing.give_way(row, {name: pair[1] for name, pair in changes.items()}, instant_text(prepared.change.at))
    prepared.entries.append(Entered(row[0], row[1], UPDATE, changes))
    if is_told:
        values = {name: pair[1] for name, pair in changes.items() if shape.travels(name)}
        prepared.entries.append(Entered(row[0], row[1], NOTE, {"event": KEPT_OTHERWISE, "values": values}))
