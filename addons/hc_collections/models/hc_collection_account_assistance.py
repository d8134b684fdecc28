# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models

from .hc_assistance_application import OPEN_STATES


class HcCollectionAccount(models.Model):
    """The way from an account to its applications for assistance."""

    _inherit = "hc.collection.account"

    assistance_ids = fields.One2many(
        "hc.assistance.application", "account_id", "Applications", readonly=True
    )
    assistance_count = fields.Integer("Applications Ever", compute="_compute_assistance_count")

    def _compute_assistance_count(self):
        for account in self:
            account.assistance_count = len(account.assistance_ids)

    def _has_open_application(self):
        self.ensure_one()
        return bool(self.sudo().assistance_ids.filtered(lambda one: one.state in OPEN_STATES))

    def action_open_assistance(self):
        """Ask what the guarantor's application says."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Take an Application In"),
            "res_model": "hc.assistance.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_account_id": self.id},
        }

    def action_open_applications(self):
        """Open the applications of the account."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hc_collections.hc_assistance_application_action"
        )
        return action | {"domain": [("account_id", "=", self.id)], "context": {}}
