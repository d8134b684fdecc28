# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

_logger = logging.getLogger(__name__)

_LOST_HOURS = 12


class HcRemittanceUploadWizard(models.TransientModel):
    """Bring remittance files (835) in, by dropping them, and say what became of each."""

    _name = "hc.remittance.upload.wizard"
    _description = "Upload Remittances"

    # Files beyond it are read in the background.
    _bytes_at_once = 500_000

    attachment_ids = fields.Many2many("ir.attachment", string="Files")
    source = fields.Char(
        "Received From",
        required=True,
        size=64,
        default=lambda self: self.env._("Upload"),
        help="Payer or clearinghouse, as it is always named.",
    )
    is_done = fields.Boolean(readonly=True)
    remittance_ids = fields.Many2many("hc.remittance", string="Remittances", readonly=True)
    result_html = fields.Html("What Became of Them", readonly=True, sanitize=False)

    def action_upload(self):
        """Store the files and read them: at once where they are small, else in the background."""
        self.ensure_one()
        files = self.attachment_ids.sorted("id")
        if not files:
            raise UserError(self.env._("Drop a file, or choose one."))
        results, budget = [], self._bytes_at_once
        for file in files:
            content = file.raw or b""
            results.append(self._take(content, file.name, len(content) <= budget))
            budget -= min(len(content), budget)
        # The exchange keeps the file; what was uploaded for this form is no second copy of it.
        self.write({"attachment_ids": [Command.clear()]})
        files.filtered(lambda file: file.res_model == self._name and not file.res_id).unlink()
        return self._show(results)

    def _take(self, content, name, at_once):
        """Receive one file.

        :return: ``{"name", "tone", "message", "remittances"}``
        """
        exchanges = self.env["hc.exchange"]
        try:
            exchange, verdict = exchanges._receive_remittance(content, self.source.strip(), name)
        except UserError as error:
            return self._describe(name, "danger", str(error))
        exchange_sudo = exchange.sudo()
        if verdict != "new":
            return self._describe(
                name,
                "warning",
                self.env._("This file was received before; nothing is done again."),
                exchange_sudo.remittance_ids,
            )
        if not (at_once and self._process_now(exchange)):
            self.env.ref("hc_revenue_base.ir_cron_process_exchanges").sudo()._trigger()
            return self._describe(
                name,
                "info",
                self.env._("It is being read in the background; its remittances appear soon."),
            )
        if exchange_sudo.state == "rejected":
            return self._describe(name, "danger", exchange_sudo.error)
        return self._describe(name, "success", "", exchange_sudo.remittance_ids)

    def _process_now(self, exchange):
        """Read in this request; whatever goes wrong is left to the Scheduled Action."""
        try:
            with self.env.cr.savepoint():
                return exchange._process(lambda done, left: True)
        except Exception as error:  # noqa: BLE001 - the file is stored and will be tried again
            _logger.warning(
                "exchange %s left to the Scheduled Action: %s", exchange.id, type(error).__name__
            )
            return False

    def _describe(self, name, tone, message, remittances=None):
        return {
            "name": name,
            "tone": tone,
            "message": message,
            "remittances": self.env["hc.remittance"] if remittances is None else remittances,
        }

    def _show(self, results):
        """Open the remittance where there is one and nothing else to say, else the list of both."""
        remittances = self.env["hc.remittance"].union(*(each["remittances"] for each in results))
        if len(remittances) == 1 and results[0]["tone"] == "success" and len(results) == 1:
            return self._open_form(remittances)
        self.write(
            {
                "is_done": True,
                "remittance_ids": [Command.set(remittances.ids)],
                "result_html": self.env["ir.qweb"]._render(
                    "hc_claims.hc_remittance_upload_result",
                    {"results": [self._prepare_result(each) for each in results]},
                ),
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Upload Remittances"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _prepare_result(self, result):
        states = dict(self.env["hc.remittance"]._get_lifecycle("state").selection())
        return {
            "name": result["name"],
            "tone": result["tone"],
            "message": result["message"],
            "remittances": [
                {
                    "name": remittance.name,
                    "payer": remittance.payer_id.name or remittance.payer_name or "–",
                    "trace": remittance.trace_number or "–",
                    "amount": remittance.currency_id.format(remittance.payment_amount),
                    "state": states[remittance.state],
                    "tone": {"proven": "success", "held": "warning"}.get(remittance.state, "info"),
                    "reason": remittance.hold_reason
                    or (
                        self.env._("the same as %(name)s", name=remittance.duplicate_of_id.name)
                        if remittance.state == "ignored" and remittance.duplicate_of_id
                        else ""
                    ),
                }
                for remittance in result["remittances"].sudo()
            ],
        }

    def _open_form(self, remittance):
        return {
            "type": "ir.actions.act_window",
            "res_model": "hc.remittance",
            "res_id": remittance.id,
            "views": [(False, "form")],
        }

    def action_open_remittances(self):
        """Open what was in the files."""
        self.ensure_one()
        if len(self.remittance_ids) == 1:
            return self._open_form(self.remittance_ids)
        action = self.env["ir.actions.act_window"]._for_xml_id("hc_claims.hc_remittance_action")
        return action | {"domain": [("id", "in", self.remittance_ids.ids)], "context": {}}

    @api.autovacuum
    def _gc_lost_files(self):
        """Files that were uploaded for this form and never sent in hold patient data: delete."""
        before = self.env.cr.now() - timedelta(hours=_LOST_HOURS)
        self.env["ir.attachment"].sudo().search(
            [("res_model", "=", self._name), ("create_date", "<", before)], limit=1000
        ).unlink()
