# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Statuses of common standards and providers in our words, one table a standard.

A code that no table names is never guessed: the event is refused, and a person adds the code.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class StatusMap:
    """One table: whose codes, what they say here, and where that is written.

    :ivar codes: code of the standard → ours; None where it changes nothing here
    """

    system: str
    subject: str
    source: str
    codes: Mapping[str, str | None]


def _alike(ours: str | None, *codes: str) -> dict[str, str | None]:
    return dict.fromkeys(codes, ours)


MAPS = (
    StatusMap(
        "x12_507",
        "claim status",
        "X12 external code list 507, Claim Status Category Codes",
        {
            "A0": "transit",
            "A1": "received",
            **_alike("accepted", "A2", "A5"),
            **_alike("rejected", "A3", "A4", "A6", "A7", "A8"),
            **_alike("pending", "P0", "P1", "P2", "P5"),
            **_alike("information_requested", "P3", "P4"),
            **_alike("information_requested", *(f"R{n}" for n in (0, 1, *range(3, 18)))),
            **_alike("final", "F0", "F1", "F2", "F3", "F3F", "F3N", "F4"),
        },
    ),
    StatusMap(
        "x12_eb01",
        "coverage",
        "ASC X12N 005010X279A1, EB01 Eligibility or Benefit Information Code",
        {
            **_alike("active", "1", "2", "3", "4", "5"),
            **_alike("inactive", "6", "7", "8"),
        },
    ),
    StatusMap(
        "x12_aaa03",
        "coverage",
        "ASC X12N 005010X279A1, AAA03 Reject Reason Code (member not confirmed)",
        _alike("not_found", "64", "65", "66", "67", "68", "71", "72", "73", "75", "76"),
    ),
    StatusMap(
        "fhir_coverage_status",
        "coverage",
        "HL7 FHIR R4, value set fm-status of Coverage.status",
        {"active": "active", "cancelled": "inactive", "draft": None, "entered-in-error": None},
    ),
    StatusMap(
        "x12_hcr01",
        "authorization",
        "ASC X12N 005010X217, HCR01 Action Code",
        {
            "A1": "approved",
            "A2": "modified",
            "A3": "denied",
            "A4": "pended",
            "A6": "modified",
            "C": "cancelled",
            "CT": "pended",
            "NA": None,
        },
    ),
    StatusMap(
        "fhir_claimresponse_outcome",
        "authorization",
        "HL7 FHIR R4, value set remittance-outcome; reviewAction of Da Vinci PAS follows HCR01",
        {"queued": "pended", "complete": "approved", "partial": "modified", "error": None},
    ),
    StatusMap(
        "fhir_encounter_status",
        "encounter",
        "HL7 FHIR R4, value set encounter-status",
        {
            "planned": "planned",
            **_alike("in_progress", "arrived", "triaged", "in-progress", "onleave"),
            "finished": "completed",
            **_alike("cancelled", "cancelled", "entered-in-error"),
            "unknown": None,
        },
    ),
    StatusMap(
        "stripe_event",
        "payment",
        "Stripe API reference, types of events",
        {
            "payment_intent.succeeded": "confirmed",
            **_alike("failed", "payment_intent.payment_failed", "payment_intent.canceled"),
            **_alike(
                None,
                "payment_intent.created",
                "payment_intent.processing",
                "payment_intent.requires_action",
                "payment_intent.amount_capturable_updated",
                "payment_intent.partially_funded",
                "charge.pending",
                "charge.updated",
                "charge.expired",
            ),
            # Of a charge that has no payment intent; else that tells it.
            **_alike("confirmed", "charge.succeeded", "charge.captured"),
            "charge.failed": "failed",
            **_alike(
                "refunded",
                "charge.refunded",
                "charge.refund.updated",
                "refund.created",
                "refund.updated",
            ),
            "refund.failed": None,
            **_alike(
                None, "charge.dispute.created", "charge.dispute.updated", "charge.dispute.closed"
            ),
            "charge.dispute.funds_withdrawn": "charged_back",
            "charge.dispute.funds_reinstated": "reversal_undone",
        },
    ),
    StatusMap(
        "adyen_event",
        "payment",
        "Adyen webhook event codes, with success=true",
        {
            "CAPTURE": "confirmed",
            "CAPTURE_FAILED": "failed",
            "REFUND": "refunded",
            "CHARGEBACK": "charged_back",
            "CHARGEBACK_REVERSED": "reversal_undone",
            "AUTHORISATION": None,
        },
    ),
    StatusMap(
        "twilio_message",
        "message",
        "Twilio Messaging API, MessageStatus; error 21610 is an opt-out",
        {
            **_alike(None, "accepted", "scheduled", "queued", "sending"),
            "sent": "sent",
            **_alike("delivered", "delivered", "read"),
            **_alike("failed", "undelivered", "failed", "canceled"),
            "21610": "opted_out",
        },
    ),
    StatusMap(
        "smtp_dsn",
        "message",
        "RFC 3464 section 2.3.3, Action field of a delivery status notification",
        {
            "failed": "failed",
            "delivered": "delivered",
            "relayed": "sent",
            "expanded": "sent",
            "delayed": None,
        },
    ),
)

_BY_SYSTEM = {table.system: table for table in MAPS}


class UnknownStatusError(Exception):
    """No table has the code; holds no content of what was sent."""


def translate(subject: str, system: str, code: str) -> str | None:
    """Our word for a code of a standard.

    :param subject: what the status is about; a table of something else is refused
    :return: ours, or None where the code changes nothing here
    :raise UnknownStatusError: no such table, or the table has no such code

    >>> translate("authorization", "x12_hcr01", "A2")
    'modified'
    >>> translate("message", "smtp_dsn", "delayed")
    >>> translate("message", "x12_hcr01", "A2")
    Traceback (most recent call last):
    ...
    hc_webhook_core.status_maps.UnknownStatusError: no table of message statuses
    """
    table = _BY_SYSTEM.get(system)
    if table is None or table.subject != subject:
        raise UnknownStatusError(f"no table of {subject} statuses")
    if code not in table.codes:
        raise UnknownStatusError(f"the table {system} has no such code")
    return table.codes[code]


def systems(subject: str) -> Iterable[str]:
    """Names of the tables of a subject."""
    return (table.system for table in MAPS if table.subject == subject)
