# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""From ready to submitted: which claims go into which file."""

import json
import logging
from bisect import bisect_right
from itertools import accumulate

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, split_every

from odoo.addons.hc_revenue_base.models.hc_batch_mixin import CONCURRENCY_ERRORS

from ..hc_x12.plain import to_plain
from .hc_claim_content import CLAIM_CLASSES

_logger = logging.getLogger(__name__)

_ROWS_PER_UPDATE = 1000


class HcClaim(models.Model):
    _inherit = "hc.claim"

    batch_id = fields.Many2one(
        "hc.claim.batch", "File", readonly=True, copy=False, index=True, ondelete="restrict"
    )
    status_ids = fields.One2many("hc.claim.status", "claim_id", "Statuses", readonly=True)
    transaction_number = fields.Char(
        "Transaction Set", readonly=True, copy=False, help="ST02 of the set that the claim is in."
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"batch_id", "transaction_number"}

    def action_submit(self):
        """Write the selected ready claims into files."""
        self.check_access("write")
        claims_sudo = self.sudo()
        ready = claims_sudo.filtered(lambda claim: claim.state == "ready")
        if not ready:
            raise UserError(
                self.env._("None of these claims is ready. Held claims say what to mend first.")
            )
        ready._lock_for_transition(["state"])
        batches = ready.filtered(lambda claim: claim.state == "ready")._submit()
        action = self.env["ir.actions.act_window"]._for_xml_id("hc_claims.hc_claim_batch_action")
        if len(batches) == 1:
            action.update(res_id=batches.id, views=[(False, "form")])
        else:
            action["domain"] = [("id", "in", batches.ids)]
        return action

    def _submit(self):
        """Write claims into files, one per clearinghouse, form and number of claims per file."""
        batches = self.env["hc.claim.batch"]
        groups = self.sorted("id").grouped(
            lambda claim: (claim.payer_id.clearinghouse_id, claim.claim_type)
        )
        for (clearinghouse, claim_type), claims in groups.items():
            for part in split_every(clearinghouse.claims_per_file or 1, claims.ids, self.browse):
                batches += batches._write_file(clearinghouse, claim_type, part._sorted_for_file())
        return batches

    def _sorted_for_file(self):
        """Claims of one billing provider and subscriber side by side: they share their loops."""
        return self.sorted(lambda claim: (claim.facility_id.id, claim.coverage_id.id, claim.id))

    def _cron_submit_ready(self):
        """Scheduled Action: write what is ready into files, a file per transaction."""
        commit_progress = self.env["ir.cron"]._commit_progress
        domain = Domain("state", "=", "ready") & self.env["hc.automation"]._get_running_domain(
            self._name
        )
        commit_progress(remaining=self.search_count(domain))
        last_error = None
        for clearinghouse in self.env["hc.clearinghouse"].search([("active", "=", True)]):
            for claim_type in CLAIM_CLASSES:
                mine = domain & Domain(
                    [
                        ("payer_id.clearinghouse_id", "=", clearinghouse.id),
                        ("claim_type", "=", claim_type),
                    ]
                )
                try:
                    if not self._submit_files(mine, clearinghouse, commit_progress):
                        return
                except CONCURRENCY_ERRORS as error:
                    # The file is undone with its number; the next run writes it.
                    _logger.info("claim files left to the next run: %s", type(error).__name__)
                except Exception as error:
                    _logger.exception("files of clearinghouse %s failed", clearinghouse.id)
                    clearinghouse._open_failed_item(error)
                    last_error = error
        if last_error:
            raise last_error

    def _submit_files(self, domain, clearinghouse, commit_progress):
        """Write file after file; return False when the time is up."""
        last_id = 0
        while True:
            claims = self.search(
                domain & Domain("id", ">", last_id),
                order="id",
                limit=clearinghouse.claims_per_file,
            )
            if not claims:
                return True
            last_id = claims[-1].id
            with self.env.cr.savepoint():
                mine = claims.try_lock_for_update(allow_referencing=True).filtered_domain(domain)
                mine._submit()
            if not commit_progress(len(claims)):
                return False

    def _hold_objectionable(self, objections):
        """Hold the ready claims that something objects to after all."""
        self.filtered(lambda claim: claim.id in objections)._follow_objections(objections)

    def _mark_submitted(self, batch, contents, transactions):
        """Note on the claims what was sent, in which file and set; they are in its order.

        :param contents: ``{claim id: dataclass}``
        :param transactions: the writer's transaction sets
        """
        today = fields.Date.context_today(self)
        ends = list(accumulate(each.documents for each in transactions))
        numbers = [each.control_number for each in transactions]
        rows = [
            SQL(
                "(%s, %s, %s::jsonb)",
                claim.id,
                numbers[bisect_right(ends, place)],
                json.dumps(to_plain(contents[claim.id])),
            )
            for place, claim in enumerate(self)
        ]
        # By SQL: the ORM would write the content of each claim by itself.
        for part in split_every(_ROWS_PER_UPDATE, rows):
            self.env.execute_query(
                SQL(
                    """UPDATE hc_claim claim
                          SET batch_id = %s, transaction_number = sent.number,
                              submitted_on = %s, content = sent.content
                         FROM (VALUES %s) AS sent(id, number, content)
                        WHERE claim.id = sent.id RETURNING claim.id""",
                    batch.id,
                    today,
                    SQL(", ").join(part),
                )
            )
        self.invalidate_recordset(
            ["batch_id", "transaction_number", "submitted_on", "content"], flush=False
        )
        self._transition(
            "submitted", facts={"batch": batch.id, "interchange": batch.control_number}
        )


class HcClearinghouse(models.Model):
    _inherit = "hc.clearinghouse"

    def _open_failed_item(self, error):
        """Say that no file can be written, once while nobody has mended it."""
        self.ensure_one()
        self.env["hc.work.item"]._open(
            [
                {
                    "kind": "claim_batch",
                    "severity": "critical",
                    "queue_code": "edi",
                    "dedup_key": f"claim_file_failed:{self.id}",
                    "name": self.env._("Claims to %(partner)s are not sent", partner=self.name),
                    "description": str(error)
                    if isinstance(error, UserError)
                    else self.env._("An unexpected error, see the server log."),
                    "company_id": self.company_id.id,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            ]
        )
