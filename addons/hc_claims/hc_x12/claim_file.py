# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What files of professional and institutional claims have in common."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from operator import attrgetter
from typing import Any

from . import claim_loops
from .claim import Claim
from .findings import Finding
from .interchange import Envelope, Segment, TransactionKind
from .parties import Receiver, Submitter
from .transaction_file import Form, Outcome, RawLevel, write_file

# The guides advise receivers to expect no more claims than this in one transaction...
CLAIMS_PER_TRANSACTION = 5_000
# ...and no more than this in one subscriber or patient loop.
CLAIMS_PER_LOOP = 100


def claim_form(
    kind: TransactionKind,
    check: Callable[[Any], list[Finding]],
    patient_information: Callable[[Any], Iterable[Segment]],
    segments: Callable[[Any], Iterable[Segment]],
) -> Form:
    """Return the form of claims: billing provider, subscriber, patient, claims."""

    def levels(claim: Claim) -> Iterator[RawLevel]:
        known = tuple(patient_information(claim))
        yield ("20", "1", tuple(claim_loops.billing_provider(claim.billing_provider)))
        has_dependent = "0" if claim.patient is None else "1"
        yield ("22", has_dependent, tuple(claim_loops.subscriber(claim, known)))
        if claim.patient is not None:
            yield ("23", "0", tuple(claim_loops.patient(claim, known)))

    return Form(
        kind=kind,
        structure="0019",
        purpose="00",
        type="CH",
        identifier=attrgetter("claim_id"),
        charge=attrgetter("charge"),
        check=check,
        levels=levels,
        segments=segments,
        per_transaction=CLAIMS_PER_TRANSACTION,
        per_loop=CLAIMS_PER_LOOP,
    )


def write_claims(
    form: Form,
    envelope: Envelope,
    submitter: Submitter,
    receiver: Receiver,
    claims: Iterable[Claim],
    outcome: Outcome,
    claims_per_transaction: int = CLAIMS_PER_TRANSACTION,
) -> Iterator[bytes]:
    """Write a file of claims; a claim with an error is left out, the others go on.

    Args:
        form: professional or institutional.
        envelope: partners, number and instant of the file.
        submitter: who sends it.
        receiver: who gets it.
        claims: read once, one by one.
        outcome: told what was written and what was not.
        claims_per_transaction: where the next ST begins.

    Yields:
        Pieces of the file; none where no claim can be written.
    """
    contact = submitter.contact
    if not (contact.phone or contact.fax or contact.email):
        text = "submitter.contact: needs a phone, fax or e-mail."
        outcome.findings.add(Finding("missing", text))
        return
    sized = replace(form, per_transaction=claims_per_transaction)
    header = claim_loops.header(submitter, receiver)
    yield from write_file(sized, envelope, claims, outcome, header)
