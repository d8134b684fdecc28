# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The life cycles of this module's records, each declared once."""

from .lifecycle import Lifecycle, State, Transition

ENCOUNTER = Lifecycle(
    "encounter",
    (
        State("planned", "Planned"),
        State("in_progress", "In Progress"),
        State("completed", "Completed"),
        State("cancelled", "Cancelled"),
    ),
    (
        Transition("planned", "in_progress", "patient arrives", "registration, feed"),
        Transition("planned", "completed", "visit is recorded afterwards", "feed, clerk"),
        Transition("planned", "cancelled", "no show or cancelled", "registration, feed"),
        Transition("in_progress", "completed", "discharge or end of visit", "feed, clerk"),
        Transition("in_progress", "cancelled", "entered in error", "clerk"),
        Transition("completed", "cancelled", "entered in error, before billing", "clerk"),
    ),
    "planned",
)

CODING = Lifecycle(
    "coding",
    (
        State("open", "To Code"),
        State("approved", "Codes Approved"),
    ),
    (
        Transition("open", "approved", "codes final", "coder, feed"),
        Transition("approved", "open", "codes must change", "coder"),
    ),
    "open",
)

CHARGE = Lifecycle(
    "charge",
    (
        State("pending", "To Bill"),
        State("billed", "Billed"),
        State("void", "Void"),
    ),
    (
        Transition("pending", "billed", "invoice created", "system"),
        Transition("pending", "void", "service corrected or cancelled", "system, clerk"),
        Transition("billed", "void", "invoice voided", "system"),
    ),
    "pending",
)

# Rows of the reference table whose notion is "case stage". Claim status, responsibility and
# collection state are notions of their own and never enter this list.
BILLING_CASE = Lifecycle(
    "billing case",
    (
        State("draft", "Draft"),
        State("charge_review", "Charge Review"),
        State("coding", "Coding"),
        State("readiness_check", "Readiness Check"),
        State("exception", "Exception"),
        State("ready", "Ready to Bill"),
        State("invoiced", "Invoiced"),
        State("closed", "Closed"),
        State("reopened", "Reopened"),
        State("not_billable", "Not Billable"),
        State("cancelled", "Cancelled"),
    ),
    (
        Transition("draft", "charge_review", "expected charges in, or lag timer", "system"),
        Transition("draft", "not_billable", "no-charge, global period, research", "biller"),
        Transition("charge_review", "coding", "charge review passed", "system, charge analyst"),
        Transition("coding", "readiness_check", "codes final", "coder"),
        Transition("readiness_check", "ready", "no blocking finding, hold days passed", "engine"),
        Transition("readiness_check", "exception", "a blocking finding", "engine"),
        Transition("exception", "readiness_check", "fix saved or override", "queue owner"),
        Transition("ready", "readiness_check", "facts changed before billing", "engine"),
        Transition("ready", "invoiced", "invoice created", "system, biller"),
        Transition("invoiced", "readiness_check", "claim rejected, data corrected", "biller"),
        Transition("invoiced", "closed", "balance zero, nothing open", "system"),
        Transition("closed", "reopened", "late charge, takeback, returned payment", "biller"),
        Transition("reopened", "charge_review", "late charge or correction", "biller"),
        Transition("reopened", "invoiced", "invoice stands, balance open again", "system, biller"),
        Transition("reopened", "closed", "balance zero again", "system"),
        Transition("not_billable", "draft", "billable after all", "biller"),
        Transition("not_billable", "closed", "nothing to collect", "system"),
        # Ways out that the table leaves to the office: cancel with a reason, void and rebill.
        Transition("draft", "cancelled", "cancelled with reason", "biller"),
        Transition("charge_review", "cancelled", "cancelled with reason", "biller"),
        Transition("coding", "cancelled", "cancelled with reason", "biller"),
        Transition("readiness_check", "cancelled", "cancelled with reason", "biller"),
        Transition("exception", "cancelled", "cancelled with reason", "biller"),
        Transition("ready", "cancelled", "cancelled with reason", "biller"),
        Transition("invoiced", "cancelled", "voided, rebilled as a new case", "system"),
        Transition("reopened", "cancelled", "voided, rebilled as a new case", "system"),
        Transition("charge_review", "not_billable", "no charge found billable", "biller"),
        Transition("exception", "not_billable", "found not billable", "biller"),
    ),
    "draft",
)

CONTROLLED_ACTION = Lifecycle(
    "controlled action",
    (
        State("pending", "Pending"),
        State("applied", "Applied"),
        State("rejected", "Rejected"),
        State("void", "Void"),
        State("expired", "Expired"),
    ),
    (
        Transition("pending", "applied", "gate allows", "system"),
        Transition("pending", "rejected", "gate refuses", "approver"),
        Transition("pending", "void", "withdrawn", "requester"),
        Transition("pending", "expired", "time ran out", "system"),
    ),
    "pending",
)

WORK_ITEM = Lifecycle(
    "work item",
    (
        State("open", "Open"),
        State("in_progress", "In Progress"),
        State("resolved", "Resolved"),
        State("cancelled", "Cancelled"),
    ),
    (
        Transition("open", "in_progress", "taken", "queue member"),
        Transition("in_progress", "open", "released", "assignee, lead"),
        Transition("open", "resolved", "cause gone", "system, queue member"),
        Transition("in_progress", "resolved", "cause gone", "system, assignee"),
        Transition("open", "cancelled", "no longer relevant", "system, lead"),
        Transition("in_progress", "cancelled", "no longer relevant", "system, lead"),
    ),
    "open",
)

EXCHANGE = Lifecycle(
    "exchange",
    (
        State("received", "Received"),
        State("processing", "Processing"),
        State("done", "Done"),
        State("failed", "Failed"),
        State("rejected", "Rejected"),
    ),
    (
        Transition("received", "processing", "handler starts", "system"),
        Transition("processing", "done", "handler finished", "system"),
        Transition("processing", "failed", "handler error", "system"),
        Transition("processing", "received", "another process was in the way", "system"),
        Transition("received", "rejected", "unreadable", "system"),
        Transition("processing", "rejected", "unreadable", "system"),
        Transition("failed", "processing", "tried again", "system, operations"),
    ),
    "received",
)

READINESS_RULE_SET = Lifecycle(
    "readiness rule set",
    (
        State("draft", "Draft"),
        State("published", "Published"),
        State("retired", "Retired"),
    ),
    (
        Transition("draft", "published", "checked and published", "administrator"),
        Transition("draft", "retired", "given up", "administrator"),
        Transition("published", "retired", "no longer used", "administrator"),
    ),
    "draft",
)

HTTP_ALLOWANCE = Lifecycle(
    "outgoing allowance",
    (
        State("proposed", "Proposed"),
        State("approved", "Approved"),
        State("revoked", "Revoked"),
    ),
    (
        Transition("proposed", "approved", "a second person agrees", "administrator"),
        Transition("proposed", "revoked", "turned down", "administrator"),
        Transition("approved", "revoked", "no longer needed", "administrator"),
    ),
    "proposed",
)

JOB = Lifecycle(
    "job",
    (
        State("pending", "Waiting"),
        State("running", "Running"),
        State("done", "Done"),
        State("dead", "Dead Letter"),
        State("cancelled", "Cancelled"),
    ),
    (
        Transition("pending", "running", "leased by a drain", "system"),
        Transition("running", "done", "method finished", "system"),
        Transition("running", "pending", "failed, to be tried again; handed back", "system"),
        Transition("running", "dead", "last attempt failed", "system"),
        Transition("pending", "cancelled", "no longer wanted", "operations"),
        Transition("dead", "pending", "replayed", "operations"),
        Transition("dead", "cancelled", "given up", "operations"),
    ),
    "pending",
)

CODING_QUERY = Lifecycle(
    "coding query",
    (
        State("draft", "Draft"),
        State("sent", "Sent"),
        State("answered", "Answered"),
        State("closed", "Closed"),
        State("cancelled", "Cancelled"),
    ),
    (
        Transition("draft", "sent", "question and its indicators written", "coder"),
        Transition("draft", "cancelled", "not asked after all", "coder"),
        Transition("sent", "answered", "answer given", "clinician, coder for one without a user"),
        Transition("sent", "cancelled", "no longer of interest", "coder, supervisor"),
        Transition("answered", "closed", "answer worked into the codes", "coder"),
    ),
    "draft",
)

# Whether an automation acts, only shows what it would do, or rests. Stopping is open to those who
# watch it; starting again is a configuration change.
AUTOMATION = Lifecycle(
    "automation",
    (
        State("off", "Off"),
        State("observe", "Observe"),
        State("on", "On"),
    ),
    (
        Transition("off", "observe", "watched before it acts", "configuration change"),
        Transition("off", "on", "started", "configuration change"),
        Transition("observe", "on", "proved itself", "configuration change"),
        Transition("on", "observe", "watched again", "configuration change"),
        Transition("observe", "off", "stopped", "operations, supervisor, administrator"),
        Transition("on", "off", "stopped", "operations, supervisor, administrator"),
    ),
    "off",
)

CONFIG_CHANGE = Lifecycle(
    "configuration change",
    (
        State("draft", "Draft"),
        State("submitted", "Submitted"),
        State("approved", "Approved"),
        State("effective", "Effective"),
        State("rejected", "Rejected"),
        State("withdrawn", "Withdrawn"),
    ),
    (
        Transition("draft", "submitted", "reason given, values checked", "requester"),
        Transition("draft", "withdrawn", "given up", "requester"),
        Transition("submitted", "approved", "a second person agrees", "approver"),
        Transition("submitted", "rejected", "a second person refuses", "approver"),
        Transition("submitted", "withdrawn", "given up", "requester"),
        Transition("approved", "effective", "its time has come", "system"),
        Transition("approved", "withdrawn", "given up before its time", "requester"),
    ),
    "draft",
)
