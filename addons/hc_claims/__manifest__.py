# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
{
    "name": "Healthcare Claims and Remittances",
    "summary": "Eligibility, claims, remittances with proof, denials and appeals on real X12 files",
    "version": "19.0.1.0.0",
    "license": "LGPL-3",
    "author": "HC Revenue",
    "category": "Accounting/Healthcare Revenue",
    "depends": ["hc_revenue_base"],
    "data": [
        "security/ir.model.access.csv",
        "security/hc_claims_rules.xml",
        "security/hc_remittance_screens_rules.xml",
        "data/ir_sequence_data.xml",
        "data/hc_ledger_account_data.xml",
        "data/ir_cron_remittance_data.xml",
        "data/hc_automation_remittance_data.xml",
        "wizards/hc_remittance_wizard_views.xml",
        "views/hc_remittance_templates.xml",
        "views/hc_remittance_views.xml",
        "views/hc_remittance_claim_views.xml",
        "views/hc_provider_adjustment_views.xml",
        "views/hc_adjustment_analysis_views.xml",
        "views/hc_remittance_extension_views.xml",
        "views/hc_claim_views.xml",
        "views/hc_claims_menus.xml",
        "views/hc_remittance_menus.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "hc_claims/static/src/**/*",
        ],
    },
    "demo": ["demo/hc_demo_remittances.xml"],
    "installable": True,
    "application": True,
}
