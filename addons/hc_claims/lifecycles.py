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

# A denial on which somebody may still act, or for which the payer's next word is awaited.
DENIAL_TO_DO_STATES = ("new", "in_work", "upheld")
DENIAL_OPEN_STATES = (*DENIAL_TO_DO_STATES, "corrected", "appealed", "overturned")

DENIAL = Lifecycle(
    "denial",
    (
        State("new", "New"),
        State("in_work", "In Work"),
        State("corrected", "Corrected Claim"),
        State("appealed", "Appealed"),
        State("overturned", "Overturned"),
        State("upheld", "Upheld"),
        State("written_off", "Written Off"),
        State("closed", "Closed"),
        State("void", "Void"),
    ),
    (
        Transition("new", "in_work", "taken", "claims specialist"),
        *(
            Transition(state, "corrected", "new version of the claim", "claims specialist")
            for state in DENIAL_TO_DO_STATES
        ),
        *(
            Transition(state, "appealed", "appeal opened", "claims specialist")
            for state in (*DENIAL_TO_DO_STATES, "corrected")
        ),
        Transition("corrected", "in_work", "correction withdrawn", "claims specialist"),
        Transition("appealed", "in_work", "appeal withdrawn", "claims specialist"),
        Transition("appealed", "overturned", "payer decides in favour", "claims specialist"),
        Transition("appealed", "upheld", "payer stays with it", "claims specialist"),
        Transition("overturned", "in_work", "not paid as decided", "claims specialist"),
        Transition("overturned", "appealed", "rest taken further", "claims specialist"),
        *(
            Transition(state, "written_off", "write-off approved", "approver")
            for state in DENIAL_TO_DO_STATES
        ),
        Transition("written_off", "in_work", "write-off reversed", "approver"),
        *(
            Transition(state, "closed", "paid, taken back or decided again", "system")
            for state in DENIAL_OPEN_STATES
        ),
        Transition("closed", "in_work", "what had closed it was undone", "system"),
        *(
            Transition(state, "void", "its answer was undone", "approver")
            for state in (*DENIAL_OPEN_STATES, "written_off", "closed")
        ),
    ),
    "new",
)

APPEAL_OPEN_STATES = ("draft", "approved", "submitted")
APPEAL_WON_STATES = ("overturned", "partly_overturned")
APPEAL_DECIDED_STATES = (*APPEAL_WON_STATES, "upheld")

APPEAL = Lifecycle(
    "appeal",
    (
        State("draft", "Draft"),
        State("approved", "Letter Approved"),
        State("submitted", "Submitted"),
        State("overturned", "Overturned"),
        State("partly_overturned", "Partly Overturned"),
        State("upheld", "Upheld"),
        State("withdrawn", "Withdrawn"),
    ),
    (
        Transition("draft", "approved", "letter and evidence approved", "claims specialist, lead"),
        Transition("approved", "draft", "taken back before it was sent", "claims specialist"),
        Transition("approved", "submitted", "sent to the payer", "claims specialist"),
        *(
            Transition("submitted", state, "decision of the payer", "claims specialist")
            for state in APPEAL_DECIDED_STATES
        ),
        *(
            Transition(state, "withdrawn", "given up", "claims specialist")
            for state in APPEAL_OPEN_STATES
        ),
    ),
    "draft",
)

DENIAL_PATTERN = Lifecycle(
    "denial pattern",
    (
        State("found", "Found"),
        State("proposed", "Rule Drafted"),
        State("dismissed", "Dismissed"),
    ),
    (
        Transition("found", "proposed", "readiness rule drafted", "billing administrator"),
        Transition("found", "dismissed", "no rule shall come of it", "billing administrator"),
        Transition("proposed", "dismissed", "no rule shall come of it", "billing administrator"),
    ),
    "found",
)

REMITTANCE = Lifecycle(
    "remittance",
    (
        State("received", "Received"),
        State("held", "Held"),
        State("proven", "Proven"),
        State("posting", "Posting"),
        State("posted", "Posted"),
        State("undoing", "Being Undone"),
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
        Transition("posting", "undoing", "undo approved", "approver"),
        Transition("posted", "undoing", "undo approved", "approver"),
        Transition("undoing", "undone", "every answer undone", "system"),
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

PAYER_CONTRACT = Lifecycle(
    "payer contract",
    (
        State("draft", "Draft"),
        State("published", "Published"),
        State("superseded", "Superseded"),
        State("withdrawn", "Withdrawn"),
    ),
    (
        Transition("draft", "published", "checked and put in force", "manager, finance manager"),
        Transition("draft", "withdrawn", "discarded", "author"),
        Transition("published", "superseded", "a later version covers all its days", "system"),
        Transition(
            "published", "withdrawn", "must not be used any more", "manager, finance manager"
        ),
    ),
    "draft",
)

PAYMENT_VARIANCE = Lifecycle(
    "payment variance",
    (
        State("new", "New"),
        State("in_review", "In Review"),
        State("disputed", "Disputed with Payer"),
        State("recovered", "Recovered"),
        State("accepted", "Accepted"),
        State("closed", "Closed"),
    ),
    (
        Transition("new", "in_review", "somebody looks at it", "claims specialist"),
        *(
            Transition(state, "disputed", "the payer is asked to pay", "claims specialist")
            for state in ("new", "in_review")
        ),
        *(
            Transition(state, "accepted", "contract deviation approved", "approver")
            for state in ("new", "in_review", "disputed")
        ),
        *(
            Transition(state, "closed", "reversed, no difference any more, or no variance", who)
            for state, who in (
                ("new", "system, claims specialist"),
                ("in_review", "system, claims specialist"),
                ("disputed", "system, claims specialist"),
                ("accepted", "system"),
            )
        ),
        Transition("disputed", "recovered", "the payer paid", "claims specialist"),
        Transition("closed", "recovered", "the correction pays what was missing", "system"),
        Transition("recovered", "disputed", "what recovered it was taken back", "system"),
        Transition("recovered", "closed", "both payments were taken back", "system"),
        Transition("closed", "disputed", "differs again, and was disputed", "system"),
        Transition("closed", "new", "differs again", "system"),
    ),
    "new",
)

CLAIM_INQUIRY = Lifecycle(
    "claim inquiry",
    (
        State("written", "Written"),
        State("sent", "Sent"),
        State("answered", "Answered"),
        State("rejected", "Rejected"),
    ),
    (
        Transition("written", "sent", "handed to the clearinghouse", "system, claims specialist"),
        *(
            Transition(state, target, cause, "system")
            for state in ("written", "sent")
            for target, cause in (
                ("answered", "every question has an answer"),
                ("rejected", "TA1 or 999 rejects"),
            )
        ),
    ),
    "written",
)

OPEN_CREDIT_STATES = ("open", "investigating", "refund_requested", "offset")

CREDIT_BALANCE = Lifecycle(
    "credit balance",
    (
        State("open", "Open"),
        State("investigating", "Investigating"),
        State("refund_requested", "Refund Requested"),
        State("offset", "Payer Takes It Back"),
        State("resolved", "Resolved"),
    ),
    (
        Transition("open", "investigating", "good-faith investigation begun", "claims specialist"),
        Transition("investigating", "open", "investigation concluded", "claims specialist"),
        *(
            Transition(state, "refund_requested", "refund requested", "claims specialist")
            for state in ("open", "investigating")
        ),
        Transition("refund_requested", "open", "no refund pending any more", "system"),
        *(
            Transition(state, "offset", "payer announced to take it", "claims specialist")
            for state in ("open", "investigating")
        ),
        Transition("offset", "open", "payer did not take it", "claims specialist"),
        *(
            Transition(state, "resolved", "the ledger shows no credit any more", "system")
            for state in OPEN_CREDIT_STATES
        ),
    ),
    "open",
)

TAKEBACK = Lifecycle(
    "takeback",
    (
        State("new", "To Decide"),
        State("requested", "Acceptance Requested"),
        State("accepted", "Accepted"),
        State("disputed", "Disputed"),
    ),
    (
        Transition("new", "requested", "acceptance requested", "claims specialist"),
        Transition("disputed", "requested", "payer was right", "claims specialist"),
        Transition("requested", "accepted", "acceptance approved", "approver"),
        Transition("requested", "new", "acceptance refused or withdrawn", "system"),
        Transition("new", "disputed", "objection sent to the payer", "claims specialist"),
        *(
            Transition(state, "new", "documents changed, to decide again", "system")
            for state in ("accepted", "disputed")
        ),
        Transition("accepted", "disputed", "acceptance undone, the objection stands", "approver"),
    ),
    "new",
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
