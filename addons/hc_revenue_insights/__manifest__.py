# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
{
    "name": "Healthcare Revenue Insights",
    "summary": "Indicators over time, alerts, health and audit export",
    "version": "19.0.1.0.0",
    "license": "LGPL-3",
    "author": "HC Revenue",
    "category": "Accounting/Healthcare Revenue",
    "depends": ["hc_revenue_base", "spreadsheet_dashboard"],
    "data": [
        "security/ir.model.access.csv",
        "security/hc_kpi_rules.xml",
        "data/ir_cron_data.xml",
        "data/hc_automation_data.xml",
        "views/hc_kpi_snapshot_views.xml",
        "views/hc_kpi_snapshot_day_views.xml",
        "views/hc_health_views.xml",
        "views/hc_kpi_alert_rule_views.xml",
        "views/hc_kpi_alert_views.xml",
        "views/hc_insights_menus.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "hc_revenue_insights/static/src/**/*",
        ],
    },
    "post_load": "post_load",
    "uninstall_hook": "uninstall_hook",
    "installable": True,
    "application": True,
}
