# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
{
    "name": "Healthcare Revenue: Test of the Contracts",
    "summary": "A small sibling (patient transport) that uses every contract of the base",
    "version": "19.0.1.0.0",
    "license": "LGPL-3",
    "author": "HC Revenue",
    "category": "Hidden/Tests",
    "depends": ["hc_revenue_base"],
    "data": [
        "security/ir.model.access.csv",
        "security/hc_transport_rules.xml",
        "data/ir_cron_data.xml",
        "data/hc_automation_data.xml",
        "data/mail_template_data.xml",
        "views/hc_transport_letter_templates.xml",
        "views/hc_transport_request_views.xml",
        "views/hc_transport_tariff_views.xml",
        "views/test_hc_contracts_menus.xml",
    ],
    "uninstall_hook": "uninstall_hook",
    "installable": True,
}
