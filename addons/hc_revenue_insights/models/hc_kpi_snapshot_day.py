# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models


class HcKpiSnapshotDay(models.Model):
    """That an indicator was written down for a day: when first, when last, and with what change."""

    _name = "hc.kpi.snapshot.day"
    _description = "Day of Snapshots"
    _inherit = ["hc.guarded.mixin"]
    _order = "as_of desc, code"
    _rec_name = "code"
    _log_access = False
    _guarded_fields = frozenset(
        {"code", "company_id", "as_of", "first_taken_at", "last_taken_at", "change_count"}
    )

    code = fields.Selection(
        selection=lambda self: self.env["hc.kpi.target"]._get_codes(),
        string="Indicator",
        required=True,
        readonly=True,
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    as_of = fields.Date("Day", required=True, readonly=True)
    first_taken_at = fields.Datetime("First Written", required=True, readonly=True)
    last_taken_at = fields.Datetime("Last Checked", required=True, readonly=True)
    change_count = fields.Integer(
        "Corrections",
        required=True,
        readonly=True,
        help="How often the figure of the day was written anew because the past had changed.",
    )

    _one_per_day = models.UniqueIndex(
        "(company_id, as_of, code)", "The indicator is written down for this day already."
    )

    @api.model
    def _get_last_day(self, code, company):
        """The last day that is written down of an indicator, or False."""
        domain = [("code", "=", code), ("company_id", "=", company.id)]
        return self.sudo().search(domain, order="as_of desc", limit=1).as_of
