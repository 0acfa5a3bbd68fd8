"""Designs of cards: versions that never change, one that new cards get, and layouts that a card can be made of."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from clinic_desktop.clinic.organisation.commands import set_setting
from clinic_desktop.clinic.patients import commands, queries
from clinic_desktop.clinic.patients.card_design import (
    SHIPPED,
    STANDARD,
    UPRIGHT,
    CardLayout,
    Element,
    FaultKind,
    Item,
    Side,
    checked_layout,
    faults,
    read_layout,
    written_layout,
)
from clinic_desktop.clinic.patients.cards import last_day
from clinic_desktop.clinic.patients.commands.cards import VALID_MONTHS
from clinic_desktop.clinic.patients.models import CardTemplate
from clinic_desktop.kernel.errors import InvalidInput, PermissionDenied
from clinic_desktop.kernel.ids import new_id
from tests.clinic.patients.desk import register
from tests.clinic.patients.test_scanning import issue
from tests.clinic.world import World

PLUM = replace(STANDARD, accent="#7a2767")


def save(world: World, layout: CardLayout = PLUM, name: str = "Ours", role: str = "admin", **more: Any) -> UUID:
    actor = world.actor(role)
    return world.db.run(actor, commands.save_card_template, key=more.pop("key", new_id()), name=name, layout=layout, **more)


def ask(world: World, query: Callable[..., Any], *args: Any) -> Any:
    with world.db.read() as session:
        return query(session, *args)


def test_a_save_is_a_new_version_and_cards_that_are_out_keep_theirs(world: World) -> None:
    asha, ravi = register(world), register(world, "Ravi")
    before = issue(world, asha.id)
    assert (before.template, before.template_id) == ("standard", None)
    first = save(world, is_default=True)
    card = issue(world, ravi.id)
    assert (card.template, card.template_id) == ("Ours", first)
    second = save(world, replace(PLUM, accent="#1d4f96"), name="ours", is_default=True)
    assert [(one.name, one.version, one.is_default) for one in ask(world, queries.card_templates)] == [
        *(("Ours", 2, True), ("Ours", 1, False)),
        *(("standard", 1, False), ("upright", 1, False)),
    ]
    assert ask(world, queries.layout_of, card.template_id) == PLUM
    assert ask(world, queries.layout_of, before.template_id, before.template) == STANDARD
    assert ask(world, queries.default_template).id == second
    world.db.run(world.actor("admin"), commands.use_card_template, template_id=None)
    assert [one.name for one in ask(world, queries.card_templates) if one.is_default] == ["standard"]


def test_a_design_out_of_use_is_no_default_and_may_come_back(world: World) -> None:
    first = save(world, is_default=True)
    world.db.run(world.actor("admin"), commands.retire_card_template, template_id=first)
    assert ask(world, queries.default_template) is None
    world.db.run(world.actor("admin"), commands.use_card_template, template_id=first)
    assert (ask(world, queries.default_template).id, ask(world, queries.default_template).is_active) == (first, True)


def test_a_double_click_saves_one_version_and_two_admins_leave_one_default(world: World) -> None:
    key = new_id()
    assert save(world, key=key) == save(world, key=key)
    barrier = threading.Barrier(2)

    def admin(accent: str) -> UUID:
        barrier.wait(timeout=30)
        return save(world, replace(PLUM, accent=accent), is_default=True)

    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(admin, ("#1d4f96", "#1a6437")))
    with world.db.read() as session:
        assert session.scalar(select(func.count()).select_from(CardTemplate)) == 3
        (default,) = session.scalars(select(CardTemplate).where(CardTemplate.is_default))
    assert default.id in made


def test_only_an_administrator_designs_and_nothing_unreadable_is_kept(world: World) -> None:
    with pytest.raises(PermissionDenied):
        save(world, role="receptionist")
    for layout, field, reason in (
        (replace(PLUM, accent="#f5f5f5"), "accent", "too_little_contrast"),
        (replace(PLUM, background="white"), "background", "not_a_colour"),
        (replace(PLUM, languages=("en", "tlh")), "languages", "unknown_language"),
        (replace(PLUM, front=(Element(Item.NAME, 80, 5, 20, 5),)), "layout", "outside_the_card"),
        (replace(PLUM, front=(Element(Item.NAME, float("nan"), 5, 20, 5),)), "layout", "outside_the_card"),
        (replace(PLUM, back=(Element(Item.QR, 5, 5, 20, 20), Element(Item.QR, 30, 5, 20, 20))), "layout", "element_twice"),
        (replace(PLUM, back=(Element(Item.NAME, 5, 5, 20, 20, size=90),)), "layout", "size_of_text"),
    ):
        with pytest.raises(InvalidInput) as refused:
            save(world, layout)
        assert (refused.value.field, refused.value.params["reason"]) == (field, reason)
    for name, reason in (("", "required"), ("Standard", "name_of_shipped")):
        with pytest.raises(InvalidInput) as refused:
            save(world, name=name)
        assert (refused.value.field, refused.value.params["reason"]) == ("name", reason)


@pytest.mark.parametrize("layout", SHIPPED.values(), ids=SHIPPED.keys())
def test_what_we_ship_has_no_fault_and_is_read_as_it_was_written(layout: CardLayout) -> None:
    assert faults(layout) == []
    assert checked_layout(layout) == layout == read_layout(written_layout(layout))
    for broken in ("", "{}", "[]", written_layout(layout)[:-9], written_layout(layout).replace("QR", "XY")):
        with pytest.raises(InvalidInput):
            read_layout(broken)


def test_overlaps_edges_small_symbols_and_a_card_without_code_are_told() -> None:
    front = (Element(Item.NAME, 10, 10, 30, 6), Element(Item.SEX, 20, 12, 30, 6), Element(Item.QR, 0.5, 30, 12, 12))
    found = [(one.kind, one.place, one.other) for one in faults(replace(UPRIGHT, front=front, back=()))]
    assert found == [(FaultKind.TOO_SMALL, 2, None), (FaultKind.NEAR_EDGE, 2, None), (FaultKind.OVERLAP, 0, 1)]
    assert [one.kind for one in faults(replace(STANDARD, front=front[:1], back=()))] == [FaultKind.NO_CODE]
    assert [one.side for one in faults(replace(STANDARD, back=front))] == [Side.BACK] * 3


def test_a_card_is_valid_for_the_months_of_the_setting(world: World) -> None:
    assert issue(world, register(world).id).valid_until is None
    world.db.run(world.actor("admin"), set_setting, key=VALID_MONTHS.key, value=36)
    assert issue(world, register(world, "Ravi").id).valid_until == date(2029, 3, 2)
    assert [last_day(date(2026, 8, 31), months) for months in (6, 18, 12)] == [date(2027, 2, 28), date(2028, 2, 29), date(2027, 8, 31)]
