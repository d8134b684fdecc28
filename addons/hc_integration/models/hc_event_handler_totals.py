# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from ..hc_webhook_core import proof as proof_core
from .hc_event_handler import EventOutcome, EventRefusedError

# Who may say in place of a system what it sent: not those whose work is proven by it.
TELLERS = ("hc_revenue_base.group_hc_operations", "hc_revenue_base.group_hc_administrator")


class HcEventHandler(models.AbstractModel):
    """A system, or operations in its place, tell what was sent on a day."""

    _inherit = "hc.event.handler"

    @api.model
    def _apply_source_totals(self, event):
        user = self.env.user
        if user != event.source.sudo().user_id and not any(map(user.has_group, TELLERS)):
            self._note_attempt(event, event.exchange, "access_right", "source.totals")
            raise EventRefusedError(
                "no_right",
                self.env._("Operations or administrators tell totals in place of a system."),
            )
        day = fields.Date.to_date(event.data["day"])
        if day > self.env.cr.now().date() + proof_core.LONGEST_AHEAD:
            raise EventRefusedError("data_invalid", self.env._("/day lies ahead."))
        try:
            told = proof_core.read_totals(event.data)
            proof = self.env["hc.integration.proof"].sudo()._take_totals(
                event.source.sudo(), day, told, event.exchange
            )  # fmt: skip
        except proof_core.TotalsError as error:
            raise EventRefusedError("data_invalid", str(error)) from None
        return EventOutcome(record=proof.sudo(False), changed=(proof.state,))
