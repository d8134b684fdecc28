# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
{
    "name": "Healthcare Revenue: Conformance Tests",
    "summary": "What every model, view, job and rule of every installed module of the suite keeps",
    "version": "19.0.1.0.0",
    "license": "LGPL-3",
    "author": "HC Revenue",
    "category": "Hidden/Tests",
    "depends": [
        "test_hc_contracts",
        "hc_billing_approvals",
        "hc_claims",
        "hc_collections",
        "hc_integration",
        "hc_ai_assist",
        "hc_revenue_insights",
        # What the guard of payment providers guards.
        "payment_stripe",
    ],
    "installable": True,
}
