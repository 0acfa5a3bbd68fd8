"""One-time codes: they prove an address or a number, and a second person's approval of one act."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import select

from clinic_desktop.clinic.access import commands
from clinic_desktop.clinic.access.codes import approve_act, confirm_approval, request_code, verify_code
from clinic_desktop.clinic.access.models import OtpVerification, User
from clinic_desktop.clinic.access.rules import (
    AccountDisabled,
    Act,
    ApprovalRefused,
    CodeRefused,
    LoginLocked,
    NoAddress,
    OtpPurpose,
    TooManyCodes,
    is_otp,
)
from clinic_desktop.clinic.messages.models import QueuedMessage
from clinic_desktop.kernel.journal import AuditLog
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.security import Actor
from tests.clinic.access.people import give_password, notes_of
from tests.clinic.world import World, money
from tests.conftest import FrozenClock

MAIL = OtpPurpose.VERIFY_EMAIL


@pytest.fixture
def world(world: World) -> World:
    """The receptionist has an address and a number, the administrator a password."""
    give_password(world, "admin")
    edit(world, email="desk@clinic.example", phone="+91 98200 12345")
    return world


def edit(world: World, **details: str | None) -> None:
    known = {"username": "receptionist", "full_name": "Receptionist One"}
    world.db.run(world.system(), commands.edit_user, user_id=world.users["receptionist"], **known, **details)  # type: ignore[arg-type]


def asked(world: World, purpose: OtpPurpose = MAIL) -> str:
    """Ask for a code and read it where it was sent."""
    request_code(world.db, world.actor("receptionist"), purpose)
    with world.db.read() as session:
        newest = session.scalars(select(QueuedMessage.payload).order_by(QueuedMessage.id.desc()).limit(1)).one()
    body = msgspec.json.decode(str(newest), type=dict[str, str])["body"]
    digits = "".join(c for c in body.partition("code ")[2][:8] if c.isdigit())
    assert is_otp(digits)
    return digits


def show(world: World, code: str, purpose: OtpPurpose = MAIL) -> None:
    verify_code(world.db, world.actor("receptionist"), purpose, code)


def is_verified(world: World) -> tuple[bool, bool]:
    with world.db.read() as session:
        found = session.execute(select(User.email_verified, User.phone_verified).where(User.id == world.users["receptionist"])).one()
    return found.email_verified, found.phone_verified


def wrong(code: str) -> str:
    return str((int(code) + 1) % 1_000_000).zfill(6)


def test_a_code_proves_the_address_it_was_sent_to(world: World) -> None:
    show(world, asked(world))
    assert is_verified(world) == (True, False)
    code = asked(world, OtpPurpose.VERIFY_PHONE)
    show(world, f"{code[:3]} {code[3:]}", OtpPurpose.VERIFY_PHONE)
    assert is_verified(world) == (True, True)
    with world.db.read() as session:
        sent = session.execute(select(QueuedMessage.channel, QueuedMessage.recipient).order_by(QueuedMessage.id)).all()
    assert [(one.channel.value, one.recipient) for one in sent] == [("EMAIL", "desk@clinic.example"), ("SMS", "+91 98200 12345")]


def test_another_address_is_not_proved(world: World) -> None:
    show(world, asked(world))
    edit(world, email="other@clinic.example", phone="+91 98200 12345")
    assert is_verified(world) == (False, False)
    code = asked(world)
    edit(world, email="third@clinic.example")
    show(world, code)
    assert is_verified(world) == (False, False)


def test_a_code_is_good_once_for_ten_minutes_and_for_its_purpose(world: World, clock: FrozenClock) -> None:
    code = asked(world)
    with pytest.raises(CodeRefused):
        show(world, code, OtpPurpose.VERIFY_PHONE)
    show(world, code)
    with pytest.raises(CodeRefused):
        show(world, code)
    code = asked(world)
    clock.advance(minutes=10)
    with pytest.raises(CodeRefused):
        show(world, code)


def test_a_new_code_makes_the_old_one_void(world: World) -> None:
    old, new = asked(world), asked(world)
    with pytest.raises(CodeRefused):
        show(world, old if old != new else wrong(new))
    show(world, new)


def test_five_tries_and_then_not_even_the_right_one(world: World) -> None:
    code = asked(world)
    for _ in range(5):
        with pytest.raises(CodeRefused):
            show(world, wrong(code))
    with pytest.raises(CodeRefused):
        show(world, code)


def test_codes_are_not_asked_for_without_end(world: World, clock: FrozenClock) -> None:
    for _ in range(5):
        asked(world)
        clock.advance(minutes=1)
    with pytest.raises(TooManyCodes) as many:
        asked(world)
    assert many.value.params == {"minutes": 55}
    clock.advance(minutes=56)
    asked(world)


def test_where_there_is_no_address_nothing_is_sent(world: World) -> None:
    edit(world)
    with pytest.raises(NoAddress):
        request_code(world.db, world.actor("receptionist"), MAIL)


def test_only_hashes_of_codes_are_kept(world: World) -> None:
    code = asked(world)
    with world.db.read() as session:
        (stored,) = session.scalars(select(OtpVerification.code_hash))
        said = "\n".join(session.scalars(select(AuditLog.changes)))
    assert stored.startswith("$argon2id$")
    assert code not in said


# Approvals

RECORD = UUID("01a1ff9f-0dc5-7799-9114-c1d9f4609bb6")
REFUND = Act("billing.refund", RECORD, money(1_250))


def approve(world: World, act: Act = REFUND) -> str:
    return approve_act(world.db, world.actor("admin"), act).text


def confirm(world: World, code: str, act: Act = REFUND, username: str = "admin") -> Actor:
    return confirm_approval(world.db, username, code, act, asking=world.actor("cashier"))


def use(world: World, approver: Actor, act: Act = REFUND) -> None:
    with world.db.write(world.actor("cashier")) as tx:
        tx.command = "test.use"
        commands.use_approval(tx, approver, act)


def test_an_approval_is_used_up_by_its_act(world: World) -> None:
    approver = confirm(world, approve(world))
    assert (approver.user_id, approver.permissions) == (world.users["admin"], world.actor("admin").permissions)
    use(world, approver)
    with pytest.raises(ApprovalRefused):
        use(world, approver)
    assert notes_of(world, world.users["admin"])[-2:] == ["approval_made", "identity_confirmed"]


@pytest.mark.parametrize(
    "other",
    [
        Act("billing.credit_note", RECORD, money(1_250)),
        Act("billing.refund", UUID(int=7), money(1_250)),
        Act("billing.refund", RECORD, Money(125_001, "INR")),
    ],
)
def test_an_approval_is_for_one_act(world: World, other: Act) -> None:
    code = approve(world)
    with pytest.raises(CodeRefused):
        confirm(world, code, other)
    approver = confirm(world, code)
    with pytest.raises(ApprovalRefused):
        use(world, approver, other)
    use(world, approver)


def test_an_approval_taken_back_with_its_act_still_counts(world: World) -> None:
    approver = confirm(world, approve(world))

    class TakenBack(Exception):
        pass

    with pytest.raises(TakenBack), world.db.write(world.actor("cashier")) as tx:
        tx.command = "test.use"
        commands.use_approval(tx, approver, REFUND)
        raise TakenBack
    use(world, approver)


def test_an_approval_ends_after_ten_minutes(world: World, clock: FrozenClock) -> None:
    approver = confirm(world, approve(world))
    clock.now += timedelta(minutes=10)
    with pytest.raises(ApprovalRefused):
        use(world, approver)
    code = approve(world)
    clock.now += timedelta(minutes=10)
    with pytest.raises(CodeRefused):
        confirm(world, code)


def test_several_acts_are_approved_side_by_side(world: World) -> None:
    other = Act("billing.refund", UUID(int=7), money(900))
    first, second = approve(world), approve(world, other)
    use(world, confirm(world, first))
    use(world, confirm(world, second, other), other)


def test_guessing_codes_locks_the_second_person_out_like_guessing_passwords(world: World) -> None:
    code = approve(world)
    for _ in range(5):
        with pytest.raises(CodeRefused):
            confirm(world, wrong(code.replace(" ", "")))
    with pytest.raises(LoginLocked):
        confirm(world, code)


def test_a_code_is_its_makers(world: World) -> None:
    code = approve(world)
    for username in ("super_admin", "nobody"):
        with pytest.raises(CodeRefused):
            confirm(world, code, username=username)


def test_who_was_disabled_since_approves_nothing(world: World) -> None:
    code = approve(world)
    world.db.run(world.system(), commands.disable_user, user_id=world.users["admin"])
    with pytest.raises(AccountDisabled):
        confirm(world, code)
