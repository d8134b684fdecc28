# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The life cycles of this module's records."""

from odoo.addons.hc_revenue_base.hc_core.lifecycle import Lifecycle, State, Transition

# How far the follow-up of an account has gone. What is owed is the ledger's, what stops the
# follow-up is a hold: neither is a state here.
COLLECTION_ACCOUNT = Lifecycle(
    "collection account",
    (
        State("active", "Follow-up"),
        State("pre_collections", "Final Notice Given"),
        State("placed", "With an Agency"),
    ),
    (
        Transition("active", "pre_collections", "final notice sent", "system, collector"),
        Transition("pre_collections", "active", "paid, or follow-up starts again", "system"),
        Transition("pre_collections", "placed", "handed to an agency", "supervisor"),
        Transition("placed", "active", "paid, or recalled from the agency", "system, supervisor"),
        Transition("placed", "pre_collections", "final notice of newer visits", "system"),
    ),
    "active",
)

COLLECTION_HOLD = Lifecycle(
    "collection hold",
    (
        State("active", "Active"),
        State("released", "Released"),
        State("expired", "Expired"),
    ),
    (
        Transition("active", "released", "cause gone, or lifted with a reason", "system, owner"),
        Transition("active", "expired", "its last day has passed", "system"),
    ),
    "active",
)

# Everything said and sent. What goes out by itself waits in the queue; a call waits for a person.
CONTACT = Lifecycle(
    "contact",
    (
        State("queued", "Queued"),
        State("due", "To Do"),
        State("sent", "Sent"),
        State("delivered", "Delivered"),
        State("failed", "Failed"),
        State("done", "Done"),
        State("cancelled", "Cancelled"),
    ),
    (
        Transition("queued", "due", "a person must make it", "system"),
        Transition("queued", "done", "said or received already", "collector, system"),
        Transition("queued", "sent", "handed to the mail server, printer or gateway", "system"),
        Transition("queued", "failed", "could not be handed over", "system"),
        Transition("queued", "cancelled", "no longer lawful or wanted", "system, collector"),
        Transition("due", "done", "made by a person", "collector"),
        Transition("due", "cancelled", "no longer wanted", "system, collector"),
        Transition("sent", "delivered", "confirmed", "system"),
        Transition("sent", "failed", "returned or bounced", "system, collector"),
        Transition("failed", "queued", "tried again", "system, collector"),
        Transition("failed", "cancelled", "given up", "collector"),
    ),
    "queued",
)

CADENCE_POLICY = Lifecycle(
    "cadence policy",
    (
        State("draft", "Draft"),
        State("published", "Published"),
        State("retired", "Retired"),
    ),
    (
        Transition("draft", "published", "checked and put in force", "manager, compliance"),
        Transition("draft", "retired", "discarded", "author"),
        Transition("published", "retired", "replaced, or used no more", "system, manager"),
    ),
    "draft",
)

CADENCE_RUN = Lifecycle(
    "cadence run",
    (
        State("proposed", "To Review"),
        State("executing", "Going Out"),
        State("done", "Done"),
        State("cancelled", "Cancelled"),
    ),
    (
        Transition("proposed", "executing", "reviewed, or unattended", "collector, system"),
        Transition("proposed", "cancelled", "not wanted", "collector"),
        Transition("executing", "done", "everything was recorded", "system"),
        Transition("executing", "cancelled", "stopped: what is not recorded stays", "collector"),
    ),
    "proposed",
)

LETTER_RUN = Lifecycle(
    "print run",
    (
        State("collecting", "Collecting"),
        State("printed", "Printed, to Mail"),
        State("mailed", "Mailed"),
    ),
    (
        Transition("collecting", "printed", "made into one file", "collector"),
        Transition("printed", "mailed", "handed to the post, by a person", "collector"),
    ),
    "collecting",
)

# A statement is frozen when it is issued: from then on only its way to the patient moves.
STATEMENT = Lifecycle(
    "statement",
    (
        State("draft", "Draft"),
        State("issued", "Issued"),
        State("sent", "Sent"),
        State("returned", "Mail Returned"),
        State("void", "Void"),
    ),
    (
        Transition("draft", "issued", "laid out and frozen", "system, collector"),
        Transition("draft", "void", "not wanted", "system, collector"),
        Transition("issued", "sent", "mailed, or shown in the portal", "system, collector"),
        Transition("issued", "void", "withdrawn before it went out", "collector"),
        Transition("sent", "returned", "the post brought it back", "collector"),
        Transition("returned", "sent", "mailed again to another address", "collector"),
        Transition("sent", "void", "wrong, a new one replaces it", "supervisor"),
        Transition("returned", "void", "given up, or replaced", "collector"),
    ),
    "draft",
)

STATEMENT_RUN = Lifecycle(
    "statement run",
    (
        State("draft", "Draft"),
        State("running", "Running"),
        State("done", "Done"),
        State("cancelled", "Cancelled"),
    ),
    (
        Transition("draft", "running", "started", "collector, system"),
        Transition("draft", "cancelled", "not wanted", "collector"),
        Transition("running", "done", "every account is settled", "system"),
        Transition("running", "cancelled", "stopped; what went out stays", "supervisor"),
    ),
    "draft",
)

PORTAL_ACCESS = Lifecycle(
    "portal access",
    (
        State("invited", "Invited"),
        State("active", "Active"),
        State("revoked", "Revoked"),
    ),
    (
        Transition("invited", "active", "proved who they are", "guarantor"),
        Transition("invited", "revoked", "withdrawn, expired or guessed at", "collector, system"),
        Transition("active", "revoked", "withdrawn", "collector"),
    ),
    "invited",
)

# What a party said it would pay, judged by what the ledger shows it paid.
PAYMENT_PROMISE = Lifecycle(
    "promise to pay",
    (
        State("open", "Open"),
        State("kept", "Kept"),
        State("partly_kept", "Partly Kept"),
        State("broken", "Broken"),
        State("withdrawn", "Withdrawn"),
    ),
    (
        Transition("open", "kept", "paid in full by the day and its grace", "system"),
        Transition("open", "partly_kept", "the day has passed, a part was paid", "system"),
        Transition("open", "broken", "the day has passed, nothing was paid", "system"),
        Transition("open", "withdrawn", "taken back, or nothing is owed any more", "collector"),
        Transition("kept", "open", "a payment was taken back before the day", "system"),
        Transition("kept", "partly_kept", "a part of it was taken back", "system"),
        Transition("kept", "broken", "what kept it was taken back", "system"),
        Transition("partly_kept", "broken", "what was paid was taken back", "system"),
        Transition("partly_kept", "kept", "a charge-back was won", "system"),
        Transition("broken", "kept", "a charge-back was won", "system"),
        Transition("broken", "partly_kept", "a charge-back was won in part", "system"),
    ),
    "open",
)

# A plan is an agreement about the balance in the ledger, never a debt of its own.
PAYMENT_PLAN = Lifecycle(
    "payment plan",
    (
        State("draft", "Draft"),
        State("proposed", "Proposed"),
        State("active", "Active"),
        State("completed", "Completed"),
        State("defaulted", "Defaulted"),
        State("cancelled", "Cancelled"),
    ),
    (
        Transition("draft", "proposed", "put to whoever decides", "collector, patient"),
        Transition("draft", "cancelled", "not wanted any more", "collector"),
        Transition("proposed", "active", "within the tier, or approved", "system, approver"),
        Transition("proposed", "cancelled", "refused or withdrawn", "approver, collector"),
        Transition("active", "completed", "nothing of it is owed any more", "system"),
        Transition("active", "defaulted", "too many instalments missed", "system"),
        Transition("active", "cancelled", "replaced, or ended by agreement", "collector"),
        Transition("completed", "active", "a payment was taken back", "system"),
    ),
    "draft",
)

# What a provider or another system says became of a payment.
PAYMENT_REPORT = Lifecycle(
    "payment report",
    (
        State("received", "Received"),
        State("waiting", "Waiting for the Payment"),
        State("unmatched", "Not Matched"),
        State("applied", "Applied"),
        State("dismissed", "Dismissed"),
    ),
    (
        Transition("received", "applied", "booked, or noted where no money moves", "system"),
        Transition("received", "waiting", "what it takes back was not confirmed yet", "system"),
        Transition("received", "unmatched", "no account is known for it", "system"),
        Transition("waiting", "applied", "the confirmation has come", "system"),
        Transition("waiting", "unmatched", "it cannot be booked", "system"),
        Transition("waiting", "dismissed", "it will not come", "supervisor"),
        Transition("unmatched", "applied", "assigned to an account", "collector"),
        Transition("unmatched", "dismissed", "not ours, with a reason", "supervisor"),
    ),
    "received",
)

# Only the disputed part is not followed up. What is conceded waits for those who must agree: the
# dispute stays under investigation until the ledger shows it.
DISPUTE = Lifecycle(
    "dispute",
    (
        State("open", "Open"),
        State("investigating", "Under Investigation"),
        State("upheld", "Upheld"),
        State("partly_upheld", "Partly Upheld"),
        State("denied", "Denied"),
        State("withdrawn", "Withdrawn"),
    ),
    (
        Transition("open", "investigating", "somebody looks into it", "collector"),
        Transition("open", "withdrawn", "the party takes it back", "collector"),
        Transition("investigating", "upheld", "all conceded and posted", "system"),
        Transition("investigating", "partly_upheld", "a part conceded and posted", "system"),
        Transition("investigating", "denied", "nothing conceded, with a reason", "collector"),
        Transition("investigating", "withdrawn", "the party takes it back", "collector"),
        Transition("upheld", "investigating", "what was posted is taken back", "system"),
        Transition("partly_upheld", "investigating", "what was posted is taken back", "system"),
        Transition("denied", "investigating", "new evidence", "collector"),
    ),
    "open",
)

ASSISTANCE_APPLICATION = Lifecycle(
    "assistance application",
    (
        State("received", "Received"),
        State("complete", "Complete"),
        State("decided", "Decided"),
        State("withdrawn", "Withdrawn"),
    ),
    (
        Transition("received", "complete", "household, income and proof are there", "counselor"),
        Transition("complete", "received", "something is missing after all", "counselor"),
        Transition("received", "withdrawn", "taken back, or never completed", "counselor"),
        Transition("complete", "withdrawn", "taken back", "counselor"),
        Transition("complete", "decided", "granted and posted, or denied with a reason", "system"),
        Transition("decided", "complete", "what was posted is taken back, or an appeal", "system"),
    ),
    "received",
)

PLACEMENT = Lifecycle(
    "placement",
    (
        State("requested", "Requested"),
        State("placed", "With the Agency"),
        State("recalling", "Recall Asked For"),
        State("recalled", "Recalled"),
        State("closed", "Paid"),
        State("refused", "Not Placed"),
    ),
    (
        Transition("requested", "placed", "agreed to", "system"),
        Transition("requested", "refused", "not agreed to, or withdrawn", "system"),
        Transition("placed", "recalling", "a hold asks for it, or a person", "system, supervisor"),
        Transition("placed", "recalled", "taken back before the agency knew", "system, supervisor"),
        Transition("recalling", "recalled", "the agency has confirmed", "agency, supervisor"),
        Transition("placed", "closed", "the ledger shows no open balance", "system"),
        Transition("recalling", "closed", "the ledger shows no open balance", "system"),
    ),
    "requested",
)
