# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Sample files that Odoo's import offers for the tables of codes, edits and prices."""

from odoo import api, models

_FOLDER = "/hc_revenue_base/static/import"


class HcCode(models.Model):
    _inherit = "hc.code"

    @api.model
    def get_import_templates(self):
        return [{"label": self.env._("Codes"), "template": f"{_FOLDER}/codes_sample.csv"}]


class HcCodePair(models.Model):
    _inherit = "hc.code.pair"

    @api.model
    def get_import_templates(self):
        return [
            {
                "label": self.env._("Incompatible code pairs"),
                "template": f"{_FOLDER}/code_pairs_sample.csv",
            }
        ]


class HcCodeUnitLimit(models.Model):
    _inherit = "hc.code.unit.limit"

    @api.model
    def get_import_templates(self):
        return [
            {"label": self.env._("Unit limits"), "template": f"{_FOLDER}/unit_limits_sample.csv"}
        ]


class HcFeeSchedule(models.Model):
    _inherit = "hc.fee.schedule"

    @api.model
    def get_import_templates(self):
        return [
            {
                "label": self.env._("Fee schedule with its prices"),
                "template": f"{_FOLDER}/fee_schedule_sample.csv",
            }
        ]


class HcAuthorizationRequirement(models.Model):
    _inherit = "hc.authorization.requirement"

    @api.model
    def get_import_templates(self):
        return [
            {
                "label": self.env._("Procedures that need an authorization"),
                "template": f"{_FOLDER}/authorization_requirements_sample.csv",
            }
        ]
