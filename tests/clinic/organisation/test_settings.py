"""Settings: typed, scoped, with the wider scope as fallback."""

from __future__ import annotations

from uuid import UUID

import pytest

from clinic_desktop.clinic.organisation import commands, queries
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.settings import Scope, declared_settings, setting
from clinic_desktop.wording.organisation import SETTING_GROUPS
from tests.clinic.world import World

FOOTER = setting("test.receipt_footer", "Get well soon", Scope.CLINIC, "Receipt footer")
COPIES = setting("test.label_copies", 1, Scope.WORKSTATION, "Copies of a label")
RETENTION = setting("test.retention_years", 7, Scope.HOSPITAL, "Years")


def _value(world: World, *, clinic_id: UUID | None = None, workstation_id: UUID | None = None) -> tuple[str, int]:
    with world.db.read() as session:
        return (
            queries.setting_value(session, FOOTER, clinic_id=clinic_id),
            queries.setting_value(session, COPIES, clinic_id=clinic_id, workstation_id=workstation_id),
        )


def test_the_default_holds_until_something_is_set(world: World) -> None:
    assert _value(world, clinic_id=world.clinic_id) == ("Get well soon", 1)


def test_the_narrowest_value_wins(world: World) -> None:
    admin = world.actor("admin")
    desk, cashier = world.workstations["front desk"], world.workstations["cashier"]
    world.db.run(admin, commands.set_setting, key="test.label_copies", value=2)
    world.db.run(admin, commands.set_setting, key="test.label_copies", value=3, clinic_id=world.clinic_id)
    world.db.run(admin, commands.set_setting, key="test.label_copies", value=4, workstation_id=desk)
    assert [_value(world, workstation_id=place)[1] for place in (desk, cashier)] == [4, 3]
    assert _value(world, clinic_id=world.clinic_id)[1] == 3
    north = world.db.run(admin, commands.add_clinic, code="NTH", name="North", timezone="Asia/Kolkata")
    assert _value(world, clinic_id=north)[1] == 2
    assert _value(world)[1] == 2


def test_a_value_is_replaced_not_repeated(world: World) -> None:
    for footer in ("One", "Two"):
        world.db.run(world.actor("admin"), commands.set_setting, key="test.receipt_footer", value=footer, clinic_id=world.clinic_id)
    assert _value(world, clinic_id=world.clinic_id)[0] == "Two"


@pytest.mark.parametrize(("key", "value"), [("test.label_copies", "2"), ("test.label_copies", True), ("test.receipt_footer", 1)])
def test_a_value_of_another_type_is_refused(world: World, key: str, value: object) -> None:
    with pytest.raises(InvalidInput) as refused:
        world.db.run(world.actor("admin"), commands.set_setting, key=key, value=value)
    assert refused.value.reason == "wrong_type"


def test_a_place_narrower_than_the_scope_is_refused(world: World) -> None:
    admin = world.actor("admin")
    for key, place in (
        ("test.retention_years", {"clinic_id": world.clinic_id}),
        ("test.receipt_footer", {"workstation_id": world.workstations["cashier"]}),
    ):
        with pytest.raises(InvalidInput) as refused:
            world.db.run(admin, commands.set_setting, key=key, value=3 if "years" in key else "x", **place)
        assert refused.value.reason == "scope_too_narrow"


def test_an_unknown_key_is_refused(world: World) -> None:
    with pytest.raises(InvalidInput) as refused:
        world.db.run(world.actor("admin"), commands.set_setting, key="test.nothing", value=1)
    assert refused.value.reason == "unknown_setting"


def test_the_list_says_where_a_value_comes_from(world: World) -> None:
    world.db.run(world.actor("admin"), commands.set_setting, key="test.receipt_footer", value="Bye", clinic_id=world.clinic_id)
    with world.db.read() as session:
        rows = {row.key: row for row in queries.settings(session, clinic_id=world.clinic_id)}
    assert (rows["test.receipt_footer"].value, rows["test.receipt_footer"].set_at) == ("Bye", Scope.CLINIC)
    assert (rows["test.label_copies"].value, rows["test.label_copies"].set_at) == (1, None)


LIMITED = setting("test.limited", 10, Scope.CLINIC, "Limited", low=5, high=20)
SHORT = setting("test.short", "", Scope.CLINIC, "Short", longest=3)


def _even(value: int) -> None:
    if value % 2:
        raise InvalidInput("test.even", "twice")


EVEN = setting("test.even", 2, Scope.HOSPITAL, "Even", check=_even)


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("test.limited", 4, "out_of_range"),
        ("test.limited", 21, "out_of_range"),
        ("test.short", "long", "too_long"),
        ("test.even", 3, "twice"),
    ],
)
def test_a_value_beyond_its_limits_is_refused(world: World, key: str, value: object, reason: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        world.db.run(world.actor("admin"), commands.set_setting, key=key, value=value)
    assert (refused.value.field, refused.value.reason) == (key, reason)


def test_a_reset_brings_the_wider_value_back(world: World) -> None:
    admin, desk = world.actor("admin"), world.workstations["front desk"]
    key = "test.label_copies"

    def row(**place: UUID) -> queries.SettingRow:
        with world.db.read() as session:
            return next(one for one in queries.settings(session, **place) if one.key == key)

    for value, place in ((2, {}), (3, {"clinic_id": world.clinic_id}), (4, {"workstation_id": desk})):
        world.db.run(admin, commands.set_setting, key=key, value=value, **place)
    assert (row(workstation_id=desk).value, row(workstation_id=desk).wider, row(workstation_id=desk).is_own) == (4, 3, True)
    world.db.run(admin, commands.reset_setting, key=key, workstation_id=desk)
    assert (row(workstation_id=desk).value, row(workstation_id=desk).set_at, row(workstation_id=desk).is_own) == (3, Scope.CLINIC, False)
    world.db.run(admin, commands.reset_setting, key=key, clinic_id=world.clinic_id)
    assert (row(clinic_id=world.clinic_id).value, row(clinic_id=world.clinic_id).wider) == (2, 2)
    world.db.run(admin, commands.reset_setting, key=key)
    world.db.run(admin, commands.reset_setting, key=key)  # nothing is there any more, and nothing is wrong with that
    assert (row().value, row().set_at) == (1, None)
    world.db.run(admin, commands.set_setting, key=key, value=5, workstation_id=desk)
    assert row(workstation_id=desk).value == 5


def test_every_setting_stands_under_a_heading_and_its_default_is_within_its_limits() -> None:
    own = [one for one in declared_settings() if not one.key.startswith("test.")]
    assert {one.group for one in own} <= set(SETTING_GROUPS)
    for one in own:
        assert one.decode(one.encode(one.default)) == one.default
        assert one.title
