# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Invented claims that the tests of the X12 writers share."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from hc_x12.claim import Adjudication, Adjustment, LineAdjudication, OtherCoverage
from hc_x12.claim_professional import ProfessionalClaim, ProfessionalLine
from hc_x12.interchange import Envelope
from hc_x12.parties import (
    Address,
    BillingProvider,
    Contact,
    Coverage,
    Name,
    Patient,
    Payer,
    Provider,
    Receiver,
    Submitter,
    Subscriber,
)

ENVELOPE = Envelope(
    sender_id="CLINIC01",
    receiver_id="HOUSE01",
    control_number=17,
    created=datetime(2026, 3, 2, 9, 30),
    usage="T",
)
SUBMITTER = Submitter(
    name=Name("RIVERSIDE BILLING", is_organization=True),
    identifier="RB001",
    contact=Contact(name="CLAIMS DESK", phone="5551234567", email="CLAIMS@RIVERSIDE.EXAMPLE"),
)
RECEIVER = Receiver(name="EXAMPLE CLEARINGHOUSE", identifier="HOUSE01")
ADDRESS = Address("10 MAIN STREET", "SPRINGFIELD", "IL", "627010001")
CLINIC = BillingProvider(
    name=Name("RIVERSIDE CLINIC", is_organization=True),
    address=ADDRESS,
    tax_id="370000001",
    npi="1234567893",
    taxonomy="207Q00000X",
    pay_to=Address("PO BOX 77", "SPRINGFIELD", "IL", "627010077"),
)
DOCTOR = Provider(name=Name("ARDEN", "MIRA", "J"), npi="1245319599", taxonomy="207Q00000X")
PAYER = Payer(name="EXAMPLE HEALTH PLAN", identifier="EHP01")
SECOND_PAYER = Payer(name="SECOND EXAMPLE PLAN", identifier="SEP02")
SUBSCRIBER = Subscriber(
    name=Name("QUILL", "TOMAS", "R"),
    member_id="M00012345",
    address=Address("4 OAK LANE", "SPRINGFIELD", "IL", "62704"),
    birth_date=date(1980, 5, 17),
    gender="M",
    group_number="G100",
)
CHILD = Patient(
    name=Name("QUILL", "NORA"),
    relationship="19",
    birth_date=date(2015, 8, 1),
    gender="F",
    address=Address("4 OAK LANE", "SPRINGFIELD", "IL", "62704"),
)
COVERAGE = Coverage(payer=PAYER, subscriber=SUBSCRIBER)
LINE = ProfessionalLine(
    charge=Decimal("120.00"),
    procedure="G0463",
    modifiers=("25",),
    service_from=date(2026, 2, 16),
    control_number="L1",
)
CLAIM = ProfessionalClaim(
    claim_id="PC0001",
    charge=Decimal("120.00"),
    billing_provider=CLINIC,
    coverage=COVERAGE,
    rendering=DOCTOR,
    place_of_service="11",
    diagnoses=("I10", "E119"),
    lines=(LINE,),
)


def secondary(claim):
    """The claim as it goes to the second payer, with what the first one decided."""
    decided = [
        replace(
            line,
            adjudications=(
                LineAdjudication(
                    payer_id=PAYER.identifier,
                    paid=line.charge - Decimal("50.25"),
                    paid_on=date(2026, 3, 1),
                    adjustments=(
                        Adjustment("CO", "45", Decimal("30.25")),
                        Adjustment("PR", "2", Decimal("20")),
                    ),
                ),
            ),
        )
        for line in claim.lines
    ]
    return replace(
        claim,
        coverage=Coverage(
            payer=SECOND_PAYER, subscriber=claim.coverage.subscriber, responsibility="S"
        ),
        lines=tuple(decided),
        other_coverages=(
            OtherCoverage(
                coverage=claim.coverage,
                adjudication=Adjudication(
                    paid=sum(line.adjudications[0].paid for line in decided),
                    claim_number="PAYER77",
                ),
            ),
        ),
    )
