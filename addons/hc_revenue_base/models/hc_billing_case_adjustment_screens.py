# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcBillingCase(models.Model):
    """The buttons by which people ask for an adjustment and see what was asked."""

    _inherit = "hc.billing.case"

    controlled_action_count = fields.Integer(
        "Controlled Actions", compute="_compute_controlled_action_count"
    )

    def _compute_controlled_action_count(self):
        counts = dict(
            self.env["hc.controlled.action"]._read_group(
                [("case_id", "in", self.ids)], ["case_id"], ["__count"]
            )
        )
        for case in self:
            case.controlled_action_count = counts.get(case, 0)

    def action_open_adjustment(self):
        """Ask what is to be written off, discounted, conceded or refunded, and why."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Adjust Balance"),
            "res_model": "hc.adjustment.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_case_ids": self.ids},
        }

    def action_open_controlled_actions(self):
        """Open the controlled actions of the case."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hc_revenue_base.hc_controlled_action_action"
        )
        action.update(domain=[("case_id", "=", self.id)], context={})
        return action
