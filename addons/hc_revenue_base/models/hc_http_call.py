# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from ..hc_core.errors import in_words


class HcHttpCall(models.Model):
    """One call to another system, without anything of what was said: digests only.

    Rows are deleted by age: they serve operations and the search for a leak, and every decision
    behind a call stands in the append-only log besides.
    """

    _name = "hc.http.call"
    _description = "Outgoing Call"
    _inherit = ["hc.usage.log.mixin"]
    _rec_name = "host"
    _retention_parameter = "hc_revenue_base.http_call_days"

    # A number for the reason that the user's is one.
    company_number = fields.Integer("Company No.", readonly=True, index=True, aggregator=None)
    purpose = fields.Char(readonly=True, required=True, help="Which program called.")
    method = fields.Char(readonly=True)
    host = fields.Char(readonly=True, index=True)
    port = fields.Integer(readonly=True, aggregator=None)
    address = fields.Char(readonly=True, help="The address that was connected to.")
    path_digest = fields.Char(readonly=True, help="SHA-256 of path and query.")
    status = fields.Integer(readonly=True, aggregator=None, help="HTTP status; 0: no answer.")
    duration_ms = fields.Integer("Duration (ms)", readonly=True, aggregator="avg")
    request_bytes = fields.Integer(readonly=True)
    response_bytes = fields.Integer(readonly=True)
    request_digest = fields.Char(readonly=True, help="SHA-256 of the body that was sent.")
    response_digest = fields.Char(readonly=True, help="SHA-256 of the body that was answered.")
    error = fields.Char(readonly=True, help="Why there was no answer.")
    error_text = fields.Char("Why No Answer", compute="_compute_outcome")
    outcome = fields.Selection(
        [("success", "Success"), ("refused", "Error Status"), ("failed", "No Answer")],
        compute="_compute_outcome",
    )

    @api.depends("status", "error")
    def _compute_outcome(self):
        for call in self:
            call.error_text = in_words(call.error or "")
            if call.error:
                call.outcome = "failed"
            else:
                call.outcome = "success" if 200 <= call.status < 400 else "refused"
