"""Money in a simulated day: tenders with change, references, the till's opening and count, and the settlement."""

from __future__ import annotations

from random import Random

from clinic_desktop.clinic.billing import commands as billing
from clinic_desktop.clinic.billing import queries
from clinic_desktop.clinic.billing.errors import DayAlreadySettled, TillsStillOpen
from clinic_desktop.clinic.billing.rules import PaymentMethod, Pieces, Tender
from clinic_desktop.clinic.simulation.work import Work
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.money import Money, decimals_of

_NOTES = (500, 200, 100, 50, 20, 10, 5, 2, 1)
"""Notes and coins in major units; smaller ones are tenths and so on down to the minor unit."""


def cash_tender(rng: Random, amount: Money) -> Tender:
    """Cash for an amount: exact, or with the next big note handed over."""
    note = 10 ** decimals_of(amount.currency) * rng.choice((100, 500))
    rounded = -(-amount.minor // note) * note
    return Tender(PaymentMethod.CASH, amount, tendered=Money(rounded, amount.currency) if rng.random() < 0.6 else None)


def reference(rng: Random, method: PaymentMethod) -> str:
    """What a payment terminal prints as its reference."""
    return f"{method.value}-{rng.randrange(10**12):012d}"


def count_sheet(amount: Money) -> list[Pieces]:
    """An amount of cash in as few notes and coins as possible."""
    unit, left, sheet = 10 ** decimals_of(amount.currency), max(amount.minor, 0), []
    values = sorted({note * unit // 10**power for note in _NOTES for power in range(4)} | {1}, reverse=True)
    for value in values:
        if value and left >= value:
            sheet.append(Pieces(Money(value, amount.currency), left // value))
            left %= value
    return sheet


def open_till(work: Work) -> None:
    """Open the cashier's till, unless it is open from before."""
    cashier = work.crew.cashier
    assert cashier.user_id is not None
    if work.read(queries.till, cashier.user_id, work.clinic_id) is None:
        amount = Money(2_000 * 10 ** decimals_of(work.database.currency), work.database.currency)
        work.run(cashier, billing.open_till, key=new_id(), clinic_id=work.clinic_id, opening_float=amount)


def close_till(work: Work) -> None:
    """Count the till; now and then a coin is missing."""
    cashier = work.crew.cashier
    assert cashier.user_id is not None
    till = work.read(queries.till, cashier.user_id, work.clinic_id)
    if till is None:
        return
    short = Money(10 ** decimals_of(till.expected.currency) * (10 if work.chance(0.1) else 0), till.expected.currency)
    counted = till.expected - short if till.expected >= short else till.expected
    note = "Ten short, counted twice" if counted != till.expected else None
    work.run(cashier, billing.close_till, key=new_id(), clinic_id=work.clinic_id, counted=count_sheet(counted), note=note)


def settle(work: Work) -> None:
    """Settle the day, unless it was settled before or somebody's till is still open."""
    note = "As noted at the tills" if work.read(queries.settlement_preview, work.clinic_id, work.day).till_difference else None
    try:
        work.run(work.crew.cashier, billing.settle_day, key=new_id(), clinic_id=work.clinic_id, day=work.day, note=note)
    except (DayAlreadySettled, TillsStillOpen):
        return
