# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import logging
from itertools import product

from odoo import api, fields, models

from odoo.addons.hc_revenue_base.models.hc_batch_mixin import CONCURRENCY_ERRORS

from .hc_cadence_run import OPEN_STATES

_logger = logging.getLogger(__name__)


class HcCadenceRun(models.Model):
    """The run of the day, unattended: it goes on whatever the day before has left."""

    _inherit = "hc.cadence.run"

    superseded_by_id = fields.Many2one(
        "hc.cadence.run",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The run of the day that looked at these accounts instead.",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"superseded_by_id"}

    @api.model
    def _run_today(self, scope):
        """Propose and execute the day's reminders, unattended.

        Each company and party is a step of its own: one that fails is put on record and keeps no
        other from its reminders.

        :param scope: domain of accounts, the pilot of the automation that is running
        :raise Exception: the last error, after all others were worked on
        """
        last_error = None
        companies = self.env["hc.collection.account"]._read_group(scope, ["company_id"])
        for (company,), party in product(companies, ("patient", "payer")):
            try:
                with self.env.cr.savepoint():
                    runs = company._at_office(self)
                    runs._run_day(company, party, company._get_office_day(), scope)
            except CONCURRENCY_ERRORS:
                # A person opened or moved a run meanwhile; the next round sees it.
                _logger.info("reminders of company %s left to the next round", company.id)
            except Exception as error:
                _logger.exception("reminders of company %s, %s", company.id, party)
                last_error = error
            self.env["ir.cron"]._commit_progress(1)
        if last_error:
            raise last_error

    @api.model
    def _run_day(self, company, party, today, scope):
        """Run the day's reminders of one company and party, once.

        A run that goes out is left to end. A review of today for all accounts is left to its
        person until tomorrow; what else was left open makes way.
        """
        same = [("company_id", "=", company.id), ("party", "=", party)]
        opened = self.search([*same, ("state", "in", OPEN_STATES)])
        if opened.state == "executing":
            opened._continue(today)
            return
        if opened.as_of == today and not opened.is_partial:
            return
        done = [("as_of", ">=", today), ("is_partial", "=", False), ("state", "!=", "cancelled")]
        is_done = self.search_count([*same, *done], limit=1)
        if is_done or not self.env["hc.cadence.policy"]._get_in_force(company, party, today):
            return
        opened._transition("cancelled", reason=self.env._("the run of %s takes its place", today))
        run = self._propose(company, party, today, scope=scope)
        run._take_over(opened)
        run._open_unreachable_items()
        run._execute()

    def _open_unreachable_items(self):
        """Somebody finds another way to whom no channel of the next level reaches."""
        rows = self.env["hc.cadence.proposal"].search(
            [("run_id", "=", self.id), ("reason", "=", "unreachable")]
        )
        self.env["hc.work.item"]._open(
            [
                {
                    "kind": "collection_unreachable",
                    "queue_code": "patient_access",
                    "severity": "warning",
                    "dedup_key": f"cadence_unreachable:{row.account_id.id}",
                    "name": self.env._(
                        "No way to reach account %(account)s: find an address or a number",
                        account=row.account_id.name,
                    ),
                    "company_id": row.company_id.id,
                    "res_model": "hc.collection.account",
                    "res_id": row.account_id.id,
                }
                for row in rows
            ]
        )

    def _take_over(self, superseded):
        """Say on the run that made way which one stands for it; keep what was left out of it."""
        self.ensure_one()
        if not superseded:
            return
        superseded._write_guarded({"superseded_by_id": self.id})
        superseded.message_post(
            body=self.env._(
                "Nobody let it go out, so the run of the day, %(run)s, looked at its accounts. "
                "What was left out of this run is left out of that one too.",
                run=self.name,
            )
        )
        left_out = superseded.proposal_ids.filtered(lambda row: row.state == "excluded")
        reasons = {row.account_id: row.exclusion_reason for row in left_out}
        rows = self.proposal_ids.filtered(
            lambda row: row.state == "proposed" and row.account_id in reasons
        )
        for reason, same in rows.grouped(lambda row: reasons[row.account_id]).items():
            same._exclude(reason)
