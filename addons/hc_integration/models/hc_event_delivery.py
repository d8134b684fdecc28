# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from odoo.addons.hc_revenue_base.models.hc_patient import PHI_GROUP
from odoo.addons.hc_revenue_base.tools.bulk_insert import insert_rows

from .. import lifecycles
from ..hc_webhook_core.cloud_event import message_id


class HcEventDelivery(models.Model):
    """One event on its way to one endpoint: the outbox.

    A row is inserted in the transaction that makes the fact, so that neither exists without the
    other. It points at the log entry by number, not by key: a key would lock the entry. What is
    sent is read from the entry when it is sent; entries never change, so every attempt and every
    replay sends the same bytes under the same id, and the receiver can tell a repetition.

    Ordinary moves leave no log row; what people decide, and dead letters, do.
    """

    _name = "hc.event.delivery"
    _description = "Event Delivery"
    _inherit = ["hc.lease.mixin"]
    _order = "id desc"
    _log_access = False
    _lifecycles = {"state": lifecycles.EVENT_DELIVERY}

    subscription_id = fields.Many2one(
        "hc.event.subscription", required=True, readonly=True, ondelete="restrict"
    )
    transition_number = fields.Integer(
        "Log Entry No.", required=True, readonly=True, aggregator=None
    )
    event_type = fields.Char(required=True, readonly=True)
    res_model = fields.Char("Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        "Record", model_field="res_model", required=True, readonly=True
    )
    occurred_at = fields.Datetime("When", required=True, readonly=True)
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="pending",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    not_before = fields.Datetime("Due", required=True, readonly=True)
    attempts = fields.Integer(required=True, readonly=True, default=0)
    lease_owner = fields.Char("Sent By", readonly=True)
    leased_until = fields.Datetime(readonly=True)
    finished_at = fields.Datetime("Finished", readonly=True, index="btree_not_null")
    status = fields.Integer(readonly=True, aggregator=None, help="HTTP status; 0: no answer.")
    latency_ms = fields.Integer("Latency (ms)", readonly=True, aggregator="avg")
    error = fields.Char("Last Error", readonly=True)
    response_head = fields.Text(
        "Beginning of the Answer",
        readonly=True,
        groups=PHI_GROUP,
        help="Of an answer that was no success, its first bytes. Nobody knows what a receiver "
        "writes there, so it is treated as patient data.",
    )
    message = fields.Char("Message ID", compute="_compute_message")

    # Picking: per subscription the oldest due ones, and whether an earlier one of the same
    # record still waits. Both hold only what is under way.
    _pending_index = models.Index("(subscription_id, id, not_before) WHERE state = 'pending'")
    _lane_index = models.Index(
        "(subscription_id, res_id, id) WHERE state IN ('pending', 'sending')"
    )
    _sending_index = models.Index("(leased_until) WHERE state = 'sending'")

    @api.model
    def _get_guarded_fields(self):
        """Every field: nobody writes a delivery but the methods of this model."""
        stored = {name for name, field in self._fields.items() if field.store}
        return super()._get_guarded_fields() | stored - {"id"}

    def _is_logged_move(self, field_name, from_state, to_state):
        kept = ("dead", "cancelled")
        return from_state in (*kept, "delivered") or to_state in kept

    @api.depends("subscription_id", "transition_number")
    def _compute_message(self):
        for delivery in self:
            delivery.message = message_id(delivery.subscription_id.id, delivery.transition_number)

    @api.depends("event_type", "res_id")
    def _compute_display_name(self):
        for delivery in self:
            delivery.display_name = f"{delivery.event_type} {delivery.res_id}"

    @api.model
    def _put(self, matches):
        """Put events aside, all at once, in the transaction that logs the facts.

        :param list matches: ``(subscription id, type, row of the log)`` of a Matcher; the
            rows have their ids
        """
        if not matches:
            return
        insert_rows(
            self,
            [
                {
                    "subscription_id": subscription_id,
                    "transition_number": row["id"],
                    "event_type": code,
                    "res_model": row["res_model"],
                    "res_id": row["res_id"],
                    "occurred_at": row["occurred_at"],
                    "not_before": row["occurred_at"],
                    "state": "pending",
                    "attempts": 0,
                }
                for subscription_id, code, row in matches
            ],
        )
        self._wake_drains_on_commit()

    @api.model
    def _wake_drains_on_commit(self):
        """Wake a drain once per transaction, however many events it puts aside."""
        data = self.env.cr.precommit.data
        if not data.get("hc_event_wake"):
            data["hc_event_wake"] = True
            self.env.cr.precommit.add(self.sudo().browse()._wake_first_drain)

    @api.model
    def _wake_first_drain(self):
        """Have what waits be sent soon. The first drain calls the others where there is much."""
        self.env.cr.precommit.data.pop("hc_event_wake", None)
        for cron_sudo in self._get_drain_crons()[:1]:
            cron_sudo._trigger()

    @api.model
    def _get_drain_crons(self):
        domain = [("model_id.model", "=", self._name), ("code", "=", "model._cron_drain()")]
        return self.env["ir.cron"].sudo().search(domain, order="id")
