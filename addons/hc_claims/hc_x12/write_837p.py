# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Files of professional claims, 837P (005010X222A1)."""

from collections.abc import Iterable, Iterator

from .check_837p import check_professional
from .claim_file import CLAIMS_PER_TRANSACTION, claim_form, write_claims
from .claim_professional import ProfessionalClaim
from .interchange import CLAIM_PROFESSIONAL, Envelope
from .parties import Receiver, Submitter
from .segments_837p import claim_segments, patient_information
from .transaction_file import Outcome

PROFESSIONAL = claim_form(
    CLAIM_PROFESSIONAL, check_professional, patient_information, claim_segments
)


def write_837p(
    envelope: Envelope,
    submitter: Submitter,
    receiver: Receiver,
    claims: Iterable[ProfessionalClaim],
    outcome: Outcome,
    claims_per_transaction: int = CLAIMS_PER_TRANSACTION,
) -> Iterator[bytes]:
    """Write professional claims; see `write_claims` for arguments and what is yielded."""
    yield from write_claims(
        PROFESSIONAL, envelope, submitter, receiver, claims, outcome, claims_per_transaction
    )
