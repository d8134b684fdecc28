# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The public methods of this module; see the file of the same name in the base."""

ALLOWED = {
    "hc.billing.case": {"action_open_answers"},
    "hc.exchange": {"action_open_remittances"},
    "hc.provider.adjustment": {"action_open_remittance"},
    "hc.remittance": {
        "action_ignore",
        "action_open_answers",
        "action_open_claims",
        "action_open_entries",
        "action_open_file",
        "action_open_pick_payer",
        "action_open_waiting",
        "action_open_work_items",
        "action_post",
        "action_prove_again",
    },
    "hc.remittance.claim": {
        "action_open_case",
        "action_open_claim",
        "action_open_entry",
        "action_open_patient_invoice",
        "action_open_pick_claim",
        "action_open_remittance",
        "action_pick_claim",
        "action_put_aside",
        "action_try_again",
        "action_unmatch",
    },
    "hc.remittance.payer.wizard": {"action_confirm"},
    "hc.remittance.pick.candidate": {"action_pick"},
    "hc.remittance.pick.wizard": {"action_confirm"},
    "hc.remittance.upload.wizard": {"action_open_remittances", "action_upload"},
    "hc.work.item": {"action_open_source"},
}
