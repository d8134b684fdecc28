# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
{
    "name": "Healthcare Revenue",
    "summary": "From encounter to posted invoice: charges, readiness checks, work queues, audit log",
    "version": "19.0.1.0.0",
    "license": "LGPL-3",
    "author": "HC Revenue",
    "category": "Accounting/Healthcare Revenue",
    "depends": ["account", "mail", "base_automation"],
    "data": [
        "security/hc_groups.xml",
        "security/ir.model.access.csv",
        "security/hc_rules.xml",
        "data/ir_sequence_data.xml",
        "data/hc_work_queue_data.xml",
        "data/hc_reason_code_data.xml",
        "data/hc_code_place_of_service_data.xml",
        "data/hc_code_revenue_data.xml",
        "data/hc_code_modifier_data.xml",
        "views/hc_transition_views.xml",
    ],
    "demo": [
        "demo/hc_demo_organization.xml",
        "demo/hc_demo_users.xml",
        "demo/hc_demo_work_queues.xml",
        "demo/hc.code-diagnosis.csv",
        "demo/hc.code-procedure.csv",
        "demo/hc_demo_billing_rules.xml",
        "demo/hc.fee.schedule.line.csv",
    ],
    "application": True,
    "installable": True,
}
