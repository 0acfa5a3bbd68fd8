"""The pure money rules: examples worked out by hand, and what must hold for any figures."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_desktop.clinic.billing.errors import CreditTooLarge, MethodNotAvailable, PaysTooMuch
from clinic_desktop.clinic.billing.rules import (
    INVOICE_STATES,
    InvoiceStatus,
    LineAmounts,
    PaymentMethod,
    Pieces,
    Tender,
    accrued_share,
    allocate,
    cash_change,
    check_tenders,
    counted_cash,
    credit_parts,
    invoice_totals,
    line_amounts,
    status_after,
)
from clinic_desktop.kernel.errors import IllegalTransition, InvalidInput
from clinic_desktop.kernel.money import Money


def rupees(minor: int) -> Money:
    return Money(minor, "INR")


amounts = st.integers(0, 10_000_000)
rates = st.integers(0, 10_000)


@st.composite
def lines(draw: st.DrawFn) -> LineAmounts:
    quantity, price = draw(st.integers(1, 500)), draw(st.integers(0, 1_000_000))
    discount = draw(st.integers(0, quantity * price))
    return line_amounts(
        quantity, rupees(price), rupees(discount), rate=draw(rates), inclusive=draw(st.booleans()), doctor_share=draw(rates)
    )


@pytest.mark.parametrize(
    ("quantity", "price", "discount", "rate", "inclusive", "share", "expected"),
    [
        (1, 50_000, 0, 0, False, 6_000, (50_000, 0, 50_000, 30_000, 20_000)),
        (3, 1_000, 500, 1_800, False, 5_000, (2_500, 450, 2_950, 1_250, 1_250)),
        (1, 11_800, 0, 1_800, True, 3_333, (10_000, 1_800, 11_800, 3_333, 6_667)),
        (1, 105, 0, 500, False, 5_000, (105, 5, 110, 53, 52)),  # 5.25 down; 52.5 half-up for the doctor
        (1, 10, 0, 500, False, 0, (10, 1, 11, 0, 10)),  # 0.5 rounds up
        (7, 999, 6_993, 1_800, True, 10_000, (0, 0, 0, 0, 0)),  # discounted to nothing
    ],
)
def test_a_line_by_hand(
    quantity: int, price: int, discount: int, rate: int, inclusive: bool, share: int, expected: tuple[int, int, int, int, int]
) -> None:
    line = line_amounts(quantity, rupees(price), rupees(discount), rate=rate, inclusive=inclusive, doctor_share=share)
    assert (line.net.minor, line.tax.minor, line.total.minor, line.doctor_share.minor, line.center_share.minor) == expected


@given(lines())
def test_every_line_adds_up(line: LineAmounts) -> None:
    assert line.doctor_share + line.center_share == line.net
    assert line.net + line.tax == line.total
    assert line.gross - line.discount == (line.total if line.tax_is_inclusive else line.net)
    assert min(line.net.minor, line.tax.minor, line.doctor_share.minor, line.center_share.minor) >= 0


@given(st.lists(lines(), max_size=12))
def test_totals_add_up(some: list[LineAmounts]) -> None:
    sums = invoice_totals(some, "INR")
    assert sums.total == sums.subtotal - sums.discount + sums.tax - sums.tax_included
    assert sums.total.minor == sum(line.total.minor for line in some)
    assert 0 <= sums.tax_included.minor <= sums.tax.minor


@pytest.mark.parametrize(
    ("quantity", "price", "discount", "field"),
    [(0, 100, 0, "quantity"), (1, -1, 0, "unit_price"), (1, 100, 101, "discount"), (1, 100, -1, "discount")],
)
def test_a_senseless_line_is_refused(quantity: int, price: int, discount: int, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        line_amounts(quantity, rupees(price), rupees(discount))
    assert refused.value.field == field


@given(st.lists(st.integers(1, 100_000), min_size=1, max_size=6), st.lists(amounts, min_size=1, max_size=6))
def test_tenders_fill_invoices_in_order_and_exactly(tenders: list[int], balances: list[int]) -> None:
    if sum(tenders) > sum(balances):
        with pytest.raises(ValueError, match="exceed"):
            allocate([rupees(t) for t in tenders], [rupees(b) for b in balances])
        return
    parts = allocate([rupees(t) for t in tenders], [rupees(b) for b in balances])
    assert [sum(amount.minor for _, amount in part) for part in parts] == tenders
    got = [sum(amount.minor for part in parts for at, amount in part if at == index) for index in range(len(balances))]
    assert all(have <= due for have, due in zip(got, balances, strict=True))
    first_open = next((i for i, (have, due) in enumerate(zip(got, balances, strict=True)) if have < due), len(got))
    assert not any(got[first_open + 1 :])
    assert all(amount.minor > 0 for part in parts for _, amount in part)


def test_tenders_never_exceed_the_balance() -> None:
    half = Tender(PaymentMethod.CASH, rupees(500))
    assert check_tenders([half, half], rupees(1_000)) == rupees(1_000)
    with pytest.raises(PaysTooMuch) as refused:
        check_tenders([half, half], rupees(999))
    assert refused.value.params == {"balance": rupees(999), "offered": rupees(1_000)}


@pytest.mark.parametrize("method", [PaymentMethod.WALLET, PaymentMethod.INSURANCE])
def test_tenders_that_cannot_be_taken_here_are_refused(method: PaymentMethod) -> None:
    with pytest.raises(MethodNotAvailable):
        check_tenders([Tender(method, rupees(1))], rupees(10))


def test_change_is_only_given_out_of_cash() -> None:
    assert cash_change(rupees(730), rupees(1_000)) == rupees(270)
    with pytest.raises(InvalidInput):
        cash_change(rupees(730), rupees(700))
    with pytest.raises(InvalidInput):
        check_tenders([Tender(PaymentMethod.CARD, rupees(5), tendered=rupees(10))], rupees(5))
    for senseless in ([], [Tender(PaymentMethod.CASH, rupees(0))], [Tender(PaymentMethod.CASH, rupees(-1))]):
        with pytest.raises(InvalidInput):
            check_tenders(senseless, rupees(5))


@given(st.lists(amounts, min_size=1, max_size=4), st.lists(st.integers(0, 10_000), max_size=6))
def test_shares_accrue_with_the_money_and_end_exact(shares: list[int], steps: list[int]) -> None:
    total = sum(shares) + 17
    moments = sorted({0, total, *(step * total // 10_000 for step in steps)})
    for share in shares:
        accrued = [accrued_share(rupees(share), rupees(total), rupees(paid)).minor for paid in moments]
        assert accrued[0] == 0
        assert accrued[-1] == share
        assert all(earlier <= later for earlier, later in pairwise(accrued))
    for paid in moments:
        assert sum(accrued_share(rupees(share), rupees(total), rupees(paid)).minor for share in shares) <= paid
    assert accrued_share(rupees(0), rupees(0), rupees(0)) == rupees(0)


@given(lines(), st.lists(st.integers(1, 10_000), min_size=1, max_size=8))
def test_a_line_credited_piece_by_piece_ends_at_zero(line: LineAmounts, cuts: list[int]) -> None:
    if not line.total:
        return
    taken: LineAmounts | None = None
    pieces = rupees(line.total.minor).split(cuts)
    for piece in [piece for piece in pieces if piece]:
        part = credit_parts(line, piece, taken)
        assert part.net + part.tax == part.total == piece
        assert part.doctor_share + part.center_share == part.net
        assert min(part.net.minor, part.tax.minor, part.doctor_share.minor, part.center_share.minor) >= 0
        taken = part if taken is None else add(taken, part)
    assert taken is not None
    assert (taken.net, taken.tax, taken.doctor_share, taken.center_share) == (line.net, line.tax, line.doctor_share, line.center_share)
    with pytest.raises(CreditTooLarge):
        credit_parts(line, rupees(1), taken)


def add(one: LineAmounts, other: LineAmounts) -> LineAmounts:
    return LineAmounts(
        one.gross + other.gross,
        one.discount,
        one.net + other.net,
        one.tax + other.tax,
        one.total + other.total,
        one.doctor_share + other.doctor_share,
        one.center_share + other.center_share,
        one.tax_is_inclusive,
    )


@pytest.mark.parametrize(
    ("total", "paid", "credited", "overdue", "status"),
    [
        (100, 0, 0, False, InvoiceStatus.PENDING),
        (100, 0, 0, True, InvoiceStatus.OVERDUE),
        (100, 40, 0, False, InvoiceStatus.PARTIAL),
        (100, 40, 0, True, InvoiceStatus.OVERDUE),
        (100, 100, 0, True, InvoiceStatus.PAID),
        (100, 40, 60, False, InvoiceStatus.PAID),
        (100, 0, 60, False, InvoiceStatus.PENDING),
        (100, 0, 100, False, InvoiceStatus.CANCELLED),
        (0, 0, 0, False, InvoiceStatus.PAID),
    ],
)
def test_the_status_follows_from_the_money(total: int, paid: int, credited: int, overdue: bool, status: InvoiceStatus) -> None:
    assert status_after(rupees(total), rupees(paid), rupees(credited), overdue=overdue) is status


def test_an_issued_invoice_never_becomes_a_draft_again_and_a_cancelled_one_stays() -> None:
    for status in InvoiceStatus:
        with pytest.raises(IllegalTransition):
            INVOICE_STATES.check(status, InvoiceStatus.DRAFT)
        with pytest.raises(IllegalTransition):
            INVOICE_STATES.check(InvoiceStatus.CANCELLED, status)


def test_a_count_sheet_adds_up() -> None:
    sheet = [Pieces(rupees(50_000), 3), Pieces(rupees(10_000), 0), Pieces(rupees(100), 7)]
    assert counted_cash(sheet, "INR") == rupees(150_700)
    assert counted_cash([], "INR") == rupees(0)
    for senseless in ([sheet[0], sheet[0]], [Pieces(rupees(0), 1)], [Pieces(rupees(100), -1)]):
        with pytest.raises(InvalidInput):
            counted_cash(senseless, "INR")


def test_rows_of_rules_are_frozen() -> None:
    tender = Tender(PaymentMethod.CASH, rupees(1))
    with pytest.raises(AttributeError):
        tender.amount = rupees(2)  # type: ignore[misc]
    assert hash(tender) == hash(Tender(PaymentMethod.CASH, rupees(1)))
