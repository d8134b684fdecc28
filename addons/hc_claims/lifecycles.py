# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The life cycles of this module's records."""

from odoo.addons.hc_revenue_base.hc_core.lifecycle import Lifecycle, State, Transition

# Where a claim is with its payer before it is adjudicated; an answer may skip any of them.
_WITH_PAYER = ("submitted", "received", "accepted", "pending", "information_requested")
_OUTCOMES = ("paid", "partially_paid", "denied")
# Not written into a file yet; the payer has them and has not decided.
UNSENT_STATES = ("draft", "held", "ready")
WAITING_STATES = _WITH_PAYER
ADJUDICATED_STATES = _OUTCOMES


def _answers():
    """Adjudication may come whatever the last acknowledgement said, rejections included."""
    for state in (*_WITH_PAYER, "rejected"):
        yield Transition(state, "paid", "remittance pays in full", "system")
        yield Transition(state, "partially_paid", "remittance pays, parts denied", "system")
        yield Transition(state, "denied", "remittance denies", "system")


def _changed_answers():
    """A reversal takes the claim back to the payer, a correction gives another outcome."""
    for state in _OUTCOMES:
        yield Transition(state, "pending", "payment reversed", "system")
        yield Transition(state, "replaced", "replacement claim accepted", "system")
        yield Transition(state, "closed", "nothing left to expect", "system, claims specialist")
        for other in _OUTCOMES:
            if other != state:
                yield Transition(state, other, "adjudicated again", "system")


CLAIM = Lifecycle(
    "claim",
    (
        State("draft", "Draft"),
        State("held", "Held"),
        State("ready", "Ready to Submit"),
        State("submitted", "Submitted"),
        State("received", "Received by Payer"),
        State("accepted", "Accepted"),
        State("rejected", "Rejected"),
        State("pending", "Pending"),
        State("information_requested", "Information Requested"),
        State("paid", "Paid"),
        State("partially_paid", "Partially Paid"),
        State("denied", "Denied"),
        State("replaced", "Replaced"),
        State("closed", "Closed"),
        State("void", "Void"),
    ),
    (
        Transition("draft", "held", "an edit objects", "engine"),
        Transition("draft", "ready", "no edit objects", "engine"),
        Transition("held", "draft", "fixed, edits run again", "system, claims specialist"),
        Transition("ready", "draft", "facts changed before it was sent", "system"),
        Transition("ready", "submitted", "written into a batch", "system"),
        Transition("submitted", "received", "277CA A1", "system"),
        Transition("submitted", "accepted", "277CA A2", "system"),
        Transition("received", "accepted", "277CA A2", "system"),
        Transition("submitted", "rejected", "TA1, 999 or 277CA rejects", "system"),
        Transition("received", "rejected", "277CA rejects", "system"),
        Transition("accepted", "rejected", "277CA rejects after acceptance", "system"),
        Transition("rejected", "accepted", "277CA accepts after a rejection", "system"),
        *(
            Transition(state, "pending", "277 says pending", "system")
            for state in ("submitted", "received", "accepted", "information_requested")
        ),
        *(
            Transition(state, "information_requested", "payer asks", "system")
            for state in ("submitted", "received", "accepted", "pending")
        ),
        *_answers(),
        *_changed_answers(),
        Transition("rejected", "replaced", "corrected and sent as a new claim", "system"),
        *(
            Transition(state, "replaced", "replacement claim accepted", "system")
            for state in _WITH_PAYER
        ),
        Transition("accepted", "closed", "void claim accepted", "system"),
        *(
            Transition(state, "void", "withdrawn before it was sent", "claims specialist")
            for state in ("draft", "held", "ready")
        ),
        *(
            Transition(state, "void", "void claim sent", "system")
            for state in (*_WITH_PAYER, "rejected", *_OUTCOMES)
        ),
    ),
    "draft",
)

CLAIM_BATCH = Lifecycle(
    "claim batch",
    (
        State("written", "Written"),
        State("sent", "Sent"),
        State("accepted", "Accepted"),
        State("partly_rejected", "Partly Rejected"),
        State("rejected", "Rejected"),
    ),
    (
        Transition("written", "sent", "handed to the clearinghouse", "system, claims specialist"),
        *(
            Transition(state, target, "TA1 or 999", "system")
            for state in ("written", "sent")
            for target in ("accepted", "partly_rejected", "rejected")
        ),
        Transition("accepted", "partly_rejected", "a later 999 rejects a part", "system"),
    ),
    "written",
)

REMITTANCE = Lifecycle(
    "remittance",
    (
        State("received", "Received"),
        State("held", "Held"),
        State("proven", "Proven"),
        State("posting", "Posting"),
        State("posted", "Posted"),
        State("undone", "Undone"),
        State("ignored", "Ignored"),
    ),
    (
        Transition("received", "held", "does not prove, or a control objects", "system"),
        Transition("received", "proven", "balances at all three levels", "system"),
        Transition("received", "ignored", "carries no money and no answer", "system, poster"),
        Transition("held", "proven", "examined and released", "poster"),
        Transition("held", "ignored", "not ours, sent in error", "poster"),
        Transition("proven", "held", "a control objects", "system, poster"),
        Transition("proven", "posting", "cash entry posted", "system"),
        Transition("posting", "posted", "every claim posted or put aside", "system"),
        Transition("posted", "posting", "a held claim is taken up again", "system, poster"),
        Transition("posting", "undone", "undo approved", "approver"),
        Transition("posted", "undone", "undo approved", "approver"),
    ),
    "received",
)

REMITTANCE_CLAIM = Lifecycle(
    "remittance claim",
    (
        State("unmatched", "Unmatched"),
        State("matched", "Matched"),
        State("held", "Held"),
        State("posted", "Posted"),
        State("no_posting", "Nothing to Post"),
        State("reversed", "Reversed"),
        State("undone", "Undone"),
    ),
    (
        Transition("unmatched", "matched", "claim found or picked", "system, poster"),
        Transition("unmatched", "no_posting", "answer without money, not ours", "poster"),
        Transition("matched", "unmatched", "wrong claim picked", "poster"),
        Transition("matched", "held", "a control objects", "system"),
        Transition("matched", "posted", "entry posted", "system"),
        Transition("matched", "no_posting", "predetermination or information only", "system"),
        Transition("held", "matched", "examined, to be tried again", "poster"),
        Transition("held", "no_posting", "settled by other means", "poster"),
        Transition("posted", "reversed", "payer took it back", "system"),
        Transition("posted", "matched", "taken back, to be posted behind an earlier one", "system"),
        Transition("posted", "undone", "remittance undone", "approver"),
        Transition("reversed", "posted", "the reversal was undone", "approver"),
        Transition("reversed", "undone", "remittance undone, its reversal with it", "approver"),
        Transition("unmatched", "undone", "remittance undone", "approver"),
        Transition("matched", "undone", "remittance undone", "approver"),
        Transition("held", "undone", "remittance undone", "approver"),
        Transition("no_posting", "undone", "remittance undone", "approver"),
    ),
    "unmatched",
)

ELIGIBILITY_INQUIRY = Lifecycle(
    "eligibility inquiry",
    (
        State("draft", "To Send"),
        State("held", "Held"),
        State("sent", "Asked"),
        State("answered", "Answered"),
        State("rejected", "Rejected"),
        State("no_answer", "No Answer"),
        State("cancelled", "Cancelled"),
    ),
    (
        Transition("draft", "held", "cannot be written", "system"),
        Transition("held", "draft", "mended", "clerk, claims specialist"),
        Transition("draft", "sent", "written into a file", "system"),
        *(
            Transition(state, "cancelled", "no longer asked", "clerk, claims specialist")
            for state in ("draft", "held")
        ),
        *(
            Transition(state, "answered", "checked by portal or phone", "clerk, claims specialist")
            for state in ("draft", "held")
        ),
        *(
            Transition(state, "answered", "271, or checked by hand", "system, clerk")
            for state in ("sent", "no_answer", "rejected")
        ),
        *(
            Transition(state, "rejected", "271 with AAA, or the file was rejected", "system")
            for state in ("sent", "no_answer")
        ),
        Transition("sent", "no_answer", "nothing came in time", "system"),
    ),
    "draft",
)

ELIGIBILITY_BATCH = Lifecycle(
    "eligibility file",
    (
        State("written", "Written"),
        State("sent", "Sent"),
        State("accepted", "Accepted"),
        State("partly_rejected", "Partly Rejected"),
        State("rejected", "Rejected"),
    ),
    (
        Transition("written", "sent", "handed to the clearinghouse", "system, clerk"),
        *(
            Transition(state, target, "TA1 or 999", "system")
            for state in ("written", "sent")
            for target in ("accepted", "partly_rejected", "rejected")
        ),
        Transition("accepted", "partly_rejected", "a later 999 rejects a part", "system"),
    ),
    "written",
)
