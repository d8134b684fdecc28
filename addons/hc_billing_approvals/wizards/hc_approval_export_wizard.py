# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import fields, models


class HcApprovalExportWizard(models.TransientModel):
    """What of the approval trail is handed out."""

    _name = "hc.approval.export.wizard"
    _description = "Export Approval Trail"
    _inherit = ["hc.guarded.mixin"]

    date_from = fields.Date(
        "Requested From",
        required=True,
        default=lambda self: fields.Date.context_today(self) - timedelta(days=90),
    )
    date_to = fields.Date("Requested To", required=True, default=fields.Date.context_today)
    kind = fields.Selection(
        selection=lambda self: (
            self.env["hc.controlled.action"]._fields["kind"]._description_selection(self.env)
        ),
        help="Empty: all kinds.",
    )
    facility_ids = fields.Many2many(
        "hc.facility",
        "hc_approval_export_wizard_facility_rel",
        string="Facilities",
        help="Empty: all facilities.",
    )
    state = fields.Selection(
        selection=lambda self: self.env["hc.approval.request"]._get_lifecycle("state").selection(),
        string="Status",
        help="Empty: every status.",
    )

    def action_export(self):
        """Write the files and show them."""
        self.ensure_one()
        export = self.env["hc.approval.export"]._export(
            self.date_from,
            self.date_to,
            kinds=[self.kind] if self.kind else (),
            facilities=self.facility_ids,
            state=self.state,
        )
        return export._get_records_action()
