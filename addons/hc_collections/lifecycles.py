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
        State("recalled", "Recalled"),
        State("closed", "Paid"),
        State("refused", "Not Placed"),
    ),
    (
        Transition("requested", "placed", "agreed to", "system"),
        Transition("requested", "refused", "not agreed to, or withdrawn", "system"),
        Transition("placed", "recalled", "taken back, with a reason", "supervisor"),
        Transition("placed", "closed", "the ledger shows no open balance", "system"),
    ),
    "requested",
)
