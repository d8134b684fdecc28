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
        "security/hc_import_rules.xml",
        "data/ir_sequence_data.xml",
        "data/hc_work_queue_data.xml",
        "data/ir_cron_exchange_data.xml",
        "views/hc_transition_views.xml",
        "views/hc_exchange_row_views.xml",
        "wizards/hc_charge_import_wizard_views.xml",
    ],
    "application": True,
    "installable": True,
}
