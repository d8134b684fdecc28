# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from odoo.addons.hc_revenue_base.models.hc_patient import PHI_GROUP


class HcExchange(models.Model):
    """Events that other systems send."""

    _inherit = "hc.exchange"

    document_type = fields.Selection(
        selection_add=[("event", "Event")], ondelete={"event": "cascade"}
    )
    source_id = fields.Many2one(
        "hc.integration.source", "Connected System", readonly=True, index="btree_not_null"
    )
    event_type = fields.Char(readonly=True, index="btree_not_null")
    event_version = fields.Integer(readonly=True, aggregator=None)
    occurred_at = fields.Datetime("Happened", readonly=True, help="The sender's time.")
    subject_key = fields.Char("About", readonly=True)
    sequence_number = fields.Integer("Sequence", readonly=True, aggregator=None)
    event_result = fields.Json("Result", readonly=True, help="Ids and codes for the sender.")
    payload_body = fields.Binary(attachment=False, readonly=True, groups=PHI_GROUP)

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "source_id",
            "event_type",
            "event_version",
            "occurred_at",
            "subject_key",
            "sequence_number",
            "event_result",
            "payload_body",
        }

    @api.model
    def _wake_event_drains(self):
        """Have waiting events processed soon."""
        self.env.ref("hc_revenue_base.ir_cron_process_exchanges").sudo()._trigger()
