# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
{
    "name": "Healthcare Billing Approvals",
    "summary": "Write-offs, refunds and overrides wait for who may decide them, by policy",
    "version": "19.0.1.0.0",
    "license": "LGPL-3",
    "author": "HC Revenue",
    "category": "Accounting/Healthcare Revenue",
    "depends": ["hc_revenue_base"],
    "data": [
        "security/ir.model.access.csv",
        "security/hc_approval_rules.xml",
        "data/hc_approval_evidence_type_data.xml",
        "data/hc_approval_policy_data.xml",
        "data/mail_template_data.xml",
        "data/ir_cron_data.xml",
        "data/hc_automation_data.xml",
        "wizards/hc_approval_decision_wizard_views.xml",
        "wizards/hc_approval_evidence_wizard_views.xml",
        "wizards/hc_approval_reassign_wizard_views.xml",
        "wizards/hc_approval_simulation_views.xml",
        "views/hc_approval_policy_views.xml",
        "views/hc_approval_request_templates.xml",
        "views/hc_approval_request_views.xml",
        "views/hc_approval_bottleneck_views.xml",
        "views/hc_approval_delegation_views.xml",
        "views/res_users_views.xml",
        "views/hc_billing_case_views.xml",
        "views/hc_billing_approvals_menus.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "hc_billing_approvals/static/src/**/*",
        ],
    },
    "demo": ["demo/hc_demo_approvals.xml"],
        "web.assets_tests": [
            "hc_billing_approvals/static/tests/tours/**/*",
        ],
    },
    "installable": True,
    "application": True,
}
