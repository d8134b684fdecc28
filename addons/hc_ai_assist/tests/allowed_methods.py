# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The public methods of this module; see the file of the same name in the base."""

ALLOWED = {
    "hc.ai.policy": {
        "action_evaluate",
        "action_live",
        "action_off",
        "action_open_card",
        "action_shadow",
        "write",
    },
    "hc.ai.gold.case": {"action_agree", "action_retire"},
    "hc.ai.suggestion": {
        "action_accept",
        "action_accept_other",
        "action_make_gold_case",
        "action_open_citation",
        "action_agree",
        "action_disagree",
        "action_open_record",
        "action_open_work_item",
        "action_reject",
        "ask",
        "get_panel",
    },
    "hc.ai.reading": {"action_open_record", "action_read_again"},
    "hc.ai.agreement": {"action_confirm", "action_end"},
    "hc.ai.provider": {
        "action_activate",
        "action_change",
        "action_open_runs",
        "action_pause",
        "action_pause_all",
        "action_retire",
        "action_test",
        "create",
        "write",
    },
    "hc.readiness.rule.set": {"action_add_denial_rule"},
}
