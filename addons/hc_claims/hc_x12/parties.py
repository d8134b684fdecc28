# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Who takes part in a transaction: organizations, people, their numbers and addresses.

Numbers are written as given, without dashes or spaces; absent text is empty.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Name:
    """The name of a person, or in ``last`` alone that of an organization."""

    last: str
    first: str = ""
    middle: str = ""
    suffix: str = ""
    is_organization: bool = False


@dataclass(frozen=True, slots=True)
class Address:
    """A street address; ``state`` and ``postal_code`` are needed in the United States.

    ``country`` stays empty for the United States (N404).
    """

    line_1: str
    city: str
    state: str
    postal_code: str
    line_2: str = ""
    country: str = ""
    subdivision: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach somebody (PER): at least one of the numbers."""

    name: str = ""
    phone: str = ""
    extension: str = ""
    fax: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Identifier:
    """A further number of a party: a REF qualifier, such as `G2`, and the value."""

    qualifier: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitter:
    """Who sends a file (loop 1000A)."""

    name: Name
    identifier: str
    contact: Contact


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """Who receives a file, a clearinghouse or a payer (loop 1000B)."""

    name: str
    identifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """Somebody who referred, rendered, supervised, ordered, attended or operated."""

    name: Name
    npi: str = ""
    taxonomy: str = ""
    identifiers: tuple[Identifier, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facility:
    """Where the service took place, if elsewhere than at the billing provider."""

    name: str
    address: Address
    npi: str = ""
    identifiers: tuple[Identifier, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingProvider:
    """Who bills and is paid (loops 2000A, 2010AA, 2010AB).

    Attributes:
        tax_id: employer number, or with ``tax_id_qualifier`` `SY` a social security
            number.
        pay_to: where payments go, if elsewhere.
        payer_identifiers: numbers that the destination payer gave (`G2`, `LU`).
    """

    name: Name
    address: Address
    tax_id: str
    npi: str = ""
    tax_id_qualifier: str = "EI"
    taxonomy: str = ""
    pay_to: Address | None = None
    contact: Contact | None = None
    identifiers: tuple[Identifier, ...] = ()
    payer_identifiers: tuple[Identifier, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """Who holds the coverage.

    Address, birth date and gender are needed where the subscriber is the patient.
    """

    name: Name
    member_id: str
    address: Address | None = None
    birth_date: date | None = None
    gender: str = ""
    group_number: str = ""
    group_name: str = ""
    social_security_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """A patient who is not the subscriber.

    Attributes:
        relationship: to the subscriber: `01` spouse, `19` child, `20` employee,
            `21` unknown, `39` organ donor, `40` cadaver donor, `53` life partner,
            `G8` other.
    """

    name: Name
    relationship: str
    birth_date: date
    gender: str
    address: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer:
    """A health plan; ``qualifier`` `PI` for its payer number, `XV` for a plan number."""

    name: str
    identifier: str
    qualifier: str = "PI"
    address: Address | None = None
    identifiers: tuple[Identifier, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """One payer's place in the order of payers of a claim.

    Attributes:
        responsibility: `P` primary, `S` secondary, `T` tertiary, `A` to `H` further,
            `U` unknown (SBR01).
        filing_code: kind of plan, such as `CI`, `BL`, `HM`, `MB`, `MC` (SBR09).
        insurance_type: why Medicare is not primary (SBR05).
    """

    payer: Payer
    subscriber: Subscriber
    responsibility: str = "P"
    filing_code: str = "CI"
    insurance_type: str = ""
