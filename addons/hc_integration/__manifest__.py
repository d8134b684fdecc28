# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
{
    "name": "Healthcare Integration",
    "summary": "One honest border: signed webhooks, FHIR, payments, n8n",
    "version": "19.0.1.0.0",
    "license": "LGPL-3",
    "author": "HC Revenue",
    "category": "Accounting/Healthcare Revenue",
    "depends": ["hc_revenue_base"],
    "data": [
        "security/ir.model.access.csv",
        "security/hc_integration_rules.xml",
        "data/ir_cron_data.xml",
        "data/hc_automation_data.xml",
        "views/hc_integration_source_views.xml",
        "views/hc_integration_key_views.xml",
        "views/hc_integration_menus.xml",
        "views/hc_ledger_transaction_views.xml",
        "security/hc_file_drop_rules.xml",
        "data/ir_cron_file_drop_data.xml",
        "data/hc_automation_file_drop_data.xml",
        "views/hc_file_drop_views.xml",
    ],
    "uninstall_hook": "uninstall_hook",
    "installable": True,
    "application": True,
}
