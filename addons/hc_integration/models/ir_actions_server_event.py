# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..hc_webhook_core.cloud_event import CUSTOM_PREFIX, is_slug


class IrActionsServer(models.Model):
    """A Server Action that sends an event of an administrator's own, through the same outbox."""

    _inherit = "ir.actions.server"

    state = fields.Selection(
        selection_add=[("hc_event", "Send HC Event")], ondelete={"hc_event": "cascade"}
    )
    hc_event_slug = fields.Char(
        "Event Name",
        help="Subscribers see custom.<name>: small letters, digits and underscores.",
    )

    @api.constrains("state", "hc_event_slug")
    def _check_hc_event_slug(self):
        for action in self:
            if action.state == "hc_event" and not is_slug(action.hc_event_slug or ""):
                raise ValidationError(
                    self.env._(
                        "The event name “%(name)s” cannot be used. Write 2 to 41 small letters, "
                        "digits and underscores, beginning with a letter.",
                        name=action.hc_event_slug or "",
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        actions = super().create(vals_list)
        if any(vals.get("hc_event_slug") for vals in vals_list):
            self.env["hc.event.type"]._sync()
        return actions

    def write(self, vals):
        result = super().write(vals)
        if "hc_event_slug" in vals:
            self.env["hc.event.type"]._sync()
        return result

    def _run_action_hc_event_multi(self, eval_context=None):
        """Log the event about the records; the log's outbox does the rest."""
        records = eval_context.get("records") or eval_context.get("record")
        self.env["hc.transition"].sudo()._append(
            [
                {
                    "record": record,
                    "kind": "event",
                    "facts": {"event": CUSTOM_PREFIX + self.hc_event_slug, "action_id": self.id},
                    "company_id": self.env.company.id,
                }
                for record in records or ()
            ]
        )
        return False
