"""One change meets one row: pure functions, no rows read and none written.

``decide`` is central's: it settles what becomes of two changes that did not know of each other. ``follow`` is a site's: it does
what central settled, and leaves alone what was edited here since and is still to be settled.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

from clinic_desktop.kernel.capture import VERSION
from clinic_desktop.kernel.journal import DELETE, INSERT, UPDATE
from clinic_desktop.kernel.merging import Kind, Policy, Values
from clinic_desktop.sync.outcomes import Contest, Outcome, RowChange, Stamp
from clinic_desktop.sync.shapes import Shape

Rival = Callable[[str], Stamp]
"""When and where the present value of a field was written; of several who gave the same value the one that counts."""


def decide(shape: Shape, image: Values | None, change: RowChange, stamp: Stamp, rival: Rival, buried: Stamp | None = None) -> Outcome:
    """What central makes of a site's change; ``buried``: when and where a row of this key was deleted before."""
    if change.operation == INSERT:
        # A key that follows from what the row says may come again; what is older than the deletion stays away.
        return _decide_insert(shape, image, change, stamp, rival, buried is not None and buried >= stamp)
    if change.operation == DELETE:
        return _decide_delete(shape, image, change)
    return _decide_update(shape, image, change, stamp, rival)


def _decide_insert(shape: Shape, image: Values | None, change: RowChange, stamp: Stamp, rival: Rival, is_buried: bool) -> Outcome:
    if image is None:
        if is_buried:
            return Outcome(is_gone=True)
        return inserted(shape, change.told)
    outcome, fresh, policy = Outcome(image=image), Values(), shape.policy
    for name, value in change.told.items():
        present = image.get(name)
        if present == value:
            outcome.same.append(name)
        elif policy.kind is Kind.LEDGER or name in policy.counters:
            outcome.otherwise[name] = present
        elif name not in policy.derived:
            _settle(shape, outcome, fresh, Contest(name, present, value, is_fresh=False), stamp, rival(name))
    if policy.kind in (Kind.MERGED, Kind.UNION) and not policy.is_record:
        # What programs find out by themselves (a pair that looks alike) no person needs to compare.
        outcome.contests = [one for one in outcome.contests if one.field in policy.by_person]
    return _whole(shape, outcome, image, fresh) if fresh or outcome.otherwise else outcome


def _decide_update(shape: Shape, image: Values | None, change: RowChange, stamp: Stamp, rival: Rival) -> Outcome:
    policy = shape.policy
    if image is None:
        return Outcome(is_gone=True, edited_and_deleted=policy.is_record)
    if policy.counters.isdisjoint(change.told) and policy.derived.isdisjoint(change.told) and _is_based_on(image, change):
        return _as_told(shape, image, change)
    outcome, fresh, pairs = Outcome(image=image), {}, _pairs(change)
    simple = {name: pair for name, pair in pairs.items() if name not in policy.counters and name not in policy.derived}
    crossed = {name for name, (old, new) in simple.items() if image.get(name) not in (old, new)}
    followed = (policy.derived | policy.counters) & pairs.keys()
    is_merged = bool(crossed) or any((image.get(name) or None) != (pairs[name][0] or None) for name in followed)
    is_final = bool(crossed) and policy.sealed is not None and policy.sealed(image)
    for name, (old, new) in pairs.items():
        present = image.get(name)
        if name in policy.counters:
            fresh[name] = _added(policy, name, present, old, new)
            if fresh[name] != (present or 0) + (new or 0) - (old or 0):
                outcome.otherwise[name] = fresh[name]
        elif name in policy.derived:
            fresh[name] = new  # follows from the others of its change; what was merged is derived anew below
        elif present == new:
            outcome.same.append(name)
        elif is_final and name not in policy.open_columns:
            outcome.otherwise[name] = present
            outcome.contests.append(Contest(name, present, new, is_fresh=False, rival=rival(name)))
        elif name not in crossed:
            fresh[name] = new
        else:
            _settle(shape, outcome, fresh, Contest(name, present, new, is_fresh=False), stamp, rival(name))
    if not is_merged:
        return _changed(shape, outcome, image, fresh)
    return _whole(shape, outcome, image, fresh)


def _whole(shape: Shape, outcome: Outcome, image: Values, fresh: Values) -> Outcome:
    """Derive a row anew that has fields of two sites; whoever sent the one half hears all of it: theirs was derived from less."""
    if shape.policy.derive is not None:
        derived = shape.policy.derive({**image, **fresh})
        fresh |= derived
        outcome.otherwise |= derived
    return _changed(shape, outcome, image, fresh)


def _settle(shape: Shape, outcome: Outcome, fresh: Values, contest: Contest, stamp: Stamp, rival: Stamp) -> None:
    """Two sites wrote one field without knowing of each other."""
    policy, name, present, new = shape.policy, contest.field, contest.stands, contest.other
    wins = _wins_anyway(policy, name, present, new)
    is_fresh = wins == new if wins is not _NOBODY else (stamp < rival if name in policy.by_person else stamp > rival)
    if is_fresh:
        fresh[name] = new
    else:
        outcome.otherwise[name] = present
    is_kept = policy.kind is not Kind.UNION or policy.is_record or name in policy.by_person
    if wins is _NOBODY and is_kept and name not in shape.secrets:
        stands = replace(contest, stands=new, other=present, is_fresh=True) if is_fresh else contest
        outcome.contests.append(replace(stands, rival=rival))


_NOBODY = object()


def _wins_anyway(policy: Policy, name: str, one: Any, other: Any) -> Any:
    """The value that stands whoever wrote it when."""
    if name in policy.inactive and policy.inactive[name] in (one, other):
        return policy.inactive[name]
    if policy.kind is Kind.UNION and None in (one, other):
        return other if one is None else one
    return _NOBODY


def _decide_delete(shape: Shape, image: Values | None, change: RowChange) -> Outcome:
    if image is None:
        return Outcome()
    policy = shape.policy
    loose = policy.counters | policy.derived | {VERSION} | shape.secrets | policy.stays_here
    is_edited = any(image.get(name) != change.told.get(name) for name in {*image, *change.told} - loose)
    if is_edited and policy.is_record:
        return Outcome(image=image, is_back=True, edited_and_deleted=True)
    return _deleted(shape, image)


def follow(shape: Shape, image: Values | None, change: RowChange, mine: Collection[str]) -> Outcome:
    """What a site makes of central's change; ``mine``: fields edited here that central has not settled yet."""
    policy = shape.policy
    if change.operation == INSERT:
        if image is None:
            return Outcome() if mine else inserted(shape, change.told)
        wanted = {name: value for name, value in change.told.items() if name not in policy.counters}
        return _set(shape, image, wanted, mine)
    if change.operation == DELETE:
        return Outcome(image=image) if image is None or mine else _deleted(shape, image)
    if image is None:
        return Outcome()
    if not mine and policy.counters.isdisjoint(change.told) and _is_based_on(image, change):
        return _as_told(shape, image, change)
    wanted = {}
    for name, (old, new) in _pairs(change).items():
        wanted[name] = _added(policy, name, image.get(name), old, new) if name in policy.counters else new
    return _set(shape, image, wanted, [name for name in mine if name not in policy.counters])


def _added(policy: Policy, name: str, present: Any, old: Any, new: Any) -> Any:
    """A counter with one more change of it."""
    total = (present or 0) + (new or 0) - (old or 0)
    return max(total, 0) if name in policy.never_below_zero else total


def settle(shape: Shape, image: Values | None, values: Values, mine: Collection[str]) -> Outcome:
    """What a site makes of central's word on its own change: these are the values that stand."""
    return inserted(shape, values) if image is None else _set(shape, image, values, mine)


def bring(shape: Shape, image: Values | None, values: Values, mine: Collection[str]) -> Outcome:
    """What becomes of a row of which central sent the whole: counters included, for it is no change but the sum of all."""
    if image is None:
        return Outcome() if mine else inserted(shape, values)
    wanted = {name: values.get(name) for name in shape.kinds if shape.travels(name)}
    return _set(shape, image, wanted, mine)


def drop(shape: Shape, image: Values | None) -> Outcome:
    """What a site makes of central's word that a row is gone."""
    return Outcome() if image is None else _deleted(shape, image)


def _set(shape: Shape, image: Values, wanted: Values, mine: Collection[str]) -> Outcome:
    fresh = {name: value for name, value in wanted.items() if name not in mine}
    derive = shape.policy.derive
    if derive is not None and len(fresh) < len(wanted):
        # What was derived from an edit that central has yet to settle stays as it was sent: central says what comes of both.
        # What follows from the same as before stays, too: it may follow from other rows besides, as the words do by which one is found.
        before, derived = derive(image), derive({**image, **fresh})
        stays = {name for name in shape.policy.derived if name in mine or derived.get(name) == before.get(name)}
        fresh |= {name: value for name, value in derived.items() if name not in stays}
    return _changed(shape, Outcome(image=image), image, fresh)


def _pairs(change: RowChange) -> Mapping[str, tuple[Any, Any]]:
    return {name: (pair[0], pair[1]) for name, pair in change.told.items()}


def inserted(shape: Shape, told: Values) -> Outcome:
    """What becomes of a row that was not here."""
    image, changes = {**shape.blank, **told}, {**shape.begun, **told}
    if None in told.values():
        changes = {name: value for name, value in changes.items() if value is not None}
    if shape.has_version:
        image[VERSION] = changes[VERSION] = 1
    return Outcome(INSERT, changes, image)


def _deleted(shape: Shape, image: Values) -> Outcome:
    return Outcome(DELETE, {name: value for name, value in image.items() if value is not None}, None)


def _is_based_on(image: Values, change: RowChange) -> bool:
    """Whether an update changes just what stands in the row."""
    return bool(change.told) and all([image.get(name) == old != new for name, (old, new) in change.told.items()])  # noqa: C419 - a third of the time of a generator


def _as_told(shape: Shape, image: Values, change: RowChange) -> Outcome:
    """What becomes of an update that meets what it was based on."""
    changes = {**change.told, VERSION: [image[VERSION], image[VERSION] + 1]} if shape.has_version else change.told
    return Outcome(UPDATE, changes, {**image, **{name: pair[1] for name, pair in changes.items()}})


def _changed(shape: Shape, outcome: Outcome, image: Values, fresh: Values) -> Outcome:
    changes = {name: [image.get(name), value] for name, value in fresh.items() if image.get(name) != value}
    if changes:
        if shape.has_version:
            changes[VERSION] = [image[VERSION], image[VERSION] + 1]
        outcome.operation, outcome.changes = UPDATE, changes
        outcome.image = image | {name: pair[1] for name, pair in changes.items()}
    return outcome
