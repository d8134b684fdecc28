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
        "views/hc_integration_source_views.xml",
        "views/hc_integration_menus.xml",
        "security/hc_event_rules.xml",
        "views/hc_data_owner_views.xml",
        "views/hc_data_proposal_views.xml",
        "views/hc_exchange_event_handling_views.xml",
        "views/hc_integration_source_events_views.xml",
        "wizards/hc_event_entry_views.xml",
        "views/hc_event_handling_menus.xml",
        "data/ir_cron_event_handling_data.xml",
        "data/hc_automation_event_handling_data.xml",
    ],
    "uninstall_hook": "uninstall_hook",
    "installable": True,
    "application": True,
}
