# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What the provider adjustments of one payer and reference come to (PLB of an 835 X221A1).

Above zero an adjustment is taken off a payment. A payer *announces* a takeback below zero (it has
reversed a claim and does not take the money yet), *recovers* it above zero, and acknowledges a
refund that was sent to it by code 72, below zero, against its recovery. FB carries a balance from
one remittance to the next: below zero in the one that forwards, above zero in the one that takes
it up. The sum over all documents is the balance, in whatever order they arrive.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

ANNOUNCED = "announced"
DEFERRED = "deferred"
RECOVERED = "recovered"
OFFSET = "offset"
OPEN = "open"

ACCOUNT_STATES = (
    (ANNOUNCED, "Announced"),
    (DEFERRED, "Partly Recovered"),
    (RECOVERED, "Recovered"),
    (OFFSET, "Offset by Refund"),
    (OPEN, "Taken, Not Explained"),
)
AUTHORIZED_RETURN = "72"
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Document:
    """One adjustment, or one entry of ours, on the account: ``code`` as sent, empty for ours."""

    code: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Account:
    """The sums of one reference; ``balance`` is the sum of the other four."""

    announced: Decimal
    recovered: Decimal
    returned: Decimal
    booked: Decimal

    @property
    def balance(self) -> Decimal:
        """Below zero: the payer will still take it; above: it took more than it announced."""
        return self.announced + self.recovered + self.returned + self.booked

    @property
    def state(self) -> str:
        """Where the takeback is.

        >>> sum_account([Document("WO", Decimal(-80))]).state
        'announced'
        >>> sum_account([Document("WO", Decimal(30)), Document("WO", Decimal(-80))]).state
        'deferred'
        >>> sum_account([Document("WO", Decimal(80)), Document("WO", Decimal(-80))]).state
        'recovered'
        >>> sum_account([Document("WO", Decimal(80)), Document("72", Decimal(-80))]).state
        'offset'
        >>> sum_account([Document("WO", Decimal(80))]).state
        'open'
        """
        if self.balance > 0:
            return OPEN
        if self.balance < 0:
            return DEFERRED if self.recovered else ANNOUNCED
        return OFFSET if self.returned else RECOVERED


def sum_account(documents: Iterable[Document]) -> Account:
    """Sum the documents of one payer and reference."""
    announced = recovered = returned = booked = _ZERO
    for document in documents:
        if not document.code:
            booked += document.amount
        elif document.code == AUTHORIZED_RETURN:
            returned += document.amount
        elif document.amount < 0:
            announced += document.amount
        else:
            recovered += document.amount
    return Account(announced, recovered, returned, booked)
