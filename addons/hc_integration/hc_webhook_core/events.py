# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The canonical events: what other systems may report, by code and version."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class EventDefinition:
    """One version of one event.

    :param dict schema: JSON schema of its data
    :param str subject_path: where in the data the id of its subject stands, parts joined by ``/``
    :param str operation: code of the operation that it starts
    """

    code: str
    version: int
    summary: str
    schema: Mapping[str, Any] = field(default_factory=dict)
    subject_path: str = ""
    operation: str = ""


_DEFINITIONS = {
    (code, 1): EventDefinition(code, 1, summary, subject_path=path)
    for code, summary, path in (
        ("encounter.completed", "A visit ended.", "encounter_id"),
        ("coding.approved", "The coding of a visit was approved.", "encounter_id"),
        ("charge.posted", "A service was charged.", "encounter_id"),
        ("coverage.verified", "A coverage was verified.", "patient_id"),
        ("authorization.decided", "A payer decided an authorization.", "authorization_id"),
        ("claim.status", "A payer told the status of a claim.", "claim_id"),
        ("claim.rejected", "A claim was rejected.", "claim_id"),
        ("remittance.received", "A remittance arrived.", ""),
        ("payment.confirmed", "A payment was confirmed.", "payment_id"),
        ("payment.failed", "A payment failed.", "payment_id"),
        ("payment.refunded", "A payment was refunded.", "payment_id"),
        ("document.received", "A document arrived.", ""),
        ("patient.updated", "A patient's data changed.", "patient_id"),
        ("message.status", "A message was delivered or not.", "message_id"),
    )
}


def find(code: str, version: int) -> EventDefinition | None:
    """The definition of an event; None where it is not known.

    >>> find("encounter.completed", 1).subject_path
    'encounter_id'
    """
    return _DEFINITIONS.get((code, version))
