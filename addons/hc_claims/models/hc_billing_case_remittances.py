# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcBillingCase(models.Model):
    """What payers answered to the claims of a case."""

    _inherit = "hc.billing.case"

    answer_ids = fields.One2many("hc.remittance.claim", "case_id", "Payers' Answers", readonly=True)
    answer_count = fields.Integer("Number of Answers", compute="_compute_answer_count")

    def _compute_answer_count(self):
        counts = dict(
            self.env["hc.remittance.claim"]._read_group(
                [("case_id", "in", self.ids)], ["case_id"], ["__count"]
            )
        )
        for case in self:
            case.answer_count = counts.get(case, 0)

    def action_open_answers(self):
        """Open what payers answered to the claims of the case."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hc_claims.hc_remittance_claim_action"
        )
        return action | {"domain": [("case_id", "=", self.id)], "context": {}}
