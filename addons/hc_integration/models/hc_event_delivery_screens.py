# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

_PURGE_ROWS = 20_000
_DEFAULT_KEPT_DAYS = 30
_KEPT_DAYS_PARAMETER = "hc_integration.delivery_kept_days"


class HcEventDelivery(models.Model):
    """What people do with deliveries, and how finished ones are forgotten."""

    _inherit = "hc.event.delivery"

    def action_replay(self):
        """Send again, under the same id, what is dead, cancelled, or lost by the receiver."""
        replayed = self._transition("pending", reason=self.env._("replayed"))
        replayed._write_guarded(
            {
                "attempts": 0,
                "finished_at": False,
                "error": False,
                "not_before": self.env.cr.now().replace(microsecond=0),
            }
        )
        self._wake_drains_on_commit()

    def action_cancel(self):
        """Give up deliveries that wait or are dead letters."""
        self._transition("cancelled", reason=self.env._("cancelled by hand"))

    def action_open_record(self):
        """Open the record that the event is about, as far as the user may see it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }

    @api.autovacuum
    def _gc_finished(self):
        """Forget what was delivered or cancelled some weeks ago; dead letters wait for a person.

        By SQL: records with a life cycle refuse to be deleted, and these are many.
        """
        parameter = self.env["ir.config_parameter"].sudo().get_param(_KEPT_DAYS_PARAMETER)
        days = int(parameter) if str(parameter or "").isdecimal() else _DEFAULT_KEPT_DAYS
        self.env.cr.execute(
            SQL(
                """DELETE FROM hc_event_delivery WHERE id IN (
                       SELECT id FROM hc_event_delivery
                        WHERE state IN ('delivered', 'cancelled') AND finished_at < %s LIMIT %s)""",
                self.env.cr.now() - timedelta(days=days),
                _PURGE_ROWS,
            )
        )
        deleted = self.env.cr.rowcount
        return deleted, int(deleted == _PURGE_ROWS)
