# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Files of institutional claims, 837I (005010X223A2)."""

from collections.abc import Iterable, Iterator

from .check_837i import check_institutional
from .claim_file import CLAIMS_PER_TRANSACTION, claim_form, write_claims
from .claim_institutional import InstitutionalClaim
from .interchange import CLAIM_INSTITUTIONAL, Envelope
from .parties import Receiver, Submitter
from .segments_837i import claim_segments, patient_information
from .transaction_file import Outcome

INSTITUTIONAL = claim_form(
    CLAIM_INSTITUTIONAL, check_institutional, patient_information, claim_segments
)


def write_837i(
    envelope: Envelope,
    submitter: Submitter,
    receiver: Receiver,
    claims: Iterable[InstitutionalClaim],
    outcome: Outcome,
    claims_per_transaction: int = CLAIMS_PER_TRANSACTION,
) -> Iterator[bytes]:
    """Write institutional claims; see `write_claims` for arguments and what is yielded."""
    yield from write_claims(
        INSTITUTIONAL, envelope, submitter, receiver, claims, outcome, claims_per_transaction
    )
