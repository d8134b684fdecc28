# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
{
    "name": "Healthcare AI Assist",
    "summary": "Suggestions that people review; it never acts",
    "version": "19.0.1.0.0",
    "license": "LGPL-3",
    "author": "HC Revenue",
    "category": "Accounting/Healthcare Revenue",
    "depends": ["hc_revenue_base"],
    "data": [
        "security/hc_ai_groups.xml",
        "security/ir.model.access.csv",
        "security/hc_ai_rules.xml",
        "data/res_users_data.xml",
        "data/ir_cron_data.xml",
        "data/hc_automation_data.xml",
        "views/hc_ai_suggestion_views.xml",
        "views/hc_ai_policy_views.xml",
        "views/hc_ai_menus.xml",
        "data/ir_cron_quality_data.xml",
        "data/hc_automation_quality_data.xml",
        "views/hc_ai_quality_views.xml",
    ],
    "demo": ["demo/hc_demo_advice.xml"],
    "assets": {
        "web.assets_backend": [
            "hc_ai_assist/static/src/**/*",
        ],
    },
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
    "installable": True,
    "application": True,
}
