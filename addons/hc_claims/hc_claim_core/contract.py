# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What a payer's contract allows for the services of a claim, without a database.

For each service the most specific term decides: a code goes before a range of codes, that before
none; among equals a modifier, then a revenue code, then a kind of facility. Every amount is exact
until the end and rounded once a service, half a cent up.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

PER_UNIT = "per_unit"
PER_SERVICE = "per_service"
PERCENT_OF_CHARGE = "percent_of_charge"
PERCENT_OF_SCHEDULE = "percent_of_schedule"
METHODS = (PER_UNIT, PER_SERVICE, PERCENT_OF_CHARGE, PERCENT_OF_SCHEDULE)

# Why no amount can be expected.
NO_TERM = "no_term"
NO_PRICE = "no_price"

_HUNDRED = Decimal(100)
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One service as it was charged.

    Attributes:
        schedule_prices: prices of one unit by the number of the fee schedule that has it, for the
            day of service.
    """

    charge: Decimal
    code: str = ""
    modifiers: tuple[str, ...] = ()
    revenue_code: str = ""
    facility_type: str = ""
    units: Decimal = Decimal(1)
    day: date | None = None
    schedule_prices: tuple[tuple[int, Decimal], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One term of a contract: where it applies and how it prices.

    Attributes:
        number: the caller's number of the term.
        code_from, code_to: procedures of the same length between these, both included; a single
            code where the second is empty or the same, any procedure where both are.
        rate: an amount for the methods that name one, else a percentage.
        schedule: number of the fee schedule of ``percent_of_schedule``.
        is_lesser_of: never more than the charge.
        is_reduced: counts among the procedures of a day of which only the dearest is paid in full.
    """

    number: int
    method: str
    rate: Decimal
    code_from: str = ""
    code_to: str = ""
    modifier: str = ""
    revenue_code: str = ""
    facility_type: str = ""
    schedule: int = 0
    is_lesser_of: bool = True
    is_reduced: bool = False

    @property
    def is_range(self) -> bool:
        """Whether the term names more than one procedure."""
        return bool(self.code_to) and self.code_to != self.code_from

    @property
    def specificity(self) -> tuple[int, bool, bool, bool]:
        """The larger, the more the term says about where it applies."""
        codes = 0 if not self.code_from else 1 if self.is_range else 2
        return (codes, bool(self.modifier), bool(self.revenue_code), bool(self.facility_type))

    def applies(self, service: Service) -> bool:
        """Whether the term is about the service.

        >>> Term(number=1, method=PER_UNIT, rate=Decimal(1), code_from="99211", code_to="99215"
        ...      ).applies(Service(charge=Decimal(5), code="99213"))
        True
        """
        return (
            self._has_code(service.code)
            and (not self.modifier or self.modifier in service.modifiers)
            and (not self.revenue_code or self.revenue_code == service.revenue_code)
            and (not self.facility_type or self.facility_type == service.facility_type)
        )

    def _has_code(self, code: str) -> bool:
        if not self.code_from:
            return True
        last = self.code_to or self.code_from
        return len(code) == len(self.code_from) and self.code_from <= code <= last

    def competes(self, other: "Term") -> bool:
        """Whether some service would find both terms equally specific."""
        mine, theirs = self.code_to or self.code_from, other.code_to or other.code_from
        return (
            self.specificity == other.specificity
            and (self.modifier, self.revenue_code, self.facility_type)
            == (other.modifier, other.revenue_code, other.facility_type)
            and len(self.code_from) == len(other.code_from)
            and self.code_from <= theirs
            and other.code_from <= mine
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """The terms in force, and what applies to all of them.

    Attributes:
        unlisted_percent: of the charge, where the fee schedule of a term has no price; zero: then
            nothing is expected.
        reduced_percent: what further procedures of a day are paid, of terms that are reduced.
        quantum: the smallest unit of the currency.
    """

    terms: tuple[Term, ...]
    unlisted_percent: Decimal = _ZERO
    reduced_percent: Decimal = Decimal(50)
    quantum: Decimal = Decimal("0.01")

    def find_term(self, service: Service) -> Term | None:
        """The most specific term about a service; of equals, the first."""
        fitting = [term for term in self.terms if term.applies(service)]
        return max(fitting, key=lambda term: term.specificity, default=None)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of how an amount came about: its code, and the numbers that it names."""

    code: str
    values: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True)
class Price:
    """What the contract allows for one service.

    ``amount`` is None where nothing can be expected; ``problem`` then says why.
    """

    amount: Decimal | None
    term: Term | None = None
    steps: tuple[Step, ...] = ()
    problem: str = ""


def price_services(contract: Contract, services: Sequence[Service]) -> tuple[Price, ...]:
    """What a contract allows for the services of one claim, in their order.

    >>> half = Term(number=1, method=PERCENT_OF_CHARGE, rate=Decimal("62.5"))
    >>> [price] = price_services(Contract(terms=(half,)), [Service(charge=Decimal("100.20"))])
    >>> price.amount
    Decimal('62.63')
    """
    prices = [_price_service(contract, service) for service in services]
    for place in _find_reduced(prices, services):
        prices[place] = _reduce(prices[place], contract.reduced_percent)
    return tuple(
        _finish(price, service, contract.quantum)
        for price, service in zip(prices, services, strict=True)
    )


def sum_expected(prices: Iterable[Price]) -> Decimal | None:
    """The sum over the services of a claim; None where one of them has no amount."""
    amounts = [price.amount for price in prices]
    return None if None in amounts else sum(amounts, _ZERO)


def _price_service(contract: Contract, service: Service) -> Price:
    term = contract.find_term(service)
    if term is None:
        return Price(None, problem=NO_TERM)
    if term.method == PER_UNIT:
        amount = term.rate * service.units
        return Price(amount, term, (Step(PER_UNIT, (term.rate, service.units, amount)),))
    if term.method == PER_SERVICE:
        return Price(term.rate, term, (Step(PER_SERVICE, (term.rate,)),))
    if term.method == PERCENT_OF_CHARGE:
        return _price_percent(PERCENT_OF_CHARGE, term.rate, service, term)
    unit_price = dict(service.schedule_prices).get(term.schedule)
    if unit_price is not None:
        amount = unit_price * service.units * term.rate / _HUNDRED
        values = (term.rate, unit_price, service.units, amount)
        return Price(amount, term, (Step(PERCENT_OF_SCHEDULE, values),))
    if contract.unlisted_percent:
        return _price_percent("unlisted", contract.unlisted_percent, service, term)
    return Price(None, term, problem=NO_PRICE)


def _price_percent(code: str, percent: Decimal, service: Service, term: Term) -> Price:
    amount = service.charge * percent / _HUNDRED
    return Price(amount, term, (Step(code, (percent, service.charge, amount)),))


def _find_reduced(prices: Sequence[Price], services: Sequence[Service]) -> list[int]:
    """Places of the services that are not the dearest of their day; of equals the first is."""
    first: dict[date | None, int] = {}
    counted = []
    for place, (price, service) in enumerate(zip(prices, services, strict=True)):
        if price.amount is None or not price.term.is_reduced:
            continue
        counted.append(place)
        best = first.get(service.day)
        if best is None or price.amount > prices[best].amount:
            first[service.day] = place
    return [place for place in counted if first[services[place].day] != place]


def _reduce(price: Price, percent: Decimal) -> Price:
    amount = price.amount * percent / _HUNDRED
    return Price(amount, price.term, (*price.steps, Step("reduced", (percent, amount))))


def _finish(price: Price, service: Service, quantum: Decimal) -> Price:
    """Cap an amount at the charge where the term says so, and round it."""
    if price.amount is None:
        return price
    amount, steps = price.amount.quantize(quantum, ROUND_HALF_UP), price.steps
    if price.term.is_lesser_of and amount > service.charge:
        amount = service.charge
        steps = (*steps, Step("lesser_of", (service.charge,)))
    return Price(amount, price.term, steps)
