# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The life cycles of this module's records."""

from odoo.addons.hc_revenue_base.hc_core.lifecycle import Lifecycle, State, Transition

APPROVAL_POLICY = Lifecycle(
    "approval policy",
    (
        State("draft", "Draft"),
        State("submitted", "Submitted"),
        State("published", "Published"),
        State("superseded", "Superseded"),
        State("withdrawn", "Withdrawn"),
    ),
    (
        Transition("draft", "submitted", "author asks for publication", "administrator"),
        Transition("submitted", "draft", "publication refused or withdrawn", "approver"),
        Transition("submitted", "published", "publication approved", "approver"),
        Transition("published", "superseded", "a later version takes over", "system"),
        Transition("published", "withdrawn", "must not be used any more", "approver"),
        Transition("superseded", "published", "the version after it was withdrawn", "system"),
        Transition("draft", "withdrawn", "discarded", "author"),
    ),
    "draft",
)

APPROVAL_REQUEST = Lifecycle(
    "approval request",
    (
        State("waiting", "Waiting for Approval"),
        State("information", "Waiting for Information"),
        State("approved", "Approved, Not Applied"),
        State("applied", "Applied"),
        State("rejected", "Rejected"),
        State("withdrawn", "Withdrawn"),
        State("expired", "Expired"),
    ),
    (
        Transition("waiting", "information", "approver asks", "approver"),
        Transition("information", "waiting", "requester answers, or time is up", "requester"),
        Transition("waiting", "approved", "last step approved", "approver"),
        Transition("approved", "applied", "act performed", "system"),
        Transition("approved", "waiting", "content changed: steps start again", "system"),
        Transition("waiting", "rejected", "a step refuses", "approver"),
        Transition("waiting", "withdrawn", "given up", "requester"),
        Transition("information", "withdrawn", "given up", "requester"),
        Transition("approved", "withdrawn", "given up before it was applied", "requester"),
        Transition("waiting", "expired", "time ran out", "system"),
        Transition("information", "expired", "time ran out", "system"),
        Transition("approved", "expired", "time ran out", "system"),
    ),
    "waiting",
)

APPROVAL_STEP = Lifecycle(
    "approval step",
    (
        State("upcoming", "Upcoming"),
        State("open", "Open"),
        State("approved", "Approved"),
        State("rejected", "Rejected"),
        State("void", "Void"),
    ),
    (
        Transition("upcoming", "open", "earlier steps are done", "system"),
        Transition("open", "approved", "enough approvals", "approver"),
        Transition("open", "rejected", "an approver refuses", "approver"),
        Transition("upcoming", "void", "request ended or content changed", "system"),
        Transition("open", "void", "request ended or content changed", "system"),
        Transition("approved", "void", "content changed", "system"),
    ),
    "upcoming",
)

APPROVAL_DELEGATION = Lifecycle(
    "approval delegation",
    (
        State("proposed", "Proposed"),
        State("accepted", "Accepted"),
        State("declined", "Declined"),
        State("revoked", "Revoked"),
        State("ended", "Ended"),
    ),
    (
        Transition("proposed", "accepted", "delegate accepts", "delegate"),
        Transition("proposed", "declined", "delegate declines", "delegate"),
        Transition("proposed", "revoked", "taken back", "delegator"),
        Transition("accepted", "revoked", "taken back", "delegator, compliance"),
        Transition("accepted", "ended", "last day has passed", "system"),
    ),
    "proposed",
)

BREAK_GLASS = Lifecycle(
    "break-glass grant",
    (
        State("active", "Active"),
        State("used", "Used"),
        State("expired", "Expired"),
        State("reviewed", "Reviewed"),
    ),
    (
        Transition("active", "used", "holder decides a step under it", "holder"),
        Transition("active", "expired", "its hours are over", "system"),
        Transition("used", "reviewed", "looked at afterwards", "compliance"),
        Transition("expired", "reviewed", "looked at afterwards", "compliance"),
    ),
    "active",
)
