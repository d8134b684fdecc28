# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
{
    "name": "What the border is measured against",
    "summary": "A bare controller and a webhook of Automation Rules",
    "version": "19.0.1.0.0",
    "license": "LGPL-3",
    "author": "HC Revenue",
    "category": "Hidden/Tests",
    "depends": ["base_automation"],
    "data": ["security/ir.model.access.csv", "data/base_automation_data.xml"],
    "installable": True,
}
