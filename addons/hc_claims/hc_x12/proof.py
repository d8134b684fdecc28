# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The proof of a remittance at three levels, exact to the cent.

From the balancing section of the 835 guide (005010X221A1, 1.10.2); positive adjustments
reduce the payment everywhere:

- service line: SVC02 - its CAS = SVC03
- claim: CLP03 - CAS of the claim - CAS of its lines = CLP04
- transaction: the sum of CLP04 - the sum of PLB = BPR02

The payments of the lines need not add up to that of the claim: adjustments of the claim
itself stand between them.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from .common import new
from .remittance import Adjustment, Claim, ProviderAdjustment

SERVICE_LINE = "service line"
CLAIM = "claim"
TRANSACTION = "transaction"

_ZERO = Decimal(0)


class Balance(NamedTuple):
    """One equation of the proof.

    Attributes:
        level: service line, claim or transaction.
        expected: the payment that follows from charges and adjustments; None where one
            of these cannot be read.
        found: the payment that the file states; None where it cannot be read.
        segment_number: position of the segment that states it.
        claim: patient control number, below the transaction.
        line: number of the service line in its claim, from 1.
    """

    level: str
    expected: Decimal | None
    found: Decimal | None
    segment_number: int = 0
    claim: str = ""
    line: int = 0

    @property
    def difference(self) -> Decimal | None:
        """What was found above what was expected, or None where either is unknown."""
        if self.expected is None or self.found is None:
            return None
        return self.found - self.expected

    @property
    def is_proven(self) -> bool:
        """Whether both amounts are known and equal."""
        return self.expected is not None and self.expected == self.found


class ClaimProof(NamedTuple):
    """The balances of a claim and of its lines."""

    claim: Balance
    lines: tuple[Balance, ...]

    @property
    def is_proven(self) -> bool:
        """Whether the claim and each of its lines is."""
        return self.claim.is_proven and all(line.is_proven for line in self.lines)

    @property
    def first_difference(self) -> Balance | None:
        """The first balance that does not hold, lines before the claim."""
        return next((each for each in (*self.lines, self.claim) if not each.is_proven), None)


def total(adjustments: Iterable[Adjustment | ProviderAdjustment]) -> Decimal | None:
    """Return the sum of adjustments, or None where one of them cannot be read."""
    amount = _ZERO
    for adjustment in adjustments:
        if adjustment.amount is None:
            return None
        amount += adjustment.amount
    return amount


def _less(amount: Decimal | None, adjusted: Decimal | None) -> Decimal | None:
    return None if amount is None or adjusted is None else amount - adjusted


def prove_claim(claim: Claim) -> ClaimProof:
    """Return the balances of a claim and of its lines."""
    name = claim.patient_control_number
    expected = _less(claim.charge, total(claim.adjustments))
    lines = []
    for number, line in enumerate(claim.lines, 1):
        adjusted = total(line.adjustments)
        expected = _less(expected, adjusted)
        of_line = _less(line.charge, adjusted)
        balance = (SERVICE_LINE, of_line, line.paid, line.segment_number, name, number)
        lines.append(new(Balance, balance))
    balance = Balance(CLAIM, expected, claim.paid, claim.segment_number, name)
    return ClaimProof(balance, tuple(lines))


class TransactionProof:
    """Sums up a transaction while its claims pass by.

    Attributes:
        claims: how many there were.
        paid: sum of the payments of claims that can be read.
        adjusted: sum of the provider level adjustments that can be read.
    """

    def __init__(self):
        self.claims = 0
        self.paid = _ZERO
        self.adjusted = _ZERO
        self._unreadable = 0

    def add_claim(self, claim: Claim):
        """Count a claim and its payment."""
        self.claims += 1
        if claim.paid is None:
            self._unreadable += 1
        else:
            self.paid += claim.paid

    def add_adjustment(self, adjustment: ProviderAdjustment):
        """Count a provider level adjustment."""
        if adjustment.amount is None:
            self._unreadable += 1
        else:
            self.adjusted += adjustment.amount

    def balance(self, payment: Decimal | None, segment_number: int = 0) -> Balance:
        """Return the balance of the transaction.

        :param payment: BPR02
        :param segment_number: position of the BPR
        """
        expected = None if self._unreadable else self.paid - self.adjusted
        return Balance(TRANSACTION, expected, payment, segment_number)
