# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
{
    "name": "Healthcare Collections",
    "summary": "Statements, follow-up, plans, disputes and assistance, inside the law",
    "version": "19.0.1.0.0",
    "license": "LGPL-3",
    "author": "HC Revenue",
    "category": "Accounting/Healthcare Revenue",
    "depends": ["hc_revenue_base", "account_payment"],
    "data": [
        "security/ir.model.access.csv",
        "security/hc_collections_rules.xml",
        "data/ir_sequence_data.xml",
        "data/hc_aging_policy_data.xml",
        "data/ir_cron_data.xml",
        "data/hc_automation_data.xml",
        "views/hc_aging_views.xml",
        "views/hc_collection_hold_views.xml",
        "views/hc_contact_views.xml",
        "views/hc_collection_account_views.xml",
        "views/hc_collections_menus.xml",
    ],
    "post_init_hook": "post_init_hook",
    "installable": True,
    "application": True,
}
