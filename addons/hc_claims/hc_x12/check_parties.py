# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Whether parties can be written: names, numbers, addresses. Findings name the field."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from decimal import Decimal

from .findings import WARNING, Finding, shown
from .parties import Address, Coverage, Identifier, Name, Payer, Provider, Subscriber

AMOUNT_DIGITS_MAX = 10
GENDERS = frozenset("FMU")
RESPONSIBILITIES = frozenset("ABCDEFGHPSTU")
FILING_CODES = frozenset(
    ("11", "12", "13", "14", "15", "16", "17", "AM", "BL", "CH", "CI", "DS", "FI", "HM")
    + ("LM", "MA", "MB", "MC", "OF", "TV", "VA", "WC", "ZZ")
)
# The guides ask for the nine digits of a ZIP code where services are paid or rendered.
ZIP_LENGTHS = (5, 9)


class Check:
    """Collects what is wrong with one document.

    A message begins with the path of the field, such as ``lines[2].charge``; lists count
    from 1, as a person does.
    """

    def __init__(self, document: str = ""):
        self.findings: list[Finding] = []
        self._document = document

    def error(self, code: str, path: str, text: str) -> None:
        """Note what keeps the document from being written."""
        self.findings.append(Finding(code, f"{path}: {text}", claim=self._document))

    def warning(self, code: str, path: str, text: str) -> None:
        """Note what the receiver may object to."""
        self.findings.append(
            Finding(code, f"{path}: {text}", severity=WARNING, claim=self._document)
        )

    def required(self, path: str, value: object) -> bool:
        """Note a value that is missing; tell whether it is there."""
        if value is None or (isinstance(value, str) and not value.strip()):
            self.error("missing", path, "is missing: fill it in.")
            return False
        return True

    def one_of(self, path: str, value: str, choices: Collection[str]) -> None:
        """Note a code that is none of the choices."""
        if value not in choices:
            known = ", ".join(sorted(choices))
            self.error("code_unknown", path, f"{shown(value)} is none of {known}.")

    def at_most(self, path: str, values: Sequence, limit: int) -> None:
        """Note a list that is too long for its place."""
        if len(values) > limit:
            self.error("too_many", path, f"has {len(values)} entries, more than {limit}.")

    def amount(self, path: str, value: Decimal | None, decimals: int = 2) -> bool:
        """Note what cannot be written as an amount; tell whether there is none of it."""
        if value is None:
            return True
        if not isinstance(value, Decimal) or not value.is_finite():
            self.error("amount_invalid", path, f"{shown(str(value))} is no finite Decimal.")
        elif value.copy_abs().compare(Decimal(10**AMOUNT_DIGITS_MAX)) >= 0:
            self.error("amount_too_large", path, f"has more than {AMOUNT_DIGITS_MAX} digits.")
        elif value != value.quantize(Decimal(1).scaleb(-decimals)):
            self.error(
                "amount_too_precise", path, f"{shown(str(value))} has over {decimals} decimals."
            )
        else:
            return True
        return False

    def not_negative(self, path: str, value: Decimal | None, decimals: int = 2) -> bool:
        """Note an amount or quantity that is invalid or below zero."""
        if not self.amount(path, value, decimals):
            return False
        if value is not None and value < 0:
            self.error("amount_negative", path, f"{value} is below zero.")
            return False
        return True

    def quantity(self, path: str, value: Decimal | None) -> None:
        """Note a quantity that is not above zero or has more than three decimals."""
        if self.not_negative(path, value, decimals=3) and value is not None and not value:
            self.error("quantity_zero", path, "is zero.")

    def period(self, path: str, begin: date | None, end: date | None) -> None:
        """Note a period that ends before it begins."""
        if begin is not None and end is not None and end < begin:
            self.error("period_reversed", path, f"ends on {end}, before it begins on {begin}.")


def digits(value: str, *lengths: int) -> bool:
    """Tell whether the text is made of ASCII digits, of one of the lengths."""
    return value.isascii() and value.isdigit() and len(value) in lengths


def check_npi(check: Check, path: str, npi: str) -> None:
    """Note an NPI of the wrong form; its check digit is proven where it is recorded."""
    if npi and not (digits(npi, 10) and npi[0] in "12"):
        check.error("npi_invalid", path, f"{shown(npi)} is no NPI: ten digits, from 1 or 2.")


def check_name(check: Check, path: str, name: Name, *, person: bool = False) -> None:
    """Note a name that is missing, or an organization where only a person may stand."""
    check.required(f"{path}.last", name.last)
    if person and name.is_organization:
        check.error("not_a_person", path, "only a person may stand here.")


def check_provider(
    check: Check, path: str, provider: Provider | None, *, person: bool = False
) -> None:
    """Note what is wrong with a provider, where there is one."""
    if provider is None:
        return
    check_name(check, f"{path}.name", provider.name, person=person)
    check_npi(check, f"{path}.npi", provider.npi)
    if not provider.npi and not provider.identifiers:
        check.error("npi_missing", f"{path}.npi", "is missing: without it, another number.")
    check_identifiers(check, f"{path}.identifiers", provider.identifiers, 3)


def check_identifiers(
    check: Check, path: str, identifiers: Sequence[Identifier], limit: int
) -> None:
    """Note further numbers that are incomplete, repeated or too many."""
    check.at_most(path, identifiers, limit)
    for place, identifier in enumerate(identifiers, 1):
        check.required(f"{path}[{place}].qualifier", identifier.qualifier)
        check.required(f"{path}[{place}].value", identifier.value)
    qualifiers = [identifier.qualifier for identifier in identifiers]
    if len(set(qualifiers)) != len(qualifiers):
        check.error("qualifier_repeated", path, "holds one qualifier twice.")


def check_address(
    check: Check, path: str, address: Address | None, *, nine_digit_zip: bool = False
) -> None:
    """Note what is missing in an address, where there is one."""
    if address is None:
        return
    check.required(f"{path}.line_1", address.line_1)
    check.required(f"{path}.city", address.city)
    if address.country:
        return
    if len(address.state) != 2 or not address.state.isalpha():
        check.error("state_invalid", f"{path}.state", f"{shown(address.state)} is no state.")
    lengths = (9,) if nine_digit_zip else ZIP_LENGTHS
    if not digits(address.postal_code, *lengths):
        wanted = " or ".join(map(str, lengths))
        check.error(
            "postal_code_invalid",
            f"{path}.postal_code",
            f"{shown(address.postal_code)} is no ZIP code of {wanted} digits.",
        )


def check_person_facts(
    check: Check, path: str, birth_date: date | None, gender: str, address: Address | None
) -> None:
    """Note what is missing of what a payer wants to know of a patient."""
    check.required(f"{path}.birth_date", birth_date)
    check.one_of(f"{path}.gender", gender, GENDERS)
    if check.required(f"{path}.address", address):
        check_address(check, f"{path}.address", address)


def check_subscriber(check: Check, path: str, subscriber: Subscriber) -> None:
    """Note what is wrong with the holder of a coverage."""
    check_name(check, f"{path}.name", subscriber.name)
    check.required(f"{path}.member_id", subscriber.member_id)
    check_address(check, f"{path}.address", subscriber.address)
    if subscriber.social_security_number and not digits(subscriber.social_security_number, 9):
        check.error("ssn_invalid", f"{path}.social_security_number", "has not nine digits.")


def check_payer(check: Check, path: str, payer: Payer) -> None:
    """Note what is wrong with a payer."""
    check.required(f"{path}.name", payer.name)
    check.required(f"{path}.identifier", payer.identifier)
    check.one_of(f"{path}.qualifier", payer.qualifier, ("PI", "XV"))
    check_address(check, f"{path}.address", payer.address)
    check_identifiers(check, f"{path}.identifiers", payer.identifiers, 3)


def check_coverage(check: Check, path: str, coverage: Coverage) -> None:
    """Note what is wrong with a payer's place in the order, the payer and the subscriber."""
    check.one_of(f"{path}.responsibility", coverage.responsibility, RESPONSIBILITIES)
    check.one_of(f"{path}.filing_code", coverage.filing_code, FILING_CODES)
    check_payer(check, f"{path}.payer", coverage.payer)
    check_subscriber(check, f"{path}.subscriber", coverage.subscriber)


def paths(path: str, values: Sequence) -> Iterator[tuple[str, object]]:
    """Pair each value with its path; lists count from 1."""
    for place, value in enumerate(values, 1):
        yield f"{path}[{place}]", value
