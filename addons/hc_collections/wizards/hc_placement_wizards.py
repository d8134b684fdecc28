# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import base64
import binascii
import logging

from odoo import fields, models
from odoo.exceptions import UserError

from ..models.hc_exchange_agency_report import ROWS_PER_STEP

_logger = logging.getLogger(__name__)


class HcPlacementWizard(models.TransientModel):
    """Asks which agency gets accounts, and why."""

    _name = "hc.placement.wizard"
    _description = "Place with an Agency"
    _inherit = ["hc.guarded.mixin"]

    account_ids = fields.Many2many("hc.collection.account", string="Accounts", required=True)
    agency_id = fields.Many2one("hc.collection.agency", required=True)
    justification = fields.Text("Why", required=True)

    def action_confirm(self):
        """Request the placement of each account; tell what became of it."""
        self.ensure_one()
        placements = self.env["hc.placement"]
        for account in self.account_ids:
            placements |= placements._request(
                account,
                self.agency_id,
                justification=self.justification,
                idempotency_key=f"{self._name}:{self.id}:{account.id}",
            )
        return self.env["hc.dispute.decision.wizard"]._tell(placements.sudo().action_id)


class HcPlacementRecallWizard(models.TransientModel):
    """Asks why an account is taken back from an agency."""

    _name = "hc.placement.recall.wizard"
    _description = "Recall from an Agency"
    _inherit = ["hc.guarded.mixin"]

    placement_id = fields.Many2one("hc.placement", required=True)
    reason = fields.Text("Why", required=True)

    def action_confirm(self):
        """Take the account back."""
        self.ensure_one()
        self.placement_id._recall(self.reason)
        return {"type": "ir.actions.act_window_close"}


class HcAgencyReportWizard(models.TransientModel):
    """Takes in the file in which an agency reports payments and confirmed recalls."""

    _name = "hc.agency.report.wizard"
    _description = "Take an Agency's Report In"
    _inherit = ["hc.guarded.mixin"]

    agency_id = fields.Many2one("hc.collection.agency", required=True)
    file = fields.Binary("Report (CSV)", attachment=False, required=True)
    file_name = fields.Char()

    def action_confirm(self):
        """Store the file and book it: at once when it is small, else in the background."""
        self.ensure_one()
        content = self._get_content()
        exchange, verdict = self.env["hc.exchange"]._receive_agency_report(
            self.agency_id, content, self.file_name or self.env._("report.csv")
        )
        if verdict == "new" and not (
            content.count(b"\n") <= 5 * ROWS_PER_STEP and self._process_now(exchange)
        ):
            self.env.ref("hc_revenue_base.ir_cron_process_exchanges").sudo()._trigger()
        return exchange._get_records_action()

    def _get_content(self):
        # In the context of a form the field says how large the file is, not what is in it.
        try:
            return base64.b64decode(self.with_context(bin_size=False).file or b"")
        except binascii.Error:
            raise UserError(self.env._("The file did not arrive whole. Choose it again.")) from None

    def _process_now(self, exchange):
        """Process in this request; whatever goes wrong is left to the Scheduled Action."""
        try:
            with self.env.cr.savepoint():
                return exchange._process(lambda done, left: True)
        except Exception as error:  # noqa: BLE001 - the file is stored and will be tried again
            _logger.warning(
                "exchange %s left to the Scheduled Action: %s", exchange.id, type(error).__name__
            )
            return False
