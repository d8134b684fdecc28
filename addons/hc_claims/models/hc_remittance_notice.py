# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcRemittance(models.Model):
    """What a remittance means for those who follow up: in numbers, without names."""

    _inherit = "hc.remittance"

    denied_count = fields.Integer("Answers With Denials", compute="_compute_notice")
    amount_patients = fields.Monetary("Patients' Share", compute="_compute_notice")

    def _compute_notice(self):
        # Sums of the whole payment: who may see it may know them, whichever facilities it is for.
        answers = self.env["hc.remittance.claim"].sudo()
        mine = [("remittance_id", "in", self.ids)]
        shares = dict(answers._read_group(mine, ["remittance_id"], ["amount_patient:sum"]))
        denied = dict(
            answers._read_group([*mine, ("amount_denied", ">", 0)], ["remittance_id"], ["__count"])
        )
        for remittance in self:
            remittance.amount_patients = shares.get(remittance, 0.0)
            remittance.denied_count = denied.get(remittance, 0)
