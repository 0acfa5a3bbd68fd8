"""Money rules of the cashier's desk: pure functions, no I/O."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

from clinic_desktop.clinic.billing.errors import CreditTooLarge, MethodNotAvailable, PaysTooMuch
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.money import Money, round_half_up
from clinic_desktop.kernel.states import StateMachine
from clinic_desktop.kernel.text import required_line, whole_number

FULL = 10_000
"""One hundred percent in basis points."""
MOST_PIECES = 1_000_000


class InvoiceStatus(StrEnum):
    """Where an invoice stands: a draft may change, an issued one only gets paid, credited or overdue."""

    DRAFT = "DRAFT"
    PENDING = "PENDING"
    PARTIAL = "PARTIAL"
    PAID = "PAID"
    OVERDUE = "OVERDUE"
    CANCELLED = "CANCELLED"


class LineKind(StrEnum):
    """What an invoice line charges for."""

    CONSULTATION = "CONSULTATION"
    SERVICE = "SERVICE"
    MEDICINE = "MEDICINE"
    LAB = "LAB"
    OPTICAL = "OPTICAL"
    REPAIR = "REPAIR"
    OTHER = "OTHER"


class PaymentMethod(StrEnum):
    """The tender by which money comes in or leaves."""

    CASH = "CASH"
    CARD = "CARD"
    UPI = "UPI"
    BANK_TRANSFER = "BANK_TRANSFER"
    WALLET = "WALLET"
    INSURANCE = "INSURANCE"


class PaymentStatus(StrEnum):
    """Outcome of a payment; only completed ones are allocated to invoices."""

    PENDING = "PENDING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"


class TillStatus(StrEnum):
    """A till session takes entries while it is open."""

    OPEN = "OPEN"
    CLOSED = "CLOSED"


_S = InvoiceStatus
INVOICE_STATES: StateMachine[InvoiceStatus] = StateMachine(
    "invoice",
    {
        _S.DRAFT: {_S.PENDING, _S.PAID, _S.CANCELLED},  # straight to PAID: nothing is owed for a free visit
        _S.PENDING: {_S.PARTIAL, _S.PAID, _S.OVERDUE, _S.CANCELLED},
        _S.PARTIAL: {_S.PENDING, _S.PAID, _S.OVERDUE, _S.CANCELLED},
        _S.OVERDUE: {_S.PAID, _S.CANCELLED},
        _S.PAID: {_S.PENDING, _S.PARTIAL, _S.CANCELLED},  # a refund opens the balance again
    },
)
TILL_STATES: StateMachine[TillStatus] = StateMachine("till", {TillStatus.OPEN: {TillStatus.CLOSED}})
OPEN_STATUSES = (InvoiceStatus.DRAFT, InvoiceStatus.PENDING, InvoiceStatus.PARTIAL, InvoiceStatus.OVERDUE)
OWING_STATUSES = (InvoiceStatus.PENDING, InvoiceStatus.PARTIAL, InvoiceStatus.OVERDUE)
TAKEN_METHODS = (PaymentMethod.CASH, PaymentMethod.CARD, PaymentMethod.UPI, PaymentMethod.BANK_TRANSFER)
"""Methods a cashier can take today; wallet and insurance belong to departments that do not pay through here yet."""


@dataclass(frozen=True, slots=True)
class NewLine:
    """What another department charges for; tax and shares are worked out here."""

    kind: LineKind
    source_type: str
    source_id: UUID | None
    description: str
    quantity: int
    unit_price: Money
    discount: Money | None = None
    tax_configuration_id: UUID | None = None
    doctor_id: UUID | None = None
    doctor_share_basis_points: int = 0
    teeth: str | None = None


@dataclass(frozen=True, slots=True)
class Tender:
    """One means of payment: ``amount`` goes to the bill; ``tendered`` is the cash handed over when it was more."""

    method: PaymentMethod
    amount: Money
    transaction_id: str | None = None
    tendered: Money | None = None


@dataclass(frozen=True, slots=True)
class LineAmounts:
    """A line worked out: ``net`` is without tax and is what the shares divide."""

    gross: Money
    discount: Money
    net: Money
    tax: Money
    total: Money
    doctor_share: Money
    center_share: Money
    tax_is_inclusive: bool


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums of an invoice's rounded lines; total = subtotal - discount + tax - tax_included."""

    subtotal: Money
    discount: Money
    tax: Money
    tax_included: Money
    total: Money


def line_amounts(
    quantity: int, unit_price: Money, discount: Money, *, rate: int = 0, inclusive: bool = False, doctor_share: int = 0
) -> LineAmounts:
    """Work a line out; ``rate`` and ``doctor_share`` in basis points. Tax and share each round half-up once."""
    whole_number(quantity, "quantity", 1, MOST_PIECES)
    whole_number(rate, "tax", 0, FULL)
    whole_number(doctor_share, "doctor_share", 0, FULL)
    gross = unit_price * quantity
    if unit_price.minor < 0:
        raise InvalidInput("unit_price", "negative")
    if not 0 <= discount.minor <= gross.minor:
        raise InvalidInput("discount", "out_of_range", low=0, high=gross.minor)
    charged = gross - discount
    tax = charged.times(Fraction(rate, FULL + rate)) if inclusive else charged.basis_points(rate)
    net = charged - tax if inclusive else charged
    doctor, center = shares(net, doctor_share)
    return LineAmounts(gross, discount, net, tax, net + tax, doctor, center, inclusive)


def shares(net: Money, doctor_share: int) -> tuple[Money, Money]:
    """The doctor's and the centre's part of a net line; they add up to it exactly."""
    doctor = net.basis_points(doctor_share)
    return doctor, net - doctor


def invoice_totals(lines: Iterable[LineAmounts], currency: str) -> Totals:
    """Sums of rounded lines."""
    subtotal = discount = tax = included = due = Money.zero(currency)
    for line in lines:
        subtotal, discount, tax, due = subtotal + line.gross, discount + line.discount, tax + line.tax, due + line.total
        if line.tax_is_inclusive:
            included = included + line.tax
    return Totals(subtotal, discount, tax, included, due)


def status_after(total: Money, paid: Money, credited: Money, *, overdue: bool) -> InvoiceStatus:
    """The status of an issued invoice from its money; credited in full and nothing kept is CANCELLED.

    Two sites that took the money of one invoice, each alone, make more than its total: it is paid, and the rest is to be given back.
    """
    if paid + credited >= total:
        return InvoiceStatus.CANCELLED if credited and not paid else InvoiceStatus.PAID
    if overdue:
        return InvoiceStatus.OVERDUE
    return InvoiceStatus.PARTIAL if paid else InvoiceStatus.PENDING


def cash_change(amount: Money, tendered: Money) -> Money:
    """What goes back to the patient out of the cash handed over."""
    if tendered < amount:
        raise InvalidInput("tendered", "less_than_amount")
    return tendered - amount


def check_tenders(tenders: Sequence[Tender], balance: Money) -> Money:
    """Sum of the tenders, or a refusal: they are positive, known here and never more than the balance."""
    if not tenders:
        raise InvalidInput("tenders", "required")
    offered = Money.zero(balance.currency)
    for tender in tenders:
        if tender.method not in TAKEN_METHODS:
            raise MethodNotAvailable("method", method=tender.method.value)
        if tender.amount.minor <= 0:
            raise InvalidInput("amount", "not_positive")
        if tender.tendered is not None:
            if tender.method is not PaymentMethod.CASH:
                raise InvalidInput("tendered", "only_cash")
            cash_change(tender.amount, tender.tendered)
        offered = offered + tender.amount
    if offered > balance:
        raise PaysTooMuch("amount", balance=balance, offered=offered)
    return offered


def allocate(tenders: Sequence[Money], balances: Sequence[Money]) -> list[list[tuple[int, Money]]]:
    """For each tender, which invoice (by index) gets how much: invoices fill up in their order."""
    left = [balance.minor for balance in balances]
    parts: list[list[tuple[int, Money]]] = []
    for tender in tenders:
        rest, given = tender.minor, []
        for index, open_balance in enumerate(left):
            share = min(rest, open_balance)
            if share > 0:
                given.append((index, Money(share, tender.currency)))
                left[index] -= share
                rest -= share
        if rest:
            raise ValueError("tenders exceed the balances; check_tenders comes first")
        parts.append(given)
    return parts


def accrued_share(share: Money, total: Money, paid: Money) -> Money:
    """The part of a share that money received has earned: whole minor units only, all of it at full payment.

    Rounded down so that the shares of several doctors never add up to more than the money that came in.
    """
    kept = min(paid.minor, total.minor)  # what was paid twice goes back and earns nothing
    return Money(share.minor * kept // total.minor, share.currency) if total.minor else Money.zero(share.currency)


def credit_parts(line: LineAmounts, amount: Money, credited: LineAmounts | None) -> LineAmounts:
    """Tax, net and shares that a credit of ``amount`` takes out of a line, after what earlier credits took.

    Each part is what is due for all credits so far minus what they took before, so that a line
    credited piece by piece ends with every part at zero exactly.
    """
    before = credited.total if credited is not None else Money.zero(amount.currency)
    available = line.total - before
    if amount.minor <= 0:
        raise InvalidInput("amount", "not_positive")
    if amount > available:
        raise CreditTooLarge("amount", available=available)
    so_far = before + amount
    tax = Money(round_half_up(Fraction(line.tax.minor * so_far.minor, line.total.minor)), amount.currency)
    net = so_far - tax
    doctor = Money(round_half_up(Fraction(line.doctor_share.minor * net.minor, line.net.minor)), amount.currency) if line.net else line.net
    zero = Money.zero(amount.currency)
    taken = credited or LineAmounts(zero, zero, zero, zero, zero, zero, zero, line.tax_is_inclusive)
    net, tax, doctor = net - taken.net, tax - taken.tax, doctor - taken.doctor_share
    return LineAmounts(amount, zero, net, tax, amount, doctor, net - doctor, line.tax_is_inclusive)


def described(text: str) -> str:
    """A line's description, cleaned."""
    return required_line(text, "description")


@dataclass(frozen=True, slots=True)
class Pieces:
    """How many notes or coins of one denomination lie in a till."""

    denomination: Money
    pieces: int


def counted_cash(counts: Sequence[Pieces], currency: str) -> Money:
    """The cash of a count sheet; each denomination once."""
    if len({line.denomination.minor for line in counts}) != len(counts):
        raise InvalidInput("counted", "twice")
    found = Money.zero(currency)
    for line in counts:
        if line.denomination.minor <= 0:
            raise InvalidInput("counted", "not_positive")
        found = found + line.denomination * whole_number(line.pieces, "counted", 0, MOST_PIECES)
    return found
