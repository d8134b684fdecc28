# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
{
    "name": "Healthcare Revenue Suite",
    "summary": "Everything from encounter to closed account, in one click",
    "version": "19.0.1.0.0",
    "license": "LGPL-3",
    "author": "HC Revenue",
    "category": "Accounting/Healthcare Revenue",
    "depends": [
        "hc_billing_approvals",
        "hc_claims",
        "hc_collections",
        "hc_integration",
        "hc_ai_assist",
        "hc_revenue_insights",
    ],
    "data": ["data/hc_ai_policy_data.xml"],
    "demo": ["demo/hc_demo_decisions.xml"],
    "installable": True,
    "application": True,
}
