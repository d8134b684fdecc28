# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models


class HcWorkItem(models.Model):
    _inherit = "hc.work.item"

    finding_id = fields.Many2one(
        "hc.readiness.finding",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"finding_id"}

    def _on_state_resolved(self, previous):
        """Who declares a finding's cause gone gets the answer of the rules at once.

        Where the cause is still there, the case stays held and a new item opens.
        """
        findings = self.sudo().finding_id.filtered(
            lambda finding: finding.state == "open" and finding.is_blocking
        )
        findings.case_id._advance()
