# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import logging
import traceback
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .hc_batch_mixin import CONCURRENCY_ERRORS

_logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 5
FIRST_RETRY_MINUTES = 5

IMPORT_GROUPS = (
    "hc_revenue_base.group_hc_clerk",
    "hc_revenue_base.group_hc_administrator",
    "hc_revenue_base.group_hc_integration",
)


class HcExchange(models.Model):
    """How received documents are processed: as their sender, step by step, tried again."""

    _inherit = "hc.exchange"

    @api.model
    def _check_may_import(self):
        """Whether the user may bring documents in.

        :raise AccessError: the user has none of the roles that may
        """
        if not self.env.su and not any(map(self.env.user.has_group, IMPORT_GROUPS)):
            message = self.env._(
                "Importing charges needs the role Billing Clerk, Billing Administrator or "
                "Integration User. Ask your administrator."
            )
            raise self.env["hc.refused.attempt"]._refuse(
                self, "import", message, reason="no_import_role"
            )

    @api.model
    def _get_waiting_domain(self):
        """Documents to process: new, interrupted, or failed and due again."""
        now = fields.Datetime.to_string(self.env.cr.now())
        return Domain("direction", "=", "in") & (
            Domain("state", "in", ("received", "processing"))
            | Domain(
                [
                    ("state", "=", "failed"),
                    ("attempts", "<", MAX_ATTEMPTS),
                    ("next_attempt_at", "<=", now),
                ]
            )
        )

    @api.model
    def _cron_process_exchanges(self):
        """Scheduled Action: process waiting documents, oldest first, while time lasts."""
        commit_progress = self.env["ir.cron"]._commit_progress
        waiting = self.search(self._get_waiting_domain(), order="id")
        commit_progress(remaining=len(waiting))
        failed_ids = []
        time_left = True

        def checkpoint(done, left):
            nonlocal time_left
            time_left = bool(commit_progress(done, remaining=left + 1))
            return time_left

        for position, exchange in enumerate(waiting, start=1):
            # Held by another worker, or moved on since the search: not ours.
            if not exchange.try_lock_for_update(allow_referencing=True).filtered_domain(
                self._get_waiting_domain()
            ):
                continue
            if not exchange._process_safely(checkpoint):
                failed_ids.append(exchange.id)
            commit_progress(1, remaining=len(waiting) - position)
            if not time_left:
                break
        if failed_ids:
            raise UserError(self.env._("Documents failed: exchanges %(ids)s.", ids=failed_ids))

    def _as_sender(self):
        """The exchange seen by the user who sent it, in the company that received it."""
        self.ensure_one()
        return (
            self.with_user(self.sudo().create_uid)
            .with_context(allowed_company_ids=self.sudo().company_id.ids)
            .with_company(self.sudo().company_id)
        )

    def _process_safely(self, checkpoint):
        """Process as the sender; a failure is put on record and tried again later.

        :return: False when processing failed
        """
        self.ensure_one()
        try:
            self._as_sender()._process(checkpoint)
            return True
        except CONCURRENCY_ERRORS as error:
            # The step is undone; the next run goes on behind the last one that was committed.
            _logger.info("exchange %s left to the next run: %s", self.id, type(error).__name__)
            return True
        except Exception as error:  # noqa: BLE001 - one document must not stop the others
            # The message of a database error quotes values, which may be patient data.
            _logger.error(  # noqa: TRY400
                "exchange %s failed: %s\n%s",
                self.id,
                type(error).__name__,
                "".join(traceback.format_tb(error.__traceback__)),
            )
            self._mark_failed(error)
            return False

    def _mark_failed(self, error):
        self_sudo = self.sudo()
        message = (
            str(error)
            if isinstance(error, UserError)
            else self.env._(
                "Unexpected error (%(kind)s), see the server log.", kind=type(error).__name__
            )
        )
        attempts = self_sudo.attempts + 1
        delay = timedelta(minutes=FIRST_RETRY_MINUTES * 2 ** (attempts - 1))
        self_sudo._transition_where_allowed("processing")
        self_sudo._transition(
            "failed", reason=message, facts={"attempt": attempts, "error": type(error).__name__}
        )
        self_sudo._write_guarded(
            {
                "attempts": attempts,
                "error": message,
                "next_attempt_at": self.env.cr.now().replace(microsecond=0) + delay,
            }
        )
        if attempts >= MAX_ATTEMPTS:
            self_sudo._open_import_item(
                "gave_up",
                self.env._("%(name)s could not be processed", name=self_sudo.name),
                message,
            )

    def _reject(self, message):
        """Refuse the document as a whole: nothing of it is imported."""
        self_sudo = self.sudo()
        self_sudo._transition("rejected", reason=message)
        self_sudo._write_guarded(
            {"error": message, "finished_at": self.env.cr.now().replace(microsecond=0)}
        )
        self_sudo._open_import_item(
            "rejected",
            self.env._("%(name)s was refused as a whole", name=self_sudo.name),
            message,
        )

    def _open_import_item(self, key, name, description, kind="import_failed"):
        self.ensure_one()
        return self.env["hc.work.item"]._open(
            [
                {
                    "kind": kind,
                    "queue_code": "charge_integrity",
                    "dedup_key": f"exchange:{self.id}:{key}",
                    "name": name,
                    "description": description,
                    "company_id": self.sudo().company_id.id,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            ]
        )

    def action_process_again(self):
        """Wake the Scheduled Action for failed documents, without waiting for the next attempt."""
        self.check_access("write")
        failed_sudo = self.sudo().filtered(lambda exchange: exchange.state == "failed")
        failed_sudo._write_guarded({"attempts": 0, "next_attempt_at": self.env.cr.now()})
        self.env.ref("hc_revenue_base.ir_cron_process_exchanges").sudo()._trigger()

    def _get_form_action(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    def action_open_rows(self):
        """Open the remarks on the document's rows."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hc_revenue_base.hc_exchange_row_action"
        )
        return action | {"domain": [("exchange_id", "=", self.id)], "context": {}}

    def action_download_result(self):
        """Download the refused rows with the reason for each."""
        self.ensure_one()
        if not self.result_attachment_id:
            raise UserError(self.env._("No row of %(name)s was refused.", name=self.name))
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.result_attachment_id.id}?download=true",
            "target": "self",
        }
