# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    hc_manager_id = fields.Many2one(
        "res.users",
        "Approves for This User",
        help="The manager whom approval policies may name for this user's requests.",
    )


class HcFacility(models.Model):
    _inherit = "hc.facility"

    hc_manager_id = fields.Many2one("res.users", "Manager", tracking=True)


class HcDepartment(models.Model):
    _inherit = "hc.department"

    hc_manager_id = fields.Many2one("res.users", "Manager")


class HcPatient(models.Model):
    _inherit = "hc.patient"

    hc_related_user_ids = fields.Many2many(
        "res.users",
        "hc_patient_related_user_rel",
        string="Users Who Are or Belong to the Patient",
        copy=False,
        groups="hc_revenue_base.group_hc_compliance,hc_revenue_base.group_hc_administrator",
        help="They decide nothing about this patient's account.",
    )
