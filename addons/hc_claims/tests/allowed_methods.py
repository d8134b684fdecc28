# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The public methods of this module; see the file of the same name in the base."""

ALLOWED = {
    "hc.billing.case": {"action_open_claims"},
    "hc.claim": {
        "action_open_batch",
        "action_open_case",
        "action_open_correction",
        "action_open_invoices",
        "action_open_work_items",
        "action_print",
        "action_run_edits",
        "action_submit",
        "action_take",
        "action_void",
    },
    "hc.claim.answer.wizard": {"action_upload"},
    "hc.claim.batch": {
        "action_download",
        "action_mark_sent",
        "action_open_claims",
        "action_open_exchange",
    },
    "hc.claim.correction.wizard": {"action_confirm"},
    "hc.clearinghouse": {"create"},
    "hc.payer": {"write"},
    "hc.work.item": {"action_open_source"},
}
